"""A path of the relay: what answers each method, and what stands in front of every POST, before its body is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from relay.web.rate_limits import RateLimit
from relay.web.responses import RejectionStatus, notice
from relay.web.services import Limits, Services

Endpoint: TypeAlias = Callable[[Services, Request], Awaitable[Response]]
Rejection: TypeAlias = Callable[[Services, Request, RejectionStatus, float], Awaitable[Response]]


async def reject(services: Services, request: Request, status: RejectionStatus, retry_after: float = 0) -> Response:
    """retry_after: seconds, 0 for never."""
    headers = {"Retry-After": str(int(retry_after) + 1)} if retry_after else {}
    return notice(services, request, status, headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    get: Endpoint | None = None
    post: Endpoint | None = None
    limit: Callable[[Limits], RateLimit] | None = None  # of posts from one connection
    reject: Rejection = reject  # answers a post that is not let in

    @property
    def methods(self) -> list[str]:
        return [name for name, endpoint in (("GET", self.get), ("POST", self.post)) if endpoint]

    async def serve(self, services: Services, request: Request) -> Response:
        """Starlette lets only `methods` in, and HEAD with GET."""
        if request.method != "POST":
            assert self.get
            return await self.get(services, request)
        assert self.post
        if self.limit and (wait := self.limit(services.limits).wait(request.client.host if request.client else "")):
            return await self.reject(services, request, 429, wait)
        return await self.post(services, request)

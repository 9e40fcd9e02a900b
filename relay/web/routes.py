"""The relay's paths: what answers each method, and what every POST passes before its body is read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from relay.web import call_page, confirmation_page, desk_door, erasure_page
from relay.web.clients import address_of
from relay.web.desk_page import change_desk, send_table, show_desk, show_office
from relay.web.event_page import show_event
from relay.web.health import healthz, metrics, readyz
from relay.web.legislators import find_legislators, reject_lookup
from relay.web.participants import list_participants
from relay.web.preview_page import show_preview
from relay.web.rate_limits import RateLimit
from relay.web.receipt_page import change_receipt, show_receipt
from relay.web.report_page import change_report, show_report
from relay.web.responses import RejectionStatus, notice
from relay.web.services import Limits, Services
from relay.web.submissions import post_letter, reject_letter, reject_unless_expected
from relay.web.testimony_page import show_testimony

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
        if self.limit and (
            wait := self.limit(services.limits).wait(address_of(request, public=services.limits.public))
        ):
            return await self.reject(services, request, 429, wait)
        return await self.post(services, request)


RESOURCES: Final[Mapping[str, Resource]] = {
    "/campaigns/{slug}/letters": Resource(
        post=post_letter, limit=lambda limits: limits.letters, reject=reject_unless_expected
    ),
    "/campaigns/{slug}/legislators": Resource(
        post=find_legislators, limit=lambda limits: limits.lookups, reject=reject_lookup
    ),
    "/campaigns/{slug}/preview": Resource(post=show_preview, limit=lambda limits: limits.lookups, reject=reject_letter),
    "/campaigns/{slug}/call": Resource(get=call_page.ask, post=call_page.answer, limit=lambda limits: limits.lookups),
    "/campaigns/{slug}/event/{code}": Resource(get=show_event),
    "/campaigns/{slug}/participants": Resource(get=list_participants),
    "/letters/confirm/{token}": Resource(get=confirmation_page.ask, post=confirmation_page.answer),
    "/letters/erase": Resource(get=erasure_page.ask, post=erasure_page.mail_link, limit=lambda limits: limits.letters),
    "/letters/erase/{token}": Resource(get=erasure_page.show_button, post=erasure_page.erase),
    "/receipts/{token}": Resource(get=show_receipt, post=change_receipt),
    "/receipts/{token}/testimony.pdf": Resource(get=show_testimony),
    "/reports/{slug}": Resource(get=show_report, post=change_report),
    "/desk": Resource(get=desk_door.show_desks, post=desk_door.change_desks, limit=lambda limits: limits.letters),
    "/desk/enter/{token}": Resource(get=desk_door.show_button, post=desk_door.enter),
    "/desk/{slug}": Resource(get=show_desk, post=change_desk),
    "/desk/{slug}/{table}.csv": Resource(get=send_table),
    "/desk/{slug}/offices/{chamber}/{district}": Resource(get=show_office),
    "/healthz": Resource(get=healthz),
    "/readyz": Resource(get=readyz),
    "/metrics": Resource(get=metrics),
}

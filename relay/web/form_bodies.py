"""Reading a post: a form of the right type and a sane size, or the reason why not."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from boundaries.zipcode import plain_zip
from relay import forms

PATIENCE: Final = 120.0  # seconds for a whole post: a slow phone needs some, a connection that says nothing more none
DRAINED: Final = 1024 * 1024  # bytes read and dropped, so that a browser still sending can hear the answer


class Unreadable(Exception):
    """status: 400, 408, 413 or 415. values: the fields that came before the post grew too long."""

    def __init__(self, status: int, values: dict[str, str]) -> None:
        super().__init__(status)
        self.status = status
        self.values = values


async def read_form(request: Request, patience: float = PATIENCE) -> dict[str, str]:
    """The known fields of an urlencoded post, as forms.read; a ZIP in plain digits. patience: seconds. Raises
    Unreadable."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != forms.CONTENT_TYPE:
        raise Unreadable(415, {})
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()) or int(length) > DRAINED:
        raise Unreadable(413, {})
    body, seen = bytearray(), 0
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.stream():
                seen += len(chunk)
                body += chunk[: forms.MAX_BODY - len(body)]
                if seen > DRAINED:
                    break
    except TimeoutError:
        raise Unreadable(408, {}) from None
    try:
        values = forms.read(bytes(body))
    except ValueError:
        raise Unreadable(400, {}) from None
    if "zip" in values:
        values["zip"] = plain_zip(values["zip"])
    if seen > forms.MAX_BODY:
        raise Unreadable(413, values)
    return values


def read_point(values: Mapping[str, str]) -> tuple[float, float] | None:
    """Degrees north and east, or None if these are not such."""
    try:
        lat, lon = float(values["lat"]), float(values["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None

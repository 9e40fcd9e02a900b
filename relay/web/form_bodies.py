"""Read a POST's form: of the right type and a sane size, or the reason why not."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from boundaries.zipcode import plain_zip
from relay import forms

TIMEOUT: Final = 120.0  # seconds for a whole form: a slow phone needs some of it, a silent connection none
MAX_DRAINED: Final = 1024 * 1024  # bytes read and dropped, so that a browser still sending can hear the answer


class UnreadableForm(Exception):
    """status: 400, 408, 413 or 415."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_form(request: Request, timeout: float = TIMEOUT) -> dict[str, str]:  # noqa: ASYNC109
    """The known fields of an urlencoded form, as forms.parse; a ZIP in plain digits. Raises UnreadableForm.

    timeout: seconds.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != forms.CONTENT_TYPE:
        raise UnreadableForm(415)
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()) or int(length) > MAX_DRAINED:
        raise UnreadableForm(413)
    body, received = bytearray(), 0
    try:
        async with asyncio.timeout(timeout):
            async for chunk in request.stream():
                received += len(chunk)
                if received <= forms.MAX_BODY:
                    body += chunk
                elif received > MAX_DRAINED:
                    break
    except TimeoutError:
        raise UnreadableForm(408) from None
    if received > forms.MAX_BODY:  # a part of it would look like the whole, and be sent as such
        raise UnreadableForm(413)
    try:
        values = forms.parse(bytes(body))
    except ValueError:
        raise UnreadableForm(400) from None
    if "zip" in values:
        values["zip"] = plain_zip(values["zip"])
    return values


def read_point(values: Mapping[str, str]) -> tuple[float, float] | None:
    """`lat` and `lon`, degrees north and east; None if they are not coordinates."""
    try:
        lat, lon = float(values["lat"]), float(values["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None

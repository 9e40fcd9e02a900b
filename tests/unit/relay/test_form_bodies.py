"""Reading the body of a post from the network."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from relay import forms
from relay.web.form_bodies import UnreadableForm, read_form

pytestmark = pytest.mark.anyio


async def test_a_post_that_never_ends_times_out() -> None:
    parts: list[Message] = [{"type": "http.request", "body": b"first_name=Ana", "more_body": True}]

    async def receive() -> Message:
        if not parts:
            await asyncio.Event().wait()
        return parts.pop()

    headers = [(b"content-type", forms.CONTENT_TYPE.encode())]
    with pytest.raises(UnreadableForm) as error:
        await read_form(Request({"type": "http", "headers": headers}, receive), timeout=0.01)
    assert error.value.status == 408

"""`POST /campaigns/{slug}/preview`: the letters as they would arrive, written by what writes them at Send. Nothing is
stored or sent. The page also takes what was typed along into another language."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from relay.letters import Letter, greet
from relay.letters.addressees import Addressee
from relay.web.composing import find_overlong, take_form, validate, write
from relay.web.responses import PRIVATE, invalid_form, wants_json
from relay.web.services import Services
from theme.pages.views import Form, PreviewView


async def show_preview(services: Services, request: Request) -> Response:
    """The form again with the letters above "Send"; or, as at Send, what is wrong with it."""
    taken = await take_form(services, request)
    if isinstance(taken, Response):
        return taken
    campaign, values = taken
    valid = validate(services, campaign, {**values, "brackets": "1"})  # they are seen, and asked about at Send
    if isinstance(valid, Form):
        return invalid_form(services, request, campaign, replace(valid, values=values))
    _, letters = write(services, request, campaign, values, valid)
    if fault := find_overlong(letters):
        return invalid_form(services, request, campaign, Form(values, (fault,)))
    views = tuple(_view(services, greet(letter), to) for letter, to in zip(letters, valid.to, strict=True))
    if wants_json(request):
        shown = [
            {
                "to": view.to,
                "from": view.sender,
                "reply_to": view.reply_to,
                "subject": view.subject,
                "body": view.body,
                "letter": view.letter,
            }
            for view in views
        ]
        return JSONResponse({"letters": shown}, headers=PRIVATE)
    language = services.site.language(request, values.get("lang", ""))
    page = services.site.pages.campaign(campaign, language, services.site.phase(campaign), Form(values, preview=views))
    return HTMLResponse(page, headers=PRIVATE)


def _view(services: Services, letter: Letter, to: Addressee) -> PreviewView:
    """Without the office's address: the form is no list of addresses to write to directly."""
    sender = f"{letter.from_name} <{services.outgoing.contact}>"
    return PreviewView(letter.to_name, sender, letter.reply_to, letter.subject, letter.body, to.letter)

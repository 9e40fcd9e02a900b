"""`beaconpost dev`: one click writes a letter as an invented person would, so that it can be read in the mailbox."""

import asyncio
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request as Post
from urllib.request import urlopen

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from boundaries.data import state_folders
from boundaries.errors import BoundariesError
from boundaries.state_files import read_compiled, read_town_pairs
from relay.dev_pages import CONTENT_SECURITY_POLICY, HEADERS, show_page
from relay.settings import OWN_STATES
from theme.manifest import MANIFEST_NAME, Campaign, parse_manifest

PATH: Final = "/_dev/test"
POSTING: Final = CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'")
HEADERS_OF_A_PAGE: Final = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}  # as a browser sends them
WRITER: Final = {"first_name": "Testa", "last_name": "Persona", "disclose": "town"}  # nobody is called that
SAID: Final = Markup(
    "<p>Writes a letter as it stands, by an invented person, into the captured mailbox.</p><ul>{}</ul>"
)
BUTTON: Final = Markup(
    '<li><form method="post">{}<br><button name="campaign" value="{}">Send me a test</button></form></li>'
)


class TestLetters:
    """site: the folder of the built site. relay_url: where posts go."""

    def __init__(self, site: Path, relay_url: str) -> None:
        self._site, self._relay_url = site, relay_url
        self._numbers = count(1)

    def routes(self) -> Sequence[BaseRoute]:
        return [Route(PATH, self._show), Route(PATH, self._write, methods=["POST"])]

    async def _show(self, request: Request) -> Response:  # noqa: ARG002  (an endpoint)
        items = [(campaign.text(campaign.language).title, campaign.slug) for campaign in self._list_campaigns()]
        buttons = Markup().join(BUTTON.format(*item) for item in items)
        return show_page("Send me a test", SAID.format(buttons), 200, {**HEADERS, "Content-Security-Policy": POSTING})

    async def _write(self, request: Request) -> Response:
        wanted = parse_qs((await request.body()).decode(errors="replace")).get("campaign", [""])[0]
        campaign = next((one for one in self._list_campaigns() if one.slug == wanted), None)
        if campaign is None:
            return RedirectResponse(PATH, 303)
        try:
            await asyncio.to_thread(self._post, campaign)
        except (HTTPError, BoundariesError) as error:
            return show_page("No letter was written", Markup("<p>{}</p>").format(error), 502)
        return RedirectResponse("/_mail/", 303)

    def _list_campaigns(self) -> tuple[Campaign, ...]:
        path = self._site / MANIFEST_NAME
        return parse_manifest(path.read_bytes()).campaigns if path.is_file() else ()

    def _post(self, campaign: Campaign) -> None:
        town, zip_code = find_whole_town(state_folders(OWN_STATES if OWN_STATES.is_dir() else None)[campaign.state])
        place = {"city": town, "zip": zip_code, "street": ""}
        fields = WRITER | place | {"email": f"test{next(self._numbers)}@mail.example"}
        url = f"{self._relay_url}/campaigns/{campaign.slug}/letters"
        post = Post(url, urlencode(fields).encode(), HEADERS_OF_A_PAGE)  # noqa: S310  (our own relay)
        with urlopen(post):  # noqa: S310  (our own relay)
            pass


def find_whole_town(folder: Path) -> tuple[str, str]:
    """A town in one pair of districts, and a ZIP that is its own: no street is needed there. folder: a state's."""
    pairs = read_town_pairs(folder)
    for zip_code, towns in read_compiled(folder / "zips.csv", 2):
        if len(pairs.get(towns, ())) == 1:
            return towns, zip_code
    raise BoundariesError(f"{folder}: every town needs a street, so no test can be written by itself")

"""Requests that no browser of a visitor sends, and the headers of every response."""

from collections.abc import AsyncIterator

import pytest

from relay.forms import MAX_BODY
from relay.web.connections import DEFAULT_LIMITS
from tests.contract.web.conftest import Relay
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON
from theme.assets import fingerprint

pytestmark = pytest.mark.anyio

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SITE = "https://site.example"
PATHS = (
    "/campaigns/open-libraries/letters",
    "/campaigns/open-libraries/legislators",
    "/receipts/unknown",
    "/letters/confirm/unknown",
)


# --- origins ---


@pytest.mark.parametrize("path", PATHS)
async def test_a_post_from_another_sites_page_is_refused(relay: Relay, path: str) -> None:
    response = await relay.client.post(path, data=ANA, headers={"Origin": "https://troll.example"})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    assert await relay.letters() == []


async def test_a_refused_form_keeps_what_was_typed(relay: Relay) -> None:
    response = await relay.post(ANA | {"message": "Kept words"}, Origin="https://troll.example")
    assert response.status_code == 403
    assert "Kept words" in response.text


@pytest.mark.parametrize("origin", [SITE, "https://relay.example"])
async def test_posts_from_our_own_pages_are_accepted(relay: Relay, origin: str) -> None:
    assert (await relay.post(ANA, Origin=origin)).status_code == 303


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_posts_from_sandboxed_frames_and_other_sites_are_rejected(relay: Relay, headers: dict[str, str]) -> None:
    assert (await relay.post(ANA, **headers)).status_code == 403
    assert await relay.letters() == []


async def test_a_post_that_does_not_say_where_it_comes_from_is_held_for_confirmation(relay: Relay) -> None:
    del relay.client.headers["Sec-Fetch-Site"]
    assert (await relay.post(ANA)).status_code == 303
    assert [mail.kind for mail in await relay.letters()] == ["confirmation"]


async def test_posts_under_another_of_our_hostnames_are_accepted(relay: Relay) -> None:
    response = await relay.post(CHELSEA, Origin="http://192.0.2.1:8000", Host="192.0.2.1:8000", **JSON)
    assert response.status_code == 202
    assert response.json()["receipt"].startswith("http://192.0.2.1:8000/receipts/")


async def test_the_sites_scripts_may_read_responses_and_others_may_not(relay: Relay) -> None:
    path = "/campaigns/open-libraries/participants"
    ours = await relay.client.get(path, headers={"Origin": SITE})
    assert ours.headers["access-control-allow-origin"] == SITE
    assert "Origin" in ours.headers["vary"]
    theirs = await relay.client.get(path, headers={"Origin": "https://troll.example"})
    assert "access-control-allow-origin" not in theirs.headers
    assert "Origin" in theirs.headers["vary"]


async def test_a_preflight_request_is_answered(relay: Relay) -> None:
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = await relay.client.options(PATHS[0], headers=asked)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == SITE
    assert "POST" in response.headers["access-control-allow-methods"]
    response = await relay.client.options(PATHS[0], headers=asked | {"Origin": "https://troll.example"})
    assert "access-control-allow-origin" not in response.headers
    assert "access-control-allow-methods" not in response.headers


# --- bodies ---


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded2"],
)
@pytest.mark.parametrize("path", PATHS)
async def test_only_a_urlencoded_form_is_accepted(relay: Relay, path: str, kind: str) -> None:
    response = await relay.client.post(path, content=b"first_name=Ana", headers={"Content-Type": kind})
    assert response.status_code == 415
    assert await relay.letters() == []


async def test_a_charset_parameter_is_accepted(relay: Relay) -> None:
    response = await relay.post(CHELSEA, Content_Type="Application/X-WWW-Form-Urlencoded; charset=UTF-8")
    assert response.status_code == 303


@pytest.mark.parametrize("size", [MAX_BODY, MAX_BODY * 3, 3_000_000])
async def test_an_oversized_letter_is_refused(relay: Relay, size: int) -> None:
    response = await relay.post(ANA | {"message": "x" * size})
    assert response.status_code == 413
    assert (await relay.post(ANA | {"message": "x" * size}, **JSON)).json()["status"] == 413
    assert await relay.letters() == []


@pytest.mark.parametrize(
    ("accepted", "said"), [("en-US,en", "Your browser still has what you typed"), ("es-MX,es", "Su navegador todavía")]
)
async def test_a_form_beyond_all_bounds_gets_a_whole_page_that_says_to_go_back(
    relay: Relay, accepted: str, said: str
) -> None:
    """A part of the letter in a form would look like the whole, and be sent as such."""
    typed = {"message": "Beginning " + "x" * MAX_BODY}
    response = await relay.post(ANA | typed, Accept_Language=accepted)
    assert response.status_code == 413
    assert said in response.text
    assert 'rel="stylesheet"' in response.text
    assert response.text.rstrip().endswith("</html>")
    assert "Beginning" not in response.text


@pytest.mark.parametrize("character", ["a", "é", "我", "ي", "𠮷", "👪", "\n"])
async def test_ten_thousand_characters_of_any_script_fit(relay: Relay, character: str) -> None:
    longest = {"message": f"a{character * 9_998}z", "street": "24 Beacon St " + "我" * 107, "phone": "617 555 0100"}
    response = await relay.post(ANA | longest | {"first_name": "我" * 60, "last_name": "👪" * 60})
    assert response.status_code == 303
    assert len(await relay.letters()) == 2


@pytest.mark.parametrize("character", ["a", "我", "👪"])
async def test_a_letter_somewhat_too_long_is_shown_again_whole(relay: Relay, character: str) -> None:
    typed = f"Beginning {character * 11_980} end."
    response = await relay.post(ANA | {"message": typed})
    assert response.status_code == 422
    assert typed in response.text
    assert "10,000 characters at most" in response.text


def test_all_connections_together_cannot_send_more_than_memory_holds() -> None:
    assert DEFAULT_LIMITS.total * MAX_BODY < 400 * 1024**2
    assert DEFAULT_LIMITS.per_client * MAX_BODY < 16 * 1024**2


async def test_an_endless_body_is_cut_off(relay: Relay) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 65536
            yield b"x" * 65536

    response = await relay.client.post(PATHS[0], content=endless(), headers=FORM)
    assert response.status_code == 413
    assert read < 3_000_000


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "\u0661"])
async def test_an_invalid_content_length_is_refused(relay: Relay, length: str) -> None:
    headers = [(b"content-length", length.encode()), (b"content-type", FORM["Content-Type"].encode())]
    response = await relay.client.post(PATHS[0], content=b"a=b", headers=headers)
    assert response.status_code == 413


async def test_a_form_of_a_thousand_fields_is_refused(relay: Relay) -> None:
    response = await relay.client.post(PATHS[0], content=b"&".join([b"x=1"] * 1000), headers=FORM)
    assert response.status_code == 400


@pytest.mark.parametrize(
    "body", [b"%", b"&&&===", b"\xff\xfe", b"first_name=%00", b"city=%ED%A0%80", b"message=" + b"%0D" * 99]
)
async def test_a_malformed_body_is_a_form_with_errors(relay: Relay, body: bytes) -> None:
    assert (await relay.client.post(PATHS[0], content=body, headers=FORM)).status_code == 422


# --- methods, paths, headers ---


@pytest.mark.parametrize("path", ["/campaigns/open-libraries/letters", "/campaigns/open-libraries/legislators"])
async def test_a_get_where_only_post_is_allowed_is_405(relay: Relay, path: str) -> None:
    response = await relay.client.get(path)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_head_is_get_without_a_body(relay: Relay) -> None:
    response = await relay.client.head("/healthz")
    assert response.status_code == 200


async def test_other_methods_get_a_list_of_the_allowed_ones(relay: Relay) -> None:
    response = await relay.client.put("/receipts/x", content=b"")
    assert response.status_code == 405
    assert {method.strip() for method in response.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("path", ["/", "/campaigns/%0d%0aX/letters/", "/theme/../relay/app.py"])
async def test_unknown_paths_are_not_found(relay: Relay, path: str) -> None:
    assert (await relay.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/healthz", "/receipts/none", "/campaigns/open-libraries/participants", "/theme/site.css"]
)
async def test_every_response_has_the_security_headers(relay: Relay, path: str) -> None:
    headers = (await relay.client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_the_content_security_policy_allows_every_form_target(relay: Relay) -> None:
    policy = (await relay.post({"lang": "en"})).headers["content-security-policy"]
    action = next(part for part in policy.split("; ") if part.startswith("form-action"))
    assert action.split()[1:] == ["'self'", SITE, "https://relay.example"]


async def test_pages_with_personal_text_are_not_cached(relay: Relay) -> None:
    responses = [await relay.post(ANA), await relay.post(ANA, **JSON), await relay.post({"lang": "en"})]
    responses.append(await relay.client.get(responses[0].headers["location"]))
    assert [response.headers["cache-control"] for response in responses] == ["no-store"] * 4


async def test_theme_files_are_served_and_cached_by_fingerprint(relay: Relay) -> None:
    assert "max-age=300" in (await relay.client.get("/theme/site.css")).headers["cache-control"]
    assert "immutable" in (await relay.client.get(f"/theme/site.css?{fingerprint()}")).headers["cache-control"]


async def test_the_log_contains_nothing_that_was_typed(relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    response = await relay.post(ANA | {"message": "Secret words"})
    await relay.post(ANA | {"email": "nonsense"})
    await relay.client.get(response.headers["location"])
    for secret in ("Silva", "ana@mail", "nonsense", "Beacon", "Secret words", response.headers["location"][10:]):
        assert not [record for record in caplog.records if secret in record.getMessage() and record.name[:5] != "httpx"]

"""What a static host is told: `_headers`, in Netlify's and Cloudflare Pages' format, and who may show us in a frame."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from theme.pages.csp import content_security_policy, security_headers

EMBED: Final = "BEACONPOST_EMBED"

_ORIGIN: Final = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?")


def check_embed_origins(origins: object) -> Sequence[str]:
    """The setting as it should be. Raises ValueError saying what to write instead."""
    if isinstance(origins, str) or not isinstance(origins, Iterable):
        raise ValueError(f'{EMBED} must be a list, like ["https://coalition.example"]')
    for one in origins:
        if not isinstance(one, str) or not _ORIGIN.fullmatch(one):
            raise ValueError(
                f"{EMBED}: “{one}” is not the address of a site: write scheme and host without a path, like "
                "https://coalition.example or https://*.coalition.example"
            )
    return tuple(origins)


def frame_ancestors(origins: Sequence[str] = ()) -> str:
    """Which pages may show ours in a frame: the site's own, and those of `origins`."""
    return " ".join(("frame-ancestors 'self'", *origins))


def render_headers(site_url: str, relay_url: str, folders: Iterable[str], embedders: Sequence[str]) -> str:
    """The whole file. folders: names at the top of the site, other than `embed` and `theme`.

    A host joins headers of one name from all rules that fit a path, and a browser obeys both policies. So no rule for
    all pages may speak of frames, or it would forbid what the rule for /embed/ allows.
    """
    everywhere = {**security_headers(site_url, relay_url)}
    everywhere["Content-Security-Policy"] = content_security_policy(site_url, relay_url)
    alone = {"Content-Security-Policy": "frame-ancestors 'none'"}
    rules: dict[str, Mapping[str, str]] = {"/*": everywhere}
    rules |= dict.fromkeys(["/", *(f"/{name}/*" for name in folders)], alone)
    rules["/embed/*"] = {"Content-Security-Policy": frame_ancestors(embedders)}
    # asset addresses change with the content
    rules["/theme/*"] = {"Cache-Control": "public, max-age=31536000, immutable"}
    return "".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in rules.items()
    )


def list_hosting_limits(site_url: str, embedders: object, folder: Path) -> tuple[str, ...]:
    """What a host cannot do for us. folder: where pelicanconf.py is; it may hold a workflow for GitHub Pages.

    Raises ValueError if `embedders` cannot be used.
    """
    check_embed_origins(embedders)
    workflow = folder / ".github/workflows/pages.yml"
    if not (urlsplit(site_url).hostname or "").endswith(".github.io") and not workflow.is_file():
        return ()
    return (
        "GitHub Pages cannot set headers, so the policy in each page is all there is, and any site may show yours in a "
        f"frame, whatever {EMBED} says. Where that matters, use a host that reads _headers, or deploy/Caddyfile",
    )

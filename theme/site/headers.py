"""`_headers` and `_redirects` for static hosts, in the format of Netlify and Cloudflare Pages, and the sites that may
embed pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from theme.pages.csp import content_security_policy, security_headers

EMBED: Final = "BEACONPOST_EMBED"

_ORIGIN: Final = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?")


def check_embed_origins(origins: object) -> Sequence[str]:
    """Validate the setting. Raises ValueError saying what to write instead."""
    if isinstance(origins, str) or not isinstance(origins, Iterable):
        raise ValueError(f'{EMBED} must be a list, like ["https://coalition.example"]')
    for origin in origins:
        if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{EMBED}: “{origin}” is not an origin: write scheme and host without a path, like "
                "https://coalition.example or https://*.coalition.example"
            )
    return tuple(origins)


def frame_ancestors(origins: Sequence[str] = ()) -> str:
    """The directive that lets this site's pages and those of `origins` frame a page."""
    return " ".join(("frame-ancestors 'self'", *origins))


def render_headers(
    site_url: str, relay_url: str, folders: Iterable[str], embedders: Sequence[str], admin: str = ""
) -> str:
    """The whole file. folders: top-level folders of the site, except `admin`, `embed` and `theme`. admin: the policy of
    the page where campaigns are edited; "" if there is none.

    A host merges the headers of all rules that match a path, and browsers enforce every policy they get. So no rule
    for all pages may set frame-ancestors, or it would forbid what the rule for /embed/ allows. For the same reason, if
    there is an editor, which needs a policy of its own, each folder has the site's policy instead of a rule for all;
    a page that is missing has it in itself.
    """
    everywhere = {**security_headers(site_url, relay_url)}
    policy = content_security_policy(site_url, relay_url)
    everywhere["Content-Security-Policy"] = policy
    each = ""
    if admin:
        each = f"{everywhere.pop('Content-Security-Policy')}, "  # two policies in one header, as hosts merge them
    alone = {"Content-Security-Policy": f"{each}frame-ancestors 'none'"}
    rules: dict[str, Mapping[str, str]] = {"/*": everywhere}
    rules |= dict.fromkeys(["/", *(f"/{name}/*" for name in folders)], alone)
    rules["/embed/*"] = {"Content-Security-Policy": f"{each}{frame_ancestors(embedders)}"}
    # asset URLs change with their content
    rules["/theme/*"] = {"Cache-Control": "public, max-age=31536000, immutable"}
    if admin:
        rules |= dict.fromkeys(["/index.html", "/404.html"], alone)
        rules["/theme/*"] = {"Content-Security-Policy": policy, **rules["/theme/*"]}
        rules["/admin/*"] = {
            "Content-Security-Policy": f"{admin}; frame-ancestors 'none'",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-cache",
        }
    return "".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in rules.items()
    )


def render_redirects(languages: Sequence[str]) -> str:
    """Netlify's `_redirects`: what is missing in a language's folder is said in that language.

    languages: the site's own first, whose page is /404.html on every host. Cloudflare Pages skips these lines and takes
    the nearest 404.html.
    """
    return "".join(f"/{tag}/*  /{tag}/404.html  404\n" for tag in languages[1:])


def list_hosting_limits(site_url: str, embedders: object, folder: Path) -> tuple[str, ...]:
    """What the site's host cannot do. folder: that of pelicanconf.py, which may contain a GitHub Pages workflow.

    Raises ValueError if `embedders` is invalid.
    """
    check_embed_origins(embedders)
    workflow = folder / ".github/workflows/pages.yml"
    if not (urlsplit(site_url).hostname or "").endswith(".github.io") and not workflow.is_file():
        return ()
    return (
        "GitHub Pages cannot set headers, so only the policy in each page applies, and any site can frame your pages, "
        f"whatever {EMBED} says. If that matters, use a host that reads _headers, or deploy/Caddyfile",
    )

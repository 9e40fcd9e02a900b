"""The pages of `beaconpost dev` itself: plain, and running nothing but the script that reloads them."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

STYLE: Final = (
    ":root{color-scheme:light dark;background:light-dark(#faf6ee,#12181f);color:light-dark(#1c2733,#ece7dc)}"
    "body{font:1.0625rem/1.55 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}"
    "h1{font:700 1.8rem/1.2 Charter,Cambria,serif}a{color:light-dark(#16405b,#8cc4e8)}ul{list-style:none;padding:0}"
    "li,dl,pre{background:light-dark(#fffefa,#1a222b);border:1px solid #80807a55;padding:.8rem 1rem;margin:0 0 1rem}"
    "li a,dt{font-weight:600}dt{font-size:.9rem}dd{margin:0 0 .4rem}"
    "pre{white-space:pre-wrap;font:1.1rem/1.6 Charter,Cambria,serif}"
)
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def show_page(title: str, content: Markup, status: int = 200, headers: Mapping[str, str] = HEADERS) -> Response:
    """content: of `main`, after the heading."""
    page = Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        '<body><main><h1 dir="auto">{title}</h1>{content}</main></body></html>'
    ).format(title=title, style=Markup(STYLE), content=content)  # noqa: S704  (STYLE is a constant)
    return HTMLResponse(page, status, headers)

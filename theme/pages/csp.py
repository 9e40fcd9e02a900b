"""The Content-Security-Policy and security headers of all pages, on site and relay."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def content_security_policy(*urls: str) -> str:
    """The policy for pages that post or redirect to the origins of `urls`. An empty URL is the page's own origin.

    form-action lists every origin that a POST may redirect to. Chromium checks it again after the 303 and would
    otherwise send the letter but block the receipt.
    """
    ours = " ".join(dict.fromkeys(["'self'", *filter(None, map(_origin, urls))]))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {ours}",
            f"connect-src {ours}",
            f"form-action {ours}",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def security_headers(*urls: str) -> Mapping[str, str]:
    """Headers for every HTML response. `frame-ancestors` works only in a header, not in a meta element."""
    return {
        "Content-Security-Policy": f"{content_security_policy(*urls)}; frame-ancestors 'none'",
        # no-referrer or same-origin would make browsers send "Origin: null"
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), microphone=(), payment=()",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

"""What a page of ours may load, run and post to: one Content-Security-Policy for the site and the relay's pages."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def content_security_policy(*urls: str) -> str:
    """The policy for pages that post to, or are redirected to, the origins of `urls`; an empty URL is our own.

    form-action names every origin a post may be redirected to: Chromium checks it again after the 303, and would
    deliver the letter but hide the receipt.
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
    """What every HTML answer should carry. `frame-ancestors` works in a header only, not in a meta element."""
    return {
        "Content-Security-Policy": f"{content_security_policy(*urls)}; frame-ancestors 'none'",
        # no-referrer or same-origin would make a browser post with "Origin: null"
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), microphone=(), payment=()",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

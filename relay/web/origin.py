"""Which page sent a post: ours, a foreign site's, or nobody can tell (pattern: OWASP, CSRF, verifying the origin)."""

from collections.abc import Collection, Mapping
from typing import Literal, TypeAlias

Sender: TypeAlias = Literal["own", "foreign", "unknown"]


def classify_sender(headers: Mapping[str, str], origins: Collection[str]) -> Sender:
    """origins: of the site and the relay.

    An Origin that names the host the request was sent to is our own, whatever name this relay has for itself. `null` is
    foreign: sandboxed frames send it. Browsers too old for an Origin on form posts are known by Sec-Fetch-Site, if at
    all; what has neither header may be an old browser or a script.
    """
    origin = headers.get("origin", "")
    if origin:
        is_own = origin in origins or origin.partition("://")[2] == headers.get("host")
        return "own" if is_own and origin != "null" else "foreign"
    match headers.get("sec-fetch-site", ""):
        case "":
            return "unknown"
        case "cross-site":
            return "foreign"
        case _:
            return "own"

"""One key for the ways to write a town's or village's name. Shared by builder and resolver."""

from boundaries.text_folding import tokenize

_WHOLE = {
    "n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "ea": "east", "w": "west",
    "saint": "st", "mount": "mt", "fort": "ft", "center": "centre", "ctr": "centre", "cntr": "centre",
    "vlg": "village", "hts": "heights", "hgts": "heights", "fls": "falls", "bch": "beach", "hbr": "harbor",
    "sq": "square", "jct": "junction", "gt": "great", "afb": "air force base",
}  # fmt: skip


def place_key(name: str) -> str:
    """ "No. Attleborough", "North Attleboro" → "north attleboro"; hyphens become spaces; a lone letter stays."""
    tokens = tokenize(name.replace("-", " "))
    if len(tokens) > 1:
        tokens = [_WHOLE.get(token, token) for token in tokens]
    return " ".join([token[:-3] if token.endswith("borough") else token for token in tokens])

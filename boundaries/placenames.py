"""One key for the ways to write a town's or village's name. Shared by builder and resolver."""

from boundaries.text_folding import tokenize

_WHOLE = {
    "n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "ea": "east", "w": "west",
    "saint": "st", "mount": "mt", "fort": "ft", "center": "centre", "ctr": "centre", "cntr": "centre",
    "vlg": "village", "hts": "heights", "hgts": "heights", "fls": "falls", "bch": "beach", "hbr": "harbor",
    "sq": "square", "jct": "junction", "gt": "great", "afb": "air force base",
    "twp": "township", "twsp": "township", "tnshp": "township", "bor": "boro",
}  # fmt: skip

# Kinds of municipality that people say or leave out, as keys have them: "Hamilton Twp", "Township of Hamilton".
_BEFORE = ("city of ", "town of ", "township of ", "boro of ", "village of ")
_BEHIND = (" city", " town", " township", " boro", " village")


def without_kind(key: str) -> list[str]:
    """A place's key as it is, and without the kind of municipality that it names."""
    forms = [key, *(key.removeprefix(kind) for kind in _BEFORE), *(key.removesuffix(kind) for kind in _BEHIND)]
    return [form for form in dict.fromkeys(forms) if form]


def with_kind(key: str) -> list[str]:
    """A place's keys with a kind of municipality that may have been left out."""
    return [f"{key} township", f"{key} boro"]


def without_county(town: str) -> str:
    """A town's name without the county that tells it from others: "Franklin Township (Erie County)"."""
    return town.partition(" (")[0]


def place_key(name: str) -> str:
    """ "No. Attleborough", "North Attleboro" → "north attleboro"; hyphens become spaces; a lone letter stays."""
    tokens = tokenize(name.replace("-", " "))
    if len(tokens) > 1:
        tokens = [_WHOLE.get(token, token) for token in tokens]
    return " ".join([token[:-3] if token.endswith("borough") else token for token in tokens])

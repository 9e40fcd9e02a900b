"""Taking an address apart that was written on one line: "24 Beacon St, Apt 3, Boston, MA 02108"."""

import re
from collections.abc import Callable

_ZIP = re.compile(r"[\s,]+(\d{5})(?:-\d{4})?\s*$")


def split_line(text: str, code: str, name: str, is_place: Callable[[str], bool]) -> tuple[str, str, str]:
    """Street, city and ZIP. code, name: of the state, left out where it stands alone. is_place: whether a text names
    a town, village or neighbourhood; it finds the city where there is no comma before it."""
    found = _ZIP.search(" " + text)
    postal = found[1] if found else ""
    if found:
        text = (" " + text)[: found.start()].strip()
    text = text.strip(" ,")
    text = re.sub(rf"(?:^|[\s,]+)(?:{code}|{re.escape(name)})\.?$", "", text, flags=re.IGNORECASE).strip(" ,")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 1:
        return ", ".join(parts[:-1]), parts[-1], postal
    words = text.split()
    for size in range(min(5, len(words)), 0, -1):
        if is_place(" ".join(words[-size:])):
            return " ".join(words[:-size]), " ".join(words[-size:]), postal
    return text, "", postal

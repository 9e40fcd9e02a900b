"""Whether bills are written as their state numbers them: another state's HB 3573 is nothing here."""

import re
from collections.abc import Sequence
from typing import Final

import yaml

from theme.site.frontmatter import Document

_NUMBER: Final = re.compile(r"([A-Za-z. ]+?)[. ]*(\d{1,6})", re.ASCII)


def check_bills(document: Document, state: str, starts: Sequence[str]) -> None:
    """state: its name. starts: how its bills' numbers begin, the usual ones first; empty if that is not known."""
    node = document.entries.get("bills")
    known = {_squeeze(start) for start in starts}
    if not known or not isinstance(node, yaml.SequenceNode):
        return
    for item in node.value:
        number = _NUMBER.fullmatch(item.value.strip()) if isinstance(item, yaml.ScalarNode) else None
        if number and _squeeze(number[1]) not in known:
            meant = next((start for start in starts if start[0] == number[1][0].upper()), "")
            hint = f": is it {meant}{number[2]}?" if meant else ""
            wrong = f'bills: "{item.value}" is no bill of {state}, whose numbers begin with {", ".join(starts)}{hint}'
            document.add_warning(wrong, item)


def _squeeze(start: str) -> str:
    return re.sub(r"[^A-Z]", "", start.upper())

"""Whether a translation still says what the first language's file says: it was not changed along with it.

Two texts that say the same in two languages have the same paragraphs, the same bill numbers, the same days and
figures, and the same links. Nothing else can be compared without knowing the languages, and no date of a file tells:
a copied folder has new ones.
"""

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import decimal

from theme.site.campaign_file import CampaignFile
from theme.site.markdown import parse_markdown

_BILL: Final = re.compile(r"\b([HS])[A-Z]?\.?\s?(\d{1,5})\b")
_FIGURE: Final = re.compile(r"(?<![\w.,])\d[\d.,\u00a0\u202f\u066b\u066c ]*(?![\w])")
_LINK: Final = re.compile(r"https?://[^\s<>()\"'\]]+")
_LEAST: Final = 1000  # smaller numbers may be written out: "two minutes"


def check_translation(main: CampaignFile, other: CampaignFile) -> None:
    """Warn in a translation's file of what is only in one of the two."""
    document = other.document
    if not document.legible or document.empty:
        return
    for part, ours, theirs in (
        ("argument", main.argument, other.argument),
        ("letter", main.message, other.message),
        ("letter of thanks", main.thanks, other.thanks),
    ):
        if not theirs.strip():
            continue
        line = document.body_line if part == "argument" else _find_letter(other)
        for wrong in _compare(ours, theirs, markdown=part == "argument"):
            document.add_warning(f"the {part} in {main.document.file} has changed: {wrong}", line=line)
    if main.argument.strip() and _squeeze(main.argument) == _squeeze(other.argument):
        wrong = f"the argument is the one of {main.document.file}: translate it, or remove it, and it is inherited"
        document.add_warning(wrong, line=document.body_line)
    if "safety" in main.values and "safety" not in other.values and main.values["safety"] != "none":
        document.add_warning(f"safety: the one in {main.document.file} is shown as it is: translate it")
    if "join" in main.values and "join" not in other.values:
        wrong = "join: nobody can join the list on this page: add join: {text: …}, translated"
        document.add_warning(wrong)


def _compare(ours: str, theirs: str, *, markdown: bool) -> Iterator[str]:
    for name, find in (("bill", _find_bills), ("number", _find_figures), ("link", _find_links)):
        missing, added = find(ours) - find(theirs), find(theirs) - find(ours)
        if missing:
            yield f"the {name} {', '.join(sorted(missing))} is missing here"
        if added:
            yield f"the {name} {', '.join(sorted(added))} is only here"
    count = _count_blocks if markdown else _count_paragraphs
    if (there := count(ours)) != (here := count(theirs)):
        yield f"it has {there} paragraphs, this one {here}"


def _find_bills(text: str) -> set[str]:
    return {f"{chamber}.{int(number)}" for chamber, number in _BILL.findall(text)}


def _find_figures(text: str) -> set[str]:
    """Whole numbers, however a language writes them: 2,000 and 2.000 and \u0662\u066c\u0660\u0660\u0660."""
    bare = _BILL.sub(" ", _LINK.sub(" ", text))
    figures = set()
    for written in _FIGURE.findall(bare):
        groups = re.split(r"[.,\u00a0\u202f\u066b\u066c ]", re.sub(r"\D+$", "", written))
        if all(len(group) == 3 for group in groups[1:]):
            value = int("".join(str(decimal(digit)) for group in groups for digit in group))
            figures |= {str(value)} if value >= _LEAST else set()
    return figures


def _find_links(text: str) -> set[str]:
    return {link.rstrip(".,;:!?") for link in _LINK.findall(text)}


def _count_blocks(text: str) -> int:
    kinds = ("paragraph_open", "heading_open", "html_block", "fence", "code_block", "table_open")
    return sum(token.type in kinds for token in parse_markdown(text))


def _count_paragraphs(text: str) -> int:
    return len(re.split(r"\n\s*\n", text.strip()))


def _find_letter(file: CampaignFile) -> int:
    return file.document.body_line + len(file.lines)


def _squeeze(text: str) -> str:
    return " ".join(text.split())

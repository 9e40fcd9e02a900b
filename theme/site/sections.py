"""What a campaign file holds below its front matter: the argument, and a letter under each heading that is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from theme.site.frontmatter import Document
from theme.site.problems import suggest

ASK: Final = "Message"
THANKS: Final = "Message: thanks"  # for those who support what the campaign asks

_HEADING: Final = re.compile(r"(#{1,6})\s*(.*?)\s*#*\s*")
# What people write above the letter instead.
_BARE_HEADING: Final = re.compile(
    r"\W*(?:(?:the|your|my|la|el|a|o) )?(?:message|letter(?: text)?|e-?mail|carta|mensaje|mensagem|l\u00e8t|mesaj)\W*",
    re.IGNORECASE,
)
GREETING: Final = re.compile(
    r"\s*(?:dear|hello|hi|greetings|good (?:morning|afternoon|day)|to\b|honou?rable|esteemed|estimad\w+|querid\w+|hola"
    r"|prezad\w+|car[oa]s?\b|ch\w+\b|kính|thưa|尊敬|亲爱|السادة|حضرة|سعادة|عزيز)",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(r"message\s*[:\uff1a]?\s*(?:thanks|thank you|thank-you)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """One letter, as lines of the body: that of its heading, and the first after it."""

    start: int
    end: int

    def text(self, document: Document) -> str:
        return "\n".join(document.body[self.start + 1 : self.end]).strip()


def find_sections(document: Document, *, translation: bool) -> tuple[list[str], Mapping[str, Section]]:
    """The lines of the argument, and the letters by their headings; in the document's problems, what is wrong with the
    headings. translation: needs no letter."""
    lines = document.body
    starts: dict[str, int] = {}
    near: int | None = None
    for index, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if not heading:
            if not starts and near is None and _BARE_HEADING.fullmatch(line):
                near = index
            continue
        if heading[1] == "##" and heading[2] in (ASK, THANKS):
            if heading[2] in starts:
                wrong = f'a second "## {heading[2]}": a campaign has only one letter under each heading'
                document.add_problem(wrong, line=document.body_line + index)
                break
            starts[heading[2]] = index
        elif _THANKS.match(heading[2]):
            wrong = f'did you mean "## {THANKS}"? The letter to those who support you goes under that heading'
            document.add_problem(wrong, line=document.body_line + index)
        elif starts:
            pass  # it belongs to a letter, and is reported there
        elif suggest(heading[2], [ASK]) or _BARE_HEADING.fullmatch(heading[2]):
            near = index
        elif heading[1] == "#":
            wrong = "only the title may be a first-level heading: use ## here"
            document.add_problem(wrong, line=document.body_line + index)
    if ASK not in starts:
        if near is not None:
            wrong = f'did you mean "## {ASK}"? The letter goes under that heading'
            document.add_problem(wrong, line=document.body_line + near)
        elif not translation:
            near = _report_missing_letter(document)
    elif not translation and not "".join(lines[: min(starts.values())]).strip():
        wrong = f'no argument: above "## {ASK}", say why people should write'
        document.add_warning(wrong, line=document.body_line + min(starts.values()))
    ends = sorted([*starts.values(), len(lines)])
    sections = {name: Section(start, next(end for end in ends if end > start)) for name, start in starts.items()}
    argument_ends = min([*starts.values(), *([near] if near is not None else [])], default=len(lines))
    return lines[:argument_ends], sections


def _report_missing_letter(document: Document) -> int | None:
    """Where it seems to begin, if that can be told."""
    begins = next((index for index, line in enumerate(document.body) if is_greeting(line)), None)
    wrong = f'no letter: write it under a heading "## {ASK}"'
    if begins is not None:
        wrong = f'write "## {ASK}" on a line of its own above the letter, which seems to begin here'
    place = max(len(document.body) - 1, 0) if begins is None else begins
    document.add_problem(wrong, line=document.body_line + place)
    return begins


def is_greeting(line: str) -> bool:
    """Whether a letter begins with this line: so surely that it is no sentence of an argument."""
    return bool(GREETING.match(line)) and (
        "[Legislator]" in line or bool(re.match(r"\s*dear\b.{0,60},\s*$", line, re.I))
    )

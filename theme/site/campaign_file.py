"""A campaign file or a translation of it: its keys, and the letter under `## Message`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from boundaries.state import open_state
from theme.fields import FIELD
from theme.placeholders import PLACEHOLDERS, find_claims
from theme.recipients import CommitteeChairs, Leader, OwnLegislators, Recipient, parse_recipient
from theme.site import validators
from theme.site.frontmatter import Document, read_document
from theme.site.problems import Problem, suggest, suggest_or_list

KEYS: Final[Mapping[str, validators.Validator]] = {
    "title": validators.text(150),
    "campaign": validators.text(80),
    "action": validators.text(80),
    "summary": validators.text(300),
    "state": validators.text(2),  # and one of those that there are
    "recipients": validators.recipients,
    "bills": validators.texts(40),
    "subject": validators.text(FIELD["subject"].max_chars),
    "goal": validators.number,
    "organiser": validators.email,
    "status": validators.choice("draft", "published", "withdrawn"),
    "opens": validators.day,
    "closes": validators.day,
    "outcome": validators.text(300),
    "confirm": validators.choice("always", "suspicious", "never"),
    "participants": validators.choice("names", "none"),
    "translation": validators.review,
}
STATE: Final = "state"
REQUIRED: Final = ("title", "campaign", "action", "subject", "recipients")
OWN: Final = ("campaign", "action", "outcome")
ABOUT: Final = "translation"  # the only key reserved for translations
TRANSLATED: Final = ("title", "summary", "subject", *OWN, ABOUT)  # a translation may have these and inherits the rest
RESERVED: Final = ("kind", "hearing", "deliver_by", "session")  # for committee hearings in a later version

_HEADING: Final = re.compile(r"(#{1,6})\s*(.*?)\s*#*\s*")
_MESSAGE: Final = "## Message"


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A campaign file as read."""

    path: Path
    slug: str
    language: str
    values: Mapping[str, Any]  # the valid ones, by key
    argument: str  # Markdown
    message: str  # the letter, plain text
    document: Document  # with the problems
    hints: tuple[Problem, ...] = ()  # what would not stop a build


def read_campaign_file(
    path: Path, file: str, slug: str, language: str, states: Mapping[str, Path], *, translation: bool
) -> CampaignFile:
    """Read and check one file. translation: required keys may be missing; they are inherited. states: their folders."""
    document = read_document(path, file)
    written = document.legible and not document.empty
    good = _read_values(document, states, translation=translation) if written else {}
    argument, message = _split(document, translation) if written or document.body else ("", "")
    hints = () if translation else tuple(_find_claims(document, good, message))
    return CampaignFile(path, slug, language, good, argument, message, document, hints)


def _read_values(document: Document, states: Mapping[str, Path], *, translation: bool) -> Mapping[str, Any]:
    good: dict[str, Any] = {}
    keys = {**KEYS, STATE: validators.state(states)}
    for key, node in document.entries.items():
        place = document.keys[key]
        if key in RESERVED:
            document.add_problem(f'"{key}" is reserved for a later version: remove it', place)
        elif key not in KEYS:
            document.add_problem(f'unknown key "{key}".{suggest_or_list(key, list(KEYS))}', place)
        elif translation and key not in TRANSLATED:
            document.add_problem(f'"{key}" belongs in the first language\'s file; translations inherit it', place)
        elif key == ABOUT and not translation:
            document.add_problem(f'"{key}" belongs in a translation, not in the first language\'s file', place)
        else:
            value = keys[key](node, document.for_key(key))
            if value is not None:
                good[key] = value
    if not translation:
        for key in REQUIRED:
            if key not in document.entries:
                document.add_problem(f'the required key "{key}" is missing')
    if "subject" in good:
        for _, wrong in validators.find_unknown_placeholders(good["subject"], PLACEHOLDERS):
            document.add_problem(f"subject: {wrong}", document.entries["subject"])
    if {"opens", "closes"} <= good.keys() and good["closes"] < good["opens"]:
        document.add_problem(
            f"closes: {good['closes']} is before the campaign opens, {good['opens']}", document.entries["closes"]
        )
    _check_offices(document, good, states)
    if good.get("status") == "draft" and "organiser" not in document.entries:
        document.add_problem(
            "a draft's letters go to its organizer: add organiser: you@example.org", document.keys["status"]
        )
    return good


def _check_offices(document: Document, good: Mapping[str, Any], states: Mapping[str, Path]) -> None:
    """Letters to committees and leaders need a chair or leader in the state's roster."""
    code = good.get(STATE, next(iter(states)) if len(states) == 1 else "")
    for index, entry in enumerate(good.get("recipients", ())):
        if code and (wrong := _find_vacancy(parse_recipient(entry), states[code])):
            document.add_problem(f"recipients: {wrong}", document.entries["recipients"].value[index])


def _find_vacancy(recipient: Recipient, state: Path) -> str:
    """What is wrong if the roster of the state in that folder has nobody in an office, or ""."""
    try:
        match recipient:
            case CommitteeChairs(committee) if not open_state(state).chairs(committee):
                return f'the roster has no chair for "{committee}"'
            case Leader(role):
                open_state(state).leader(role)
    except KeyError as error:
        return str(error.args[0])
    return ""


def _find_claims(document: Document, good: Mapping[str, Any], message: str) -> Iterator[Problem]:
    """Where a letter says "in your district" to offices that are not the writer's own legislators."""
    others = [parse_recipient(entry) for entry in good.get("recipients", ())]
    names = [str(getattr(other, "name", "")) for other in others if not isinstance(other, OwnLegislators)]
    if not names:
        return
    body = "\n".join(document.body)
    start = body.rindex(message)
    for position, words in find_claims(message):
        before = body[: start + position]
        line, column = document.body_line + before.count("\n"), len(before) - before.rfind("\n")
        yield Problem(
            document.file, line, column, f'"{words}" is left out or reworded for {" and ".join(names)}, who may not be '
            "the writer's own. The first line of a letter says who is a constituent, so you need not"
        )  # fmt: skip


def _split(document: Document, translation: bool) -> tuple[str, str]:
    """The argument before `## Message`, and the letter after it."""
    lines = document.body
    start: int | None = None
    near: int | None = None
    for index, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if not heading:
            continue
        if heading[1] == "##" and heading[2] == "Message":
            if start is not None:
                document.add_problem(
                    f'a second "{_MESSAGE}": a campaign has only one letter', line=document.body_line + index
                )
                break
            start = index
        elif start is None and suggest(heading[2], ["Message"]):
            near = index
        elif start is None and heading[1] == "#":
            document.add_problem(
                "only the title may be a first-level heading: use ## here", line=document.body_line + index
            )
    if start is None:
        if near is not None:
            document.add_problem(
                f'did you mean "{_MESSAGE}"? The letter goes under that heading', line=document.body_line + near
            )
        elif not translation:
            document.add_problem(
                f'no letter: write it under a heading "{_MESSAGE}"', line=document.body_line + max(len(lines) - 1, 0)
            )
        return "\n".join(lines), ""
    _check_letter(document, start, translation)
    return "\n".join(lines[:start]), "\n".join(lines[start + 1 :]).strip()


def _check_letter(document: Document, start: int, translation: bool) -> None:
    letter = document.body[start + 1 :]
    for index, line in enumerate(letter, start + 1):
        for column, wrong in validators.find_unknown_placeholders(line, PLACEHOLDERS):
            document.add_problem(wrong, line=document.body_line + index, column=column + 1)
        if (bad := validators.find_unprintable(line)) is not None:
            wrong = f"character U+{ord(line[bad]):04X} cannot be sent: remove it"
            document.add_problem(wrong, line=document.body_line + index, column=bad + 1)
    size = len("\n".join(letter).strip())
    limit = FIELD["message"].max_chars
    if size > limit:
        document.add_problem(
            f"the letter is too long: {size:,} characters, {limit:,} at most", line=document.body_line + start
        )
    if not size and not translation:
        document.add_problem(f'the letter under "{_MESSAGE}" is empty', line=document.body_line + start)

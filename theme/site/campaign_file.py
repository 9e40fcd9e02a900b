"""A campaign file or a translation of it: its keys, and the letter under `## Message`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from boundaries.state import State
from theme.fields import FIELD
from theme.placeholders import find_claims
from theme.recipients import CommitteeChairs, Leader, OwnLegislators, Recipient, parse_recipient
from theme.site import validators
from theme.site.bills import check_bills
from theme.site.frontmatter import Document, read_document
from theme.site.letter import check_letter, is_greeting
from theme.site.one_liners import TEXTS, check_texts
from theme.site.problems import suggest, suggest_or_list
from theme.site.schedule import check_schedule
from theme.site.slips import find_curly_quotes
from theme.site.states import States

KEYS: Final[Mapping[str, validators.Validator]] = {
    "title": validators.text(150),
    "campaign": validators.text(80),
    "action": validators.text(80),
    "summary": validators.text(300),
    "state": validators.text(2),  # and one of those that there are
    "recipients": validators.recipients,
    "bills": validators.texts(40),
    "session": validators.session,
    "subject": validators.text(FIELD["subject"].max_chars),
    "goal": validators.number,
    "organiser": validators.email,
    "status": validators.choice("draft", "published", "withdrawn"),
    "opens": validators.day,
    "closes": validators.day,
    "outcome": validators.text(300),
    "confirm": validators.choice("always", "suspicious", "never"),
    "participants": validators.choice("names", "none"),
    "safety": validators.text(300),
    "translation": validators.review,
}
STATE: Final = "state"
REQUIRED: Final = ("title", "campaign", "action", "subject", "recipients")
OWN: Final = ("campaign", "action", "outcome")
ABOUT: Final = "translation"  # the only key reserved for translations
TRANSLATED: Final = (
    "title",
    "summary",
    "subject",
    "safety",
    *OWN,
    ABOUT,
)  # a translation may have these and inherits the rest
RESERVED: Final = ("kind", "hearing", "deliver_by")  # for committee hearings in a later version

_HEADING: Final = re.compile(r"(#{1,6})\s*(.*?)\s*#*\s*")
_MESSAGE: Final = "## Message"
# What people write above the letter instead.
_BARE_HEADING: Final = re.compile(
    r"\W*(?:(?:the|your|my|la|el|a|o) )?(?:message|letter(?: text)?|e-?mail|carta|mensaje|mensagem|l\u00e8t|mesaj)\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A campaign file as read."""

    path: Path
    slug: str
    language: str
    values: Mapping[str, Any]  # the valid ones, by key
    lines: Sequence[str]  # of the argument, Markdown
    message: str  # the letter, plain text
    document: Document  # with the problems

    @property
    def argument(self) -> str:
        return "\n".join(self.lines)


def read_campaign_file(
    path: Path, file: str, slug: str, language: str, states: States, today: date, *, translation: bool
) -> CampaignFile:
    """Read and check one file. translation: required keys may be missing; they are inherited."""
    document = read_document(path, file, tuple(KEYS))
    written = document.legible and not document.empty
    good = _read_values(document, states, translation=translation) if written else {}
    argument, message = _split(document, good, translation) if written or document.body else ([], "")
    if not translation:
        _find_claims(document, good, message)
        if written:
            code = good.get(STATE, states.only)
            check_schedule(document, good, states.open(code).sessions if code else (), today)
            if code:
                check_bills(document, states.open(code).name, states.open(code).bills)
    return CampaignFile(path, slug, language, good, argument, message, document)


def _read_values(document: Document, states: States, *, translation: bool) -> Mapping[str, Any]:
    good: dict[str, Any] = {}
    keys = {**KEYS, STATE: validators.state(states.names)}
    for key, node in document.entries.items():
        place = document.keys[key]
        if key in RESERVED:
            document.add_problem(f'"{key}" is reserved for a later version: remove it', place)
        elif key not in KEYS:
            _name_unknown_key(document, key, place)
        elif translation and key not in TRANSLATED:
            document.add_problem(f'"{key}" belongs in the first language\'s file; translations inherit it', place)
        elif key == ABOUT and not translation:
            document.add_problem(f'"{key}" belongs in a translation, not in the first language\'s file', place)
        elif (curly := _find_curly(key, node)) is not None:
            wrong = (
                f"{key}: {curly.value[0]} is no quotation mark to a computer: write {curly.value[1:-1]}, without any"
            )
            document.add_problem(wrong, curly)
        elif _is_comment(document, node):
            wrong = f'{key}: "#" begins a comment, so this is empty: put the text in "quotes"'
            document.add_problem(wrong, node)
        else:
            value = keys[key](node, document.for_key(key))
            if value is not None:
                good[key] = value
    check_texts(document, list(KEYS))
    if not translation:
        for key in REQUIRED:
            if key not in document.entries:
                document.add_problem(f'the required key "{key}" is missing')
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


def _name_unknown_key(document: Document, key: str, place: yaml.Node) -> None:
    bare = key.strip("*_\"'\u201c\u201d\u2018\u2019 ")
    if bare in KEYS:
        document.add_problem(f"write {bare}: without anything around it", place)
    else:
        document.add_problem(f'unknown key "{key}".{suggest_or_list(key, list(KEYS))}', place)


def _find_curly(key: str, node: yaml.Node) -> yaml.ScalarNode | None:
    """The first value in a word processor's quotation marks that is not a text, which may quote somebody."""
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    scalars = (item for item in items if isinstance(item, yaml.ScalarNode))
    return next((item for item in scalars if key not in TEXTS and find_curly_quotes(item.value)), None)


def _is_comment(document: Document, node: yaml.Node) -> bool:
    """Whether a value is empty because its text begins with "#"."""
    mark = node.start_mark
    if not isinstance(node, yaml.ScalarNode) or node.value or node.style or mark.line >= len(document.front):
        return False
    return document.front[mark.line][mark.column :].lstrip().startswith("#")


def _check_offices(document: Document, good: Mapping[str, Any], states: States) -> None:
    """Letters to committees and leaders need a chair or leader in the state's roster."""
    code = good.get(STATE, states.only)
    for index, entry in enumerate(good.get("recipients", ())):
        if code and (wrong := _find_vacancy(parse_recipient(entry), states.open(code))):
            document.add_problem(f"recipients: {wrong}", document.entries["recipients"].value[index])


def _find_vacancy(recipient: Recipient, state: State) -> str:
    """What is wrong if the state's roster has nobody in an office, or ""."""
    try:
        match recipient:
            case CommitteeChairs(committee, chamber) if not state.chairs(committee, chamber):
                if chairs := state.chairs(committee):
                    return (
                        f'the only chair of "{committee}" is from the {chairs[0].chamber}: write committee:{committee}'
                    )
                return f'the roster has no chair for "{committee}"'
            case Leader(role):
                state.leader(role)
    except KeyError as error:
        return str(error.args[0])
    return ""


def _find_claims(document: Document, good: Mapping[str, Any], message: str) -> None:
    """Where a letter says "in your district" to offices that are not the writer's own legislators."""
    others = [parse_recipient(entry) for entry in good.get("recipients", ())]
    names = [str(getattr(other, "name", "")) for other in others if not isinstance(other, OwnLegislators)]
    if not names:
        return
    body = "\n".join(document.body)
    start = body.rindex(message)
    for position, words in find_claims(message):
        before = body[: start + position]
        wrong = (
            f'"{words}" is left out or reworded for {" and ".join(names)}, who may not be the writer\'s own. '
            "The first line of a letter says who is a constituent, so you need not"
        )
        line, column = document.body_line + before.count("\n"), len(before) - before.rfind("\n")
        document.add_warning(wrong, line=line, column=column)


def _split(document: Document, good: Mapping[str, Any], translation: bool) -> tuple[list[str], str]:
    """The lines of the argument before `## Message`, and the letter after it."""
    lines = document.body
    start: int | None = None
    near: int | None = None
    for index, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if not heading:
            if start is None and near is None and _BARE_HEADING.fullmatch(line):
                near = index
            continue
        if heading[1] == "##" and heading[2] == "Message":
            if start is not None:
                document.add_problem(
                    f'a second "{_MESSAGE}": a campaign has only one letter', line=document.body_line + index
                )
                break
            start = index
        elif start is None and (suggest(heading[2], ["Message"]) or _BARE_HEADING.fullmatch(heading[2])):
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
            near = next((index for index, line in enumerate(lines) if is_greeting(line)), None)
            wrong = f'no letter: write it under a heading "{_MESSAGE}"'
            if near is not None:
                wrong = f'write "{_MESSAGE}" on a line of its own above the letter, which seems to begin here'
            place = max(len(lines) - 1, 0) if near is None else near
            document.add_problem(wrong, line=document.body_line + place)
        return lines[:near], ""
    if not translation and not "".join(lines[:start]).strip():
        wrong = f'no argument: above "{_MESSAGE}", say why people should write'
        document.add_warning(wrong, line=document.body_line + start)
    several = len(good.get("recipients", ())) > 1
    check_letter(document, start, translation=translation, several=several)
    return lines[:start], "\n".join(lines[start + 1 :]).strip()

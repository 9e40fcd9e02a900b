"""A campaign file or a translation of it: its keys, and the letter under `## Message`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from boundaries.state import State
from theme.fields import FIELD
from theme.placeholders import find_claims
from theme.recipients import CommitteeChairs, Leader, NamedRecipient, OwnLegislators, Recipient, parse_recipient
from theme.site import validators
from theme.site.argument import check_argument
from theme.site.bills import check_bills
from theme.site.frontmatter import Document, read_document
from theme.site.hearing import KIND, check_kind
from theme.site.letter import check_letter
from theme.site.links import Target
from theme.site.one_liners import TEXTS, check_texts
from theme.site.problems import suggest_or_list
from theme.site.schedule import check_schedule
from theme.site.sections import ASK, THANKS, find_sections
from theme.site.slips import find_curly_quotes
from theme.site.states import States
from theme.testimony import POSITIONS

KEYS: Final[Mapping[str, validators.Validator]] = {
    "title": validators.Text(150),
    "campaign": validators.Text(80),
    "action": validators.Text(80),
    "summary": validators.Text(300),
    "state": validators.Text(2),  # and one of those that there are
    "recipients": validators.recipients,
    "bills": validators.Texts(40),
    "session": validators.session,
    "subject": validators.Text(FIELD["subject"].max_chars),
    "thanks_subject": validators.Text(FIELD["thanks_subject"].max_chars),
    "goal": validators.number,
    "organiser": validators.emails,
    "status": validators.Choice(("draft", "published", "withdrawn")),
    "opens": validators.day,
    "closes": validators.day,
    "outcome": validators.Text(300),
    "confirm": validators.Choice(("always", "suspicious", "never")),
    "participants": validators.Choice(("names", "none")),
    "safety": validators.Text(300),
    "join": validators.join,
    "kind": validators.Choice(("letter", "testimony")),
    "hearing": validators.Text(200),
    "deliver_by": validators.moment,
    "committee": validators.committee,
    "position": validators.Choice(POSITIONS),
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
    "thanks_subject",
    "safety",
    "hearing",
    "join",
    *OWN,
    ABOUT,
)  # a translation may have these and inherits the rest


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A campaign file as read."""

    path: Path
    slug: str
    language: str
    values: Mapping[str, Any]  # the valid ones, by key
    lines: Sequence[str]  # of the argument, Markdown
    message: str  # the letter, plain text
    thanks: str  # the letter to those who support what the other one asks; "" if there is none
    targets: Sequence[Target]  # where the argument leads
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
    argument, letters = _read_letters(document, good, translation) if written or document.body else ([], {})
    if not translation:
        for letter in letters.values():
            _find_claims(document, good, letter)
        if written:
            check_kind(document, good, today)
            code = good.get(STATE, states.only)
            check_schedule(document, good, states.open(code).sessions if code else (), today)
            if code:
                check_bills(document, states.open(code).name, states.open(code).bills)
    targets = check_argument(document, argument)
    ask, thanks = letters.get(ASK, ""), letters.get(THANKS, "")
    return CampaignFile(path, slug, language, good, argument, ask, thanks, targets, document)


def _read_values(document: Document, states: States, *, translation: bool) -> Mapping[str, Any]:
    good: dict[str, Any] = {}
    keys = {**KEYS, STATE: validators.state(states.names)}
    for key, node in document.entries.items():
        place = document.keys[key]
        if key not in KEYS:
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
            if key not in document.entries and not (key == "recipients" and good.get("kind") == KIND):
                document.add_problem(f'the required key "{key}" is missing')
    if {"opens", "closes"} <= good.keys() and good["closes"] < good["opens"]:
        document.add_problem(
            f"closes: {good['closes']} is before the campaign opens, {good['opens']}", document.entries["closes"]
        )
    _check_offices(document, good, states)
    if "join" in good:
        _check_join(document, good, translation=translation)
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
    """Letters to legislators need their chamber, and those to committees and leaders a chair or leader in the state's
    roster."""
    code = good.get(STATE, states.only)
    for index, entry in enumerate(good.get("recipients", ())):
        if code and (wrong := _find_vacancy(parse_recipient(entry), states.open(code))):
            document.add_problem(f"recipients: {wrong}", document.entries["recipients"].value[index])


def _find_vacancy(recipient: Recipient, state: State) -> str:
    """What is wrong if the state has no such chamber, or its roster nobody in an office, or ""."""
    try:
        match recipient:
            case OwnLegislators(chamber) if chamber not in state.chambers:
                return f"the legislature of {state.name} has one chamber: write senator"
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


def _check_join(document: Document, good: dict[str, Any], *, translation: bool) -> None:
    """A box that nobody can judge, because it does not say what it is for or what becomes of the list."""
    wanted = ("text",) if translation else ("text", "privacy")
    node = document.entries["join"]
    for missing in (key for key in wanted if key not in good["join"]):
        document.add_problem(f"join: {missing} is missing: write join: {{text: …, privacy: https://…}}", node)
        del good["join"]
        return
    if translation and "privacy" in good["join"]:
        document.add_problem("join: privacy belongs in the first language's file; translations inherit it", node)


def _find_claims(document: Document, good: Mapping[str, Any], message: str) -> None:
    """Where a letter says "in your district" to offices that are not the writer's own legislators."""
    others = [parse_recipient(entry) for entry in good.get("recipients", ())]
    names = [str(getattr(other, "name", "")) for other in others if not isinstance(other, OwnLegislators)]
    if isinstance(committee := good.get("committee"), NamedRecipient):
        names.append(committee.name)
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


def _read_letters(
    document: Document, good: Mapping[str, Any], translation: bool
) -> tuple[list[str], Mapping[str, str]]:
    """The lines of the argument, and the letters by their headings."""
    argument, sections = find_sections(document, translation=translation)
    several = len(good.get("recipients", ())) > 1
    for name, section in sections.items():
        check_letter(document, name, section, translation=translation, several=several)
    if not translation and THANKS in sections and "thanks_subject" not in document.entries:
        wrong = f'"## {THANKS}" needs a subject of its own: add thanks_subject: Thank you for supporting …'
        document.add_problem(wrong, line=document.body_line + sections[THANKS].start)
    if not translation and THANKS not in sections and "thanks_subject" in document.entries:
        wrong = f'thanks_subject: there is no letter for it: write it under a heading "## {THANKS}"'
        document.add_problem(wrong, document.entries["thanks_subject"])
    return argument, {name: section.text(document) for name, section in sections.items()}

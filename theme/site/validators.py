"""Validators for front matter values. Each takes a YAML node and returns the value.

A validator that finds a problem reports it through `AddProblem`, with the node it is about, and returns None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

import yaml

from boundaries.email_addresses import is_email
from theme.placeholders import PLACEHOLDERS
from theme.recipients import (
    CHAMBER_OF,
    COMMITTEE,
    CommitteeChairs,
    Leader,
    NamedRecipient,
    OwnLegislators,
    RecipientEntry,
    parse_recipient,
)
from theme.site.problems import suggest

AddProblem: TypeAlias = Callable[[str, yaml.Node], None]
Validator: TypeAlias = Callable[[yaml.Node, AddProblem], object | None]

# Unicode's categories Cc, Cs, Zl and Zp without the tab, and the sign for what could not be decoded.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffd]")
_UNFIT_FOR_A_LINE: Final = "\t\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # as in relay.forms
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", re.ASCII)
_GOAL: Final = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
HIGHEST: Final = 999_999_999  # number that _GOAL allows
_SESSION: Final = re.compile(r"\d{1,4}(?:st|nd|rd|th)?(?:[-\u2013/]\d{2,4})?(?: .*)?", re.ASCII)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?=[>)\]\"\s,;]|$)")
_HTTPS: Final = re.compile(r"https://[^\s\"'<>]+")
JOIN: Final = ("text", "privacy")
NAMED: Final = ("name", "email", "greeting")
LIST: Final = f" Use one of: {', '.join(f'[{word}]' for word in PLACEHOLDERS)}."
_RECIPIENTS: Final = (
    "write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}"
)


def session(node: yaml.Node, add_problem: AddProblem) -> str | None:
    """A legislative session, by its number or its year. Whether there is one depends on the state."""
    if isinstance(node, yaml.ScalarNode) and _SESSION.fullmatch(node.value.strip()):
        return str(node.value.strip())
    add_problem("this must be a session's number or year, like 194 or 2025", node)
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of at most `limit` characters."""

    limit: int

    def __call__(self, node: yaml.Node, add_problem: AddProblem) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            add_problem('this must be text: put it in "quotes" if it starts with a bracket', node)
        elif not (value := node.value.strip()) or node.tag == "tag:yaml.org,2002:null":
            add_problem("this is empty: fill it in, or remove the key if it is not required", node)
        elif len(value.splitlines()) > 1:
            add_problem("this must be a single line", node)
        elif len(value) > self.limit:
            add_problem(f"too long: {len(value)} characters, {self.limit} at most", node)
        elif (index := find_unprintable(value, _UNFIT_FOR_A_LINE)) is not None:
            add_problem(f"character U+{ord(value[index]):04X} is not printable: remove it", node)
        else:
            return str(value)
        return None


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts of at most `limit` characters each."""

    limit: int

    def __call__(self, node: yaml.Node, add_problem: AddProblem) -> tuple[str, ...] | None:
        if _misses_space(node, add_problem):
            return None
        if not isinstance(node, yaml.SequenceNode):
            add_problem("this must be a list, like [H.3573, S.1401]", node)
            return None
        values = [Text(self.limit)(item, add_problem) for item in node.value]
        return None if None in values else tuple(filter(None, values))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the given words."""

    options: tuple[str, ...]

    def __call__(self, node: yaml.Node, add_problem: AddProblem) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value in self.options:
            return str(node.value)
        hint = suggest(node.value, self.options) if isinstance(node, yaml.ScalarNode) else ""
        add_problem(f"this must be one of: {', '.join(self.options)}.{hint}", node)
        return None


# Whether a native speaker has checked a translation. Organizers' own translations need not say.
review = Choice(("reviewed", "unreviewed"))


def day(node: yaml.Node, add_problem: AddProblem) -> date | None:
    """A date, year first."""
    if isinstance(node, yaml.ScalarNode):
        try:
            if _DAY.fullmatch(node.value):
                return date.fromisoformat(node.value)
        except ValueError:
            pass
        add_problem(f'"{node.value}" is not a date: write year-month-day, like 2027-01-31', node)
    else:
        add_problem("this must be a date: write year-month-day, like 2027-01-31", node)
    return None


def moment(node: yaml.Node, add_problem: AddProblem) -> datetime | None:
    """A day and a time of day, in the site's time zone."""
    written = node.value if isinstance(node, yaml.ScalarNode) else "…"
    try:
        if _MOMENT.fullmatch(written):
            return datetime.fromisoformat(written)
    except ValueError:
        pass
    add_problem(f'"{written}" is not a moment: write day and time, from 00:00 to 23:59, like 2027-01-31 17:00', node)
    return None


def committee(node: yaml.Node, add_problem: AddProblem) -> NamedRecipient | None:
    """Who takes testimony: a committee, with the address in its notice."""
    given = {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
    if not isinstance(node, yaml.MappingNode) or not given.keys() >= {"name", "email"} or given.keys() - {*NAMED}:
        add_problem("write {name: Joint Committee on …, email: …}, with the address in the hearing's notice", node)
        return None
    name, address = Text(120)(given["name"], add_problem), email(given["email"], add_problem)
    greeting = Text(120)(given["greeting"], add_problem) if "greeting" in given else "Chairs and Members"
    return NamedRecipient(name, address, greeting) if name and address and greeting else None


def number(node: yaml.Node, add_problem: AddProblem) -> int | None:
    """A whole number, at least 1 and under a billion."""
    if isinstance(node, yaml.ScalarNode) and _GOAL.fullmatch(node.value):
        return int(node.value)
    add_problem("this must be a whole number from 1 to 999999999, digits only, like 2000", node)
    return None


def email(node: yaml.Node, add_problem: AddProblem) -> str | None:
    """One e-mail address, without a name."""
    if isinstance(node, yaml.ScalarNode) and is_email(node.value):
        return str(node.value)
    found = _ADDRESS.search(node.value) if isinstance(node, yaml.ScalarNode) else None
    if found and is_email(found[0]):
        add_problem(f"write the e-mail address alone: {found[0]}", node)
        return None
    add_problem("this must be an e-mail address, like you@example.org", node)
    return None


def emails(node: yaml.Node, add_problem: AddProblem) -> tuple[str, ...] | None:
    """One e-mail address, or a list of them."""
    if not isinstance(node, yaml.SequenceNode):
        address = email(node, add_problem)
        return (address,) if address else None
    if not node.value:
        add_problem("this list is empty: write an e-mail address, like you@example.org", node)
        return None
    addresses = [email(item, add_problem) for item in node.value]
    return None if None in addresses else tuple(dict.fromkeys(filter(None, addresses)))


def join(node: yaml.Node, add_problem: AddProblem) -> Mapping[str, str] | None:
    """What the box says that joins the organization's list, and the page that says what the organization does with
    it."""
    example = "write join: {text: Send me news of this campaign, privacy: https://example.org/privacy}"
    if not isinstance(node, yaml.MappingNode):
        add_problem(example, node)
        return None
    values: dict[str, str] = {}
    for key, value in node.value:
        if key.value not in JOIN:
            add_problem(f'unknown key "{key.value}": {example}', key)
        elif key.value == "text":
            values["text"] = Text(200)(value, add_problem) or ""
        elif isinstance(value, yaml.ScalarNode) and _HTTPS.fullmatch(value.value.strip()):
            values["privacy"] = value.value.strip()
        else:
            add_problem("this must be the address of a page that begins with https://", value)
            values["privacy"] = ""
    return values if values and all(values.values()) else None


def state(known: Mapping[str, str]) -> Validator:
    """One of these states, by its code. known: names by code."""

    def read(node: yaml.Node, add_problem: AddProblem) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value in known:
            return str(node.value)
        name = node.value if isinstance(node, yaml.ScalarNode) else "…"
        for code, full in known.items():
            if name.strip().casefold() in (code, full.casefold(), f"{code}."):
                add_problem(f'write {code}, in lowercase letters, for {full}: not "{name}"', node)
                return None
        add_problem(f'there is no state "{name}". Use one of: {", ".join(known)}', node)
        return None

    return read


def recipients(node: yaml.Node, add_problem: AddProblem) -> tuple[RecipientEntry, ...] | None:
    """Recipients: roles, committees, leaders, or named recipients with an address."""
    if _misses_space(node, add_problem):
        return None
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        add_problem("this must be a list, like [senator, representative]", node)
        return None
    items: list[RecipientEntry | None] = [_recipient(item, add_problem) for item in node.value]
    for position, recipient in enumerate(items):
        if recipient is not None and recipient in items[:position]:
            add_problem("this recipient is listed twice: remove one", node.value[position])
            return None
    valid = [recipient for recipient in items if recipient is not None]
    return tuple(valid) if len(valid) == len(items) else None


def _misses_space(node: yaml.Node, add_problem: AddProblem) -> bool:
    """Whether a list has become a text, because its dashes have no space after them."""
    if isinstance(node, yaml.ScalarNode) and (dash := re.match(r"[-\u2013\u2014\u2022*]", node.value)):
        first = re.split(rf"\s*{re.escape(dash[0])}\s*", node.value)[1]
        add_problem(f"begin each line of a list with a hyphen and a space: - {first}", node)
        return True
    return False


def _recipient(node: yaml.Node, add_problem: AddProblem) -> RecipientEntry | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value[:1]:
            if isinstance(value, yaml.ScalarNode) and key.value == COMMITTEE.rstrip(":"):  # "committee: Judiciary"
                return _role_or_office(COMMITTEE + value.value, value, add_problem)
        return _named(node, add_problem)
    if isinstance(node, yaml.ScalarNode):
        return _role_or_office(node.value, node, add_problem)
    add_problem(f"not a recipient: {_RECIPIENTS}", node)
    return None


def _role_or_office(text: str, node: yaml.Node, add_problem: AddProblem) -> str | None:
    """Offices are not checked against the roster yet: the state may not be known."""
    match parse_recipient(text):
        case OwnLegislators():
            return text
        case CommitteeChairs(committee=""):
            add_problem("which committee? Write it like committee:Judiciary", node)
        case CommitteeChairs(committee) if "/" in committee:
            name, _, chamber = committee.rpartition("/")
            wrong = f'"{chamber}" is no chamber: write committee:{name}/senate, committee:{name}/house, or neither'
            add_problem(wrong, node)
        case CommitteeChairs() | Leader() as office:
            return str(office)
        case _ if len(words := re.findall(r"\w+", text.replace(" and ", " "))) > 1 and set(words) <= CHAMBER_OF.keys():
            add_problem(f"a comma is missing: write {', '.join(words)}", node)
        case _:
            add_problem(f'unknown recipient "{text}".{suggest(text, tuple(CHAMBER_OF))} W{_RECIPIENTS[1:]}', node)
    return None


def _named(node: yaml.MappingNode, add_problem: AddProblem) -> NamedRecipient | None:
    given = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if missing := [key for key in NAMED if key not in given]:
        add_problem(f"a named recipient is missing {' and '.join(missing)}: {_RECIPIENTS}", node)
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            add_problem("a key must be one word", key)
        elif key.value not in NAMED:
            add_problem(f'unknown key "{key.value}" in a recipient.{suggest(str(key.value), NAMED)}', key)
        elif key.value in seen:
            add_problem(f'duplicate key "{key.value}": remove one', key)
        else:
            seen.add(key.value)
    name, greeting = (Text(120)(given[key], add_problem) if key in given else None for key in ("name", "greeting"))
    address = email(given["email"], add_problem) if "email" in given else None
    return NamedRecipient(name, address, greeting) if name and address and greeting else None


def find_unprintable(line: str, besides: str = "") -> int | None:
    """The index of the first character that a letter may not contain, because the relay would refuse every post of it.

    besides: more characters to find.
    """
    found = [at for at in map(line.find, besides) if at >= 0]
    if bad := _UNPRINTABLE.search(line):
        found.append(bad.start())
    return min(found, default=None)

"""Values of the front matter: each reader takes a YAML node and gives the value, or says what would be right.

A reader that complains returns None. `AddProblem` takes the text and the node it is about.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeAlias
from unicodedata import category

import yaml

from boundaries.data import codes
from theme.manifest import COMMITTEE, EMAIL_PATTERN, LEADER, ROLES, NamedRecipient
from theme.site.problems import suggest

AddProblem: TypeAlias = Callable[[str, yaml.Node], None]
Validator: TypeAlias = Callable[[yaml.Node, AddProblem], object | None]

_UNPRINTABLE: Final = ("Cc", "Cs", "Zl", "Zp")
_UNFIT_FOR_A_LINE: Final = "\t\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # as relay.forms has it
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_GOAL: Final = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_NAMED: Final = ("name", "email", "greeting")
_RECIPIENTS: Final = (
    "write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}"
)


def text(limit: int) -> Callable[[yaml.Node, AddProblem], str | None]:
    """One line of at most `limit` characters."""

    def read(node: yaml.Node, add_problem: AddProblem) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            add_problem('this must be text: put it in "quotes" if it starts with a bracket', node)
        elif not (value := node.value.strip()) or node.tag == "tag:yaml.org,2002:null":
            add_problem("nothing is given here: write it, or leave the key out if it is not required", node)
        elif len(value.splitlines()) > 1:
            add_problem("this must be a single line", node)
        elif len(value) > limit:
            add_problem(f"{len(value)} characters are too long: {limit} at most", node)
        elif (index := find_unprintable(value, _UNFIT_FOR_A_LINE)) is not None:
            add_problem(f"character U+{ord(value[index]):04X} cannot be shown: remove it", node)
        else:
            return str(value)
        return None

    return read


def choice(*options: str) -> Validator:
    """One of a few words."""

    def read(node: yaml.Node, add_problem: AddProblem) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value in options:
            return str(node.value)
        hint = suggest(node.value, options) if isinstance(node, yaml.ScalarNode) else ""
        add_problem(f"this must be one of: {', '.join(options)}.{hint}", node)
        return None

    return read


# Whether a native speaker has checked a translation; an organiser's own needs no word about it.
review = choice("reviewed", "unreviewed")


def day(node: yaml.Node, add_problem: AddProblem) -> date | None:
    """A calendar day, year first."""
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


def number(node: yaml.Node, add_problem: AddProblem) -> int | None:
    """A whole number, at least 1 and under a billion."""
    if isinstance(node, yaml.ScalarNode) and _GOAL.fullmatch(node.value):
        return int(node.value)
    add_problem("this must be a whole number from 1 to 999999999, in digits alone, like 2000", node)
    return None


def email(node: yaml.Node, add_problem: AddProblem) -> str | None:
    """One e-mail address, without a name."""
    if isinstance(node, yaml.ScalarNode) and re.fullmatch(EMAIL_PATTERN, node.value):
        return str(node.value)
    add_problem("this must be an e-mail address, like organiser@example.org", node)
    return None


def state(node: yaml.Node, add_problem: AddProblem) -> str | None:
    """A state whose folder is in boundaries/."""
    known = codes()
    if isinstance(node, yaml.ScalarNode) and node.value in known:
        return str(node.value)
    named = node.value if isinstance(node, yaml.ScalarNode) else "…"
    add_problem(f'no districts for state "{named}" in boundaries/: known are {", ".join(known)}', node)
    return None


def texts(limit: int) -> Validator:
    """A list of short texts."""

    def read(node: yaml.Node, add_problem: AddProblem) -> tuple[str, ...] | None:
        if not isinstance(node, yaml.SequenceNode):
            add_problem("this must be a list, like [H.3573, S.1401]", node)
            return None
        values = [text(limit)(item, add_problem) for item in node.value]
        return None if None in values else tuple(filter(None, values))

    return read


def recipients(node: yaml.Node, add_problem: AddProblem) -> tuple[str | NamedRecipient, ...] | None:
    """Who the letters go to: roles, a committee, or somebody named with an address."""
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        add_problem("this must be a list, like [senator, representative]", node)
        return None
    found: list[str | NamedRecipient | None] = [_recipient(item, add_problem) for item in node.value]
    for position, one in enumerate(found):
        if one is not None and one in found[:position]:
            add_problem("this recipient stands twice: keep one", node.value[position])
            return None
    good = [one for one in found if one is not None]
    return tuple(good) if len(good) == len(found) else None


def _recipient(node: yaml.Node, add_problem: AddProblem) -> str | NamedRecipient | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value[:1]:
            if isinstance(value, yaml.ScalarNode) and key.value == COMMITTEE.rstrip(":"):  # "committee: Judiciary"
                return _committee(value.value, value, add_problem)
        return _named(node, add_problem)
    if isinstance(node, yaml.ScalarNode):
        if node.value in ROLES:
            return str(node.value)
        if node.value.startswith(COMMITTEE):
            return _committee(node.value.removeprefix(COMMITTEE), node, add_problem)
        if node.value.startswith(LEADER):
            return f"{LEADER}{node.value.removeprefix(LEADER).strip()}"
        add_problem(f'unknown recipient "{node.value}".{suggest(node.value, ROLES)} W{_RECIPIENTS[1:]}', node)
    else:
        add_problem(f"not a recipient: {_RECIPIENTS}", node)
    return None


def _committee(name: str, node: yaml.Node, add_problem: AddProblem) -> str | None:
    """Whether the roster knows it is asked once the state is known."""
    if not name.strip():
        add_problem("which committee? Write it like committee:Judiciary", node)
        return None
    return COMMITTEE + name.strip()


def _named(node: yaml.MappingNode, add_problem: AddProblem) -> NamedRecipient | None:
    given = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if missing := [key for key in _NAMED if key not in given]:
        add_problem(f"a named recipient lacks {' and '.join(missing)}: {_RECIPIENTS}", node)
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            add_problem("a key must be one word", key)
        elif key.value not in _NAMED:
            add_problem(f'unknown key "{key.value}" of a recipient.{suggest(str(key.value), _NAMED)}', key)
        elif key.value in seen:
            add_problem(f'"{key.value}" stands twice: keep one', key)
        else:
            seen.add(key.value)
    name, greeting = (text(120)(given[key], add_problem) if key in given else None for key in ("name", "greeting"))
    address = email(given["email"], add_problem) if "email" in given else None
    return NamedRecipient(name, address, greeting) if name and address and greeting else None


def find_unprintable(line: str, besides: str = "") -> int | None:
    """Where in a line the first character stands that no letter can hold: the relay would refuse every post of it.

    besides: characters that may not stand there either.
    """
    unfit = (one in besides or (one != "\t" and (one == "\ufffd" or category(one) in _UNPRINTABLE)) for one in line)
    return next((index for index, bad in enumerate(unfit) if bad), None)


def find_unknown_placeholders(line: str, known: Sequence[str]) -> list[tuple[int, str]]:
    """Square brackets around anything but a placeholder: (index in the line, what would be right)."""
    found = []
    for match in re.finditer(r"\[([^\[\]]*)\]", line):
        if match[1] not in known:
            hint = suggest(match[1], known) or f" Known are {', '.join(f'[{one}]' for one in known)}."
            found.append((match.start(), f"unknown placeholder {match[0]}.{hint}"))
    return found

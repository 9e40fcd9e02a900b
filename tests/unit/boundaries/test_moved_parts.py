"""Whatever is dropped from a real address, added to it or moved: the same districts, or a choice that includes them."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from boundaries.data import shipped
from boundaries.model import Pair
from boundaries.normalization import format_key, split_remark, street_key
from boundaries.state import State, open_state
from boundaries.street_name import split_name
from boundaries.vocabulary import DIRECTIONS, SUFFIX


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts. before, behind: a unit or a person before the number, and after the street."""

    number: int
    street: str
    town: str
    zip: str = ""
    before: str = ""
    after: str = ""

    @property
    def fields(self) -> tuple[str, str, str]:
        return f"{self.before}{self.number} {self.street}{self.after}", self.town, self.zip

    @property
    def words(self) -> list[str]:
        return self.street.split()

    def __repr__(self) -> str:
        return "Address(" + ", ".join(self.fields) + ")"


Edit = Callable[[Address, int], Address]


def drop_direction(address: Address, _: int) -> Address:
    name = split_name(street_key(address.street))
    kept = [word for word in address.words if street_key(word) not in {*name.extras, "extension"}]
    return replace(address, street=" ".join(kept)) if len(kept) > 1 else address


def add_direction(address: Address, which: int) -> Address:
    word = ["North", "S", "East", "W."][which % 4]
    return replace(address, street=f"{word} {address.street}" if which % 8 < 4 else f"{address.street} {word}")


def move_direction(address: Address, _: int) -> Address:
    first, *rest = address.words
    if len(rest) > 1 and first.lower() in DIRECTIONS:
        return replace(address, street=" ".join([*rest, first]))
    if len(rest) > 1 and rest[-1].lower() in DIRECTIONS:
        return replace(address, street=" ".join([rest[-1], first, *rest[:-1]]))
    return address


def drop_suffix(address: Address, _: int) -> Address:
    last = max((place for place, word in enumerate(address.words) if place and word.lower() in SUFFIX), default=0)
    return replace(address, street=" ".join(address.words[:last] + address.words[last + 1 :])) if last else address


def add_suffix(address: Address, which: int) -> Address:
    return replace(address, street=f"{address.street} {['St', 'Avenue', 'Rd.'][which % 3]}")


def add_unit(address: Address, which: int) -> Address:
    return replace(address, after=[" Apt 3", " 2F", ", 2nd floor", " #4", " Rear", " Unit 12B", " 3"][which % 7])


def add_front(address: Address, which: int) -> Address:
    return replace(address, before=["Apt 3, ", "c/o Ann Roe, ", "2nd Fl ", "Rear ", "#3 ", "Bldg 2 "][which % 6])


def add_town(address: Address, _: int) -> Address:
    return replace(address, after=f"{address.after}, {address.town}")


def change_zip(address: Address, which: int) -> Address:
    place, digit = 4 - which % 3, which // 3 % 10
    return replace(address, zip=address.zip[:place] + str(digit) + address.zip[place + 1 :] if address.zip else "")


def drop_zip(address: Address, _: int) -> Address:
    return replace(address, zip="")


def drop_city(address: Address, _: int) -> Address:
    return replace(address, town="") if address.zip else address


EDITS: tuple[Edit, ...] = (
    drop_direction, move_direction, drop_suffix, add_unit, add_front, add_direction, add_suffix, add_town, drop_zip,
    change_zip,
)  # fmt: skip


def moved(edits: list[tuple[Edit, int]]) -> bool:
    """Whether no part replaces another: that names a different street, which is changed and not moved."""
    made = {edit for edit, _ in edits}
    return not ({drop_suffix, add_suffix} <= made or {drop_direction, add_direction} <= made)


EDITED = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 29)), min_size=1, max_size=2, unique_by=lambda edit: edit[0]
).filter(moved)


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


def zips() -> Mapping[str, list[str]]:
    """The ZIPs of towns by name, if no source tells which street is in which."""
    by_town: dict[str, list[str]] = {}
    with (shipped("ma") / "zips.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["towns"] and ";" not in row["towns"]:
                by_town.setdefault(row["towns"], []).append(row["zip"])
    return by_town


STATE = open_state(shipped("ma"))
BOOK = STATE._book
ZIPS = zips()
TOWNS = sorted(BOOK.towns)
STREETS = {town: sorted(key for key in BOOK.towns[town] if not split_remark(key.split())[1]) for town in TOWNS}
TWINS = {town: sorted(set(STREETS[town]) & set(BOOK.confusable(town))) for town in TOWNS}
TWINS = {town: streets for town, streets in TWINS.items() if streets}


@st.composite
def real_addresses(draw: st.DrawFn, streets: Mapping[str, list[str]]) -> Address:
    """A house that the book knows, in a town in several pairs of districts."""
    town = draw(st.sampled_from(sorted(streets)))
    key = draw(st.sampled_from(streets[town]))
    known = BOOK.known_numbers(town, key)
    numbers = sorted({*known.even, *known.odd}) if known else range(1, 100)
    zip_codes = [""] if town in BOOK.parted_towns else ["", *ZIPS.get(town, [])]
    return Address(draw(st.sampled_from(numbers)), format_key(key), town, draw(st.sampled_from(zip_codes)))


def is_another(address: Address, real: Address) -> bool:
    """Whether it names another existing house, word for word, wherever the direction is."""
    key = street_key(address.street)
    if key == street_key(real.street):
        return False
    name = split_name(key)
    for other in BOOK.towns[real.town]:
        if other != street_key(real.street) and split_name(other) == name:
            known = BOOK.known_numbers(real.town, other)
            if known is None or known.status(address.number).known:
                return True
    return False


def hold(ma: State, real: Address, edits: list[tuple[Edit, int]]) -> None:
    plain = ma.locate(*real.fields)
    assume(plain.status == "matched")
    typed = real
    for edit, which in edits:
        typed = edit(typed, which)
    assume(not is_another(typed, real))
    answer = ma.locate(*typed.fields)
    expected: Pair = plain.pairs[0]
    if answer.status == "matched":
        assert answer.pairs[0] == expected, f"{typed} is not {real}: {answer.rule}"
    else:
        assert expected in answer.pairs or answer.reason == "other_state", f"{typed} hides {real}: {answer.rule}"


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@example(Address(29, "S Porter St", "Haverhill"), [(drop_direction, 0)])
@example(Address(425, "Lake Ave N", "Worcester"), [(add_unit, 2)])
@example(Address(11, "Charles Cr", "Stoughton"), [(add_unit, 1), (add_town, 0)])
@example(Address(1, "Mill St", "Revere"), [(add_suffix, 1)])
@example(Address(3, "N Anthony Dr", "Acushnet"), [(move_direction, 0), (add_suffix, 0)])
@example(Address(535, "Highland Ave", "Fall River"), [(add_direction, 6)])
@given(real_addresses(STREETS), EDITED)
def test_parts_dropped_added_and_moved(ma: State, real: Address, edits: list[tuple[Edit, int]]) -> None:
    hold(ma, real, edits)


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(real_addresses(TWINS), EDITED)
def test_parts_of_streets_that_have_a_twin(ma: State, real: Address, edits: list[tuple[Edit, int]]) -> None:
    hold(ma, real, edits)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(real_addresses(STREETS))
def test_a_zip_alone_names_the_town_or_asks(ma: State, real: Address) -> None:
    assume(real.zip)
    hold(ma, real, [(drop_city, 0)])

"""Streets of one name are distinguished by the parts that people leave out."""

import pytest

from boundaries.personal_names import same_person
from boundaries.street_name import Relation, relation_of, split_name


@pytest.mark.parametrize(
    ("key", "core", "suffix", "extras"),
    [
        ("n main st", "main", "st", {"n"}),
        ("main st n", "main", "st", {"n"}),
        ("main st ext", "main", "st", {"ext"}),
        ("fellsway w", "fellsway", "", {"w"}),
        ("w fellsway", "fellsway", "", {"w"}),
        ("e st", "e", "st", set()),
        ("north st", "north", "st", set()),
        ("avenue e", "avenue e", "", set()),
        ("monsignor obrien hwy", "obrien", "hwy", set()),
        ("the fenway", "fenway", "", set()),
        ("president ave", "president", "ave", set()),
    ],
)
def test_a_name_is_split_from_what_people_leave_out(key: str, core: str, suffix: str, extras: set[str]) -> None:
    name = split_name(key)
    assert (name.core, name.suffix, set(name.extras)) == (core.replace(" ", ""), suffix, extras)


@pytest.mark.parametrize(
    ("typed", "street", "relation"),
    [
        ("porter st", "s porter st", Relation.DROPPED),
        ("porter", "s porter st", Relation.DROPPED),
        ("main st", "main st ext", Relation.DROPPED),
        ("main st n", "n main st", Relation.DROPPED),
        ("oak tr", "oak trl", Relation.DROPPED),
        ("highland ave e", "highland ave", Relation.ADDED),
        ("broadway st", "broadway", Relation.ADDED),
        ("n porter st", "s porter st", Relation.OTHER),
        ("porter st", "porter rd", Relation.OTHER),
        ("porter st", "s porter rd", Relation.OTHER),
    ],
)
def test_a_street_has_the_typed_name_or_more_or_less_or_another(typed: str, street: str, relation: Relation) -> None:
    assert relation_of(split_name(typed), split_name(street)) == relation


@pytest.mark.parametrize(
    ("typed", "street", "same"),
    [
        ("jfk", "john f kennedy", True),
        ("john f kennedy", "jfk", True),
        ("john kennedy", "john f kennedy", True),
        ("j kennedy", "john f kennedy", True),
        ("mlk", "martin luther king jr", True),
        ("ml king", "dr martin luther king", True),
        ("veterans of foreign wars", "vfw", True),
        ("day", "william j day", True),
        ("obrien", "monsignor obrien", True),
        ("hill", "chestnut hill", False),
        ("mill", "old mill", False),
        ("james kennedy", "john f kennedy", False),
        ("main", "main", False),
    ],
)
def test_a_shortened_name_matches_a_persons_but_not_a_hills(typed: str, street: str, same: bool) -> None:
    assert same_person(typed.split(), street.split()) is same

"""A seat that a roster calls vacant has no member; a person of that name does."""

import pytest

from boundaries.vacancies import is_vacancy


@pytest.mark.parametrize(
    "name",
    [
        "VACANT", "Vacant", "(vacant)", "[Vacant]", "-- Vacant --", "*VACANT*", "_Vacant_", "Vacant.", "ＶＡＣＡＮＴ",
        "Vacant Seat", "Seat vacant", "vacant\nseat", "Seat 4A vacant", "This seat is currently vacant", "Vacancy",
        "Vacant, Vacant", "Vacant Vacant", "Senator Vacant", "Rep. Vacant", "Vacant House Seat", "Jane Doe (Vacant)",
        "District 12 - Vacant", "Vacant - District 12", "District 5 Vacant", "Vacant District 5", "Vacant Position",
        "Vacant (Smith resigned)", "Vacant since May 2026", "Vacant as of 1/3/2026", "Vacant due to resignation",
        "Vacant—special election pending", "Pending Special Election", "Unfilled", "Vacante", "Open seat", "OPEN",
        "To Be Announced", "TO BE ANNOUNCED", "To-Be-Announced", "to be determined", "Yet to be elected", "TBA", "tbd",
        "T.B.D.", "Vacant / TBD", "None", "N/A", "No incumbent",
    ],
)  # fmt: skip
def test_what_says_that_a_seat_is_empty_is_a_vacancy(name: str) -> None:
    assert is_vacancy(name)


@pytest.mark.parametrize(
    "name",
    [
        "Vacant Smith", "Bea Vacant", "A. B. Vacant", "John Vacant", "Ana Vacante", "Marie Vacante-Ruiz",
        "Frank Vacanti", "May Vacancy Jones", "Tobe Announced", "Will Open", "Noah Open", "Rob Tba", "Bill Pending",
        "Sen Po", "Mary To", "Nobody Smith", "Ann Day", "",
    ],
)  # fmt: skip
def test_a_person_is_a_person_whatever_their_name(name: str) -> None:
    assert not is_vacancy(name)

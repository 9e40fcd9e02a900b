"""A district's offices as pages name them."""

from boundaries.model import Chamber
from boundaries.state import State
from theme.pages.views import OfficeView


def list_offices(state: State, chamber: Chamber, district: str) -> tuple[OfficeView, ...]:
    """Everybody who represents a district, and a seat without a name for each vacancy. KeyError: no such district."""
    title = state.titles[chamber]
    held = [
        OfficeView(chamber, title, member.name, district, member.phone, member.party, bool(member.email))
        for member in state.legislators(chamber, district)
    ]
    return (*held, *[OfficeView(chamber, title, "", district)] * state.vacancies(chamber, district))

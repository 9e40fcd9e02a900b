"""The offices of a district, as pages show them."""

from boundaries.model import Chamber
from boundaries.state import State
from theme.pages.views import OfficeView


def list_offices(state: State, chamber: Chamber, district: str) -> tuple[OfficeView, ...]:
    """A district's members, then one office without a name per vacancy. Raises KeyError for an unknown district."""
    title = state.titles[chamber]
    held = [
        OfficeView(chamber, title, member.name, district, member.phone, member.party, bool(member.email))
        for member in state.legislators(chamber, district)
    ]
    return (*held, *[OfficeView(chamber, title, "", district)] * state.vacancies(chamber, district))

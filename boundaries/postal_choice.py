"""Which of the towns that a post office delivers to has an address: the one with that house, or the person is asked.

The limits were chosen on Vermont's 24,620 addresses with a ZIP that were left out, named by their post office. Roads
continue across a town's line, with numbers that go on or start again.
"""

from collections.abc import Collection, Sequence

from boundaries.ranking import PAST
from boundaries.street_matcher import StreetMatch

# How far past the last known house a number may be, in houses by the street's own spacing.
BESIDE = 3  # so far a road may well go on
CLEAR = 12  # so far it does not, if another town's is beside
LEAST = 4  # numbers from one house to the next, if they stand closer


def agree(matches: Sequence[StreetMatch], codes: Collection[str]) -> bool:
    """Whether all that may be meant are in one pair of districts, and one whose addresses have a ZIP of the post office
    may well have the number."""
    fit = fitting(matches)
    sure = any(_past(match) <= CLEAR and match.town.is_addressed(match.key, codes) for match in fit)
    thin = any(match.town.thin for match in matches)
    return sure and not thin and len({member for match in fit for member in match.members}) == 1


def fitting(matches: Sequence[StreetMatch]) -> list[StreetMatch]:
    """Those that may be meant: with such a street, where the ZIP is."""
    return [match for match in matches if match.exists and match.sure and not match.stray]


def choose_town(
    matches: Sequence[StreetMatch], named: int, codes: Collection[str], *, by_zip: bool
) -> StreetMatch | None:
    """The one match that may decide; None if several may be meant, or none.

    matches: one for each town, first the `named` ones that have themselves the name that was typed. codes: the ZIPs of
    the post office. by_zip: whether one of them was typed; else a town of the name comes first, unless only another's
    addresses have the number.
    """
    fit = fitting(matches)
    own = [match for match in matches[:named] if match in fit and match.exact]
    zipped = [match for match in fit if match.town.is_addressed(match.key, codes)]
    # Where no address has a ZIP, the post offices nearby are all there is to go by.
    sure = [match for match in fit if match in zipped or match in own or not match.town.addressed]
    thin = any(match.town.thin for match in matches)
    if not by_zip:
        return _by_name(own, [] if thin else sure)
    if thin:
        return _where_thin(fit, [match for match in fit if match in zipped and match.exact], own)
    if any(match.exact and _may_have(match) for match in zipped) and all(match in zipped for match in own):
        fit = zipped
    exact = [match for match in fit if match.exact] or fit
    known = [match for match in fit if match.known]
    if known:
        rivals = [match for match in exact if match not in known and match.members != known[0].members]
        alone = len(known) == 1 and not any(_past(match) <= BESIDE for match in rivals)
        return known[0] if alone and known[0] in sure else None
    if len(exact) == 1:
        certain = exact[0] in zipped or exact[0] in own
        farthest = CLEAR if certain else 0
        meant = exact[0] in sure and _past(exact[0]) <= farthest and (certain or exact[0].exact)
        return exact[0] if meant else None
    return _nearest(exact)


def _by_name(own: Sequence[StreetMatch], all_of_it: Sequence[StreetMatch]) -> StreetMatch | None:
    """As choose_town, without a ZIP. own: matches of towns of that name; all_of_it: those of its post office."""
    known = [match for match in all_of_it if match.known and match not in own]
    if own:
        meant = own[0] if len(own) == 1 and _past(own[0]) <= CLEAR else None
        return meant if meant and (meant.known or not known) else None
    return all_of_it[0] if len(all_of_it) == 1 and all_of_it[0].exact and all_of_it[0].within else None


def _where_thin(
    fit: Sequence[StreetMatch], zipped: Sequence[StreetMatch], own: Sequence[StreetMatch]
) -> StreetMatch | None:
    """As choose_town, where sources lack many streets: a house that is known, or the street of the town itself."""
    known = [match for match in fit if match.known]
    if known:
        return known[0] if len(known) == 1 and known[0] in zipped else None
    return fit[0] if len(fit) == 1 and fit[0] in zipped and fit[0] in own and _past(fit[0]) <= 1 else None


def _nearest(matches: Sequence[StreetMatch]) -> StreetMatch | None:
    """The one whose known houses are so near to the number, and those of all others so far, that it is meant."""
    within = [match for match in matches if match.within]
    if len(within) == 1:
        return within[0] if all(_past(match) > BESIDE for match in matches if match not in within) else None
    if within or not matches:
        return None
    first, *others = sorted(matches, key=_past)
    return first if _past(first) <= BESIDE and all(_past(match) > CLEAR for match in others) else None


def _past(match: StreetMatch) -> float:
    """How many houses past the last known one the number would be."""
    return 0.0 if match.within else match.gap / max(match.spacing, LEAST)


def _may_have(match: StreetMatch) -> bool:
    return match.within or match.gap <= PAST

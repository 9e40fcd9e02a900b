"""People and what they type into the form. All are invented; the addresses are public buildings, streets or towns."""

from typing import Final

IN_BOSTON: Final = {"street": "24 Beacon St", "city": "Boston", "zip": "02108"}
IN_CHELSEA: Final = {"street": "", "city": "Chelsea", "zip": "02150"}  # the town is in one pair of districts
ON_A_LINE: Final = {"street": "Massachusetts Ave", "city": "Cambridge", "zip": "02139"}  # no number: four pairs

ANA: Final = {"first_name": "Ana", "last_name": "Silva", "email": "ana@mail.example"} | IN_BOSTON
CHELSEA: Final = ANA | IN_CHELSEA
GAP: Final = ANA | ON_A_LINE


def form_of(number: int, address: dict[str, str] = IN_CHELSEA) -> dict[str, str]:
    """The form as person `number` fills it in, with a name and a mailbox of their own."""
    return {"first_name": "Ana", "last_name": f"Silva{number}", "email": f"ana{number}@mail.example"} | address

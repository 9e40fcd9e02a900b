"""The writer's own reason becomes the letter's first paragraph."""

import pytest

from relay.letters.wording import add_reason

REASON = "My son learned to read there."


@pytest.mark.parametrize(
    ("message", "letter"),
    [
        ("Dear [Legislator],\n\nOpen them.\n\nAna", f"Dear [Legislator],\n\n{REASON}\n\nOpen them.\n\nAna"),
        ("Estimada senadora:\n\nÁbranlas.", f"Estimada senadora:\n\n{REASON}\n\nÁbranlas."),
        ("Open them.\n\nAna", f"{REASON}\n\nOpen them.\n\nAna"),
        ("Dear [Legislator],", f"Dear [Legislator],\n\n{REASON}"),
        ("Dear [Legislator],\nopen them,\n\nAna", f"{REASON}\n\nDear [Legislator],\nopen them,\n\nAna"),
    ],
    ids=["after the salutation", "after a colon", "no salutation", "nothing else", "no paragraph of its own"],
)
def test_it_comes_after_the_salutation(message: str, letter: str) -> None:
    assert add_reason(message, f"  {REASON}\n") == letter


def test_without_one_the_message_stays_as_it_is() -> None:
    assert add_reason("Dear [Legislator],\n\nOpen them.\n", "  ") == "Dear [Legislator],\n\nOpen them.\n"

"""Who is behind the site: read from the settings, or refused with what to write."""

import pytest

from theme.manifest import Organization
from theme.site.organization import ORGANIZATION, read_organization, require_organization

GOOD = {"name": "Pond Friends", "line": "Neighbors of Mill Pond.", "contact": "desk@pondfriends.org"}


def test_an_e_mail_address_or_a_page_is_a_contact_and_its_link() -> None:
    assert read_organization({ORGANIZATION: GOOD}) == Organization(**GOOD)
    by_mail, by_page = Organization(**GOOD), Organization(**GOOD | {"contact": "https://pondfriends.org/us"})
    assert read_organization({ORGANIZATION: GOOD | {"contact": by_page.contact}}) == by_page
    assert (by_mail.href, by_page.href) == ("mailto:desk@pondfriends.org", "https://pondfriends.org/us")


@pytest.mark.parametrize("settings", [{}, {ORGANIZATION: {}}, {ORGANIZATION: None}])
def test_a_private_site_may_have_none(settings: dict[str, object]) -> None:
    assert read_organization(settings) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Pond Friends", "must have a name, a line and a contact"),
        ({"name": "Pond Friends"}, "must have a name, a line and a contact"),
        (GOOD | {"name": " "}, "the name must be one line"),
        (GOOD | {"line": "Two\nlines"}, "the line must be one line"),
        (GOOD | {"line": "x" * 201}, "the line must be one line of at most 200 characters"),
        (GOOD | {"contact": "pondfriends.org"}, "neither an e-mail address nor an https:// page"),
        (GOOD | {"contact": "http://pondfriends.org"}, "neither an e-mail address nor an https:// page"),
        (GOOD | {"contact": "https://"}, "neither an e-mail address nor an https:// page"),
        (GOOD | {"contact": "javascript:alert(1)"}, "neither an e-mail address nor an https:// page"),
    ],
)
def test_what_is_wrong_comes_with_what_to_write(given: object, said: str) -> None:
    with pytest.raises(ValueError, match="BEACONPOST_ORGANIZATION = ") as error:
        read_organization({ORGANIZATION: given})
    assert said in str(error.value)


@pytest.mark.parametrize("contact", ["desk@neighbors.example", "https://neighbors.example/us", "https://b.test"])
def test_nobody_publishes_the_sample(contact: str) -> None:
    with pytest.raises(ValueError, match="still the invented sample"):
        require_organization({ORGANIZATION: GOOD | {"contact": contact}})
    require_organization({ORGANIZATION: GOOD})

"""One grammar for every address and domain: what is written, allowed, looked up, throttled and mailed is the same."""

import pytest

from boundaries.email_addresses import find_domain, is_email, parse_domain, parse_email, suggest_emails
from relay.mail.verp import Verp
from theme.recipients import NamedRecipient

STRASSE = "xn--strae-oqa.example"


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("stra\u00dfe.example", STRASSE),
        ("STRA\u1e9eE.example", STRASSE),
        ("XN--STRAE-OQA.Example", STRASSE),
        ("strasse.example", "strasse.example"),
        ("MaHouse.gov", "mahouse.gov"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("\u4f8b\u3048abc.example", "xn--abc-763b408n.example"),
    ],
)
def test_a_domain_is_the_same_wherever_it_is_written(written: str, domain: str) -> None:
    assert parse_domain(written) == domain
    assert parse_email(f"ana@{written}") == f"ana@{domain}"
    assert find_domain(f"Ana@{written}") == domain
    assert find_domain(written) == domain
    assert NamedRecipient(name="Desk", email=f"ana@{written}", greeting="Hello").email == f"ana@{domain}"


@pytest.mark.parametrize(
    "domain",
    ["", "localhost", "a_b.org", "-a.org", "a..org", "mahouse.gov.", "\u2603.net", "xn--zzzz.org", "a b.org"],
)
def test_what_is_no_domain_is_refused_for_addresses_and_settings_alike(domain: str) -> None:
    assert not is_email(f"ana@{domain}")
    with pytest.raises(ValueError, match="domain"):
        parse_domain(domain)


@pytest.mark.parametrize("domain", ["m\u0430house.gov", "xn--mhouse-3fg.gov", "\u03bfhio.gov"])
def test_letters_that_only_look_alike_are_refused(domain: str) -> None:
    assert not is_email(f"ana@{domain}")
    with pytest.raises(ValueError, match="two scripts"):
        parse_domain(domain)


def test_no_domain_at_all_does_not_stop_a_count() -> None:
    assert [find_domain(text) for text in ("", "Nobody", "ana@", "ana@\u2603.NET")] == ["", "nobody", "", "\u2603.net"]


def test_a_bounce_address_is_read_whichever_way_its_domain_is_written() -> None:
    verp = Verp(parse_domain("stra\u00dfe.example"), [b"k" * 32])
    address = verp.write("0" * 32)
    assert address.endswith(f"@{STRASSE}")
    assert verp.read(address.replace(STRASSE, "stra\u00dfe.example")) == "0" * 32
    assert verp.read(address.replace(STRASSE, "strasse.example")) is None


def test_a_suggestion_is_an_address_and_never_a_guess() -> None:
    assert suggest_emails("&lt;Ana@Example.org&gt;") == ["Ana@example.org"]
    assert suggest_emails("ana@example.org<br>ANA@example.org") == ["ana@example.org"]
    assert suggest_emails("mary smith@example.org") == []
    assert suggest_emails("ana..silva@example.org") == []

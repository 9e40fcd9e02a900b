"""The recipients of letters and what an aide reads. Districts and legislators are from the real roster."""

from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex

import msgspec
import pytest

from boundaries.data import shipped
from boundaries.model import Pair
from boundaries.state import State, open_state
from relay.letters import Letter, greet, new_letter_id, new_submission_id
from relay.letters.addressees import Addressee, Unwritten, address_letters, find_obstacle, find_unwritten
from relay.letters.wording import (
    Writer,
    disclose,
    fill,
    fill_without_address,
    put_own_words_first,
    write_confirmation,
    write_letter,
    write_subject,
)
from tests.samples.campaigns import CHELSEA, LIBRARY, MESSAGE, campaign
from tests.samples.letters import FRAME, submission, writer
from theme.manifest import Campaign, Organization
from theme.recipients import NamedRecipient
from theme.site.starter import STARTER

DEERFIELD = Pair("Hampshire, Franklin and Worcester", "1st Franklin")  # its House seat is vacant


@pytest.fixture(scope="module")
def state() -> State:
    return open_state(shipped("ma"))


@pytest.fixture
def senator(state: State) -> Addressee:
    return address_letters(campaign(), state, CHELSEA)[0]


def letter(
    to: Addressee, *, of: Campaign | None = None, by: Writer | None = None, subject: str = "", message: str = ""
) -> Letter:
    of = of or campaign()
    words = subject or of.text("en").subject, message or of.text("en").message
    return write_letter("0" * 32, submission(), of, by or writer(), to, words, "all of Chelsea is in one pair", FRAME)


# --- recipients ---


def test_a_letter_goes_to_the_persons_own_two_legislators(state: State) -> None:
    to = address_letters(campaign(), state, CHELSEA)
    assert [(addressee.chamber, addressee.district, addressee.title) for addressee in to] == [
        ("senate", CHELSEA.senate, "Senator"),
        ("house", CHELSEA.house, "Representative"),
    ]
    assert all(addressee.email.rpartition("@")[2] in state.mail_domains for addressee in to)
    assert find_unwritten(campaign(), state, CHELSEA) == []


def test_a_vacant_seat_is_reported_and_the_other_member_is_addressed(state: State) -> None:
    to = address_letters(campaign(), state, DEERFIELD)
    assert [addressee.chamber for addressee in to] == ["senate"]
    assert find_unwritten(campaign(), state, DEERFIELD) == [Unwritten("house", "1st Franklin")]


def test_a_named_recipient_is_greeted_as_the_campaign_says(state: State) -> None:
    to = address_letters(campaign(recipients=("representative", LIBRARY)), state, CHELSEA)
    assert [addressee.email for addressee in to][1] == "desk@libraries.example"
    assert to[1].greeting == "Colleagues"
    assert to[1].district == ""


def test_a_letter_to_a_committee_goes_to_its_chairs(state: State) -> None:
    to = address_letters(campaign(recipients=("committee:Judiciary",)), state, CHELSEA)
    assert [addressee.email for addressee in to] == [chair.email for chair in state.chairs("Judiciary")]
    assert to
    assert {(addressee.kind, addressee.district) for addressee in to} == {("committee", "")}
    assert find_obstacle(campaign(recipients=("committee:Judiciary",)), state, frozenset()) == ""


@pytest.mark.parametrize(("chamber", "place"), [("senate", 0), ("house", 1)])
def test_a_letter_may_go_to_one_of_a_committees_two_chairs(state: State, chamber: str, place: int) -> None:
    one = campaign(recipients=(f"committee:Judiciary/{chamber}",))
    (to,) = address_letters(one, state, CHELSEA)
    assert to == address_letters(campaign(recipients=("committee:Judiciary",)), state, CHELSEA)[place]
    assert "Written to you as Chair of Judiciary" in letter(to, of=one).body
    assert find_obstacle(one, state, frozenset()) == ""
    ethics = campaign(recipients=("committee:House Ethics/senate",))
    assert "no senate chair of 'House Ethics'" in find_obstacle(ethics, state, frozenset())


def test_a_chair_named_twice_gets_one_letter_also_while_it_is_unknown_who_that_is(state: State) -> None:
    both = campaign(recipients=("committee:Judiciary", "committee:Judiciary/senate"))
    for outdated in (False, True):
        to = address_letters(both, state, CHELSEA, lambda *_, unknown=outdated: unknown)
        assert [addressee.office for addressee in to] == ["committee:Judiciary senate", "committee:Judiciary house"]


def test_a_chair_reads_that_the_writer_is_not_a_constituent(state: State) -> None:
    judiciary = campaign(recipients=("committee:Judiciary",))
    chair = letter(address_letters(judiciary, state, CHELSEA)[0], of=judiciary)
    assert "you are not Ana's own legislator" in chair.body
    assert "in your district" not in chair.body.partition("\n")[0]
    assert "own legislator" not in letter(address_letters(campaign(), state, CHELSEA)[0]).body


OTHERS = ("senator", "committee:Judiciary", "leader:speaker", LIBRARY)


def letters_to_all(state: State, message: str) -> dict[str, Letter]:
    """The letters to the writer's own senator, a chair, the Speaker and an office, by the kind of recipient."""
    of = campaign(recipients=OTHERS)
    return {to.kind: greet(letter(to, of=of, message=message)) for to in address_letters(of, state, CHELSEA)}


def own_words(written: Letter) -> str:
    """What is between the first line and the footer."""
    return written.body.partition("\n\n")[2].partition("\n\n-- \n")[0]


@pytest.mark.parametrize(
    ("claim", "truth"),
    [
        ("I live in [Town], in your district, and I ask you", "I live in Chelsea, and I ask you"),
        ("I live in [Town], in your House district.", "I live in Chelsea."),
        ("I live in Chelsea in your district.", "I live in Chelsea."),
        ("I live on Elm St (in your district).", "I live on Elm St."),
        ("I live in [Town] \u2014 in your district \u2014 and vote.", "I live in Chelsea and vote."),
        ("We live in your\ndistrict.", "We live in Chelsea."),
        ("As a voter in your district, I ask", "As a voter in Chelsea, I ask"),
        ("I teach in your district.", "I teach in my district."),
        ("As your constituent and a nurse, I see", "As a resident of Chelsea and a nurse, I see"),
        ("As a concerned constituent, I ask", "As a concerned resident of Chelsea, I ask"),
        ("I'm one of your constituents.", "I'm a resident of Chelsea."),
        ("I\u2019m a constituent of yours.", "I\u2019m a resident of Chelsea."),
        ("We are your constituents.", "We are residents of Chelsea."),
        ("As my senator, you can help.", "As a legislator, you can help."),
        ("Thank you for your service to our district.", "Thank you for your service to our state."),
        ("Vivo en [Town], en su distrito, y le pido", "Vivo en Chelsea, y le pido"),
        ("Como su constituyente le pido", "Como residente de Chelsea le pido"),
        ("Moro em [Town], no seu distrito, e peço", "Moro em Chelsea, e peço"),
        ("Mwen rete nan distri ou a.", "Mwen rete nan Chelsea."),
        ("Tôi sống ở [Town], trong khu vực của quý vị, và", "Tôi sống ở Chelsea, và"),
        ("我住在您选区的 [Town]，请您", "我住在Chelsea，请您"),
        ("أسكن في [Town]، في دائرتكم، وأطلب", "أسكن في Chelsea، وأطلب"),
    ],
)  # fmt: skip
def test_only_the_writers_own_legislators_are_told_that_they_are(state: State, claim: str, truth: str) -> None:
    written = letters_to_all(state, claim)
    assert set(written) == {"legislator", "committee", "leader", "named"}
    assert own_words(written.pop("legislator")) == claim.replace("[Town]", "Chelsea")
    assert {own_words(other) for other in written.values()} == {truth}
    assert "you are not Ana's own legislator" in written["committee"].body
    assert "you are not Ana's own legislator" in written["leader"].body


@pytest.mark.parametrize(
    "words",
    [
        "I do not live in your district, but your committee decides.",
        "I am not your constituent.",
        "Although I live outside your district, I follow your work.",
        "Your district has three libraries.",
        "No vivo en su distrito.",
        "我不住在您的选区。",
        "I know what district courts do, and so do my constituents.",
    ],
)
def test_all_other_words_are_the_writers_whoever_reads_them(state: State, words: str) -> None:
    assert {own_words(written) for written in letters_to_all(state, words).values()} == {words}


def test_a_claim_in_words_that_nobody_foresaw_is_not_contradicted(state: State) -> None:
    written = letters_to_all(state, "Yours is the district where I raised three constituents.")
    assert "Written to you as Speaker.\n" in written["leader"].body
    assert "Written to you as Chair of Judiciary.\n" in written["committee"].body


def test_a_subject_claims_nothing_either(state: State) -> None:
    of = campaign(recipients=OTHERS, bills=())
    subjects = [letter(to, of=of, subject="From a constituent").subject for to in address_letters(of, state, CHELSEA)]
    assert subjects[0] == "From a constituent"
    assert set(subjects[1:]) == {"From a resident of Chelsea"}


@pytest.mark.parametrize("name", ["campaign.md", "safe-communities-act.md", "sunday-libraries.md"])
def test_the_letters_we_ship_tell_no_chair_that_the_writer_is_a_constituent(state: State, name: str) -> None:
    folder = STARTER if name == "campaign.md" else STARTER.parents[1] / "content/campaigns"
    message = (folder / name).read_text("utf-8").partition("## Message\n")[2].strip()
    written = letters_to_all(state, message)
    assert len({own_words(other).partition("\n")[0] for other in written.values()}) == 4  # each is greeted
    assert "in your district" in written.pop("legislator").body
    assert len({own_words(other).partition("\n")[2] for other in written.values()}) == 1
    for other in written.values():
        assert "your district" not in other.body
        assert "our district" not in other.body


def test_an_aide_reads_first_in_which_role_the_member_is_written_to(state: State) -> None:
    first = {kind: written.body.partition("\n")[0] for kind, written in letters_to_all(state, MESSAGE).items()}
    ask = "Please open the libraries (H.1, S.2). I live in Chelsea"
    assert first == {
        "legislator": f"{ask}, in your district.",
        "committee": f"{ask}. I write to you as Chair of Judiciary.",
        "leader": f"{ask}. I write to you as Speaker.",
        "named": f"{ask}.",
    }


def test_the_footer_of_a_campaign_is_the_same_in_every_letter_but_for_four_lines(state: State) -> None:
    who = Organization(name="Pond Friends", line="Neighbors of Mill Pond.", contact="desk@pondfriends.example")
    frame = replace(FRAME, site=msgspec.structs.replace(FRAME.site, organization=who))
    writers = (
        writer(),
        writer(first_name="Suharto", last_name="", phone="617-555-0134", address="45 Broadway, Chelsea, MA 02150"),
        writer(town="", address="Massachusetts"),
    )
    of, footers = campaign(recipients=OTHERS), []
    for by in writers:
        for to in address_letters(of, state, CHELSEA):
            words = "Help us", "My own words. -- not a footer."
            body = write_letter("0" * 32, submission(), of, by, to, words, "all of Chelsea", frame).body
            footers.append(body.rpartition("\n-- \n")[2].split("\n"))
    assert {tuple(footer[4:]) for footer in footers} == {
        (
            "",
            "Who is behind it: Pond Friends. Neighbors of Mill Pond. desk@pondfriends.example",
            "The campaign: https://site.example/campaigns/open-libraries/",
            "How we check letters, for offices: https://site.example/for-offices/",
            "To report abuse, or a letter that its named writer did not send: letters@relay.example",
            "",
        )
    }
    for sender, through, why, answer, *_ in footers:
        assert sender.startswith("Sent by ")
        assert through == "through “Sunday Libraries”, a campaign of Open Doors."
        assert why.startswith(("District: ", "Written to you as "))
        assert answer.startswith("Reply to answer ")


def test_a_chair_who_is_the_writers_own_legislator_is_addressed_as_that(state: State) -> None:
    edwards = next(chair for chair in state.chairs("Judiciary") if chair.chamber == "senate")
    home = next(pair for pair in every_pair(state) if pair.senate == edwards.district)
    to = address_letters(campaign(recipients=("committee:Judiciary",)), state, home)
    assert [addressee.kind for addressee in to] == ["legislator", "committee"]


def test_a_chair_who_is_the_writers_own_legislator_gets_one_letter(state: State) -> None:
    chair = state.chairs("Judiciary")[0]
    home = next(pair for pair in every_pair(state) if chair.district == getattr(pair, chair.chamber))
    to = address_letters(campaign(recipients=("committee:Judiciary", "senator", "representative")), state, home)
    assert [addressee.kind for addressee in to if addressee.email == chair.email] == ["legislator"]


def test_presiding_officers_are_addressed_by_their_office(state: State) -> None:
    presiding = campaign(recipients=("leader:speaker", "leader:president"))
    to = address_letters(presiding, state, CHELSEA)
    assert [(addressee.kind, addressee.title, addressee.district) for addressee in to] == [
        ("leader", "Speaker", ""),
        ("leader", "President", ""),
    ]
    speaker = state.leader("speaker")
    assert (to[0].email, to[0].greeting) == (speaker.email, f"Speaker {speaker.family_name}")
    assert "Written to you as Speaker: you are not Ana's own legislator." in letter(to[0], of=presiding).body
    home = next(pair for pair in every_pair(state) if pair.house == speaker.district)
    assert [addressee.kind for addressee in address_letters(presiding, state, home)] == ["legislator", "leader"]


def every_pair(state: State) -> list[Pair]:
    return [pair for town in state.towns for pair in state.locate("", town, "").pairs]


def test_recipients_outside_the_roster_need_an_allowed_domain(state: State) -> None:
    named = campaign(recipients=(LIBRARY,))
    assert "BEACONPOST_RECIPIENT_DOMAINS" in find_obstacle(named, state, frozenset({"masenate.gov"}))
    assert find_obstacle(named, state, frozenset({"libraries.example"})) == ""
    assert find_obstacle(named, state, None) == ""
    wide = NamedRecipient(name="Desk", email="Desk@Stra\u00dfe.example", greeting="Colleagues")
    assert find_obstacle(campaign(recipients=(wide,)), state, frozenset({"xn--strae-oqa.example"})) == ""
    assert "xn--strae-oqa.example" in find_obstacle(campaign(recipients=(wide,)), state, frozenset({"strasse.example"}))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"recipients": ("committee:Judicary",)}, "Judiciary"),
        ({"recipients": ("governor",)}, "governor"),
        ({"recipients": ("leader:speeker",)}, "is it speaker?"),
        ({"status": "draft"}, "organiser"),
    ],
)
def test_an_obstacle_is_reported_with_its_fix(state: State, changed: dict[str, object], said: str) -> None:
    assert said in find_obstacle(campaign(**changed), state, None)


def test_a_drafts_letters_go_only_to_its_organizer(senator: Addressee) -> None:
    draft = campaign(status="draft", organiser="org@campaign.example")
    written = letter(senator, of=draft)
    assert written.to_email == "org@campaign.example"
    assert written.kind == "test"
    assert written.subject.startswith("[TEST] ")
    assert senator.email not in written.body
    assert senator.full_name in written.body


# --- wording ---


def test_without_a_town_the_state_is_named_and_every_sentence_is_complete(senator: Addressee) -> None:
    by = writer(town="", address="Massachusetts")
    assert letter(senator, by=by).body.startswith("Please open the libraries (H.1, S.2). I live in your district.\n")
    assert "I live in Massachusetts and I ask" in letter(senator, by=by).body
    library = address_letters(campaign(recipients=(LIBRARY,)), open_state(shipped("ma")), CHELSEA)[0]
    assert letter(library, by=by).body.partition("\n")[0].endswith(". I live in Massachusetts.")
    assert letter(library).body.partition("\n")[0].endswith(". I live in Chelsea.")


def test_an_aide_reads_the_ask_the_bill_and_the_district_first(senator: Addressee) -> None:
    first_line = letter(senator).body.splitlines()[0]
    assert first_line == "Please open the libraries (H.1, S.2). I live in Chelsea, in your district."


def test_the_subject_is_the_same_for_everybody_and_names_the_bill(senator: Addressee) -> None:
    subjects = {letter(senator, by=writer(first_name=name)).subject for name in ("Ana", "Bo")}
    assert subjects == {"Please open the libraries (H.1, S.2)"}
    assert write_subject("Pass H.1 now", ("H.1", "S.2")) == "Pass H.1 now"
    assert write_subject("Be kind", ()) == "Be kind"


def test_every_placeholder_is_filled_in(senator: Addressee) -> None:
    asked = "[First Name]|[Last Name]|[Your Address]|[Legislator]|[District]|[Town]|[Email]"
    answered = fill(asked, writer(), senator)
    name = senator.greeting
    assert answered == f"Ana|Silva|Chelsea, MA|{name}|Middlesex and Suffolk|Chelsea|ana@mail.example"


def test_other_words_in_brackets_stay(senator: Addressee) -> None:
    assert fill("[sic] [Your Story]", writer(), senator) == "[sic] [Your Story]"


def test_a_name_that_looks_like_a_placeholder_is_not_filled_in(senator: Addressee) -> None:
    assert fill("[First Name]", writer(first_name="[Email]"), senator) == "[Email]"


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("town", "Boston, MA"),
        ("street", "Beacon St, Boston, MA"),
        ("full", "24 Beacon St #3, Boston, MA 02108"),
    ],
)
def test_the_letter_discloses_as_much_of_the_address_as_its_writer_chose(how: str, line: str) -> None:
    assert disclose(how, "24 Beacon St #3", "Beacon St", "Boston", "MA", "02108") == line


def test_an_unknown_street_is_not_shown_with_its_number() -> None:
    assert disclose("street", "24 Becon St", "", "Boston", "MA", "02108") == "Boston, MA"


def test_the_footer_says_who_wrote_how_and_where_to_report_abuse(senator: Addressee) -> None:
    footer = letter(senator).body.partition("\n-- \n")[2]
    assert "Ana Silva <ana@mail.example>, Chelsea, MA" in footer  # also if the signature was removed
    assert "Sunday Libraries" in footer
    assert "all of Chelsea is in one pair" in footer
    assert "https://site.example/campaigns/open-libraries/" in footer
    assert "letters@relay.example" in footer


def test_the_footer_says_who_is_behind_it_and_where_offices_read_how_letters_are_checked(senator: Addressee) -> None:
    who = Organization(name="Pond Friends", line="Neighbors of Mill Pond.", contact="desk@pondfriends.example")
    behind = replace(FRAME, site=msgspec.structs.replace(FRAME.site, organization=who))
    words = campaign().text("en").subject, campaign().text("en").message
    written = write_letter("0" * 32, submission(), campaign(), writer(), senator, words, "all of Chelsea", behind)
    footer = written.body.partition("\n-- \n")[2]
    assert "Who is behind it: Pond Friends. Neighbors of Mill Pond. desk@pondfriends.example" in footer
    assert "https://site.example/for-offices/" in footer
    assert "Who is behind it" not in letter(senator).body


def test_abuse_is_reported_to_the_organizer_if_there_is_one(senator: Addressee) -> None:
    assert "org@campaign.example" in letter(senator, of=campaign(organiser="org@campaign.example")).body


def test_replies_go_to_the_constituent(senator: Addressee) -> None:
    written = letter(senator)
    assert written.reply_to == "ana@mail.example"
    assert written.from_name == "Ana Silva via Sunday Libraries"


# --- own words first ---


def test_an_added_paragraph_moves_up_to_the_salutation() -> None:
    own = "My son learned to read there."
    added = MESSAGE.replace("\n\n[First", f"\n\n{own}\n\n[First")
    assert put_own_words_first(added, MESSAGE).split("\n\n")[:2] == ["Dear [Legislator],", own]


def test_a_postscript_stays_at_the_end() -> None:
    added = f"{MESSAGE}\n\nP.S. On Saturdays too."
    assert put_own_words_first(added, MESSAGE) == added


def test_an_edited_template_keeps_its_order() -> None:
    edited = MESSAGE.replace("I ask you", "I beg you") + "\n\nMy own words."
    assert put_own_words_first(edited, MESSAGE) == edited


def test_a_letter_without_the_template_is_unchanged() -> None:
    assert put_own_words_first("Only mine.\n\nAll of it.", MESSAGE) == "Only mine.\n\nAll of it."


def test_an_unedited_template_is_unchanged() -> None:
    assert put_own_words_first(MESSAGE, MESSAGE) == MESSAGE


# --- the confirmation ---


def test_a_confirmation_contains_nothing_that_a_stranger_typed() -> None:
    stranger = submission(email="ana@mail.example", first_name="Buy at spam.example", last_name="now")
    mail = write_confirmation(
        "0" * 32, stranger, campaign(), "https://relay.example/letters/confirm/x", FRAME, lambda _, words: words
    )
    assert "spam" not in msgspec.json.encode(mail).decode()
    assert "https://relay.example/letters/confirm/x" in mail.body
    assert mail.to_email == "ana@mail.example"
    assert mail.kind == "confirmation"


def test_ids_sort_in_the_order_they_were_drawn_and_letters_share_their_prefix() -> None:
    drawn = [new_submission_id(datetime(2026, 3, 2, 12, 0, second, tzinfo=UTC), token_hex) for second in range(9)]
    assert drawn == sorted(drawn)
    assert {len(drawn_id) for drawn_id in drawn} == {32}
    letters = [new_letter_id(drawn_id, token_hex) for drawn_id in drawn]
    assert [drawn_id[:12] for drawn_id in letters] == [drawn_id[:12] for drawn_id in drawn]
    same = [new_submission_id(datetime(2026, 3, 2, tzinfo=UTC), token_hex) for _ in range(100)]
    assert len({*same, *(new_letter_id(same[0], token_hex) for _ in range(100))}) == 200


# --- single names ---


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("[First Name] [Last Name]", "Suharto"),
        ("I am [First Name] [Last Name], of [Town].", "I am Suharto, of Chelsea."),
        ("[First Name]", "Suharto"),
        ("Mx. [Last Name]", "Mx. Suharto"),
    ],
)
def test_whoever_has_a_single_name_is_called_by_it_without_a_gap(
    senator: Addressee, template: str, filled: str
) -> None:
    assert fill(template, writer(first_name="Suharto", last_name=""), senator) == filled
    assert fill_without_address(template, "Suharto", "", {"Town": "Chelsea"}) == filled


def test_a_name_that_looks_like_a_placeholder_stays_as_it_is(senator: Addressee) -> None:
    assert fill("[First Name] [Last Name]", writer(first_name="[Email]"), senator) == "[Email] Silva"
    assert fill_without_address("[First Name] [Town]", "[Town]", "Silva", {"Town": "Chelsea"}) == "[Town] Chelsea"


def test_what_a_page_does_not_know_stays_as_it_was_typed() -> None:
    text = "Dear [Legislator], I am [First Name], [Your Address], [Town]."
    filled = fill_without_address(text, "Ana", "Silva", {"Legislator": "Senator Kim", "Town": ""})
    assert filled == "Dear Senator Kim, I am Ana, [Your Address], [Town]."


def test_a_letter_by_a_single_name_names_it_everywhere_alike(senator: Addressee) -> None:
    made = letter(senator, by=writer(first_name="Suharto", last_name=""))
    assert made.from_name == "Suharto via Sunday Libraries"
    assert "\nSuharto\nChelsea, MA\n" in made.body
    assert "Sent by Suharto <" in made.body
    assert "  " not in made.body.replace("-- ", "")

"""One of every page that the relay can show. The people and offices are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import get_args

from msgspec import structs

from boundaries.offices import Choice, Office
from tests.samples import campaigns
from tests.samples.campaigns import campaign
from tests.samples.settings import RELAY_URL
from theme.faults import Fault
from theme.manifest import Campaign, Text
from theme.pages.charts import Bar, Chart
from theme.pages.maps import DistrictShape, Map
from theme.pages.views import (
    BurstView,
    ChamberView,
    ConfirmationView,
    DeskLine,
    DeskView,
    DoorView,
    ErasedView,
    ErasureView,
    Form,
    LetterView,
    NameView,
    OfficeLine,
    OfficeReportView,
    ReceiptView,
    ReportView,
    Stage,
    StopView,
    TextView,
    WaitingGroupView,
    WaitingLetterView,
    WordsView,
)
from theme.recipients import NamedRecipient
from theme.render import Renderer
from theme.stances import Stance
from theme.testimony import Testimony

SITE = structs.replace(campaigns.SITE, languages=("en",))
TEXT = Text(
    title="Keep <the> pond",
    summary="It is “small” & ours.",
    subject="The pond in [Town]",
    message="Dear [Legislator],\n\nkeep it.\n\n[First Name]",
    body_html="<p>Ducks.</p>",
    url="/campaigns/pond/",
)
CAMPAIGN = campaign(
    slug="pond",
    campaign="Ponds",
    recipients=("senator", "representative", NamedRecipient("Pond Office", "pond@office.example", "Office")),
    bills=("H.1",),
    goal=1000,
    organiser="pond@keeper.example",
    texts={"en": TEXT},
)
TESTIMONY = structs.replace(
    CAMPAIGN,
    recipients=("hearing",),
    testimony=Testimony(
        committee=NamedRecipient("Pond Committee", "ponds@legislature.example", "Chairs and Members"),
        position="oppose",
        deliver_by=datetime(2026, 3, 12, 17),  # noqa: DTZ001  (in the site's time zone)
    ),
    texts={"en": structs.replace(TEXT, hearing="Tuesday, March 10, 1 p.m., <Room> A-2")},
)
STANCES = (
    Stance(
        chamber="house", district="3rd Test", title="Representative", name="Carla Example", stand="cosponsor",
        source="https://www.legislature.example/bills/1", on=date(2026, 2, 1),
    ),
    Stance(
        chamber="senate", district="1st Test", title="Senator", name="Ana Example", stand="opposes", source="<Said>",
    ),
    Stance(chamber="senate", district="2nd Test", title="Senator", name="Ben Example", stand="unknown"),
)  # fmt: skip
DIVIDED = structs.replace(
    CAMPAIGN,
    stances=STANCES,
    texts={
        "en": structs.replace(TEXT, thanks_subject="Thank you", thanks="Dear [Legislator],\n\nthanks.\n\n[First Name]")
    },
)
ANA = Office("senate", "Senator", "Ana Example", "1st Test", "617-555-0101")
BEN = Office("senate", "Senator", "Ben Example", "2nd Test", "617-555-0102")
CARLA = Office("house", "Representative", "Carla Example", "3rd Test", "617-555-0103")
SILENT = Office("house", "Representative", "Dana Example", "4th Test", "617-555-0104", mail=False)
VACANT = Office("house", "Representative", "", "4th Test")
TYPED = {
    "first_name": 'Rosa "R" <b>',
    "last_name": "Muster",
    "email": "rosa@",
    "street": "1 Line St",
    "city": "Boston",
    "zip": "02120",
    "subject": "Mine",
    "message": "My own\nwords & more",
    "disclose": "street",
    "public_name": "1",
    "lang": "en",
}
NOON = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
MAP = Map(
    "house",
    320,
    180,
    tuple(
        DistrictShape(seat.district, number, f"M{x} 2l156 0 0 176-156 0z", x + 78, 90)
        for number, x, seat in ((1, 2, CARLA), (2, 158, VACANT))
    ),
)
ANAS = Map("senate", 320, 180, (DistrictShape(ANA.district, 1, "M2 2l316 0 0 176-316 0z", 160, 90),))
CARLAS = Map("house", MAP.width, MAP.height, MAP.areas[:1])


REPORT = ReportView(
    people=1_234,
    least=5,
    days=((NOON.date(), 1_200), (date(2026, 8, 1), 34)),
    chambers=(
        ChamberView("senate", (("1st Test", 1_232), ("", None)), ANAS, {"1st Test": 3}),
        ChamberView("house", (("3rd Test", 1_200), ("5th Test", 34)), CARLAS, {"3rd Test": 3}),
    ),
    languages=(("en", 1_000), ("es", 234)),
    statuses=(("sent", 2_000), ("queued", 400), ("held", 40), ("failed", 20), ("bounced", 8)),
    reasons=321,
    until=date(2026, 12, 31),
    names=(
        NameView("0" * 32, "Rosa", "Boston", date(2026, 8, 1)),
        NameView("1" * 32, "Marie-Antoinette", "Manchester-by-the-Sea", date(2026, 3, 1)),
        NameView("2" * 32, "王小明", "", date(2026, 3, 1)),
    ),
    removed=True,
)
ATTACKED = replace(REPORT, burst=BurstView((("suspected", 1_234), ("paced", None)), (("place", 1_234), ("words", 20))))
STOPPED = replace(ATTACKED, stop=StopView(True, "", NOON.date()))
STOPPED_BY_OPERATOR = replace(REPORT, stop=StopView(False, "the <provider> asked", NOON.date()))


CHART = Chart((Bar("2026-02-28", 34, 0, 155, 60, 5), Bar("2026-03-01", 1_200, 320, 0, 60, 160)), 1_200)
DESK = DeskView(
    at=NOON,
    charts={"wrote": CHART, "bounced": CHART},
    own_words=321,
    confirmed=None,
    delivered=2_000,
    bounced=8,
    offices=(
        OfficeLine(
            "Senator Ana Example (1st Test)", "/desk/pond/offices/senate/1st Test", 1_232, {"sent": 1_200, "held": 32}
        ),
        OfficeLine("Pond Office", "", None, {}),
    ),
    days=((NOON.date(), 1_200, 300, 90, 1_900, 8), (date(2026, 2, 28), 34, 21, 3, 100, 0)),
    waiting=(
        WaitingGroupView(
            "place words",
            ("place", "words"),
            40,
            NOON.isoformat(),
            (WaitingLetterView("Zed", "Boston", NOON, "Mine & <yours>", "Keep it.\n\n[…]"),),
        ),
        WaitingGroupView("paced", ("paced",), 12, NOON.isoformat(), ()),
    ),
    members={"joined": 12, "exported": 30},
    has_list=True,
    done="cancelled",
    count=3,
)
OFFICE_REPORT = OfficeReportView(
    "Senator Ana Example", "senate", "1st Test", 1_232, None, (("Boston", 1_200), ("", None)), ANAS, 5, NOON.date()
)


MINE = TextView("", "Mine", "My own words\n\nAna Silva\n[Your Address]")
THANKS = TextView("Representative Carla Example", "Thank you", "Dear Representative Example, thank you\n\nAna Silva")
WORDS = WordsView("Ana Silva", "ana@mail.example", (MINE,))
BOTH_WORDS = replace(WORDS, texts=(replace(MINE, to="Senator Ana Example"), THANKS))


def either(senate: Office, house: Office) -> Choice:
    """A pair of districts that one person each holds."""
    return Choice((senate,), (house,))


def receipt(
    *letters: tuple[Office, str],
    redacted: bool = False,
    denied: bool = False,
    erased: bool = False,
    captured: bool = False,
    unwritten: tuple[Office, ...] = (),
    statuses: bool = False,
) -> ReceiptView:
    return ReceiptView(
        redacted=redacted,
        denied=denied,
        erased=erased,
        shows_statuses=statuses,
        captured=captured,
        public_name=not redacted,
        words=None if redacted or erased else WORDS,
        letters=tuple(
            LetterView(seat, state, NOON, NOON if state == "queued" else None, {ANA: ANAS, CARLA: CARLAS}.get(seat))
            for seat, state in letters
        ),
        unwritten=unwritten,
    )


@cache
def pages(language: str, relay_url: str = RELAY_URL) -> dict[str, str]:
    """Every page by name."""
    renderer = Renderer(SITE, relay_url)

    def show(form: Form) -> str:
        return renderer.campaign(CAMPAIGN, language, "open", form)

    def answer(view: ReceiptView, *, first: bool = False) -> str:
        return renderer.receipt(CAMPAIGN, language, view, "/receipts/token", first)

    shown = {
        "errors": show(Form(TYPED, (Fault("email", "invalid"), Fault("street", "unknown_town")))),
        "choose a pair": show(
            Form(TYPED, (Fault("street", "gap"),), (either(ANA, CARLA), either(BEN, VACANT)), (MAP,))
        ),
        "choose by chamber": show(
            Form(
                TYPED,
                (Fault("street", "gap"),),
                (either(ANA, CARLA), either(ANA, VACANT), either(BEN, CARLA)),
            )
        ),
        "not shown": show(Form(TYPED, (Fault("street", "unknown_street"),), (either(ANA, CARLA), either(ANA, VACANT)))),
        "not a candidate": show(
            Form(
                TYPED,
                (Fault("district_senate", "not_a_candidate"),),
                (either(ANA, CARLA), either(BEN, VACANT)),
            )
        ),
        "first thanks": answer(receipt((ANA, "queued"), unwritten=(VACANT,), captured=True), first=True),
        "check your e-mail": answer(receipt((ANA, "held"), (CARLA, "held")), first=True),
        "later": answer(
            receipt((ANA, "sent"), (CARLA, "bounced"), (Office("", "", "Pond Office", ""), "failed"), statuses=True)
        ),
        "redacted": answer(receipt((ANA, "sent"), redacted=True), first=True),
        "denied": answer(receipt((ANA, "sent"), (CARLA, "cancelled"), erased=True, denied=True), first=True),
        "erased": answer(receipt((ANA, "sent"), (CARLA, "cancelled"), erased=True)),
    }
    for name, form in (("event", Form({"event": "code"})), ("event over", Form())):
        shown[name] = renderer.event(CAMPAIGN, language, "open", form)
    for name, report in (
        ("report", REPORT),
        ("report of an attack", ATTACKED),
        ("report stopped", STOPPED),
        ("report stopped by the operator", STOPPED_BY_OPERATOR),
        ("report resumed", replace(REPORT, removed=False, resumed=True)),
    ):
        shown[name] = renderer.report(CAMPAIGN, language, report, "/reports/pond?key=signed")
    for refusal in (403, 409, 429, 503):
        shown[f"refusal {refusal}"] = show(Form(TYPED, refusal=refusal))
    for phase in ("draft", "upcoming", "closed", "withdrawn"):
        over = Campaign(
            **{name: getattr(CAMPAIGN, name) for name in CAMPAIGN.__struct_fields__} | {"opens": NOON.date()}
        )
        shown[phase] = renderer.campaign(over, language, phase, Form())
    shown["too late"] = renderer.campaign(CAMPAIGN, language, "closed", Form(TYPED, refusal=409))
    for stage in get_args(Stage):
        asked = receipt((ANA, "held"), (CARLA, "held"), erased=stage in ("denied", "over"))
        view = ConfirmationView(stage, False, asked.words, asked.letters, (VACANT,))
        shown[f"confirm {stage}"] = renderer.confirm(CAMPAIGN, language, "/letters/confirm/token", view)
    for name, form, seats in (
        ("call", Form(), ()),
        ("call two", Form(), (ANA, CARLA)),
        ("call several", Form(TYPED), (ANA, BEN, CARLA, VACANT)),
        ("call with errors", Form({"city": "Nowhere"}, (Fault("city", "unknown_town"),)), ()),
    ):
        shown[name] = renderer.call(CAMPAIGN, language, "/campaigns/pond/call", form, seats)
    asked = replace(receipt((Office("", "", "Pond Committee", ""), "queued")), has_pdf=True)
    for name, phase in (("testimony", "open"), ("testimony over", "closed")):
        shown[name] = renderer.campaign(TESTIMONY, language, "open" if phase == "open" else "closed", Form())
    shown["testimony too late"] = renderer.campaign(TESTIMONY, language, "closed", Form(TYPED, refusal=409))
    shown["testimony thanks"] = renderer.receipt(TESTIMONY, language, asked, "/receipts/token", True)
    shown["where they stand"] = renderer.campaign(DIVIDED, language, "open", Form())
    faulty = Form(TYPED, (Fault("thanks_message", "required"),))
    shown["two letters with errors"] = renderer.campaign(DIVIDED, language, "open", faulty)
    two = replace(receipt((ANA, "sent"), (CARLA, "sent"), statuses=True), words=BOTH_WORDS)
    shown["two letters"] = renderer.receipt(DIVIDED, language, two, "/receipts/token", False)
    shown["thanks and another"] = renderer.receipt(
        CAMPAIGN, language, receipt((ANA, "queued"), (CARLA, "queued")), "/receipts/token", True, CAMPAIGN
    )
    for name, erasure in (
        ("erase", ErasureView("ask", "/letters/erase", "desk@keeper.example")),
        (
            "erase with errors",
            ErasureView("ask", "/letters/erase", "", Form({"email": "x"}, (Fault("email", "invalid"),))),
        ),
        ("erase asked", ErasureView("asked", "/letters/erase", "desk@keeper.example")),
        ("erase button", ErasureView("button", "/letters/erase/token", "desk@keeper.example")),
        ("erase opted out", ErasureView("button", "/letters/erase/token", "desk@keeper.example", opted_out=True)),
        ("erase done", ErasureView("done", "/letters/erase", "", erased=(ErasedView("Ponds", 1, 2),))),
        ("erase over", ErasureView("over", "/letters/erase", "desk@keeper.example")),
    ):
        shown[name] = renderer.erasure(language, erasure)
    for name, door in (
        ("door", DoorView("ask", "/desk")),
        ("door with errors", DoorView("ask", "/desk", Form({"email": "x"}, (Fault("email", "invalid"),)))),
        ("door asked", DoorView("asked", "/desk")),
        ("door button", DoorView("button", "/desk/enter/token")),
        ("door over", DoorView("over", "/desk")),
    ):
        shown[name] = renderer.door(language, door)
    shown["desks"] = renderer.desks(language, (DeskLine("pond", "Ponds", 1_234, True),), "stopped")
    shown["desk"] = renderer.desk(CAMPAIGN, language, REPORT, DESK, "/desk/pond")
    shown["desk stopped"] = renderer.desk(CAMPAIGN, language, STOPPED, replace(DESK, done="released"), "/desk/pond")
    shown["office report"] = renderer.office_report(CAMPAIGN, language, OFFICE_REPORT)
    for status in (400, 403, 404, 405, 410, 413, 415, 429, 500, 503):
        shown[f"notice {status}"] = renderer.notice(language, status, CAMPAIGN if status == 410 else None)
    return shown

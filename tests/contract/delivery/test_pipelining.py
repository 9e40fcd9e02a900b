"""Letters that share a connection and a write have independent outcomes, at every step and whatever the reply."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.mail.outcome import Outcome, Refused, Sent, TryLater
from relay.mail.smtp import SmtpTransport, Timeouts
from tests.contract.delivery.scripted import DROP, STALL, Script, open_script

pytestmark = pytest.mark.anyio
US = "letters@campaign.example"
PLAIN = ("SIZE 10000000", "8BITMIME", "SMTPUTF8")
PIPELINED = ("PIPELINING", *PLAIN)
QUICK = Timeouts(command=0.2, content=0.2, delivery=5.0, idle=30.0)
BOTH = pytest.mark.parametrize("offers", [PIPELINED, PLAIN], ids=["pipelined", "plain"])


def message(recipient: str) -> bytes:
    return f"To: {recipient}\r\n\r\n.a line that begins with a dot\r\nfor {recipient}\r\n".encode()


async def send(script: Script, recipients: Sequence[str], timeouts: Timeouts | None = None) -> list[Outcome]:
    """Send to all at once over one connection."""
    transport = SmtpTransport(script.server, connections=1, timeouts=timeouts)
    outcomes = await asyncio.gather(*(transport.deliver(message(to), US, to) for to in recipients))
    await transport.close()
    return outcomes


def kinds(outcomes: Sequence[Outcome]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


async def test_the_next_letters_commands_are_sent_with_the_end_of_the_previous_letter() -> None:
    async with open_script(Script()) as script:
        assert kinds(await send(script, ["a@x", "b@x", "c@x"])) == ["Sent"] * 3
    size = len(message("a@x"))
    begin = [[f"MAIL FROM:<{US}> SIZE={size}", f"RCPT TO:<{to}@x>", "DATA"] for to in "abc"]
    assert script.heard[1:5] == [begin[0], ["content", *begin[1]], ["content", *begin[2]], ["content"]]


async def test_without_pipelining_every_command_waits_for_its_reply() -> None:
    async with open_script(Script(offers=PLAIN)) as script:
        assert kinds(await send(script, ["a@x", "b@x"])) == ["Sent"] * 2
    assert all(len(commands) == 1 for commands in script.heard)


@BOTH
async def test_each_letter_arrives_once_and_intact(offers: tuple[str, ...]) -> None:
    people = [f"person{number}@x" for number in range(200)]
    async with open_script(Script(offers=offers)) as script:
        assert kinds(await send(script, people)) == ["Sent"] * 200
    assert script.recipients == people
    assert script.sessions == 1
    for to, content in script.arrived:
        assert content == message(to).replace(b"\r\n.", b"\r\n..")


@BOTH
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "content"])
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("550 5.1.1 no Ana Silva here", Refused(550, "5.1.1", "550 5.1.1: no such mailbox")),
        ("451 4.3.0 not now", TryLater(451, "4.3.0", "451 4.3.0: the server is not available")),
    ],
)
async def test_a_refusal_at_any_step_affects_only_its_own_letter(
    offers: tuple[str, ...], step: str, said: str, outcome: Refused | TryLater
) -> None:
    at = step if step == "mail" else f"{step} bad@x"  # MAIL has no recipient: every letter is refused
    async with open_script(Script({at: said}, offers)) as script:
        outcomes = await send(script, ["a@x", "bad@x", "c@x", "bad@x", "e@x"])
    wanted = type(outcome).__name__
    assert kinds(outcomes) == ([wanted] * 5 if step == "mail" else ["Sent", wanted, "Sent", wanted, "Sent"])
    assert outcomes[1] == outcome
    assert script.recipients == ([] if step == "mail" else ["a@x", "c@x", "e@x"])
    assert script.sessions == 1


@BOTH
async def test_the_first_refusal_counts_not_the_ones_it_causes(offers: tuple[str, ...]) -> None:
    replies = {"rcpt bad@x": "550 5.1.1 nobody", "data bad@x": "451 4.5.0 nobody to give it to"}
    async with open_script(Script(replies, offers)) as script:
        assert (await send(script, ["bad@x"]))[0] == Refused(550, "5.1.1", "550 5.1.1: no such mailbox")


async def test_a_server_that_wants_the_letter_for_a_refused_recipient_gets_a_lone_dot() -> None:
    replies = {"rcpt bad@x": "550 5.1.1 nobody", "data bad@x": "354 go on anyway"}
    async with open_script(Script(replies)) as script:
        outcomes = await send(script, ["a@x", "bad@x", "c@x"])
    assert kinds(outcomes) == ["Sent", "Refused", "Sent"]
    assert script.recipients == ["a@x", "c@x"]
    assert (script.dots, script.sessions) == (1, 1)


async def test_a_server_that_accepts_the_lone_dot_changes_nothing() -> None:
    replies = {"rcpt bad@x": "452 4.2.2 full", "data bad@x": "354 go on", "content bad@x": "250 thanks"}
    async with open_script(Script(replies)) as script:
        assert kinds(await send(script, ["bad@x", "c@x"])) == ["TryLater", "Sent"]


async def test_nothing_is_sent_to_a_recipient_accepted_after_a_refused_sender() -> None:
    replies = {"mail": "451 not you", "rcpt a@x": "250 ok", "data a@x": "354 go on"}
    async with open_script(Script(replies)) as script:
        assert kinds(await send(script, ["a@x"])) == ["TryLater"]
    assert script.recipients == []
    assert script.dots == 0


@BOTH
@pytest.mark.parametrize("step", ["rcpt", "data", "content"])
@pytest.mark.parametrize("end", [DROP, "421 4.3.2 going down"])
async def test_a_connection_lost_at_any_step_fails_and_loses_no_letter(
    offers: tuple[str, ...], step: str, end: str
) -> None:
    async with open_script(Script({f"{step} bad@x": end}, offers)) as script:
        outcomes = await send(script, ["a@x", "bad@x", "c@x", "d@x"])
    assert kinds(outcomes) == ["Sent", "TryLater", "Sent", "Sent"]
    assert script.recipients == ["a@x", "c@x", "d@x"]  # c was pipelined behind it and uses another connection


@BOTH
async def test_a_letter_refused_before_the_connection_ends_is_refused(offers: tuple[str, ...]) -> None:
    async with open_script(Script({"rcpt bad@x": "550 5.1.1 nobody\r\n421 bye"}, offers)) as script:
        assert kinds(await send(script, ["bad@x"])) == ["Refused"]


@BOTH
@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_a_server_that_limits_letters_per_connection_gets_each_once(offers: tuple[str, ...], limit: int) -> None:
    people = [f"person{number}@x" for number in range(12)]
    async with open_script(Script(offers=offers, letters_per_connection=limit)) as script:
        assert kinds(await send(script, people)) == ["Sent"] * 12
    assert script.recipients == people


@BOTH
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "content"])
@pytest.mark.parametrize("half", [STALL, "250-never\r\n\0", "2\0", "550 5.1.1 no line end\0"])
async def test_a_server_that_goes_silent_at_any_step_times_out(offers: tuple[str, ...], step: str, half: str) -> None:
    at = step if step == "mail" else f"{step} bad@x"
    async with open_script(Script({at: half}, offers)) as script:
        (outcome,) = await send(script, ["bad@x"], QUICK)
    assert isinstance(outcome, TryLater)
    assert "no reply from the mail server" in outcome.answer


@BOTH
async def test_letters_behind_a_stalled_letter_use_another_connection(offers: tuple[str, ...]) -> None:
    async with open_script(Script({"content bad@x": STALL}, offers)) as script:
        assert kinds(await send(script, ["a@x", "bad@x", "c@x", "d@x"], QUICK)) == ["Sent", "TryLater", "Sent", "Sent"]
    assert script.recipients == ["a@x", "c@x", "d@x"]


@BOTH
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "content"])
@pytest.mark.parametrize(
    "garbage",
    [
        "hello",
        "",
        "99 low",
        "600 high",
        "1e3 ok",
        "25\u0660 ok",
        "250_ok",
        "\xff\xfe",
        "250-one\r\n550 two",
        "x" * 9_000,
    ],
)
async def test_an_invalid_reply_decides_nothing(offers: tuple[str, ...], step: str, garbage: str) -> None:
    at = step if step == "mail" else f"{step} bad@x"
    async with open_script(Script({at: garbage}, offers)) as script:
        assert kinds(await send(script, ["bad@x"])) == ["TryLater"]


@BOTH
@pytest.mark.parametrize(
    ("step", "odd"), [("mail", "354 x"), ("rcpt", "221 x"), ("data", "250 x"), ("content", "354 x")]
)
async def test_a_positive_reply_to_another_command_does_not_count(offers: tuple[str, ...], step: str, odd: str) -> None:
    at = step if step == "mail" else f"{step} bad@x"
    async with open_script(Script({at: odd}, offers)) as script:
        assert kinds(await send(script, ["bad@x"])) == ["TryLater"]


@BOTH
async def test_a_server_that_replies_twice_never_shifts_replies_to_another_letter(offers: tuple[str, ...]) -> None:
    """If replies were off by one, a refusal would be taken for the previous letter's."""
    replies = {"rcpt a@x": "250 ok\r\n250 ok", "content c@x": "550 5.7.1 no"}
    async with open_script(Script(replies, offers)) as script:
        outcomes = await send(script, ["a@x", "b@x", "c@x", "d@x"])
    sent = [to for to, outcome in zip("abcd", outcomes, strict=True) if isinstance(outcome, Sent)]
    assert set(sent) <= {to[0] for to in script.recipients}
    assert not isinstance(outcomes[2], Sent)


@BOTH
@pytest.mark.parametrize("step", ["rcpt", "content"])
async def test_a_reply_of_ten_thousand_lines_is_one_reply(offers: tuple[str, ...], step: str) -> None:
    said = "\r\n".join([*(f"550-5.7.1 line {number}" for number in range(10_000)), "550 5.7.1 end"])
    async with open_script(Script({f"{step} bad@x": said}, offers)) as script:
        outcomes = await send(script, ["a@x", "bad@x", "c@x"])
    assert kinds(outcomes) == ["Sent", "Refused", "Sent"]
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].enhanced == "5.7.1"
    assert len(outcomes[1].answer) <= 500


@BOTH
async def test_a_server_that_refuses_rset_is_dropped_and_the_rest_is_still_sent(offers: tuple[str, ...]) -> None:
    async with open_script(Script({"rcpt bad@x": "550 5.1.1 nobody", "rset": "500 no"}, offers)) as script:
        outcomes = await send(script, ["a@x", "bad@x", "c@x", "d@x"])
    assert kinds(outcomes) == ["Sent", "Refused", "Sent", "Sent"]


@BOTH
async def test_a_cancelled_letter_is_not_started(offers: tuple[str, ...]) -> None:
    async with open_script(Script({"content slow@x": STALL}, offers)) as script:
        transport = SmtpTransport(script.server, connections=1)
        slow, late = [asyncio.create_task(transport.deliver(message(to), US, to)) for to in ("slow@x", "late@x")]
        await script.content_came.wait()
        late.cancel()
        slow.cancel()
        await asyncio.wait([slow, late])
        await transport.close()
    assert slow.cancelled()
    assert late.cancelled()
    assert script.recipients == []


ANSWERS = [None, None, None, None, "250 yes", "550 5.1.1 no", "451 later", "354 what", "421 bye", DROP, "\0", "garbage"]


@given(
    st.lists(st.tuples(st.sampled_from(["rcpt", "data", "content"]), st.sampled_from(ANSWERS)), max_size=15),
    st.sampled_from([PIPELINED, PLAIN]),
    st.integers(1, 3),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_server_does_sent_means_arrived_and_refused_means_not_arrived(
    steps: list[tuple[str, str | None]], offers: tuple[str, ...], connections: int, limit: int
) -> None:
    people = [f"person{number}@x" for number in range(len(steps))]
    replies = {f"{step} {to}": said for to, (step, said) in zip(people, steps, strict=True) if said is not None}

    async def run() -> tuple[list[str], list[Outcome]]:
        async with open_script(Script(replies, offers, limit)) as script:
            timeouts = Timeouts(command=0.05, content=0.05)
            transport = SmtpTransport(script.server, connections=connections, timeouts=timeouts)
            outcomes = await asyncio.gather(*(transport.deliver(message(to), US, to) for to in people))
            await transport.close()
            return script.recipients, outcomes

    arrived, outcomes = asyncio.run(run())
    assert len(arrived) == len(set(arrived))
    for to, outcome in zip(people, outcomes, strict=True):
        assert isinstance(outcome, TryLater) or (to in arrived) == isinstance(outcome, Sent), (to, outcome)
        if "550" in replies.get(f"rcpt {to}", ""):
            assert isinstance(outcome, Refused | TryLater)
            assert to not in arrived


async def test_a_bare_line_feed_smuggles_no_second_letter() -> None:
    async with open_script(Script()) as script:
        transport = SmtpTransport(script.server)
        smuggled = b"To: a@x\r\n\r\nhello\n.\nMAIL FROM:<smuggled@x>\r.\r\nbye"
        await transport.deliver(smuggled, US, "a@x")
        await transport.close()
    assert script.arrived == [("a@x", b"To: a@x\r\n\r\nhello\r\n..\r\nMAIL FROM:<smuggled@x>\r\n..\r\nbye\r\n")]

"""An answer that is passed on becomes a message that every mail server takes."""

from email import message_from_string

from hypothesis import given
from hypothesis import strategies as st

from relay.mail.forwarding import LARGEST, LONGEST_LINE, attach
from tests.samples.bounce_texts import OTHERS
from tests.samples.bounces import TO

ANSWER = OTHERS["a person"].raw


def test_an_answer_is_passed_on_as_it_arrived_but_for_the_seal() -> None:
    answer = attach(ANSWER)
    assert not answer.is_cut
    assert answer.text.encode() == ANSWER.replace(TO.partition("@")[0].encode(), b"bounces").replace(b"\r\n", b"\n")


def test_a_large_answer_keeps_its_writer_its_subject_and_its_text() -> None:
    answer = attach(ANSWER + b"\r\n" * LARGEST)
    message = message_from_string(answer.text)
    assert answer.is_cut
    assert (message["From"], message["Subject"]) == ("Ana Aide <aide@house.example>", "Re: Please support")
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert b"supports the bill" in text


@given(st.binary(max_size=400), st.integers(0, 300))
def test_whatever_arrives_can_be_passed_on(noise: bytes, at: int) -> None:
    for raw in (noise, ANSWER[:at] + noise + ANSWER[at:]):
        lines = attach(raw).text.encode("ascii").splitlines()
        assert max(map(len, lines), default=0) <= LONGEST_LINE
        assert not any(b"\0" in line for line in lines)

"""What one hand with many names achieves, and what honest crowds notice of the safeguards. Simulated, seeded.

    python -m bench.bench_hands [--hours 6]

Each scenario posts to an empty outbox and then sends what is due, minute by minute; an hour is any hour. `asked`: held
for a confirmation by mail. `paced`: waits its turn. `office/h`: the most letters that any office got within an hour.
`last`: minutes from the post to the last letter, for people who need not confirm. Honest people who are asked confirm
within half an hour; invented ones never.
"""

import argparse
import asyncio
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from boundaries.data import shipped
from boundaries.state import State, open_state
from relay.letters import Letter, Submission
from relay.letters.circumstances import Circumstances, Event, client_of, pick_phrases
from relay.outbox.sqlite import open_sqlite
from relay.settings import Rate
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import find_keys

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PACE = Rate(20, HOUR)
TEMPLATE = (Path(__file__).parents[1] / "content/campaigns/safe-communities-act.md").read_text("utf-8")
WORDS = sorted({word for word in TEMPLATE.split() if word.isalpha()})
CODE = Event("hall", 200)


@dataclass(frozen=True)
class Person:
    at: timedelta  # when they post
    address: str
    pair: tuple[str, str]  # senate, house
    message: str
    street: str
    honest: bool
    event: Event | None = None


def spread(number: int, within: timedelta, draw: random.Random) -> list[timedelta]:
    return sorted(within * draw.random() for _ in range(number))


def own_words(draw: random.Random) -> str:
    return TEMPLATE + "\n\n" + " ".join(draw.choices(WORDS, k=40))


def one_hand(number: int, addresses: Callable[[random.Random], str]) -> Callable[[random.Random, State], list[Person]]:
    """4,000 invented people in an hour, all in one pair of districts, with the campaign's text."""

    def people(draw: random.Random, state: State) -> list[Person]:
        pair = state.town_pairs("Chelsea")[0]
        return [
            Person(at, addresses(draw), (pair.senate, pair.house), TEMPLATE, f"{draw.random()} Street", honest=False)
            for at in spread(number, HOUR, draw)
        ]

    return people


def rush(draw: random.Random, state: State) -> list[Person]:
    """500 people in ten minutes: 60 % with the campaign's text, half at home, half on phones behind three carriers."""
    pairs = [(pair.senate, pair.house) for town in state.towns for pair in state.town_pairs(town)]
    by_house = defaultdict(list)
    for pair in sorted(set(pairs)):
        by_house[pair[1]].append(pair)
    carriers = [f"{carrier}.{net}." for carrier in ("198.51", "198.52", "198.53") for net in (1, 2)]
    people = []
    for at in spread(500, 10 * MINUTE, draw):
        home = f"100.{draw.randrange(128, 255)}.{draw.randrange(256)}.{draw.randrange(256)}".replace("100.", "24.")
        phone = f"{draw.choice(carriers)}{draw.randrange(40)}"
        message = TEMPLATE if draw.random() < 0.6 else own_words(draw)
        pair = draw.choice(by_house[draw.choice(sorted(by_house))])
        address = home if draw.random() < 0.5 else phone
        people.append(Person(at, address, pair, message, f"{draw.randrange(9_000)} Street", honest=True))
    return people


def church(event: Event | None) -> Callable[[random.Random, State], list[Person]]:
    """80 people behind one address in half an hour, from one town, a fifth with words of their own."""

    def people(draw: random.Random, state: State) -> list[Person]:
        pair = state.town_pairs("Chelsea")[0]
        return [
            Person(
                at, "24.1.2.3", (pair.senate, pair.house), TEMPLATE if draw.random() < 0.8 else own_words(draw),
                f"{draw.randrange(40)} Street", honest=True, event=event,
            )
            for at in spread(80, 30 * MINUTE, draw)
        ]  # fmt: skip

    return people


SCENARIOS = {
    "one hand, one address": one_hand(4_000, lambda draw: "203.0.113.9"),  # noqa: ARG005
    "one hand, one /24": one_hand(4_000, lambda draw: f"203.0.113.{draw.randrange(256)}"),
    "one hand, one /48": one_hand(4_000, lambda draw: f"2001:db8:1:{draw.randrange(65_536):x}::1"),
    "one hand, 1,000 networks": one_hand(4_000, lambda draw: f"24.{draw.randrange(4)}.{draw.randrange(250)}.7"),
    "honest rush of 500": rush,
    "church of 80, no codes": church(None),
    "church of 80, with codes": church(CODE),
}


def write(number: int, person: Person) -> tuple[Submission, list[Letter], Letter, Circumstances]:
    senate, house = person.pair
    at = NOON + person.at
    made = submission(number, at=at, senate=senate, house=house, message=person.message)
    sent = [
        replace(letter, to_email=f"{letter.chamber}.{district}".replace(" ", ".") + "@office.example")
        for letter, district in zip(letters(made), person.pair, strict=True)
    ]
    address, network = client_of(person.address)
    circumstances = Circumstances(
        address=address,
        network=network,
        phrases=pick_phrases(person.message, TEMPLATE),
        street=person.street,
        house_number=str(number),
        pace=PACE,
        event=person.event,
    )
    return made, sent, confirmation(made), circumstances


async def play(name: str, people: list[Person], hours: int, folder: Path) -> str:
    """One row of the table."""
    outbox = await open_sqlite(folder / "outbox.db", find_keys)
    asked, paced, refused, lasts = 0, 0, 0, list[timedelta]()
    sent: dict[str, list[datetime]] = defaultdict(list)
    confirming: dict[datetime, list[str]] = defaultdict(list)
    unasked: dict[str, datetime] = {}
    posts = iter([*((NOON + person.at, number, person) for number, person in enumerate(people, 1))])
    following = next(posts, None)
    went: Counter[str] = Counter()
    for minute in _minutes(hours):
        while following and following[0] <= minute:
            at, number, person = following
            made, mails, ask, circumstances = write(number, person)
            answer = await outbox.accept(made, mails, ask, "suspicious", None, circumstances)
            refused += answer.retry_after > 0
            asked += answer.held
            paced += answer.paced
            if answer.held and person.honest:
                confirming[minute + 30 * MINUTE].append(made.confirm_token)
            elif not answer.held and not answer.retry_after:
                unasked[made.id] = at
            following = next(posts, None)
        for token in confirming.pop(minute, []):
            await outbox.confirm(token, minute)
        for claim in await outbox.claim("smtp", minute, HOUR, 10_000):
            await outbox.settle(claim, "sent", minute, None, "250 ok")
            if claim.letter.kind == "legislator":
                sent[claim.letter.to_email].append(minute)
                went[claim.letter.submission] += 1
                if went[claim.letter.submission] == 2 and claim.letter.submission in unasked:
                    lasts.append(minute - unasked[claim.letter.submission])
    await outbox.close()
    busiest = max((_most_within_an_hour(times) for times in sent.values()), default=0)
    last = f"{max(lasts) // MINUTE:5d}" if people[0].honest and lasts else "    -"
    counts = f"{len(people):6d} {refused:8d} {asked:6d} {paced:6d} {sum(went.values()) // 2:6d} {busiest:9d}"
    return f"{name:26s} {counts} {last}"


def _minutes(hours: int) -> Iterator[datetime]:
    return (NOON + minute * MINUTE for minute in range(hours * 60 + 1))


def _most_within_an_hour(times: list[datetime]) -> int:
    most, first = 0, 0
    for last, at in zip(count(), sorted(times), strict=False):
        while at - sorted(times)[first] >= HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=6, help="how long letters are sent")
    hours: int = parser.parse_args().hours
    state = open_state(shipped("ma"))
    print(f"{'':26s} people  refused  asked  paced   sent  office/h  last")
    for name, people in SCENARIOS.items():
        draw = random.Random(17)  # noqa: S311
        with tempfile.TemporaryDirectory() as folder:
            print(asyncio.run(play(name, people(draw, state), hours, Path(folder))), flush=True)


if __name__ == "__main__":
    main()

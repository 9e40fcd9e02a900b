"""How a post arrived: what tells one hand with many names from many people.

Stores keep keyed hashes of it, by a key that lasts a day, and nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final
from zlib import crc32

from relay.settings import Rate

PHRASE: Final = 4  # words
PHRASES: Final = 4  # of a letter are compared with those of others
MIN_OWN: Final = 6  # phrases; fewer own words say nothing about who wrote them
MAX_WORDS: Final = 400  # of a letter are looked at
WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Event:
    """Where people write together, behind one address, with the organizer's code."""

    id: str
    letters: int  # how many the code is good for; at least 1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of one post."""

    address: str = ""  # see `client_of`; "" if unknown
    network: str = ""
    phrases: tuple[str, ...] = ()  # see `pick_phrases`
    street: str = ""  # with its town; "" if none was given
    house_number: str = ""
    takes_mail: bool = True  # whether the e-mail address's domain does; False only if DNS says so
    pace: Rate | None = None  # of unconfirmed letters from one campaign to one office
    event: Event | None = None


def client_of(address: str) -> tuple[str, str]:
    """The address that one customer has and the network around it: an IPv4 address and its /24, or an IPv6 /64 and its
    /48. IPv4-mapped addresses are IPv4. "" twice if it is not an address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "", ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    own, around = (32, 24) if ip.version == 4 else (64, 48)
    return tuple(str(ip_network(f"{ip}/{bits}", strict=False)) for bits in (own, around))  # type: ignore[return-value]


def pick_phrases(message: str, template: str) -> tuple[str, ...]:
    """A few phrases of the writer's own words: letters with the same words, in part, are likely to share some
    (MinHash, Broder 1997). None if the text is the campaign's own, or nearly so."""
    own = set(_phrases(message)) - _template_phrases(template)
    if len(own) < MIN_OWN:
        return ()
    encoded = [phrase.encode(errors="replace") for phrase in own]
    picked = [min(encoded, key=lambda phrase: crc32(phrase, seed)) for seed in range(1, PHRASES + 1)]
    return tuple(phrase.decode() for phrase in picked)


@lru_cache(64)
def _template_phrases(template: str) -> frozenset[str]:
    return frozenset(_phrases(template))


def _phrases(text: str) -> Iterator[str]:
    words = WORD.findall(text.casefold())[:MAX_WORDS]
    return (" ".join(words[start : start + PHRASE]) for start in range(len(words) - PHRASE + 1))

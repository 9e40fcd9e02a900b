"""What the keys of a campaign's file mean, for the reference and for the form in the browser."""

from collections.abc import Mapping
from typing import Final

MEANT: Final[Mapping[str, str]] = {
    "title": "what should happen, in one line: the page's heading",
    "campaign": "name of the campaign; letters come from “Ana Silva via …”",
    "action": "what people do here, in a few words",
    "summary": "one sentence for the index, search engines and shared links",
    "state": "the folder in `boundaries/`, like `ma`; needed if there are several",
    "recipients": "who is written to: a list of `senator`, `representative`, `committee:Judiciary` (its chairs, who "
    "are told if the writer lives elsewhere; `committee:Judiciary/senate` or `/house` is one of the two), "
    "`leader:speaker`, `leader:president`, or `{name: …, email: …, greeting: …}` if the relay's operator allows that "
    "address's domain",
    "bills": "bill numbers, like `[H.3573, S.1401]`",
    "session": "the session they belong to, like `194` or `2025`: they die with it, and `check` tells you",
    "subject": "of every letter; may have placeholders",
    "goal": "how many letters you hope for",
    "organiser": "the organizer's e-mail address, or a list of them: the first gets drafts, alerts and reports, "
    "all may open the campaign's desk",
    "status": "`draft`: letters go only to the organizer, marked [TEST]; `published`; `withdrawn`",
    "opens": "first day, like `2027-01-31`",
    "closes": "last day",
    "outcome": "shown once the campaign is over",
    "confirm": "whether writers confirm their e-mail address before the letter goes: `always`, `suspicious`, `never`",
    "participants": "whether the page shows first names of those who agreed: `names`, `none`",
    "safety": "what your writers should leave out; `none` says nothing. Unset: immigration status, employer, court "
    "case",
    "join": "`{text: Send me news of this campaign, privacy: https://…}`: a box, unticked, with exactly these words, "
    "by which writers join your list; a translation has its own `{text: …}`, or no box",
    "kind": "`letter`, or `testimony` for a hearing, with the next four",
    "hearing": "when and where, as the notice says it; may be translated",
    "deliver_by": "when testimony ends, like `2026-03-12 17:00`, in the site's time zone",
    "committee": "`{name: …, email: …}` of the notice, perhaps with `greeting`",
    "position": "`support`, `oppose`, or `neutral`",
    "thanks_subject": "subject of the letter to those who support you already, under `## Message: thanks`",
    "translation": "only in a translation: `unreviewed` adds a note to the page, `reviewed` does not",
}

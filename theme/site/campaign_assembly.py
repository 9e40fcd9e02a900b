"""From a campaign's files to the campaign that is published."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from boundaries.state import State
from theme.hidden_part import name_draft
from theme.manifest import Campaign, Holder, Text
from theme.recipients import CommitteeChairs, Leader, parse_recipient
from theme.site.campaign_file import ABOUT, OWN, STATE, CampaignFile
from theme.site.hearing import take_testimony
from theme.site.markdown import render_markdown
from theme.site.states import States
from theme.stances import Stance

NOTHING: Final = "none"  # for `safety`


def page_url(slug: str, language: str, first: str, folder: str = "campaigns") -> str:
    """The path of a campaign's page in a language."""
    return f"/{folder}/{slug}/" if language == first else f"/{language}/{folder}/{slug}/"


def assemble(
    versions: list[CampaignFile], states: States, manifest_key: str, stances: Sequence[Stance] = ()
) -> Campaign | None:
    """The campaign made of a first file and its translations; None if a required part is missing."""
    main = versions[0]
    given = dict(main.values)
    if states.only and STATE not in main.document.entries:
        given[STATE] = states.only
    title, subject, summary = given.pop("title", ""), given.pop("subject", ""), given.pop("summary", "")
    for key in ("session", "thanks_subject"):
        given.pop(key, None)
    safety, join = given.pop("safety", None), given.pop("join", {})
    organisers = given.pop("organiser", ())
    hearing = given.get("hearing", "")
    given |= take_testimony(given)
    needed = {"state", "campaign", "action", "recipients"} <= given.keys()
    if not (needed and title and subject and main.message):
        return None
    is_hidden = given.get("status") == "draft" and manifest_key
    folder = f"drafts/{name_draft(main.slug, manifest_key)}" if is_hidden else "campaigns"
    texts = {
        version.language: Text(
            title=version.values.get("title", title),
            summary=version.values.get("summary", summary),
            subject=version.values.get("subject", subject),
            message=version.message or main.message,
            body_html=render_markdown(version.argument if version.argument.strip() else main.argument),
            url=page_url(main.slug, version.language, main.language, folder),
            unreviewed=version.values.get(ABOUT) == "unreviewed",
            safety=_say(version.values.get("safety", safety)),
            # Nobody consents to words in another language.
            join=version.values.get("join", {}).get("text", ""),
            hearing=version.values.get("hearing", hearing),
            thanks_subject=version.values.get("thanks_subject", ""),
            thanks=version.thanks,
            **_own(version, main),
        )
        for version in versions
    }
    return Campaign(
        slug=main.slug,
        texts=texts,
        holders=_find_holders(given, states.open(given[STATE])),
        organiser=next(iter(organisers), None),
        co_organisers=organisers[1:],
        join_privacy=join.get("privacy"),
        stances=tuple(stances),
        **given,
    )


def _find_holders(given: Mapping[str, Any], state: State) -> dict[str, tuple[Holder, ...]]:
    """Who chairs and leads today, by the recipient's entry; without offices that nobody holds."""
    holders: dict[str, tuple[Holder, ...]] = {}
    for recipient in map(parse_recipient, given["recipients"]):
        try:
            if isinstance(recipient, CommitteeChairs):
                chairs = state.chairs(recipient.committee, recipient.chamber)
                holders[str(recipient)] = tuple(Holder(state.titles[chair.chamber], chair.name) for chair in chairs)
            elif isinstance(recipient, Leader):
                holders[str(recipient)] = (Holder(recipient.role.title(), state.leader(recipient.role).name),)
        except KeyError:  # a closed campaign's: its fault is a warning
            continue
    return {entry: held for entry, held in holders.items() if held}


def _say(safety: str | None) -> str | None:
    return "" if safety == NOTHING else safety


def _own(version: CampaignFile, main: CampaignFile) -> Mapping[str, str]:
    """A translation's own campaign, action and outcome."""
    return {} if version is main else {key: version.values[key] for key in OWN if key in version.values}

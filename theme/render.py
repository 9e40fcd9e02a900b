"""Template contexts shared by site and relay, and the renderer of the relay's pages.

`pelicanconf.py` imports ENVIRONMENT from here, including copies that other people keep, so it stays here.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from boundaries.offices import Office
from theme.faults import Fault
from theme.manifest import Campaign, Phase, Site
from theme.pages import sentences
from theme.pages.csp import content_security_policy, security_headers
from theme.pages.environment import ENVIRONMENT as ENVIRONMENT
from theme.pages.environment import create_environment
from theme.pages.fallbacks import Fallbacks, find_fallbacks
from theme.pages.languages import language_of
from theme.pages.views import (
    ConfirmationView,
    DeskLine,
    DeskView,
    DoorView,
    ErasureView,
    Form,
    OfficeReportView,
    ReceiptView,
    ReportView,
)


def page_context(site: Site, relay_url: str, assets_url: str) -> dict[str, object]:
    """The context of every page, except `lang`. assets_url: origin of `/theme/…`; "" for the page's own."""
    return {
        "site": site,
        "relay_url": relay_url,
        "assets_url": assets_url,
        "policy": _quoted(content_security_policy(site.url, relay_url)),
        "versions": {},  # the same page in other languages: tag → URL
        "unreviewed": False,  # whether this page is a translation that no native speaker has checked
    }


def campaign_context(campaign: Campaign, language: str, phase: Phase, form: Form, count: int = 0) -> dict[str, object]:
    """The context of the campaign page, on site and relay. count: letters so far; 0 until the script asks."""
    return {
        "lang": language,
        "campaign": campaign,
        "versions": {tag: text.url for tag, text in campaign.texts.items()},
        "unreviewed": campaign.text(language).unreviewed,
        "text": campaign.text(language),
        "letter": campaign.text(campaign.language),
        "phase": phase,
        "form": form,
        "count": count,
        "embedded": False,  # whether the page is in a frame on another site
    }


class Renderer:
    """Renders the relay's pages from the site's templates. Thread-safe."""

    def __init__(self, site: Site, relay_url: str, public_url: str = "") -> None:
        """relay_url: public URL of the relay, no trailing slash; "" if it has the site's origin. public_url: the
        site's, to be shared, if `site.url` leaves it out."""
        self._site = site
        self._env = create_environment()
        # Static files come from the relay, so its pages work while the site is down.
        self._env.globals.update(page_context(site, relay_url, assets_url=relay_url))
        self._env.globals["public_url"] = site.url or public_url
        self.headers: Mapping[str, str] = security_headers(site.url, relay_url)

    def campaign(self, campaign: Campaign, language: str, phase: Phase, form: Form) -> str:
        """The campaign page with a filled-in form and its errors, district choices or refusal."""
        return self._render("campaign.html", **campaign_context(campaign, language, phase, form))

    def event(self, campaign: Campaign, language: str, phase: Phase, form: Form) -> str:
        """The campaign page for people at an event. form: with the event's code, or empty if that is no longer good."""
        return self._render("event.html", **campaign_context(campaign, language, phase, form))

    def receipt(
        self,
        campaign: Campaign,
        language: str,
        receipt: ReceiptView,
        token_url: str,
        first_view: bool,
        following: Campaign | None = None,
    ) -> str:
        """The thank-you page, later the status of each letter.

        token_url: takes the POSTs of its buttons. following: another open campaign to suggest.
        """
        return self._render(
            "receipt.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            receipt=receipt,
            token_url=token_url,
            first_view=first_view,
            following=following,
        )

    def call(self, campaign: Campaign, language: str, action_url: str, form: Form, seats: Sequence[Office] = ()) -> str:
        """Phone numbers and a script, for people who prefer not to give a name.

        seats: whom to call; several per chamber if the address is ambiguous; empty asks for an address.
        """
        return self._render(
            "call.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            action_url=action_url,
            form=form,
            seats=seats,
        )

    def confirm(self, campaign: Campaign, language: str, action_url: str, view: ConfirmationView) -> str:
        """The page behind the link in mail to a writer: it asks whether the letter is theirs, and shows its status."""
        return self._render(
            "confirm.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            action_url=action_url,
            view=view,
        )

    def report(self, campaign: Campaign, language: str, report: ReportView, action_url: str) -> str:
        """A campaign's figures and public names, for its organizers. action_url: takes the POSTs of its buttons."""
        return self._render(
            "report.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            report=report,
            action_url=action_url,
        )

    def door(self, language: str, view: DoorView) -> str:
        """Where organizers ask for the link to their desk, and open it."""
        return self._render("door.html", lang=language, view=view, form=view.form)

    def desks(self, language: str, lines: Sequence[DeskLine], done: str = "") -> str:
        """An organizer's campaigns."""
        return self._render("desks.html", lang=language, lines=lines, done=done)

    def desk(self, campaign: Campaign, language: str, report: ReportView, desk: DeskView, action_url: str) -> str:
        """A campaign's desk: its report, what became of its letters, and what waits."""
        return self._render(
            "desk.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            report=report,
            desk=desk,
            action_url=action_url,
        )

    def office_report(self, campaign: Campaign, language: str, view: OfficeReportView) -> str:
        """A page to print for one legislator's staff."""
        return self._render(
            "office_report.html", lang=language, campaign=campaign, text=campaign.text(language), view=view
        )

    def erasure(self, language: str, view: ErasureView) -> str:
        """Where people have everything of a mailbox erased if they lost their receipt."""
        return self._render("erase.html", lang=language, view=view, form=view.form)

    def notice(self, language: str, status: int, campaign: Campaign | None = None) -> str:
        """A plain page for an HTTP status. campaign: named on it if given."""
        return self._render("notice.html", lang=language, status=status, campaign=campaign)

    def explain(self, fault: Fault, tag: str) -> str:
        """The error message in problem+json, as plain text."""
        return sentences.explain_fault(fault, language_of(tag))

    def name_recipients(self, seats: Sequence[Office], thanked: Sequence[Office], tag: str) -> str:
        """What the page says when an address is matched. seats: those the campaign writes to. thanked: those of them
        who get the letter of thanks."""

        def name(seats: Sequence[Office]) -> list[str]:
            return [f"{self.office(seat.title, tag)} {seat.name}" if seat.name else "" for seat in seats if seat.mail]

        asked = [seat for seat in seats if seat not in thanked]
        return sentences.name_recipients(name(asked), name(thanked), language_of(tag).gettext)

    def mark_thanked(self, name: str, tag: str) -> str:
        """The name of somebody who gets the letter of thanks."""
        return sentences.mark_thanked(name, language_of(tag).gettext)

    def preview_fault(self, fault: Fault, tag: str) -> str:
        """What the page says while an address is ambiguous or unknown and nothing has been sent."""
        return sentences.preview_fault(fault, language_of(tag))

    def fallbacks(self, faults: Sequence[Fault], tag: str) -> Fallbacks:
        """What to offer instead, for the page's script."""
        return find_fallbacks(faults, self._site, tag)

    def office(self, title: str, tag: str) -> str:
        """A legislator's title in this language."""
        return sentences.name_office(title, language_of(tag).gettext)

    def _render(self, template: str, **context: object) -> str:
        return self._env.get_template(template).render(context)


def _quoted(text: str) -> Markup:
    """Escape text for a double-quoted attribute, where apostrophes need no escape."""
    return Markup(str(escape(text)).replace("&#39;", "'"))  # noqa: S704  (escaped just before)

"""Pages: what every template is given, whoever renders it, and the relay's own. `pelicanconf.py` takes ENVIRONMENT
from here, in people's own copies too."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from theme.faults import Fault
from theme.manifest import Campaign, Phase, Site
from theme.pages import sentences
from theme.pages.csp import content_security_policy, security_headers
from theme.pages.environment import ENVIRONMENT, TEMPLATES, configure_environment
from theme.pages.fallbacks import Fallbacks, find_fallbacks
from theme.pages.languages import language_of
from theme.pages.views import Form, OfficeView, ReceiptView, ReportView, Stage


def page_context(site: Site, relay_url: str, assets_url: str) -> dict[str, object]:
    """What every page is given, beside its `lang`. assets_url: what stands before `/theme/…`; "" is here."""
    return {
        "site": site,
        "relay_url": relay_url,
        "assets_url": assets_url,
        "policy": _quoted(content_security_policy(site.url, relay_url)),
        "versions": {},  # the same page in other languages: tag → address
        "unreviewed": False,  # whether the page's own words were translated, and not checked by a native speaker
    }


def campaign_context(campaign: Campaign, language: str, phase: Phase, form: Form, count: int = 0) -> dict[str, object]:
    """What the campaign page is given, whoever renders it. count: letters so far; 0 until a script asks."""
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
        "embedded": False,  # whether the page stands in another site's frame
    }


class Renderer:
    """The relay's pages, from the site's own templates. Safe to share between threads."""

    def __init__(self, site: Site, relay_url: str) -> None:
        """relay_url: where the relay is seen from outside, no trailing slash; "" where the site is."""
        self._site = site
        self._env = Environment(loader=FileSystemLoader(TEMPLATES), **ENVIRONMENT)  # noqa: S701  (autoescape is in there)
        configure_environment(self._env)
        # From the relay's own copy of the theme, so that its pages stand when the site is down.
        self._env.globals.update(page_context(site, relay_url, assets_url=relay_url))
        self.headers: Mapping[str, str] = security_headers(site.url, relay_url)

    def campaign(self, campaign: Campaign, language: str, phase: Phase, form: Form) -> str:
        """The whole campaign page again: filled in, with its faults, choices or refusal."""
        return self._render("campaign.html", **campaign_context(campaign, language, phase, form))

    def receipt(
        self,
        campaign: Campaign,
        language: str,
        receipt: ReceiptView,
        token_url: str,
        first_view: bool,
        following: Campaign | None = None,
    ) -> str:
        """The thank-you page, and later what became of each letter. token_url takes the posts of its buttons.

        following: another campaign that takes letters now.
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

    def call(
        self, campaign: Campaign, language: str, action_url: str, form: Form, seats: Sequence[OfficeView] = ()
    ) -> str:
        """Phone numbers and what to say, for who would rather give no name. seats: whom to call; more than one of a
        chamber where the address does not decide; none asks for it."""
        return self._render(
            "call.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            action_url=action_url,
            form=form,
            seats=seats,
        )

    def confirm(self, campaign: Campaign, language: str, action_url: str, stage: Stage) -> str:
        """The page behind the link in our mail to a writer: is this letter yours? Or what came of the answer."""
        return self._render(
            "confirm.html",
            lang=language,
            campaign=campaign,
            text=campaign.text(language),
            action_url=action_url,
            stage=stage,
        )

    def report(self, campaign: Campaign, language: str, report: ReportView) -> str:
        """How a campaign is going, for its organisers."""
        return self._render(
            "report.html", lang=language, campaign=campaign, text=campaign.text(language), report=report
        )

    def notice(self, language: str, status: int, campaign: Campaign | None = None) -> str:
        """A plain page for an HTTP status, naming the campaign where there is one."""
        return self._render("notice.html", lang=language, status=status, campaign=campaign)

    def explain(self, fault: Fault, tag: str) -> str:
        """The sentence that problem+json carries, as plain text."""
        return sentences.explain_fault(fault, language_of(tag))

    def name_recipients(self, seats: Sequence[OfficeView], tag: str) -> str:
        """What the page says once an address is found. seats: those that the campaign writes to."""
        names = [f"{self.office(one.title, tag)} {one.name}" if one.name else "" for one in seats if one.mail]
        return sentences.name_recipients(names, language_of(tag).gettext)

    def preview_fault(self, fault: Fault, tag: str) -> str:
        """What the page says while an address does not decide and nothing is sent yet."""
        return sentences.preview_fault(fault, language_of(tag))

    def fallbacks(self, faults: Sequence[Fault], tag: str) -> Fallbacks:
        """What else leads on from these faults, for a page's script."""
        return find_fallbacks(faults, self._site, tag)

    def office(self, title: str, tag: str) -> str:
        """The title before a legislator's name, as readers of the language know it."""
        return sentences.name_office(title, language_of(tag).gettext)

    def _render(self, template: str, **context: object) -> str:
        return self._env.get_template(template).render(context)


def _quoted(text: str) -> Markup:
    """Text as it may stand between double quotes; apostrophes need no escape there."""
    return Markup(str(escape(text)).replace("&#39;", "'"))  # noqa: S704  (escaped just before)

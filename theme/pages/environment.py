"""The Jinja environment of the site and the relay: gettext, and the filters and globals that templates may use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from boundaries.district_order import place_of
from boundaries.model import Chamber
from boundaries.offices import Choice
from theme.assets import fingerprint
from theme.counts import near_goal
from theme.faults import Fault
from theme.fields import DISCLOSURES, FIELD, HONEYPOT
from theme.pages import sentences
from theme.pages.fallbacks import Fallbacks, find_fallbacks
from theme.pages.languages import ENDONYMS, direction, language_of
from theme.pages.qr_code import draw_qr_code

TEMPLATES: Final = Path(__file__).parents[1] / "templates"

Subject = TypeVar("Subject")

# Options of every environment, including Pelican's: autoescape is on, and an undefined name is an error.
ENVIRONMENT: Final[Mapping[str, Any]] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": ["jinja2.ext.i18n"],
}


def create_environment() -> Environment:
    """An environment that loads the theme's templates, configured."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), **ENVIRONMENT)  # noqa: S701  (autoescape is in ENVIRONMENT)
    configure_environment(env)
    return env


def configure_environment(env: Environment) -> None:
    """Add gettext, filters and globals to an environment made with ENVIRONMENT.

    They read the language from the template variable `lang`, so import partials `with context`.
    """
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True, pgettext=_pgettext)  # type: ignore[attr-defined]
    env.globals.update(
        FIELD=FIELD,
        DISCLOSURES=DISCLOSURES,
        ENDONYMS=ENDONYMS,
        HONEYPOT=HONEYPOT,
        asset=_asset,
        direction=direction,
        draw_qr_code=draw_qr_code,
        is_unreviewed=_is_unreviewed,
        near_goal=near_goal,
        explain=_explain,
        find_fallbacks=_find_fallbacks,
        explain_refusal=_with_gettext(sentences.explain_refusal),
        title_notice=_with_gettext(sentences.title_notice),
        explain_notice=_with_gettext(sentences.explain_notice),
        describe_status=_with_gettext(sentences.describe_status),
        describe_burst=_with_gettext(sentences.describe_burst),
        describe_status_to_organizers=_with_gettext(sentences.describe_status_to_organizers),
        explain_deadline=_explain_deadline,
        describe_position=_with_gettext(sentences.describe_position),
        describe_stand=_with_gettext(sentences.describe_stand),
        office=_with_gettext(sentences.name_office),
    )
    env.filters.update(
        by_district=_by_district, day=_day, deadline=_deadline, listed=_listed, moment=_moment, number=_number
    )


@pass_context
def _gettext(context: Context, message: str) -> str:
    return language_of(context["lang"]).gettext(message)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, n: int) -> str:
    return language_of(context["lang"]).ngettext(singular, plural, n)


@pass_context
def _pgettext(context: Context, about: str, message: str) -> str:
    return language_of(context["lang"]).pgettext(about, message)


@pass_context
def _is_unreviewed(context: Context) -> bool:
    """Whether any message in the page's language has not been checked by a native speaker."""
    return bool(language_of(context["lang"]).unreviewed)


@pass_context
def _explain(context: Context, fault: Fault) -> str:
    return sentences.explain_fault(fault, language_of(context["lang"]))


@pass_context
def _find_fallbacks(context: Context, faults: Sequence[Fault], *, always: bool = False) -> Fallbacks:
    return find_fallbacks(faults, context["site"], context["lang"], always=always)


def _with_gettext(function: Callable[[Subject, sentences.Gettext], str]) -> Callable[[Context, Subject], str]:
    """Turn a function of (subject, gettext) into a template global that takes the subject."""

    @pass_context
    def render(context: Context, subject: Subject) -> str:
        return function(subject, language_of(context["lang"]).gettext)

    return render


@pass_context
def _asset(context: Context, name: str) -> str:
    """The URL of a static file, with a fingerprint of all files, so caches never serve a stale one."""
    return f"{context['assets_url']}/theme/{name}?{fingerprint(context['site'].look)}"


def _by_district(choices: Iterable[Choice], chamber: Chamber) -> list[Choice]:
    """In the order in which people look for their district."""
    return sorted(choices, key=lambda choice: place_of(choice.pair.of(chamber)))


@pass_context
def _day(context: Context, value: date) -> str:
    return language_of(context["lang"]).day(value)


@pass_context
def _listed(context: Context, names: Sequence[str]) -> Markup:
    """ "Ana, Ben, and Carla". Markup in a name stays markup."""
    return Markup(language_of(context["lang"]).listed([str(escape(name)) for name in names]))  # noqa: S704  (escaped)


@pass_context
def _moment(context: Context, value: datetime) -> str:
    """A time in the site's time zone. value: aware."""
    return language_of(context["lang"]).moment(value.astimezone(ZoneInfo(context["site"].timezone)))


@pass_context
def _explain_deadline(context: Context) -> str:
    return sentences.explain_deadline(language_of(context["lang"]).gettext)


@pass_context
def _deadline(context: Context, value: datetime) -> str:
    """value: in the site's time zone, and naive."""
    return language_of(context["lang"]).deadline(value, ZoneInfo(context["site"].timezone))


@pass_context
def _number(context: Context, value: int) -> str:
    return language_of(context["lang"]).number(value)

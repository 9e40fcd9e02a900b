"""The pages that are not made from a Markdown file."""

from collections.abc import Mapping
from typing import Any

from pelican.generators import Generator  # type: ignore[import-untyped]
from pelican.writers import Writer  # type: ignore[import-untyped]

from theme.manifest import Campaign
from theme.pages.views import Form
from theme.render import campaign_context
from theme.site.phones import list_phone_directories
from theme.site.run import MANIFEST_KEY, current_run


class SiteGenerator(Generator):  # type: ignore[misc]  # Pelican's generators are untyped
    """Writes the index and the phone directory in every language, the page for offices, pages for
    what is not there, translated letters, and the embeddable forms."""

    def generate_output(self, writer: Writer) -> None:
        run = current_run(self.settings)
        manifest = run.manifest
        site = manifest.site
        homes = {tag: site.home(tag) for tag in site.languages}
        for tag, url in homes.items():
            self._write(writer, url, "index", {"lang": tag, "versions": homes, "unreviewed": False})
        states = {campaign.state for campaign in manifest.campaigns}
        directories = list_phone_directories(states, run.states)
        phones = {tag: site.phones(tag) for tag in site.languages}
        for tag, url in phones.items():
            context = {"lang": tag, "versions": phones, "unreviewed": False, "directories": directories}
            self._write(writer, url, "phones", context)
        for tag in site.languages[1:]:
            writer.write_file(f"{tag}/404.html", self.get_template("404"), self.context, missing_in=tag)
        # In English, which the offices read.
        english = {"lang": "en", "versions": {"en": site.offices}, "unreviewed": False}
        written_to_offices = [campaign for campaign in manifest.campaigns if campaign.status != "draft"]
        self._write(writer, site.offices, "offices", english | {"campaigns": written_to_offices})
        for campaign in manifest.campaigns:
            self._write_translated_letters(writer, campaign)
            if campaign in written_to_offices or not self.settings.get(MANIFEST_KEY):
                self._write_embeds(writer, campaign)

    def _write_translated_letters(self, writer: Writer, campaign: Campaign) -> None:
        """The letter next to its translation, on a page of its own to keep the campaign page small."""
        versions = {tag: f"{campaign.text(tag).url}letter/" for tag in campaign.texts if tag != campaign.language}
        for tag, url in versions.items():
            text = campaign.text(tag)
            context = {
                "lang": tag,
                "versions": versions,
                "unreviewed": text.unreviewed,
                "campaign": campaign,
                "text": text,
                "letter": campaign.text(campaign.language),
            }
            self._write(writer, url, "letter", context)

    def _write_embeds(self, writer: Writer, campaign: Campaign) -> None:
        """The bare form for frames on other sites. All are under /embed/, so one header rule covers them."""
        run = current_run(self.settings)
        first = run.manifest.site.languages[0]
        versions = {tag: f"/embed/{'' if tag == first else f'{tag}/'}{campaign.slug}/" for tag in campaign.texts}
        phase, count = campaign.phase(run.now), run.counts.get(campaign.slug, 0)
        for tag, url in versions.items():
            context = campaign_context(campaign, tag, phase, Form(), count)
            self._write(writer, url, "embed", context | {"versions": versions, "embedded": True})

    def _write(self, writer: Writer, url: str, template: str, context: Mapping[str, Any]) -> None:
        """Write the page at `url`, a folder from the root of the site."""
        writer.write_file(f"{url.lstrip('/')}index.html", self.get_template(template), self.context, **context)

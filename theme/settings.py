"""The settings that all sites share: `from theme.settings import *` at the top of pelicanconf.py, and yours after it.

They change with Beaconpost, so a site's own file has only what is its own.
"""

import os
from pathlib import Path

from theme import plugin
from theme.assets import STATIC
from theme.render import ENVIRONMENT

# Public URLs of site and relay, from the environment. Both are empty if they share one origin, as under `dev`.
SITEURL = os.environ.get("BEACONPOST_SITE_URL", "").rstrip("/")
BEACONPOST_RELAY_URL = os.environ.get("BEACONPOST_RELAY_URL", "").rstrip("/")
# States of your own, newer than those that ship with Beaconpost: the relay's setting of that name.
BEACONPOST_BOUNDARIES = os.environ.get("BEACONPOST_BOUNDARIES", "") or ("states" if Path("states").is_dir() else "")

# Seals drafts and organizers' addresses in campaigns.json, which everybody can read, and gives a draft's page an
# address that nobody can guess. The relay needs the same key.
BEACONPOST_MANIFEST_KEY = os.environ.get("BEACONPOST_MANIFEST_KEY", "")

# Your branding. "" is the theme's own color; dark mode gets a lighter shade of yours. A color that would be unreadable
# on the page stops the build, which then suggests one.
BEACONPOST_BRAND = ""  # links and buttons, like "#16405b"
BEACONPOST_STAMP = ""  # labels and the stripe, like "#b3401f"
BEACONPOST_LOGO = ""  # an image in content/images/, like "images/logo.svg", for the header and the tab icon
# Footer lines: a text, or a text and a link, like ("Write to us", "mailto:desk@pondfriends.example").
BEACONPOST_FOOTER: list[str | tuple[str, str]] = []

# Days until names, addresses and text are erased, once the last letter has arrived or failed. The privacy page says so,
# and the relay keeps nobody longer, whatever its BEACONPOST_FORGET_AFTER.
BEACONPOST_ERASED_AFTER = 7

# Other sites that may show /embed/<campaign>/ in a frame, like ["https://coalition.example"].
BEACONPOST_EMBED: list[str] = []

DEFAULT_LANG = "en"
TIMEZONE = "America/New_York"  # campaigns open and close at midnight here

# Pelican's own settings.
PATH = "content"
OUTPUT_PATH = "output"
DELETE_OUTPUT_DIRECTORY = True
THEME = str(STATIC.parent)
PLUGINS = [plugin]
READERS = {"rst": None, "html": None, "htm": None}  # Markdown only: no other format is checked
JINJA_ENVIRONMENT = dict(ENVIRONMENT)
ARTICLE_PATHS = ["campaigns"]
ARTICLE_ORDER_BY = "slug"
PAGE_PATHS = ["pages"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
STATIC_PATHS = ["images"]
DIRECT_TEMPLATES = ["404"]  # the plugin writes the index, in every language

# Features that a campaign site does not need.
USE_FOLDER_AS_CATEGORY = False
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = False

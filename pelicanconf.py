"""The site: what an organisation changes comes first. `BEACONPOST_SITE_URL` and `BEACONPOST_RELAY_URL` say where
site and relay are; both empty means one origin, as under `beaconpost dev`."""

import os

from theme import plugin
from theme.assets import STATIC
from theme.render import ENVIRONMENT

SITENAME = "Beaconpost"
# Yours to change. A colour that could not be read on the page stops the build, which then names one that can.
BEACONPOST_BRAND = (
    ""  # links and buttons, like "#16405b"; "" is the theme's own. A lighter one is made for dark screens
)
BEACONPOST_STAMP = ""  # labels and the stripe, like "#b3401f"
BEACONPOST_LOGO = ""  # a picture in content/images/, like "images/logo.svg", shown before the name and in the tab
# Lines below every page: a text, or a text and where it leads, like ("Write to us", "mailto:desk@pondfriends.example").
BEACONPOST_FOOTER: list[str | tuple[str, str]] = []

TIMEZONE = "America/New_York"  # decides on which day a campaign opens and closes
DEFAULT_LANG = "en"
SITEURL = os.environ.get("BEACONPOST_SITE_URL", "").rstrip("/")
BEACONPOST_RELAY_URL = os.environ.get("BEACONPOST_RELAY_URL", "").rstrip("/")
BEACONPOST_BOUNDARIES = os.environ.get("BEACONPOST_BOUNDARIES", "")  # as the relay's, for the telephone numbers

# Other sites that may show /embed/<campaign>/ in a frame, like ["https://coalition.example"]; nobody else may.
BEACONPOST_EMBED: list[str] = []

# How Pelican builds it.
PATH = "content"
OUTPUT_PATH = "output"
DELETE_OUTPUT_DIRECTORY = True
THEME = str(STATIC.parent)
PLUGINS = [plugin]
READERS = {"rst": None, "html": None, "htm": None}  # Markdown only: it is the only format that is checked
JINJA_ENVIRONMENT = dict(ENVIRONMENT)
ARTICLE_PATHS = ["campaigns"]
ARTICLE_ORDER_BY = "slug"
PAGE_PATHS = ["pages"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
STATIC_PATHS = ["images"]
DIRECT_TEMPLATES = ["404"]  # the plugin writes the index, in every language

# What a campaign site has no use for.
USE_FOLDER_AS_CATEGORY = False
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = False

"""Pelican's settings for the handbook: `python -m manual`."""

from pathlib import Path

from manual import plugin

_HERE = Path(__file__).parent
SITENAME = "Beaconpost: the handbook"
SITEURL = ""
DEFAULT_LANG = "en"
TIMEZONE = "UTC"
PATH = str(_HERE.parent / "docs")
THEME = str(_HERE)
THEME_STATIC_PATHS = ["handbook.css"]
THEME_STATIC_DIR = "."
PLUGINS = [plugin]
READERS = {"rst": None, "html": None, "htm": None}
DELETE_OUTPUT_DIRECTORY = True
ARTICLE_PATHS: list[str] = []
PAGE_PATHS = ["."]
STATIC_PATHS = ["openapi.yaml"]
DIRECT_TEMPLATES: list[str] = []
RELATIVE_URLS = True
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

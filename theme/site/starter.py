"""The files of a new site: `beaconpost init` and `new`. They are in theme/starter/, as they will be written."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

from theme.pages.languages import ENDONYMS, SOURCE

STARTER: Final = Path(__file__).parents[1] / "starter"
FILES: Final = {  # by their place in the site's folder
    "README.md": "README.md",
    "pelicanconf.py": "pelicanconf",
    "publishconf.py": "publishconf",
    ".env.example": "env.example",
    ".gitignore": "gitignore",
    ".github/workflows/pages.yml": "pages.yml",
    "content/campaigns/my-campaign.md": "campaign.md",
    "states/README.md": "states.md",
}
NAME: Final = "[Site]"  # in these files
REQUIREMENTS: Final = "requirements.txt"
_INHERITED: Final = ("recipients:", "organiser:", "status:")  # not in a translation
FOLDERS: Final = ("content/pages", "content/images")


def make_folder(folder: Path, name: str) -> None:
    """A site's folder, in which every command runs. name: of the site.

    Raises FileExistsError, naming the files, if any of them is there: then nothing was written.
    """
    texts = {place: (STARTER / source).read_text("utf-8") for place, source in FILES.items()}
    texts |= {place: text.replace(NAME, name) for place, text in texts.items()}
    texts[REQUIREMENTS] = f"beaconpost=={version('beaconpost')}\n"
    if there := [place for place in texts if (folder / place).exists()]:
        raise FileExistsError(", ".join(there))
    for place, text in texts.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, "utf-8")
    for place in FOLDERS:
        (folder / place).mkdir(parents=True, exist_ok=True)


def write_campaign(path: Path, language: str = SOURCE, *, translation: bool = False) -> None:
    """A starter campaign in one of `languages`, or a translation, which inherits the rest. Raises FileExistsError if
    the file is there."""
    text = _find_starter(language).read_text("utf-8")
    if translation:
        lines = text.split("\n")
        text = "\n".join(line for line in lines if not line.startswith(_INHERITED))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)


def languages() -> tuple[str, ...]:
    """Those that there is a starter in."""
    return tuple(tag for tag in ENDONYMS if _find_starter(tag).is_file())


def _find_starter(language: str) -> Path:
    return STARTER / ("campaign.md" if language == SOURCE else f"campaign.{language}.md")

"""The files of a new site: `beaconpost init` and `new`. They are in theme/starter/, as they will be written."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

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


def write_campaign(path: Path) -> None:
    """A starter campaign. Raises FileExistsError if the file is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as stream:
        stream.write((STARTER / "campaign.md").read_text("utf-8"))

"""The files of a new site: `beaconpost init` and `new`. They are in theme/starter/, as they will be written."""

from pathlib import Path
from typing import Final

from theme.pages.languages import ENDONYMS, SOURCE
from theme.site.frontmatter import FENCE
from theme.site.requirement import REQUIREMENTS, Requirement, find_requirement

STARTER: Final = Path(__file__).parents[1] / "starter"
FILES: Final = {  # by their place in the site's folder
    "README.md": "README.md",
    "pelicanconf.py": "pelicanconf",
    "publishconf.py": "publishconf",
    ".env": "env",
    ".env.example": "env.example",
    ".gitignore": "gitignore",
    ".github/workflows/pages.yml": "pages.yml",
    "content/campaigns/my-campaign.md": "campaign.md",
    "states/README.md": "states.md",
}
NAME: Final = "[Site]"  # in these files
KEY: Final = "[Key]"  # in .env, which nobody else may read
_INHERITED: Final = ("recipients:", "organiser:", "status:")  # not in a translation
FOLDERS: Final = ("content/pages", "content/images")


def make_folder(folder: Path, name: str, key: str) -> Requirement:
    """A site's folder, in which every command runs. name: of the site. key: seals what is not for everybody.

    Returns what was written into requirements.txt. Raises FileExistsError, naming the files, if any of them is there:
    then nothing was written.
    """
    requirement = find_requirement()
    texts = {place: (STARTER / source).read_text("utf-8") for place, source in FILES.items()}
    texts |= {place: text.replace(NAME, name).replace(KEY, key) for place, text in texts.items()}
    texts[REQUIREMENTS] = requirement.text
    if there := [place for place in texts if (folder / place).exists()]:
        raise FileExistsError(", ".join(there))
    for place, text in texts.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).touch(0o600 if key and key in text else 0o666)
        (folder / place).write_text(text, "utf-8")
    for place in FOLDERS:
        (folder / place).mkdir(parents=True, exist_ok=True)
    requirement.copy_wheel(folder)
    return requirement


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


def read_body(language: str) -> str:
    """The text and the letter that a new campaign begins with; in English, if there is no starter in `language`."""
    text = _find_starter(language if language in languages() else SOURCE).read_text("utf-8")
    return text.partition(f"\n{FENCE}\n")[2]


def languages() -> tuple[str, ...]:
    """Those that there is a starter in."""
    return tuple(tag for tag in ENDONYMS if _find_starter(tag).is_file())


def _find_starter(language: str) -> Path:
    return STARTER / ("campaign.md" if language == SOURCE else f"campaign.{language}.md")

"""Building a site, beside plain Pelican with its `simple` theme and the same Markdown files, in the same run.

    python -m bench.bench_site

Clean builds of campaigns in one language, a build of an unchanged site, and 20 campaigns in seven languages; each the
fastest of RUNS, alternating with the peer.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from relay.cli import main as beaconpost
from theme.pages.languages import known_languages

RUNS: Final = 3
MANY: Final = 300
FEW: Final = 20
SAMPLE: Final = Path(__file__).parents[1] / "content/campaigns/safe-communities-act.md"
PLAIN: Final = """\
SITENAME, TIMEZONE, DEFAULT_LANG, THEME = "Plain", "UTC", "en", "simple"
ARTICLE_PATHS, DEFAULT_DATE = ["campaigns"], "fs"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        many, few = Path(name, "many"), Path(name, "few")
        write_site(many, MANY, [])
        write_site(few, FEW, list(known_languages()))
        report(f"{MANY} campaigns, clean", many, clean=True)
        report(f"{MANY} campaigns, nothing changed", many, clean=False)
        report(f"{FEW} campaigns in {len(known_languages()) + 1} languages, clean", few, clean=True)


def write_site(folder: Path, campaigns: int, languages: list[str]) -> None:
    """A folder as `init` makes it, and the same files for plain Pelican, which reads `key: value` without fences."""
    beaconpost(["init", str(folder)])
    (folder / "content/campaigns/my-campaign.md").unlink()
    (folder / "plain.py").write_text(PLAIN)
    for tag in ("", *(f".{language}" for language in languages)):
        source = SAMPLE.with_suffix(f"{tag}.md").read_text("utf-8")
        for number in range(campaigns):
            text = source.replace("title: ", f"title: {number}. ", 1)
            (folder / f"content/campaigns/c{number:04}{tag}.md").write_text(text, "utf-8")
            plain = folder / f"plain/campaigns/c{number:04}{tag}.md"
            plain.parent.mkdir(parents=True, exist_ok=True)
            slug = f"title: {number}\nslug: c{number:04}{tag}\nlang: {tag.lstrip('.') or 'en'}\n\n"
            plain.write_text(slug + text.split("\n---\n", 1)[1], "utf-8")


def report(what: str, folder: Path, *, clean: bool) -> None:
    def ours() -> float:
        command = [sys.executable, "-m", "relay.cli", "build", "--output", str(folder / "output")]
        return timed(command, folder, folder / "output" if clean else None)

    def pelican() -> float:
        command = [sys.executable, "-m", "pelican", "plain", "-s", "plain.py", "-o", "out"]
        return timed(command, folder, folder / "out" if clean else None)

    built, plain = fastest(ours, pelican)
    print(f"{what}: {built:.2f} s, plain Pelican {plain:.2f} s: {built / plain:.1f} times")


def fastest(*builds: Callable[[], float]) -> list[float]:
    rounds = [[build() for build in builds] for _ in range(RUNS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def timed(command: list[str], folder: Path, remove: Path | None) -> float:
    """Seconds. remove: a folder that must not be there."""
    if remove:
        subprocess.run(["rm", "-rf", str(remove)], check=True)
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

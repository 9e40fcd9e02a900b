"""Building a site, beside plain Pelican with its `simple` theme and the same Markdown files, in the same run.

    python -m bench.bench_site

Campaigns in one language: the first build, without a cache; a clean build with one; nothing changed; one file changed.
Then 20 campaigns in seven languages. Each is the fastest of RUNS, alternating with the peer's clean build. Seconds are
the processor's, of all processes together, because a busy machine does not change those; and the clock's.

Hugo (Debian's package) and Eleventy (npm's @11ty/eleventy) build the same Markdown with one small template, if their
commands are on PATH.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from relay.cli import main as beaconpost
from theme.pages.languages import known_languages

Seconds: TypeAlias = tuple[float, float]  # of the processors, of the clock
RUNS: Final = 3
MANY: Final = 1000
CACHE: Final = "var/cache"
FEW: Final = 20
SAMPLE: Final = Path(__file__).parents[1] / "content/campaigns/safe-communities-act.md"
PLAIN: Final = """\
SITENAME, TIMEZONE, DEFAULT_LANG, THEME = "Plain", "UTC", "en", "simple"
ARTICLE_PATHS, DEFAULT_DATE = ["campaigns"], "fs"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
LAYOUT: Final = "<!doctype html><html><head><title>{title}</title></head><body><main>{content}</main></body></html>"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        many, few = Path(name, "many"), Path(name, "few")
        write_site(many, MANY, [])
        write_site(few, FEW, list(known_languages()))
        languages = len(known_languages()) + 1
        report_others(many)
        report(f"{MANY:,} campaigns, the first build", many, remove=("output", CACHE))
        report(f"{MANY:,} campaigns, clean", many, remove=("output",))
        report(f"{MANY:,} campaigns, nothing changed", many)
        report(f"{MANY:,} campaigns, one file changed", many, change=True)
        report(f"{FEW} campaigns in {languages} languages, the first build", few, remove=("output", CACHE))
        report(f"{FEW} campaigns in {languages} languages, clean", few, remove=("output",))
        report(f"{FEW} campaigns in {languages} languages, one file changed", few, change=True)


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
            words = text.split("\n---\n", 1)[1]
            plain.write_text(slug + words, "utf-8")
            other = folder / f"others/content/c{number:04}{tag.replace('.', '-')}.md"
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_text(f'---\ntitle: "{number}"\nlayout: single.liquid\n---\n{words}', "utf-8")
    others = folder / "others"
    for path, title, content in (
        (others / "layouts/_default/single.html", "{{ .Title }}", "{{ .Content }}"),
        (others / "content/_includes/single.liquid", "{{ title }}", "{{ content }}"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LAYOUT.format(title=title, content=content))
    (others / "config.toml").write_text('baseURL = "https://pond.example/"\nignoreFiles = ["_includes"]\n')


def report_others(folder: Path) -> None:
    """Other generators, with the same Markdown and a template of one line."""
    for command in (
        ["hugo", "--quiet", "--destination", "out"],
        ["eleventy", "--quiet", "--input=content", "--output=out"],
    ):
        if not shutil.which(command[0]):
            print(f"{command[0]}: not on PATH")
            continue
        cpu, clock = fastest(partial(timed, command, folder / "others", ["out"]))[0]
        print(f"{MANY:,} campaigns, {command[0]}: {cpu:.2f} s ({clock:.2f} by the clock)", flush=True)


def report(what: str, folder: Path, remove: Sequence[str] = (), *, change: bool = False) -> None:
    """remove: folders that must not be there. change: write something else into one file each time."""

    def ours() -> Seconds:
        if change:
            path = folder / "content/campaigns/c0000.md"
            path.write_text(path.read_text("utf-8").replace("neighbors", "neighbors,"), "utf-8")
        return timed([sys.executable, "-m", "relay.cli", "build"], folder, remove)

    def pelican() -> Seconds:
        return timed([sys.executable, "-m", "pelican", "plain", "-s", "plain.py", "-o", "out"], folder, ["out"])

    built, plain = fastest(ours, pelican)
    print(
        f"{what}: {built[0]:.2f} s ({built[1]:.2f} by the clock), plain Pelican {plain[0]:.2f} s ({plain[1]:.2f}): "
        f"{built[0] / plain[0]:.2f} times",
        flush=True,
    )


def fastest(*builds: Callable[[], Seconds]) -> list[Seconds]:
    rounds = [[build() for build in builds] for _ in range(RUNS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def timed(command: list[str], folder: Path, remove: Sequence[str]) -> Seconds:
    for name in remove:
        shutil.rmtree(folder / name, ignore_errors=True)
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as on anybody's machine; the peers' packages have theirs
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, clock


if __name__ == "__main__":
    main()

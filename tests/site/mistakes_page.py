"""`python -m tests.site.mistakes_page` writes docs/mistakes.md: every mistake of the tests, with what `check` says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.site.test_bad_files import CASES, ODD
from tests.site.test_causes import FOUND_LATER

PAGE: Final = Path(__file__).parents[2] / "docs/mistakes.md"


def write_page() -> str:
    return "\n".join(_write_lines()) + "\n"


def _write_lines() -> Iterator[str]:
    yield "# What `check` finds"
    yield ""
    yield (
        "Written from the tests by `python -m tests.site.mistakes_page`. `beaconpost check` puts file, line and column "
        "in front of each message."
    )
    yield ""
    yield "## What stops a build"
    yield ""
    yield from _table({name: [said.partition(": ")[2] for said in texts] for name, (_, texts) in CASES.items()})
    yield ""
    yield "## What somebody may mean: warnings"
    yield ""
    yield from _table({name: [said.partition(": ")[2] for said in texts] for name, (_, texts) in ODD.items()})
    yield ""
    yield "## What has a cause elsewhere"
    yield ""
    yield from _table({name: texts for name, (_, texts) in FOUND_LATER.items()})


def _table(found: dict[str, list[str]]) -> Iterator[str]:
    yield "| mistake | what it says |"
    yield "|---|---|"
    for name, texts in found.items():
        yield f"| {name} | {'<br>'.join(map(_cell, texts))} |"


def _cell(text: str) -> str:
    """As code, because messages quote Markdown and HTML."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(write_page(), "utf-8")

"""SOURCES.md: where everything in a state's folder comes from, with the checksum of every file that was read."""

from importlib.metadata import version
from pathlib import Path

from boundaries.builder.sources.fetch import checksum
from boundaries.builder.sources.recipe import Recipe
from boundaries.errors import SourceError

# Beside the recipe; no build reads them, but people ask where they are from.
KEPT = ("corrections.csv", "leadership.csv")


def write_sources(path: Path, recipe: Recipe, keep: Path | None = None) -> None:
    """List every source of the recipe. keep: an older list, whose lines stay for files that the recipe was not given.

    SourceError if a source that is read is not described in the recipe.
    """
    described = {entry["file"]: entry for entry in recipe.content.get("sources", [])}
    missing = sorted(set(used_files(recipe)) - set(described))
    if missing:
        wrong = f"no source entry for {', '.join(missing)}"
        raise SourceError(recipe.home / "recipe.json", None, wrong, "say what it is and its license, under sources")
    kept = _lines(keep) if keep and keep.exists() else {}
    lines = [
        f"# Sources of {recipe.content['name']}",
        "",
        "Written by the builder. Every other file here is compiled from these by `beaconpost boundaries build`, save",
        "`recipe.json`, the lists it names, `corrections.csv`, `leadership.csv` and `plans.csv`, kept by hand.",
        "",
        "| file | what | from | date | licence | SHA-256 |",
        "|---|---|---|---|---|---|",
    ]
    roster = recipe.content["roster"]["file"]
    by_hand = [name for name in KEPT if name in described]
    for name in sorted([*used_files(recipe), *by_hand]):
        if name in kept and name not in (roster, *by_hand, *recipe.given):
            lines.append(kept[name])
            continue
        entry = described[name]
        cells = [f"`{name}`", entry["what"], entry["from"], entry["date"], entry["licence"]]
        lines.append("| " + " | ".join([*cells, checksum(recipe.source(name))]) + " |")
    for package in recipe.content.get("packages", []):
        name = f"package `{package['name']}`"
        if package["name"] in kept:
            lines.append(kept[package["name"]])
            continue
        cells = [name, package["what"], "PyPI", version(package["name"]), package["licence"], ""]
        lines.append("| " + " | ".join(cells) + " |")
    path.write_text("\n".join([*lines, "", *_fetched(described, used_files(recipe))]) + "\n", "utf-8")


def _fetched(described: dict[str, dict[str, str]], names: list[str]) -> list[str]:
    """Which sources `update` fetches from where, and which it cannot."""
    urls = {name: described[name]["url"] for name in sorted(names) if described[name].get("url")}
    lines = ["`beaconpost boundaries update` fetches:", ""] + [f"- `{name}` from <{url}>" for name, url in urls.items()]
    rest = ", ".join(f"`{name}`" for name in sorted(set(names) - set(urls)))
    return [*lines, "", f"It cannot fetch {rest}: nobody publishes them in this form, or they are kept here."]


def _lines(path: Path) -> dict[str, str]:
    """An older list's line for each file and package."""
    rows = [line for line in path.read_text("utf-8").splitlines() if line.startswith(("| `", "| package `"))]
    return {row.split("`")[1]: row for row in rows}


def used_files(recipe: Recipe) -> list[str]:
    """The names of all files that a build of this recipe reads, each once."""
    content = recipe.content
    names = [part["file"] for part in (*content["districts"].values(), *content["streets"])]
    lists = ("divisions", "roster", "towns", "places", "aliases", "committees", "terms")
    names += [content[part].get("file") or content[part]["areas"] for part in lists if part in content]
    return list(dict.fromkeys(names))

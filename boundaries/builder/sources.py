"""SOURCES.md: where everything in a state's folder comes from, with the checksum of every file that was read."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from boundaries.builder.recipe import Recipe
from boundaries.errors import SourceError


def write_sources(path: Path, recipe: Recipe) -> None:
    """List every source of the recipe. SourceError if one that is read is not described there."""
    described = {entry["file"]: entry for entry in recipe.content.get("sources", [])}
    missing = sorted(set(used_files(recipe)) - set(described))
    if missing:
        raise SourceError(
            recipe.home / "recipe.json",
            None,
            f"no source entry for {', '.join(missing)}",
            "say what it is and its licence",
        )
    lines = [
        f"# Sources of {recipe.content['name']}",
        "",
        "Written by the builder. Every other file here is compiled from these by `beaconpost boundaries build`, save",
        "`recipe.json`, the lists it names, `corrections.csv` and `plans.csv`, which are kept by hand.",
        "",
        "| file | what | from | date | licence | SHA-256 |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted(used_files(recipe)):
        entry = described[name]
        cells = [
            f"`{name}`",
            entry["what"],
            entry["from"],
            entry["date"],
            entry["licence"],
            checksum(recipe.source(name)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    for package in recipe.content.get("packages", []):
        cells = [
            f"package `{package['name']}`",
            package["what"],
            "PyPI",
            version(package["name"]),
            package["licence"],
            "",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def used_files(recipe: Recipe) -> list[str]:
    """The names of all files that a build of this recipe reads, each once."""
    content = recipe.content
    names = [part["file"] for part in (*content["districts"].values(), *content["streets"])]
    lists = ("divisions", "roster", "towns", "places", "aliases", "committees", "terms")
    names += [content[part].get("file") or content[part]["areas"] for part in lists if part in content]
    return list(dict.fromkeys(names))


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()

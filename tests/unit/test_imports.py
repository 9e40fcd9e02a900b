"""Imports run one way, by the rules in this file."""

import ast
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("relay", "theme", "boundaries")

# Parts of relay, lowest layer first. A module may import its own layer and those below.
LAYERS = (
    {"errors", "settings", "typed_text", "dev_pages", "dev_outcomes"},
    {"forms", "letters", "campaigns", "keys"},
    {"outbox"},
    {"mail"},
    {"site_view", "forget_after"},
    {"rosters"},
    {"notifier", "worker", "web", "mailbox", "succession"},
    {"maintenance", "assembly", "alarm", "backups", "returns"},
    {"monitor"},
    {"work"},
    {"app", "dev_site", "dev_test_letter"},
    {"dev"},
    {"cli"},
)
MAY_IMPORT_BOUNDARIES = {"dev_test_letter", "letters", "web", "rosters", "succession", "app", "cli"}
MAY_IMPORT_THEME = {"site_view", "web", "cli", "dev", "dev_site"}
# What the site writes and the relay reads: all of relay may import these.
SHARED = {
    "theme.manifest",
    "theme.recipients",
    "theme.placeholders",
    "theme.fields",
    "theme.faults",
    "theme.counts",
} | {"theme.hidden_part", "theme.stances", "theme.testimony"}
MAY_BUILD_SITES = {"cli", "dev", "dev_site"}
# Nouns and the grammar of email addresses: every module may import these.
LEAVES = {"boundaries.model", "boundaries.email_addresses"}
# The theme's layers: what pages are made of, what renders them, what builds a site.
THEME = (
    {"manifest", "recipients", "placeholders", "fields", "faults", "counts", "hidden_part", "stances", "testimony"},
    {"assets"},
    {"pages"},
    {"render"},
    {"site"},
    {"cms"},
    {"plugin"},
    {"settings", "publishing"},
)

# The builder's layers, in the order of a build.
BUILDER = ({"sources"}, {"book"}, {"release"})


def modules() -> dict[str, Path]:
    """Every module of the three packages by dotted name."""
    paths = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports must be absolute"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else module for name in names]
        yield from (name for name in names if name.split(".")[0] in PACKAGES)


IMPORTS = {name: sorted(set(imports(path)) - {name}) for name, path in MODULES.items()}


def part_of(module: str) -> str:
    """The part of its package that a module belongs to: `relay.web.receipt_page` is in `web`."""
    return [*module.split("."), ""][1]


def layer_of(module: str, layers: Sequence[set[str]] = LAYERS) -> int:
    for layer, parts in enumerate(layers):
        if part_of(module) in parts:
            return layer
    raise AssertionError(f"{module} has no layer: give it one in {__file__}")


def test_shared_modules_settings_and_errors_import_only_leaves() -> None:
    for name in (*sorted(SHARED), "relay.settings", "relay.errors"):
        assert [other for other in IMPORTS[name] if not other.startswith(name) and other not in SHARED | LEAVES] == []


def test_leaves_import_no_other_package() -> None:
    assert {name: IMPORTS[name] for name in LEAVES} == {name: [] for name in LEAVES}


def test_boundaries_imports_no_other_package() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("boundaries"):
            assert all(other.startswith("boundaries") for other in imported), (name, imported)


def test_the_theme_imports_boundaries_and_nothing_of_the_relay() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("theme"):
            assert all(other.startswith(("theme", "boundaries")) for other in imported), (name, imported)


def test_theme_imports_run_one_way() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("theme."):
            for other in imported:
                if other.startswith("theme."):
                    assert layer_of(other, THEME) <= layer_of(name, THEME), f"{name} imports {other}"


def test_only_commands_build_sites_and_only_pelican_loads_the_plugin() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("relay."):
            for other in imported:
                assert other != "theme.plugin", name
                if other.startswith(("theme.site", "theme.cms")):
                    assert part_of(name) in MAY_BUILD_SITES, f"{name} imports {other}"


def test_builder_imports_run_one_way() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("boundaries.builder."):
            for other in imported:
                if other.startswith("boundaries.builder."):
                    importer, imported_part = (module.removeprefix("boundaries.") for module in (name, other))
                    assert layer_of(imported_part, BUILDER) <= layer_of(importer, BUILDER), f"{name} imports {other}"


def test_only_the_boundaries_commands_import_the_builder() -> None:
    for name, imported in IMPORTS.items():
        if not name.startswith("boundaries.builder") and name != "relay.cli.boundaries":
            assert not any(other.startswith("boundaries.builder") for other in imported), (name, imported)


def test_relay_imports_run_one_way() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("relay."):
            for other in imported:
                if other.startswith("relay."):
                    assert layer_of(other) <= layer_of(name), f"{name} imports {other}, which is above it"


def test_web_and_worker_never_import_each_other() -> None:
    for package, other in (("web", "worker"), ("worker", "web")):
        for name, imported in IMPORTS.items():
            if name.startswith(f"relay.{package}"):
                assert not any(module.startswith(f"relay.{other}") for module in imported), name


def test_only_the_upper_layers_of_relay_import_boundaries_and_theme() -> None:
    for name, imported in IMPORTS.items():
        if name.startswith("relay."):
            for other in imported:
                if other.startswith("boundaries") and other not in LEAVES:
                    assert part_of(name) in MAY_IMPORT_BOUNDARIES, f"{name} imports {other}"
                if other.startswith("theme") and other not in SHARED:
                    assert part_of(name) in MAY_IMPORT_THEME, f"{name} imports {other}"


def test_there_are_no_cycles() -> None:
    TopologicalSorter(IMPORTS).prepare()  # raises CycleError naming the modules


def test_there_are_no_utils_and_no_huge_modules() -> None:
    for name, path in MODULES.items():
        assert not {"utils", "util", "helpers", "common", "misc"} & set(name.split(".")), name
        assert len(path.read_text().splitlines()) <= 400, f"{name} is too long"

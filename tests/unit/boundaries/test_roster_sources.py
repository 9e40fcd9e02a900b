"""What comes with a roster: its listed sources, and the tables maintained by hand."""

from pathlib import Path

from boundaries.builder.release.compile import copy_kept
from boundaries.builder.release.provenance import used_files
from boundaries.builder.sources.fetch import checksum
from boundaries.builder.sources.recipe import Recipe, read_recipe
from boundaries.data import shipped


def test_every_source_is_listed_and_every_list_kept_here_matches_its_checksum() -> None:
    recipe = read_recipe(shipped("ma") / "recipe.json", shipped("ma"))
    record = (shipped("ma") / "SOURCES.md").read_text("utf-8")
    kept = [name for name in used_files(recipe) if (shipped("ma") / name).exists() and name != "committees.csv"]
    assert {"terms.csv", "villages.csv", "aliases.csv"} <= set(kept)
    assert all(f"| `{name}` |" in record for name in used_files(recipe))
    assert all(checksum(shipped("ma") / name) in record for name in kept)


def test_a_build_into_another_folder_copies_hand_kept_tables(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    copy_kept(read_recipe(shipped("ma") / "recipe.json", tmp_path), made)
    assert sorted(path.name for path in made.iterdir()) == ["corrections.csv", "leadership.csv", "terms.csv"]


def test_a_state_may_have_no_hand_kept_tables(tmp_path: Path) -> None:
    copy_kept(Recipe({}, tmp_path, tmp_path), tmp_path)
    assert not list(tmp_path.iterdir())

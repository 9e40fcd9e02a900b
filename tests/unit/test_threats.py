"""`docs/threats.md` names a test for each threat, and the tests exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threats.md").read_text("utf-8")
NAMED = re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", PAGE)


def test_every_test_that_the_page_names_exists() -> None:
    assert len(NAMED) > 15
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    missing = [(file, name) for file, name in NAMED if file not in files or f"def {name}" not in files[file]]
    assert missing == []


def test_every_threat_names_one() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| tries", "| gets"))]
    assert [row for row in rows if "`test_" not in row] == []

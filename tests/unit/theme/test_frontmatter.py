"""Whatever bytes a file contains, the reader reports problems with their position and never crashes."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.site.conftest import GOOD
from theme.manifest import MANIFEST_VERSION, Campaign, Manifest, Site, dump_manifest, parse_manifest
from theme.site.content import read_content
from theme.site.frontmatter import read_document
from theme.site.problems import ContentError, Problem

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
# Characters special to YAML, Markdown, our parser or mail headers, and some that cause trouble.
SPLINTERS = st.sampled_from(
    [*"---:[]{}#&*!|>'\"%@`,\n\t \r\0\x07\x0b\x85\u2028\ufeff~<", "## Message\n", "é", "😀", "9" * 30]
)


def damaged() -> st.SearchStrategy[str]:
    """The valid file with a part of it replaced."""
    cut = st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.lists(SPLINTERS, max_size=6).map("".join))
    return cut.map(lambda c: GOOD[: c[0]] + c[2] + GOOD[c[0] + c[1] :])


def read(folder: Path) -> tuple[tuple[Campaign, ...], tuple[Problem, ...]]:
    try:
        return read_content(folder, "en", BUILT.date()).campaigns, ()
    except ContentError as error:
        return (), error.problems


@settings(deadline=None)  # the machine that runs this may be busy
@given(damaged().map(str.encode) | st.binary(max_size=200))
@example(GOOD.encode("utf-16"))
def test_any_file_is_published_whole_or_refused_with_a_position(raw: bytes) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "campaigns", "any.md")
        path.parent.mkdir()
        path.write_bytes(raw)
        campaigns, problems = read(Path(name))
    assert bool(campaigns) != bool(problems)
    lines = raw.count(b"\n") + raw.count(b"\r") + 1
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in problems)
    site = Site(name="Any", url="", languages=("en",))
    manifest = Manifest(version=MANIFEST_VERSION, built=BUILT, site=site, campaigns=campaigns)
    assert parse_manifest(dump_manifest(manifest)) == manifest


def test_every_key_has_its_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "any.md"
    path.write_text(GOOD)
    document = read_document(path, "any.md")
    places = {key: (node.start_mark.line + 2, node.start_mark.column + 1) for key, node in document.entries.items()}
    lines = GOOD.splitlines()
    assert list(places) == ["title", "campaign", "action", "recipients", "subject"]
    for key, (line, column) in places.items():
        assert lines[line - 1][: column - 1] == f"{key}: "
    assert lines[document.body_line - 1] == document.body[0] == "Words."

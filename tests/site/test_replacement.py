"""A site is replaced while people read it: every request gets a whole page."""

import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError

import pytest

from tests.site.conftest import GOOD
from theme.site.build import build_site
from theme.site.folder import SiteError
from theme.site.replacement import replace_site


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a web server for the folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def read_while(address: str, paths: list[str], work: Callable[[], None]) -> tuple[set[bytes], list[str], int]:
    """Ask for the paths, over and over, until `work` is done. Returns bodies, faults, and how often was asked."""
    bodies: set[bytes] = set()
    faults: list[str] = []
    asked = 0
    done = threading.Event()

    def read() -> None:
        nonlocal asked
        while not done.is_set():
            for path in paths:
                asked += 1
                try:
                    with urllib.request.urlopen(f"{address}/{path}") as response:
                        bodies.add(response.read())
                except (URLError, OSError) as error:
                    faults.append(f"{path}: {error}")

    reader = threading.Thread(target=read)
    reader.start()
    try:
        work()
    finally:
        done.set()
        reader.join()
    return bodies, faults, asked


def write(folder: Path, /, **files: str) -> Path:
    """A site of these files."""
    for name, text in {"campaigns.json": "{}", **files}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def listed(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_no_request_meets_a_missing_page_or_half_of_one(tmp_path: Path) -> None:
    pages = ["index.html", "campaigns/good/index.html"]
    short, long = "a" * 10, "b" * 200_000

    def replace(text: str) -> None:
        made = write(tmp_path / "made", **{page.replace("/", "__"): text for page in pages})
        replace_site(made, tmp_path / "output")

    def swap() -> None:
        for number in range(200):
            replace((short, long)[number % 2])

    replace(short)

    with served(tmp_path / "output") as address:
        bodies, faults, asked = read_while(address, pages, swap)
    assert faults == []
    assert bodies <= {short.encode(), long.encode()}
    assert asked > 20


@pytest.mark.matrix
def test_no_request_meets_a_404_or_half_a_page_during_twenty_builds(project: Path) -> None:
    campaign = project / "content/campaigns/good.md"
    texts = [GOOD, GOOD.replace("Words.", "More words.\n\n" * 2000)]
    whole = set()
    for text in texts:
        campaign.write_text(text)
        build_site(Path("content"), Path("output"), "", "")
        whole.add(Path("output/campaigns/good/index.html").read_bytes())

    def build() -> None:
        for number in range(10):
            campaign.write_text(texts[number % 2])
            build_site(Path("content"), Path("output"), "", "")

    with served(Path("output")) as address:
        bodies, faults, asked = read_while(address, ["campaigns/good/"], build)
        others, other_faults, _ = read_while(address, ["", "privacy/", "theme/site.css", "campaigns.json"], build)
    assert (faults, other_faults) == ([], [])
    assert bodies == whole
    assert all(body.rstrip().endswith((b"</html>", b"}")) or b"<html" not in body for body in others)
    assert asked > 400


def test_what_is_gone_is_removed_and_what_is_not_the_sites_is_kept(tmp_path: Path) -> None:
    output = write(tmp_path / "output", **{
        "old__index.html": "old", "kept.html": "kept", ".git__HEAD": "ref", "page__index.html": "was a folder",
        "folder": "was a file",
    })  # fmt: skip
    made = write(tmp_path / "made", **{"kept.html": "kept", "page": "a file", "folder__index.html": "a folder"})
    before, wanted = (output / "kept.html").stat(), listed(made) | {".git/HEAD": "ref"}
    replace_site(made, output, [".git"])
    assert listed(output) == wanted
    assert not (output / "old").exists()
    after = (output / "kept.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_is_said_to_be_right_stays_as_it_is(tmp_path: Path) -> None:
    output = write(tmp_path / "output", **{"right.html": "right", "wrong.html": "old", "gone__index.html": "gone"})
    replace_site(write(tmp_path / "made", **{"wrong.html": "new"}), output, right=["right.html"])
    assert listed(output) == {"campaigns.json": "{}", "right.html": "right", "wrong.html": "new"}
    assert not (output / "gone").exists()


def test_a_site_may_be_made_on_another_disk(tmp_path: Path) -> None:
    with TemporaryDirectory(dir=other_disk(tmp_path)) as elsewhere:
        for number in range(2):  # a first site, and a later one
            pages = {"index.html": f"{number}", "campaigns__good__index.html": f"good {number}"}
            replace_site(write(Path(elsewhere, "made"), **pages), tmp_path / "output")
            assert listed(tmp_path / "output") == {"campaigns.json": "{}"} | {
                name.replace("__", "/"): text for name, text in pages.items()
            }


def other_disk(folder: Path) -> Path:
    disk = Path("/dev/shm")
    if not disk.is_dir() or disk.stat().st_dev == folder.stat().st_dev:
        pytest.skip("this machine has no /dev/shm beside its disk")
    return disk


def test_the_folder_itself_stays_for_whoever_holds_it(tmp_path: Path) -> None:
    output = write(tmp_path / "output", **{"index.html": "old"})
    before = output.stat().st_ino
    with (output / "index.html").open() as reading:
        replace_site(write(tmp_path / "made", **{"index.html": "new"}), output)
        assert reading.read() == "old"
    assert (output.stat().st_ino, listed(output)) == (before, {"campaigns.json": "{}", "index.html": "new"})


def test_a_replacement_that_was_interrupted_is_completed(tmp_path: Path) -> None:
    made = write(tmp_path / "made", **{"index.html": "new"})
    output = write(tmp_path / "output", **{".beaconpost.next": "half", "index.html": "old"})
    wanted = listed(made)
    replace_site(made, output)
    assert listed(output) == wanted


def test_a_first_build_that_was_interrupted_is_completed(tmp_path: Path) -> None:
    """Its first file, which is all that came, tells the next build that the folder is a site's."""
    made, output = write(tmp_path / "made", **{"index.html": "new"}), write(tmp_path / "output")
    wanted = listed(made)
    replace_site(made, output)
    assert listed(output) == wanted


def test_a_folder_that_cannot_be_written_is_named(project: Path) -> None:
    (project / "output").write_text("a file where the site belongs")
    with pytest.raises(SiteError, match=r"output"):
        build_site(Path("content"), Path("output"), "", "")
    assert (project / "output").read_text() == "a file where the site belongs"


def test_where_nothing_can_be_written_it_says_that_there_is_no_site(project: Path) -> None:
    (project / "file").touch()
    with pytest.raises(SiteError, match="there is no whole site in file/output"):
        build_site(Path("content"), Path("file/output"), "", "")

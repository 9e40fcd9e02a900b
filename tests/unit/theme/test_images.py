"""The share image and the favicon."""

import shutil
import unicodedata
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from theme.manifest import Look, Site
from theme.site.cache import FOLDER, remember
from theme.site.images import SIZE, can_draw, draw_favicon, draw_share_image

SITE = Site(name="A group", url="", languages=("en",))


@pytest.mark.parametrize("title", ["Short", "A title that goes on. " * 20], ids=["short", "long"])
def test_a_share_image_has_the_right_size_and_is_small(title: str) -> None:
    picture = draw_share_image(title, "A campaign", SITE)
    assert Image.open(BytesIO(picture)).size == SIZE
    assert len(picture) < 300_000


@pytest.mark.parametrize("letter", "áãçñóèòđơưạếệộữỹ")
def test_a_share_image_shows_the_accents_of_every_latin_language(letter: str) -> None:
    bare, unknown = unicodedata.normalize("NFD", letter)[0], "\ue000"
    assert can_draw(letter)
    pictures = {draw_share_image(title, "", SITE) for title in (letter, bare, unknown)}
    assert len(pictures) == (2 if letter == "đ" else 3)  # đ is a letter of its own, without a bare form


@pytest.mark.parametrize("words", ["让每个家庭", "لنحمِ العائلات", "Семьи"])
def test_a_share_image_does_not_try_letters_it_cannot_draw(words: str) -> None:
    assert not can_draw(words)


def test_the_favicon_has_the_organizations_color_and_is_small() -> None:
    look = Look(brand=("#7a1f5c", "#e0a0cc"))
    icon = draw_favicon(Site(name="A group", url="", languages=("en",), look=look))
    image = Image.open(BytesIO(icon))
    assert (image.format, image.size) == ("ICO", (32, 32))
    assert image.convert("RGB").getpixel((16, 4)) == (0x7A, 0x1F, 0x5C)
    assert len(icon) < 2_000


def test_a_picture_is_drawn_once_and_again_if_what_it_is_made_with_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    drawn = []

    def draw(title: str) -> bytes:
        drawn.append(title)
        return title.encode()

    code, newer = tmp_path / "code", tmp_path / "newer"
    code.write_text("1")
    newer.write_text("2")
    for made_with in (code, code, newer, code):
        assert remember(partial(draw, "a"), [made_with]) == b"a"
    assert remember(partial(draw, "b"), [code]) == b"b"
    assert drawn == ["a", "a", "b"]
    shutil.rmtree(FOLDER)  # it may be deleted at any time
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    FOLDER.write_text("no folder")
    assert remember(partial(draw, "a"), [code]) == b"a"


def test_a_file_of_the_cache_that_is_damaged_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = tmp_path / "code.py"
    code.touch()
    make = partial(bytes, b"a picture")
    remember(make, [code])
    (kept,) = FOLDER.iterdir()
    for damaged in (b"", b"half", kept.read_bytes()[:-3], kept.read_bytes() + b"more"):
        kept.write_bytes(damaged)
        assert remember(make, [code]) == b"a picture"

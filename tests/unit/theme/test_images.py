"""The share image and the favicon."""

import unicodedata
from io import BytesIO

import pytest
from PIL import Image

from theme.manifest import Look, Site
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

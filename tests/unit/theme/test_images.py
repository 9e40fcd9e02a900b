"""The share image and the favicon."""

from io import BytesIO

import pytest
from PIL import Image

from theme.manifest import Look, Site
from theme.site.images import SIZE, draw_favicon, draw_share_image


@pytest.mark.parametrize("title", ["Short", "A title that goes on. " * 20], ids=["short", "long"])
def test_a_share_image_has_the_right_size_and_is_small(title: str) -> None:
    picture = draw_share_image(title, "A campaign", Site(name="A group", url="", languages=("en",)))
    assert Image.open(BytesIO(picture)).size == SIZE
    assert len(picture) < 300_000


def test_the_favicon_has_the_organizations_color_and_is_small() -> None:
    look = Look(brand=("#7a1f5c", "#e0a0cc"))
    icon = draw_favicon(Site(name="A group", url="", languages=("en",), look=look))
    image = Image.open(BytesIO(icon))
    assert (image.format, image.size) == ("ICO", (32, 32))
    assert image.convert("RGB").getpixel((16, 4)) == (0x7A, 0x1F, 0x5C)
    assert len(icon) < 2_000

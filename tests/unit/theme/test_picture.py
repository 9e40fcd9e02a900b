"""What a shared link shows."""

from io import BytesIO

import pytest
from PIL import Image

from relay.contract import Site
from theme.picture import SIZE, draw_picture


@pytest.mark.parametrize("title", ["Short", "A title that goes on. " * 20], ids=["short", "long"])
def test_a_picture_has_the_size_that_is_asked_for_and_is_light(title: str) -> None:
    picture = draw_picture(title, "A campaign", Site(name="A group", url="", languages=("en",)))
    assert Image.open(BytesIO(picture)).size == SIZE
    assert len(picture) < 300_000

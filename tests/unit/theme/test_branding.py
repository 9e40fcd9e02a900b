"""Branding: colors, logo and footer are used if readable, else refused with a suggestion."""

from pathlib import Path

import pytest
from PIL import Image

from theme.assets import fingerprint, read_assets, read_tokens
from theme.manifest import FooterLine, Logo, Look
from theme.site.branding import BACKGROUNDS, MIN_CONTRAST, contrast, read_branding

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120.4 40"><path d="M0 0h1v1z"/></svg>'


@pytest.fixture
def content(tmp_path: Path) -> Path:
    images = tmp_path / "content/images"
    images.mkdir(parents=True)
    (images / "logo.svg").write_text(SVG)
    Image.new("RGB", (300, 100)).save(images / "logo.png")
    (images / "broken.png").write_text("not an image")
    (images / "sizeless.svg").write_text(SVG.replace(' viewBox="0 0 120.4 40"', ""))
    return images.parent


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_without_settings_the_theme_is_unchanged(content: Path) -> None:
    assert read_branding({}, content) == Look()


@pytest.mark.parametrize("color", ["#7a1f5c", "#004D40", "#000000"])
def test_a_color_gets_a_lighter_shade_for_dark_screens_and_both_are_readable(color: str, content: Path) -> None:
    brand = read_branding({"BEACONPOST_BRAND": color}, content).brand
    assert brand
    assert brand[0] == color.lower()
    for shade, grounds in zip(brand, zip(*(read_tokens()[name] for name in BACKGROUNDS), strict=True), strict=True):
        assert min(contrast(shade, ground) for ground in grounds) >= MIN_CONTRAST


def test_a_pale_color_is_refused_and_a_readable_shade_suggested(content: Path) -> None:
    with pytest.raises(ValueError, match=r"BEACONPOST_STAMP: #ffcc00 is too pale .* 1\.\d to 1") as caught:
        read_branding({"BEACONPOST_STAMP": "#ffcc00"}, content)
    named = str(caught.value).split(" is a darker shade")[0][-7:]
    assert read_branding({"BEACONPOST_STAMP": named}, content).stamp


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "rgb(0,0,0)", "#12345g", "#123456;}", 7, ["#123456"]])
def test_a_malformed_color_is_refused(color: object, content: Path) -> None:
    with pytest.raises(ValueError, match=r"BEACONPOST_BRAND: .* write # and six hex digits"):
        read_branding({"BEACONPOST_BRAND": color}, content)


def test_a_logo_is_measured_so_the_layout_does_not_shift_when_it_loads(content: Path) -> None:
    assert read_branding({"BEACONPOST_LOGO": "images/logo.svg"}, content).logo == Logo("/images/logo.svg", 120, 40)
    assert read_branding({"BEACONPOST_LOGO": "images/logo.png"}, content).logo == Logo("/images/logo.png", 120, 40)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("logo.svg", "must be an image in content/images/"),
        ("images/../../secret.png", "must be an image in content/images/"),
        ("images/absent.svg", "content/images/absent.svg does not exist"),
        ("images/broken.png", "cannot be used"),
        ("images/sizeless.svg", "it has no viewBox"),
    ],
)
def test_a_logo_that_cannot_be_shown_is_refused(name: str, said: str, content: Path) -> None:
    with pytest.raises(ValueError, match=said):
        read_branding({"BEACONPOST_LOGO": name}, content)


def test_a_footer_has_lines_with_or_without_links(content: Path) -> None:
    lines = ["Pond Friends, 1 Main St", ("Write to us", "mailto:desk@pondfriends.example"), ("Privacy", "/privacy/")]
    assert read_branding({"BEACONPOST_FOOTER": lines}, content).footer == (
        FooterLine("Pond Friends, 1 Main St"),
        FooterLine("Write to us", "mailto:desk@pondfriends.example"),
        FooterLine("Privacy", "/privacy/"),
    )


@pytest.mark.parametrize("lines", ["Pond Friends", [7], [("a", "b", "c")], [""], [("x", "javascript:alert(1)")]])
def test_a_malformed_footer_is_refused(lines: object, content: Path) -> None:
    with pytest.raises(ValueError, match="BEACONPOST_FOOTER"):
        read_branding({"BEACONPOST_FOOTER": lines}, content)


def test_colors_reach_every_file_and_change_the_fingerprint() -> None:
    look = Look(brand=("#7a1f5c", "#e0a0d0"))
    plain, branded = read_assets(), read_assets(look)
    assert b"--brand:#7a1f5c" in branded["site.css"]
    assert b"--brand:#e0a0d0" in branded["site.css"]
    assert b"#7a1f5c" in branded["icon.svg"]
    assert branded["share.js"] == plain["share.js"]
    assert fingerprint(look) != fingerprint()

"""Photos are decoded and written anew: nothing that their files said beside them goes on, and no bomb goes off."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bff.api.pictures import PictureFault, clean_picture
from tests.bff.api.photos import PLACE, noisy, plain, png_of, talkative_jpeg


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_photo_stays_of_its_kind_and_size(kind: str, media_type: str) -> None:
    cleaned = clean_picture(plain(kind))

    assert cleaned.media_type == media_type
    assert opened(cleaned.content).size == (64, 48)


def test_what_a_file_says_beside_its_photo_is_gone() -> None:
    sent = talkative_jpeg()
    assert sent.count(PLACE.encode()) == 3

    cleaned = clean_picture(sent)

    assert PLACE.encode() not in cleaned.content
    assert not opened(cleaned.content).getexif()


def test_a_photo_taken_sideways_stands_upright_without_its_note() -> None:
    image = opened(clean_picture(talkative_jpeg()).content)

    assert image.size == (40, 80)
    assert image.getpixel((20, 10)) == pytest.approx((254, 0, 0), abs=12)
    assert image.getpixel((20, 70)) == pytest.approx((255, 255, 255), abs=12)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_to_write_colours_can_be_read(mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (32, 32)).save(written, "PNG")

    assert opened(clean_picture(written.getvalue()).content).mode == "RGB"


def test_what_is_see_through_lies_on_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(written, "PNG")

    assert opened(clean_picture(written.getvalue()).content).getpixel((4, 4)) == (255, 255, 255)


def test_sixteen_bits_of_grey_stay_as_grey_as_they_were() -> None:
    written = BytesIO()
    Image.new("I;16", (32, 32), 0x8000).save(written, "PNG")

    assert opened(clean_picture(written.getvalue()).content).getpixel((4, 4)) == (128, 128, 128)


@pytest.mark.parametrize("side", [1500, 3600])
def test_a_photo_that_can_only_be_written_large_is_written_smaller(side: int) -> None:
    """The larger one must shrink, too: its first JPEG is too large still."""
    cleaned = clean_picture(noisy((side, side)))

    assert cleaned.media_type == "image/jpeg"
    assert len(cleaned.content) <= 5_000_000
    assert (max(opened(cleaned.content).size) < side) == (side == 3600)


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a" + b"\0" * 50, b"%PDF-1.7", b"<svg xmlns='x'/>", b"\xff\xd8"])
def test_what_is_no_jpeg_or_png_is_called_so(content: bytes) -> None:
    with pytest.raises(PictureFault, match="photo_kind"):
        clean_picture(content)


@pytest.mark.parametrize("kind", ["BMP", "GIF", "TIFF", "WEBP"])
def test_other_kinds_of_pictures_are_not_taken(kind: str) -> None:
    with pytest.raises(PictureFault, match="photo_kind"):
        clean_picture(plain(kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_that_breaks_off_is_unreadable(kind: str) -> None:
    content = noisy((100, 100), kind)

    with pytest.raises(PictureFault, match="photo_unreadable"):
        clean_picture(content[: len(content) // 2])


@pytest.mark.parametrize("size", [(31, 400), (400, 31), (1, 1)])
def test_a_photo_too_small_to_be_read_is_told_so(size: tuple[int, int]) -> None:
    with pytest.raises(PictureFault, match="photo_too_small"):
        clean_picture(plain(size=size))


@pytest.mark.parametrize("side", [7_100, 9_800, 20_000, 60_000])
def test_a_small_file_that_claims_to_be_a_huge_picture_is_not_decoded(side: int) -> None:
    with pytest.raises(PictureFault, match="photo_too_many_pixels"):
        clean_picture(png_of(side, side))

"""Makes a photo harmless: decoded, turned upright, and written anew without a word of what its file said beside it."""

from __future__ import annotations

import struct
import threading
import zlib
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from bff.core_client.transport import Picture

MOST_PIXELS = 50_000_000
# On fewer pixels nobody reads four corners and a line of writing; what is merely blurred is for whoever reviews it.
LEAST_SIDE = 32
# What is handed on; a photo of more bytes is written smaller until it fits, as the last of these always does.
_MOST_BYTES = 5_000_000
_SIDES_AND_QUALITIES = ((4096, 90), (3072, 85), (2048, 75), (1024, 75))
# What Pillow raises on files that are broken, or made to break it.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# A decoded photo takes a hundred times the memory of its file.
_ONE_AT_A_TIME = threading.Lock()


class PictureFault(Exception):
    """A file cannot be taken as a photo; `code` is that of a field's fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_picture(content: bytes) -> Picture:
    """The photo in these bytes, JPEG or PNG. Raises `PictureFault`."""
    with _ONE_AT_A_TIME:
        try:
            return _cleaned(content)
        except UnidentifiedImageError:
            raise PictureFault("photo_kind") from None
        except _BOMBS:
            raise PictureFault("photo_too_many_pixels") from None
        except _BROKEN:
            raise PictureFault("photo_unreadable") from None


def _cleaned(content: bytes) -> Picture:
    image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    if image.width * image.height > MOST_PIXELS:
        raise PictureFault("photo_too_many_pixels")
    if min(image.size) < LEAST_SIDE:
        raise PictureFault("photo_too_small")
    return _written(_drawn_anew(image), as_png=image.format == "PNG")


def _drawn_anew(image: Image.Image) -> Image.Image:
    """The bare pixels, the way up that they were taken, on white where they are see-through."""
    longest = _SIDES_AND_QUALITIES[0][0]
    # A JPEG far larger than needed is decoded smaller at once.
    image.draft(None, (longest, longest))
    upright = _upright(image)
    upright.thumbnail((longest, longest))
    if upright.mode.startswith("I"):
        # 16 bits of grey.
        upright = upright.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    bare = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        bare.paste(seen, mask=seen.getchannel("A"))
    else:
        bare.paste(upright.convert("RGB"))
    return bare


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        # What the file says of itself is broken; the photo need not be.
        return image


def _written(drawn: Image.Image, *, as_png: bool) -> Picture:
    if as_png:
        content = _encoded(drawn, "PNG")
        if len(content) <= _MOST_BYTES:
            return Picture("image/png", content)
    attempts = iter(_SIDES_AND_QUALITIES)
    content = _encoded_within(drawn, *next(attempts))
    while len(content) > _MOST_BYTES:
        content = _encoded_within(drawn, *next(attempts))
    return Picture("image/jpeg", content)


def _encoded_within(drawn: Image.Image, side: int, quality: int) -> bytes:
    drawn.thumbnail((side, side))
    return _encoded(drawn, "JPEG", quality)


def _encoded(drawn: Image.Image, kind: str, quality: int = 90) -> bytes:
    written = BytesIO()
    drawn.save(written, kind, quality=quality)
    return written.getvalue()

"""Photos as phones take them and as troublemakers make them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

from groundwork.chance import random_bytes

PLACE = "GPSLatitude-36.06-120.38"


def plain(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    written = BytesIO()
    Image.new(mode, size, 200 if mode in {"L", "I;16"} else "white").save(written, kind)
    return written.getvalue()


def talkative_jpeg() -> bytes:
    """Says in EXIF, in XMP and in a comment where it was taken, and lies on its side: red above, white below, turned left."""
    image = Image.new("RGB", (80, 40), "white")
    image.paste((255, 0, 0), (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE
    written = BytesIO()
    image.save(written, "JPEG", exif=exif, comment=PLACE.encode(), xmp=PLACE.encode(), quality=95)
    return written.getvalue()


def noisy(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """Too much chance in it to be written small."""
    written = BytesIO()
    Image.frombytes("RGB", size, random_bytes(size[0] * size[1] * 3)).save(written, kind, quality=95)
    return written.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A small file that claims to be a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    written = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)

"""Finds a secret in bytes however it is written: plain, URL, base64, hex, JSON escapes, GBK, full-width or reversed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

# Servers write their files in whole pages: the empty part of one holds nothing and is not searched.
_EMPTY = re.compile(rb"\0{32,}")
_FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in map(chr, range(0x21, 0x7F))}


def writings(secret: str) -> dict[str, bytes]:
    """The same secret in each way that it might slip out, by the name of the way."""
    plain = secret.encode()
    # Base64 depends on what stands before: the three alignments, without the characters that neighbours change.
    aligned = {
        f"base64+{before}": base64.b64encode(b"\0" * before + plain)[(before * 8 + 5) // 6 :].rstrip(b"=")[:-1]
        for before in range(3)
    }
    return {
        "plain": plain,
        "url": quote(secret).encode(),
        "url in small letters": re.sub("%..", lambda escape: escape[0].lower(), quote(secret)).encode(),
        "hex": plain.hex().encode(),
        "hex in capitals": plain.hex().upper().encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "gbk": secret.encode("gbk", "ignore"),
        "full-width": secret.translate(_FULL_WIDTH).encode(),
        "reversed": secret[::-1].encode(),
        **aligned,
    }


def leaks(secrets: Iterable[str], places: dict[str, bytes]) -> list[str]:
    """`place: way, first letter…` of every secret found; the secret itself is not repeated."""
    return [
        f"{place}: {way} of a secret of {len(secret)} characters"
        for secret in set(secrets)
        for way, written in writings(secret).items()
        if len(written) > 5
        for place, content in places.items()
        if written in content
    ]


def files_below(folder: Path, besides: Iterable[str]) -> dict[str, bytes]:
    """Every file's content, by its path; folders named in `besides` are left out."""
    left_out = {folder / name for name in besides}
    return {
        str(file.relative_to(folder)): _EMPTY.sub(b"\0", file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not left_out & {file, *file.parents}
    }

"""Where a list goes on, written so that nobody takes it for data and any other text is refused."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson

from reference_core.problems import Malformed


def write_cursor(*place: str) -> str:
    """The place behind the last item of a page."""
    return urlsafe_b64encode(orjson.dumps(place)).decode()


def read_cursor(cursor: str) -> tuple[str, str]:
    """The two values of a place; raises `Malformed` for anything that `write_cursor` did not write."""
    try:
        place = orjson.loads(urlsafe_b64decode(cursor.encode("ascii")))
    except ValueError:
        raise not_a_cursor() from None
    match place:
        case [str() as first, str() as second] if "\0" not in first + second:
            return first, second
    raise not_a_cursor()


def not_a_cursor() -> Malformed:
    """What to tell whoever made one up."""
    said: dict[str, Any] = {"code": "not_a_cursor", "text": "翻页位置无效。", "remedy": "请从第一页重新开始。"}
    return Malformed(fields={"cursor": said})

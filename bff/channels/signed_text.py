"""Takes a JSON object apart into its members and the exact text of each, since a signature covers text and not values."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


class Member(NamedTuple):
    """A member's value, and how it was written."""

    value: Any
    text: str


def read_members(text: str) -> dict[str, Member]:
    """The members of the one object that `text` is; raises `ValueError` for anything else, also for a name that comes twice."""
    members: dict[str, Member] = {}
    at = _expect("{", text, 0)
    if text[at : at + 1] == "}":
        return _nothing_after(text, at + 1, members)
    while True:
        name, at = _decode(text, at)
        if not isinstance(name, str) or name in members:
            raise ValueError("a member without a name of its own")
        start = _expect(":", text, at)
        value, end = _decode(text, start)
        members[name] = Member(value, text[start:end])
        at = _skip(text, end)
        if text[at : at + 1] == "}":
            return _nothing_after(text, at + 1, members)
        at = _expect(",", text, at)


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _expect(mark: str, text: str, at: int) -> int:
    """The place of what follows `mark`."""
    at = _skip(text, at)
    if text[at : at + 1] != mark:
        raise ValueError(f"no {mark} where one must be")
    return _skip(text, at + 1)


def _nothing_after(text: str, at: int, members: dict[str, Member]) -> dict[str, Member]:
    if _skip(text, at) != len(text):
        raise ValueError("something follows the object")
    return members


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at

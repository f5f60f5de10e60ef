"""Finds phones, cards and ID numbers in what is about to leave, however they are written."""

from __future__ import annotations

import re
import unicodedata

# A long run of digits, also with gaps between them.
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){10,}")


def tells_a_number(value: str) -> bool:
    """Whether somebody could be known by a number in it."""
    return _NUMBER.search(unicodedata.normalize("NFKC", value)) is not None

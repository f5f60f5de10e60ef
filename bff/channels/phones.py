"""Reads a phone number as platforms write it."""

from __future__ import annotations

import re
from typing import Any

_MAINLAND = re.compile(r"(?:\+?86-?)?(1[0-9]{10})")


def mainland_phone(written: Any) -> str | None:
    """The 11 digits of a mainland mobile, or `None` for anything else."""
    found = _MAINLAND.fullmatch(written) if isinstance(written, str) else None
    return found[1] if found else None

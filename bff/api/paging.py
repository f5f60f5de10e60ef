"""Cuts lists that are short by nature into the pages that every list of ours has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bff.errors import InvalidCursor


def page(items: Sequence[Any], cursor: str | None, limit: int) -> dict[str, Any]:
    """One page. The cursor is the place of its first item. Raises `InvalidCursor`."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 6):
        raise InvalidCursor
    start = int(cursor or 0)
    end = start + limit
    return {"items": items[start:end], "next_cursor": str(end) if end < len(items) else None}

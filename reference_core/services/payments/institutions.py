"""The contracted institutions, for somebody who chooses one."""

from __future__ import annotations

from reference_core.db import Row
from reference_core.parts import Core
from reference_core.services.cursors import read_cursor, write_cursor
from reference_core.vocabulary.admdvs import digits_of


def list_institutions(core: Core, region: str | None, words: str | None, cursor: str | None, limit: int) -> Row:
    """One page by name: those in a region or below it, whose name holds these words."""
    after_name, after_id = read_cursor(cursor) if cursor else (None, None)
    rows = core.db.rows(
        "SELECT id, name, region, kind, level FROM core.institutions "
        "WHERE (%(region)s::text IS NULL OR starts_with(region, %(region)s)) "
        "AND (%(words)s::text IS NULL OR position(lower(%(words)s) IN lower(name)) > 0) "
        "AND (%(name)s::text IS NULL OR (name, id) > (%(name)s, %(id)s)) ORDER BY name, id LIMIT %(limit)s",
        {"region": digits_of(region) if region else None, "words": words, "name": after_name, "id": after_id, "limit": limit + 1},
    )
    shown = rows[:limit]
    return {"items": shown, "next_cursor": write_cursor(shown[-1]["name"], shown[-1]["id"]) if len(rows) > limit else None}

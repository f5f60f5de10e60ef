"""The feed: one event per person concerned, given its place only after it is committed, so that "after" skips none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.clock import china
from reference_core.db import Database, Row, Tx

# Any number that no other advisory lock here uses.
_SEQUENCER = 4_076_302


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person; `data` carries ids and figures, never names or numbers."""

    kind: str
    person_id: str
    data: dict[str, Any]

    def as_json(self) -> Row:
        """As the database's functions take it."""
        return {"kind": self.kind, "person_id": self.person_id, "data": self.data}


def record(tx: Tx, at: datetime, *events: Event) -> None:
    """Write events in the transaction of what they tell."""
    tx.execute("SELECT core.record_events(%s, %s)", [Jsonb([event.as_json() for event in events]), at])


def read_events(db: Database, after: int, limit: int) -> Row:
    """The events behind position `after`, and where to go on."""
    if db.one("SELECT FROM core.events WHERE position IS NULL LIMIT 1") is not None:
        _give_positions(db)
    rows = db.rows(
        "SELECT position, id, at, kind, person_id::text AS person_id, data FROM core.events "
        "WHERE position > %s ORDER BY position LIMIT %s",
        [after, limit],
    )
    items = [{**row, "id": str(row["id"]), "at": china(row["at"]).isoformat()} for row in rows]
    return {"items": items, "next_after": items[-1]["position"] if items else after}


def _give_positions(db: Database) -> None:
    with db.transaction() as tx:
        # A statement of its own: the next one then sees everything that was committed while this one waited.
        tx.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])
        tx.execute(
            "UPDATE core.events e SET position = fresh.position FROM ("
            "  SELECT id, row_number() OVER (ORDER BY id) + (SELECT coalesce(max(position), 0) FROM core.events) AS position"
            "    FROM core.events WHERE position IS NULL) fresh "
            "WHERE e.id = fresh.id"
        )

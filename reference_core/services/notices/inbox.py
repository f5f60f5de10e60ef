"""The inbox of each person: events come in once, are read, and are forgotten with everything else of somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.notice_push import FRESH
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.cursors import not_a_cursor
from reference_core.services.notices.notice_pushes import allowed_json, read_allowed, shown_delivery


def take(core: Core, notices: list[dict[str, Any]], forgotten: list[dict[str, Any]]) -> Row:
    """Enter a page of the feed; what is known already stays as it is, so a page may come again.

    Of a person in `forgotten` everything up to that event goes: a feed read anew must not bring it back.
    """
    now = core.now()
    rows = [{**one, "id": new_id(), "push": "pending" if now - one["at"] <= FRESH else "not_delivered"} for one in notices]
    with core.register.transaction() as tx:
        entered = tx.execute(
            "INSERT INTO app.notices (id, event_id, person_id, kind, data, at, template, push, push_after, push_until) "
            "SELECT id, event_id, person_id, kind, data, at, template, push, at, at + %s "
            "FROM jsonb_to_recordset(%s) AS n(id uuid, event_id bigint, person_id uuid, kind text, data jsonb, at timestamptz, "
            "template text, push text) ON CONFLICT (event_id, person_id) DO NOTHING",
            [FRESH, Jsonb([_written(row) for row in rows])],
        ).rowcount
        for one in forgotten:
            forget(tx, str(one["person_id"]), one["event_id"])
    return {"entered": entered}


def forget(tx: Tx, person_id: str, up_to_event: int | None = None) -> None:
    """Empty somebody's inbox and drop what they chose."""
    tx.execute(
        "DELETE FROM app.notices WHERE person_id = %(person)s AND (%(last)s::bigint IS NULL OR event_id <= %(last)s)",
        {"person": person_id, "last": up_to_event},
    )
    tx.execute("DELETE FROM app.notice_preferences WHERE person_id = %s", [person_id])
    tx.execute("DELETE FROM app.notice_stops WHERE person_id = %s", [person_id])


def list_notices(core: Core, identity_id: str, cursor: str | None, limit: int) -> Row:
    """One page of the inbox behind an identity, newest first; raises `NotFound` where no citizen is behind it."""
    before = _read_cursor(cursor)
    now = core.now()
    with core.register.connection() as tx:
        rows = tx.execute(
            "SELECT id::text AS id, event_id, kind, data, at, read_at, channel, push, claimed_at FROM app.notices "
            "WHERE person_id = %(person)s AND (%(before)s::bigint IS NULL OR event_id < %(before)s) "
            "ORDER BY event_id DESC LIMIT %(limit)s",
            {"person": citizen_of(tx, identity_id), "before": before, "limit": limit + 1},
        ).fetchall()
    more = len(rows) > limit
    return {
        "items": [_shown(row, now) for row in rows[:limit]],
        "next_cursor": str(rows[limit - 1]["event_id"]) if more else None,
    }


def mark_read(core: Core, identity_id: str, notice_id: str) -> Row:
    """Say that a notice was read; twice changes nothing. Raises `NotFound` for one of somebody else."""
    now = core.now()
    with core.register.transaction() as tx:
        row = tx.execute(
            "UPDATE app.notices SET read_at = coalesce(read_at, %s) WHERE id = %s AND person_id = %s RETURNING "
            "id::text AS id, event_id, kind, data, at, read_at, channel, push, claimed_at",
            [now, notice_id, citizen_of(tx, identity_id)],
        ).fetchone()
    if row is None:
        raise NotFound
    return _shown(row, now)


def everything_of(tx: Tx, person_id: str) -> Row:
    """The whole inbox of somebody and what they allowed, for whoever asks what is kept of them."""
    rows = tx.execute(
        "SELECT kind, data, at, read_at, channel, push FROM app.notices WHERE person_id = %s ORDER BY event_id", [person_id]
    ).fetchall()
    notices = [{**row, "at": moment_json(row["at"]), "read_at": moment_json(row["read_at"])} for row in rows]
    return {"notices": notices, "notice_preferences": allowed_json(read_allowed(tx, person_id))}


def citizen_of(tx: Tx, identity_id: str) -> str:
    """The citizen behind an identity whose word stands. Raises `NotFound`."""
    row = tx.execute(
        "SELECT h.person_id::text AS person FROM app.identities i JOIN app.holders h ON h.id = i.holder_id "
        "WHERE i.id = %s AND i.revoked_at IS NULL AND h.person_id IS NOT NULL",
        [identity_id],
    ).fetchone()
    if row is None:
        raise NotFound
    return str(row["person"])


def _written(row: dict[str, Any]) -> Row:
    return {**row, "person_id": str(row["person_id"]), "at": row["at"].isoformat()}


def _shown(row: Row, now: datetime) -> Row:
    return {
        "id": row["id"],
        "at": moment_json(row["at"]),
        "kind": row["kind"],
        "data": row["data"],
        "read": row["read_at"] is not None,
        "delivery": {"channel": row["channel"], "status": shown_delivery(row["push"], row["claimed_at"], now)},
    }


def _read_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise not_a_cursor()
    return int(cursor)

"""What platforms push to us, as far as the register keeps it: each push once, and identities whose authorisation ended."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from reference_core.db import Row, Tx
from reference_core.parts import Core
from reference_core.reading import moment_json

REVOKED = "authorisation_revoked"
# They chose anew which messages they want.
WANTED = "subscription_changed"
# Platforms deliver again for a day or so; nobody asks for a push that is this old.
_REMEMBERED = timedelta(days=7)


def take(core: Core, pushed: dict[str, Any]) -> Row:
    """Take one push: its effect when it is new, and either way since when the identities that it names are revoked.

    Delivered again it changes nothing, but tells the same, so that a caller who died in between can go on.
    """
    now = core.now()
    with core.register.transaction() as tx:
        tx.execute("DELETE FROM app.pushes WHERE at < %s", [now - _REMEMBERED])
        fresh, at = _remember(tx, pushed, now)
        revoked = [row for event in pushed["events"] if event["kind"] == REVOKED for row in _identities(tx, pushed, event)]
        if fresh:
            ids = [row["identity_id"] for row in revoked]
            tx.execute("UPDATE app.identities SET revoked_at = %s WHERE id = ANY (%s::uuid[])", [at, ids])
            _end_stops(tx, pushed)
    return {"fresh": fresh, "at": moment_json(at), "revoked": revoked}


def _remember(tx: Tx, pushed: dict[str, Any], now: datetime) -> tuple[bool, datetime]:
    push = {"channel": pushed["channel"], "print": hashlib.sha256(pushed["push_id"].encode()).hexdigest(), "at": now}
    # Waits for a copy that takes the same push at this moment.
    new = tx.execute(
        "INSERT INTO app.pushes (channel, push_print, at) VALUES (%(channel)s, %(print)s, %(at)s) "
        "ON CONFLICT DO NOTHING RETURNING at",
        push,
    ).fetchone()
    if new is not None:
        return True, now
    known = tx.execute("SELECT at FROM app.pushes WHERE channel = %(channel)s AND push_print = %(print)s", push).fetchone()
    return False, known["at"] if known else now


def _end_stops(tx: Tx, pushed: dict[str, Any]) -> None:
    """A new yes on the platform: what it had stopped for this person is tried again there."""
    for event in pushed["events"]:
        if event["kind"] == WANTED:
            people = [row["person_id"] for row in _identities(tx, pushed, event) if row["person_id"]]
            tx.execute(
                "DELETE FROM app.notice_stops WHERE channel = %s AND person_id = ANY (%s::uuid[])", [pushed["channel"], people]
            )


def _identities(tx: Tx, pushed: dict[str, Any], event: dict[str, Any]) -> list[Row]:
    """All names that this app of the channel has for whoever the event is about; other apps and channels are not concerned."""
    return tx.execute(
        "SELECT sibling.id::text AS identity_id, h.person_id::text AS person_id FROM app.identities named "
        "JOIN app.identities sibling ON sibling.holder_id = named.holder_id AND sibling.channel = named.channel "
        "  AND sibling.app_id = named.app_id "
        "JOIN app.holders h ON h.id = named.holder_id "
        "WHERE named.channel = %(channel)s AND named.app_id = %(app_id)s AND named.kind = %(kind)s "
        "  AND named.subject = %(subject)s "
        "ORDER BY sibling.id",
        {"channel": pushed["channel"], "app_id": pushed["app_id"], **event["subject"]},
    ).fetchall()

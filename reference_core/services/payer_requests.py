"""What a member asks of whose money they use, in one tap: to be let go, or to be let spend more (Y-15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services import events
from reference_core.services.ties import hold_tie

KINDS = ("leave", "raise_limit")
# Whoever taps again within a day has asked already, and the payer is not told twice.
_ONCE_IN = timedelta(days=1)


def request(core: Core, person_id: str, relation_id: str, kind: str, scope: Scope) -> Answer:
    """Tell the payer; raises `NotFound` where this person uses nobody's money by this tie."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id, person_id).tie
        if tie.member_id != person_id or not tie.stands(now):
            raise NotFound
        asked = _asked_lately(tx, relation_id, kind, now) or _ask(tx, relation_id, kind, now)
        if asked["fresh"]:
            told = {"relation_id": tie.id, "role": "payer", "request": kind}
            events.record(tx, now, events.Event("relation_requested", tie.payer_id, told))
        return Answer(201, {"id": asked["id"], "kind": kind, "status": "sent"})

    return once(core.db, scope, now, work)


def _asked_lately(tx: Tx, relation_id: str, kind: str, now: datetime) -> Row | None:
    return tx.execute(
        "SELECT id::text AS id, false AS fresh FROM core.relation_requests "
        "WHERE relation_id = %s AND kind = %s AND at > %s ORDER BY at DESC LIMIT 1",
        [relation_id, kind, now - _ONCE_IN],
    ).fetchone()


def _ask(tx: Tx, relation_id: str, kind: str, now: datetime) -> Row:
    request_id = new_id()
    tx.execute(
        "INSERT INTO core.relation_requests (id, relation_id, kind, at) VALUES (%s, %s, %s, %s)",
        [request_id, relation_id, kind, now],
    )
    return {"id": request_id, "fresh": True}

"""What a member asks of whose money they use, in one tap: to be let go, or to be let spend more (Y-15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import people
from reference_core.services.relations.ties import hold_tie
from reference_core.vocabulary.kinship import word_of

KINDS = ("leave", "raise_limit")
# Whoever taps again within a day has asked already, and the payer is not told twice.
_ONCE_IN = timedelta(days=1)
# Older ones are history, whatever became of them.
_SHOWN_FOR = timedelta(days=90)


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
        return Answer(201, {"id": asked["id"], "kind": kind, "status": asked["answer"] or "sent"})

    return once(core.db, scope, now, work)


def _asked_lately(tx: Tx, relation_id: str, kind: str, now: datetime) -> Row | None:
    return tx.execute(
        "SELECT id::text AS id, answer, false AS fresh FROM core.relation_requests "
        "WHERE relation_id = %s AND kind = %s AND at > %s ORDER BY at DESC LIMIT 1",
        [relation_id, kind, now - _ONCE_IN],
    ).fetchone()


def _ask(tx: Tx, relation_id: str, kind: str, now: datetime) -> Row:
    request_id = new_id()
    tx.execute(
        "INSERT INTO core.relation_requests (id, relation_id, kind, at) VALUES (%s, %s, %s, %s)",
        [request_id, relation_id, kind, now],
    )
    return {"id": request_id, "answer": None, "fresh": True}


def list_requests(core: Core, person_id: str) -> list[Row]:
    """What this person asked of payers and is asked by members, the last of each kind by each tie, newest first."""
    now = core.now()
    with core.db.connection() as tx:
        rows = tx.execute(
            "SELECT DISTINCT ON (q.relation_id, q.kind) q.id::text AS id, q.kind, q.at, q.answer, r.id::text AS relation_id, "
            "r.kinship, r.ended_at IS NOT NULL AS ended, r.payer_id = %(me)s AS received, "
            "(CASE WHEN r.payer_id = %(me)s THEN r.member_id ELSE r.payer_id END)::text AS other "
            "FROM core.relation_requests q JOIN core.relations r ON r.id = q.relation_id "
            "WHERE %(me)s IN (r.payer_id, r.member_id) AND q.at > %(since)s ORDER BY q.relation_id, q.kind, q.at DESC",
            {"me": person_id, "since": now - _SHOWN_FOR},
        ).fetchall()
        names = people.masked_names(tx, core.keys, sorted({row["other"] for row in rows}))
    newest = sorted(rows, key=lambda row: row["at"], reverse=True)
    return [_shown(row, names[row["other"]]) for row in newest]


def decline(core: Core, person_id: str, request_id: str, scope: Scope) -> Answer:
    """Say no to a member, who is told; nothing changes where it was answered before. Raises `NotFound`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        asked = _read(tx, request_id)
        tie = hold_tie(tx, asked["relation_id"], person_id).tie
        if tie.payer_id != person_id:
            raise NotFound
        if _status(_read(tx, request_id)) == "sent":
            _answer(tx, tie.id, asked["kind"], "declined", now)
            told = {"relation_id": tie.id, "role": "member", "request": asked["kind"]}
            events.record(tx, now, events.Event("relation_request_declined", tie.member_id, told))
        return Answer(200, {"id": request_id, "kind": asked["kind"], "status": _status(_read(tx, request_id))})

    return once(core.db, scope, now, work)


def limit_was_raised(tx: Tx, relation_id: str, now: datetime) -> None:
    """The payer did what was asked; the tie's people must be locked."""
    _answer(tx, relation_id, "raise_limit", "done", now)


def _answer(tx: Tx, relation_id: str, kind: str, answer: str, now: datetime) -> None:
    tx.execute(
        "UPDATE core.relation_requests SET answer = %s, answered_at = %s WHERE relation_id = %s AND kind = %s AND answer IS NULL",
        [answer, now, relation_id, kind],
    )


def _read(tx: Tx, request_id: str) -> Row:
    row = tx.execute(
        "SELECT q.relation_id::text AS relation_id, q.kind, q.answer, r.ended_at IS NOT NULL AS ended "
        "FROM core.relation_requests q JOIN core.relations r ON r.id = q.relation_id WHERE q.id = %s",
        [request_id],
    ).fetchone()
    if row is None:
        raise NotFound
    return row


def _status(row: Row) -> str:
    """An ended tie is what a member who wanted to leave asked for, and leaves no limit to raise."""
    if row["ended"]:
        return "done" if row["kind"] == "leave" else row["answer"] or "lapsed"
    return row["answer"] or "sent"


def _shown(row: Row, name_masked: str) -> Row:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "at": moment_json(row["at"]),
        "status": _status(row),
        "received": row["received"],
        "relation_id": row["relation_id"],
        "relation": word_of(row["kinship"]),
        "name_masked": name_masked,
    }

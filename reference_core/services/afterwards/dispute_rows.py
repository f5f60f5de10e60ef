"""Disputes as rows: opened, walked step by step, and shown to whom they concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reference_core.db import Row, Tx
from reference_core.decisions.disputing import step_in_words
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.notices import events


@dataclass(frozen=True, slots=True)
class Dispute:
    """One case: whose payment, who opened it, and which ties wait for it."""

    id: str
    settlement_id: str
    opened_by: str
    member_id: str
    relation_ids: tuple[str, ...]
    decision: str | None

    @property
    def opened_by_payer(self) -> bool:
        return self.opened_by != self.member_id


def read_dispute(tx: Tx, dispute_id: str, lock: bool = False) -> Dispute:
    """Raises `NotFound`."""
    row = tx.execute(
        "SELECT d.id::text AS id, d.settlement_id::text AS settlement_id, d.opened_by::text AS opened_by, "
        "s.member_id::text AS member_id, d.relation_ids::text[] AS relation_ids, d.decision "
        "FROM core.disputes d JOIN core.settlements s ON s.id = d.settlement_id WHERE d.id = %s"
        + (" FOR UPDATE OF d" if lock else ""),
        [dispute_id],
    ).fetchone()
    if row is None:
        raise NotFound
    return Dispute(**{**row, "relation_ids": tuple(row["relation_ids"])})


def step(tx: Tx, dispute_id: str, now: datetime, *what: str) -> None:
    """Write down what happened in a case."""
    for one in what:
        tx.execute("INSERT INTO core.dispute_steps (dispute_id, what, at) VALUES (%s, %s, %s)", [dispute_id, one, now])


def freeze(tx: Tx, relation_ids: Sequence[str], now: datetime) -> None:
    """Let nothing be spent by these ties; their people must be locked."""
    tx.execute(
        "UPDATE core.relations SET disputed_at = coalesce(disputed_at, %s) WHERE id = ANY (%s::uuid[]) AND ended_at IS NULL",
        [now, list(relation_ids)],
    )


def thaw(tx: Tx, relation_ids: Sequence[str]) -> None:
    """Let them be used again, but for those that another open case holds or that an earlier decision left frozen."""
    tx.execute(
        "UPDATE core.relations r SET disputed_at = NULL WHERE id = ANY (%s::uuid[]) AND ended_at IS NULL "
        "AND NOT EXISTS (SELECT FROM core.disputes d WHERE d.relation_ids @> ARRAY[r.id] AND (d.decided_at IS NULL "
        "  OR EXISTS (SELECT FROM core.dispute_steps t WHERE t.dispute_id = d.id AND t.what = 'stays_frozen')))",
        [list(relation_ids)],
    )


def tell(tx: Tx, dispute: Dispute, kind: str, now: datetime, **data: object) -> None:
    """One event for whoever opened the case, and one for each other side: the member, and to a member whoever paid."""
    sides = tx.execute(
        "SELECT DISTINCT p.person_id::text AS payer, (SELECT r.id::text FROM core.relations r "
        "  WHERE r.id = ANY (%(ties)s::uuid[]) AND r.payer_id = p.person_id) AS tie FROM core.settlement_parts p "
        "WHERE p.settlement_id = %(record)s AND p.source = 'payer' ORDER BY 1",
        {"ties": list(dispute.relation_ids), "record": dispute.settlement_id},
    ).fetchall()
    about: Row = {"dispute_id": dispute.id, "settlement_id": dispute.settlement_id, **data}
    ties = {"relation_id": dispute.relation_ids[0]} if dispute.relation_ids else {}
    told = {dispute.member_id: {**about, **ties, "role": "member"}}
    for side in sides:
        if not dispute.opened_by_payer or side["payer"] == dispute.opened_by:
            tie = {"relation_id": side["tie"]} if side["tie"] else {}
            told[side["payer"]] = {**about, **tie, "role": "payer"}
    told[dispute.opened_by]["role"] = "opened"
    events.record(tx, now, *(events.Event(kind, person_id, said) for person_id, said in told.items()))


def list_of(tx: Tx, person_id: str) -> list[Row]:
    """The cases that concern a person, newest first, each with its trail: one's own, and those of the other side."""
    rows = tx.execute(
        "SELECT d.id::text AS id, d.settlement_id::text AS record, d.opened_by = %(me)s AS opened_by_me, d.opened_at, "
        "d.decision, d.because, s.at AS paid_at, i.name AS institution, "
        # Of what went back the member sees all and a payer the own part, as of the payment itself.
        "(SELECT coalesce(sum(b.amount_fen), 0)::bigint FROM core.refund_parts b JOIN core.settlement_parts p "
        "  ON p.settlement_id = b.settlement_id AND p.position = b.position "
        "  WHERE b.refund_id = d.refund_id AND %(me)s IN (s.member_id, p.person_id)) AS returned_fen, "
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('what', t.what, 'at', t.at) ORDER BY t.id), '[]') "
        "   FROM core.dispute_steps t WHERE t.dispute_id = d.id) AS trail "
        "FROM core.disputes d JOIN core.settlements s ON s.id = d.settlement_id "
        "JOIN core.institutions i ON i.id = s.institution_id "
        "WHERE %(me)s IN (d.opened_by, s.member_id) OR d.opened_by = s.member_id AND EXISTS (SELECT FROM core.settlement_parts p "
        "  WHERE p.settlement_id = s.id AND p.source = 'payer' AND p.person_id = %(me)s) ORDER BY d.opened_at DESC, d.id",
        {"me": person_id},
    ).fetchall()
    return [_shown(row) for row in rows]


def _shown(row: Row) -> Row:
    trail = [
        {
            "at": moment_json(datetime.fromisoformat(one["at"])),
            "what": one["what"],
            "text": step_in_words(one["what"], row["because"]),
        }
        for one in row["trail"]
    ]
    status = row["decision"] or "open"
    return {
        **{name: row[name] for name in ("id", "record", "opened_by_me", "institution", "returned_fen")},
        "paid_at": moment_json(row["paid_at"]),
        "status": status,
        "opened_at": moment_json(row["opened_at"]),
        "trail": trail,
    }

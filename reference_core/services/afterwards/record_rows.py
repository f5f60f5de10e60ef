"""Reads settlements that concern a person, as facts: who was treated, where, who paid what and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reference_core.db import Row, Tx
from reference_core.problems import NotFound
from reference_core.services.cursors import not_a_cursor, read_cursor, write_cursor
from reference_core.vocabulary.med_types import visits_of
from reference_core.vocabulary.periods import Period

MYSELF = "self"

_SELECT = (
    "SELECT s.id::text AS id, s.at, s.member_id::text AS member_id, s.med_type, s.bill_fen, s.fund_fen, s.own_fen, s.payer_fen, "
    "s.cash_fen, jsonb_build_object('id', i.id, 'name', i.name, 'kind', i.kind, 'region', i.region) AS institution, "
    "core.parts_of(s.id) AS parts, core.balance_after(%(me)s, s.id) AS balance_after_fen, "
    "EXISTS (SELECT FROM core.disputes d WHERE d.settlement_id = s.id AND d.decided_at IS NULL) AS disputed, "
    "tie.id::text AS relation_id, tie.kinship, tie.region AS tie_region "
    "FROM core.settlements s JOIN core.institutions i ON i.id = s.institution_id "
    "LEFT JOIN LATERAL (SELECT r.id, r.kinship, r.region "
    "  FROM core.settlement_parts p JOIN core.relations r ON r.id = p.relation_id "
    "  WHERE p.settlement_id = s.id AND p.source = 'payer' AND p.person_id = %(me)s LIMIT 1) tie ON true "
    "WHERE s.id IN (SELECT id FROM core.settlements WHERE member_id = %(me)s "
    "  UNION SELECT settlement_id FROM core.settlement_parts WHERE person_id = %(me)s) "
)
_FILTERS = (
    "AND (%(member)s::uuid IS NULL OR s.member_id = %(member)s) "
    "AND (%(payer)s::uuid IS NULL OR EXISTS (SELECT FROM core.settlement_parts p "
    "  WHERE p.settlement_id = s.id AND p.source = 'payer' AND p.person_id = %(payer)s)) "
    "AND (%(since)s::timestamptz IS NULL OR s.at >= %(since)s AND s.at < %(until)s) "
    "AND (%(families)s::text[] IS NULL OR ((left(s.med_type, 2), i.kind) IN "
    "  (SELECT * FROM unnest(%(families)s::text[], %(kinds)s::text[]))) = %(among)s) "
    "AND (%(at)s::timestamptz IS NULL OR (s.at, s.id) < (%(at)s::timestamptz, %(id)s::uuid)) "
    "ORDER BY s.at DESC, s.id DESC LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are asked for: `person` is `self` or a tie, `scene` the kind of visit."""

    person: str | None = None
    period: Period | None = None
    scene: str | None = None


def read_records(tx: Tx, me: str, wanted: Wanted, cursor: str | None, limit: int | None) -> list[Row]:
    """At most `limit` of them, or all, newest first; raises `NotFound` for a tie of other people's."""
    at, settlement_id = _place(cursor) if cursor else (None, None)
    member, payer = _whose(tx, me, wanted.person)
    period = wanted.period
    asked = {
        "me": me,
        "member": member,
        "payer": payer,
        "since": period.since if period else None,
        "until": period.until if period else None,
        **_visits(wanted.scene),
        "at": at,
        "id": settlement_id,
        "limit": limit,
    }
    return tx.execute(_SELECT + _FILTERS, asked).fetchall()


def read_record(tx: Tx, me: str, settlement_id: str) -> Row:
    """One that concerns this person; raises `NotFound` for any other."""
    row = tx.execute(_SELECT + "AND s.id = %(id)s", {"me": me, "id": settlement_id}).fetchone()
    if row is None:
        raise NotFound
    return row


def cursor_behind(row: Row) -> str:
    """Where the page after this record begins."""
    return write_cursor(row["at"].isoformat(timespec="microseconds"), row["id"])


def _place(cursor: str) -> tuple[datetime, str]:
    at, settlement_id = read_cursor(cursor)
    try:
        # A moment without a zone is none of ours: converting it would guess.
        return datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%f%z"), str(UUID(settlement_id))
    except ValueError:
        raise not_a_cursor() from None


def _whose(tx: Tx, me: str, person: str | None) -> tuple[str | None, str | None]:
    """Whose visits, and paid by whom: a tie names the member whom I help, or the payer who helps me."""
    if person is None:
        return None, None
    if person == MYSELF:
        return me, None
    tie = tx.execute(
        "SELECT payer_id::text AS payer_id, member_id::text AS member_id FROM core.relations "
        "WHERE id = %s AND %s IN (payer_id, member_id)",
        [person, me],
    ).fetchone()
    if tie is None:
        raise NotFound
    return tie["member_id"], tie["payer_id"]


def _visits(scene: str | None) -> dict[str, Any]:
    pairs = visits_of(scene) if scene else ()
    families, kinds = [family for family, _ in pairs], [kind for _, kind in pairs]
    return {"families": families if scene else None, "kinds": kinds if scene else None, "among": scene != "other"}

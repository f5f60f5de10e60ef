"""What was paid, for those whom it concerns: the member sees the visit, a payer what the own account paid of it (Y-14)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from reference_core.db import Row, Tx
from reference_core.parts import Core
from reference_core.problems import Malformed, NotFound
from reference_core.reading import moment_json
from reference_core.services import people
from reference_core.vocabulary.kinship import word_of

_SELECT = (
    "SELECT s.id::text AS id, s.at, s.member_id::text AS member_id, s.med_type, s.bill_fen, s.fund_fen, s.own_fen, s.payer_fen, "
    "s.cash_fen, jsonb_build_object('id', i.id, 'name', i.name, 'kind', i.kind, 'region', i.region) AS institution, "
    "core.parts_of(s.id) AS parts, "
    "(SELECT r.kinship FROM core.settlement_parts p JOIN core.relations r ON r.id = p.relation_id "
    "  WHERE p.settlement_id = s.id AND p.source = 'payer' AND p.person_id = %(me)s LIMIT 1) AS kinship "
    "FROM core.settlements s JOIN core.institutions i ON i.id = s.institution_id "
    "WHERE s.id IN (SELECT id FROM core.settlements WHERE member_id = %(me)s "
    "  UNION SELECT settlement_id FROM core.settlement_parts WHERE person_id = %(me)s) "
)


def list_records(core: Core, person_id: str, cursor: str | None, limit: int) -> Row:
    """One page, newest first."""
    before_at, before_id = _read_cursor(cursor) if cursor else (None, None)
    with core.db.connection() as tx:
        rows = tx.execute(
            _SELECT + "AND (%(at)s::timestamptz IS NULL OR (s.at, s.id) < (%(at)s::timestamptz, %(id)s::uuid)) "
            "ORDER BY s.at DESC, s.id DESC LIMIT %(limit)s",
            {"me": person_id, "at": before_at, "id": before_id, "limit": limit + 1},
        ).fetchall()
        items = _shown(core, tx, rows[:limit], person_id)
    more = len(rows) > limit
    return {"items": items, "next_cursor": _write_cursor(rows[limit - 1]) if more else None}


def one_record(core: Core, person_id: str, settlement_id: str) -> Row:
    """One settlement that concerns this person; raises `NotFound` for any other."""
    with core.db.connection() as tx:
        rows = tx.execute(_SELECT + "AND s.id = %(id)s", {"me": person_id, "id": settlement_id}).fetchall()
        if not rows:
            raise NotFound
        return _shown(core, tx, rows, person_id)[0]


def status_of(parts: list[Row]) -> str:
    """How a settlement stands after what was given back of it."""
    paid, returned = sum(part["amount_fen"] for part in parts), sum(part["returned_fen"] for part in parts)
    if returned == 0:
        return "settled"
    return "refunded" if returned == paid else "partly_refunded"


def _shown(core: Core, tx: Tx, rows: list[Row], me: str) -> list[Row]:
    concerned = {row["member_id"] for row in rows}
    concerned |= {part["person_id"] for row in rows for part in row["parts"] if part["person_id"]}
    names = people.masked_names(tx, core.keys, sorted(concerned))
    return [_record(row, names, me) for row in rows]


def _record(row: Row, names: dict[str, str], me: str) -> Row:
    mine = row["member_id"] == me
    return {
        "id": row["id"],
        "at": moment_json(row["at"]),
        "member": {"relation": "self" if mine else word_of(row["kinship"]), "name_masked": names[row["member_id"]]},
        "institution": row["institution"],
        "med_type": row["med_type"],
        **{figure: row[figure] for figure in ("bill_fen", "fund_fen", "own_fen", "payer_fen", "cash_fen")},
        "payers": _payers(row["parts"], names, me, everyone=mine),
        "status": status_of(row["parts"]),
    }


def _payers(parts: list[Row], names: dict[str, str], me: str, everyone: bool) -> list[Row]:
    paid: dict[str, int] = {}
    for part in parts:
        if part["source"] == "payer" and (everyone or part["person_id"] == me):
            paid[part["person_id"]] = paid.get(part["person_id"], 0) + part["amount_fen"]
    return [{"name_masked": names[one], "is_me": one == me, "paid_fen": fen} for one, fen in paid.items()]


def _write_cursor(row: Row) -> str:
    return urlsafe_b64encode(f"{row['at'].isoformat(timespec='microseconds')}|{row['id']}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, _, settlement_id = urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition("|")
        # A moment without a zone is none of ours: converting it would guess.
        moment, found = datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%f%z"), str(UUID(settlement_id))
    except ValueError:
        said: dict[str, Any] = {"code": "not_a_cursor", "text": "翻页位置无效。", "remedy": "请从第一页重新开始。"}
        raise Malformed(fields={"cursor": said}) from None
    return moment, found

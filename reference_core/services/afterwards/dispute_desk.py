"""The cases that wait for a clerk, the oldest first, with all that a decision needs and nothing of a diagnosis."""

from __future__ import annotations

from reference_core.db import Row
from reference_core.parts import Core
from reference_core.reading import moment_json
from reference_core.services.afterwards.records import status_of
from reference_core.services.people import people
from reference_core.vocabulary.admdvs import digits_of

_LIST_MAX = 200


def list_open(core: Core, region: str | None) -> list[Row]:
    """Of payments at institutions of one region with all that lies in it, or everywhere."""
    with core.db.connection() as tx:
        rows = tx.execute(
            "SELECT d.id::text AS id, d.settlement_id::text AS record, d.opened_by::text AS opened_by, d.opened_at, "
            "d.reason_sealed, s.member_id::text AS member_id, s.at, s.bill_fen, s.own_fen, s.payer_fen, s.cash_fen, "
            "i.name AS institution, i.region, s.credential_kind, core.parts_of(s.id) AS parts "
            "FROM core.disputes d JOIN core.settlements s ON s.id = d.settlement_id JOIN core.institutions i "
            "ON i.id = s.institution_id WHERE d.decided_at IS NULL AND starts_with(i.region, %s) "
            "ORDER BY d.opened_at, d.id LIMIT %s",
            [digits_of(region) if region else "", _LIST_MAX],
        ).fetchall()
        names = people.masked_names(tx, core.keys, sorted({row[who] for row in rows for who in ("opened_by", "member_id")}))
    return [_shown(core, row, names) for row in rows]


def _shown(core: Core, row: Row, names: dict[str, str]) -> Row:
    sealed = row["reason_sealed"]
    reason = people.open_sealed(core.keys, f"dispute:{row['id']}", row["opened_by"], sealed) if sealed else None
    paid = {
        name: row[name] for name in ("bill_fen", "own_fen", "payer_fen", "cash_fen", "institution", "region", "credential_kind")
    }
    return {
        "id": row["id"],
        "record": row["record"],
        "opened_at": moment_json(row["opened_at"]),
        "opened_by": {"name_masked": names[row["opened_by"]], "is_member": row["opened_by"] == row["member_id"]},
        "member": {"name_masked": names[row["member_id"]]},
        "reason": reason,
        "at": moment_json(row["at"]),
        **paid,
        "returned_fen": sum(part["returned_fen"] for part in row["parts"]),
        "status": status_of(row["parts"]),
    }

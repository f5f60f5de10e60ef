"""What was paid, for those whom it concerns: the member sees the visit, a payer what the own account paid of it (Y-14)."""

from __future__ import annotations

from reference_core.db import Row, Tx
from reference_core.decisions.visible import role_of, visible
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.afterwards.record_rows import MYSELF, Wanted, cursor_behind, read_record, read_records
from reference_core.services.people import people
from reference_core.vocabulary.kinship import word_of
from reference_core.vocabulary.med_types import SCENE_LABELS, scene_of

_EVERYTHING = Wanted()


def list_records(core: Core, person_id: str, cursor: str | None, limit: int, wanted: Wanted = _EVERYTHING) -> Row:
    """One page, newest first."""
    with core.db.connection() as tx:
        rows = read_records(tx, person_id, wanted, cursor, limit + 1)
        items = _shown(core, tx, rows[:limit], person_id)
    more = len(rows) > limit
    return {"items": items, "next_cursor": cursor_behind(rows[limit - 1]) if more else None}


def all_records(core: Core, person_id: str, wanted: Wanted = _EVERYTHING) -> list[Row]:
    """Every one of them, newest first, as of one moment."""
    with core.db.connection() as tx:
        return _shown(core, tx, read_records(tx, person_id, wanted, None, None), person_id)


def one_record(core: Core, person_id: str, settlement_id: str) -> Row:
    """One settlement that concerns this person; raises `NotFound` for any other."""
    with core.db.connection() as tx:
        (shown,) = _shown(core, tx, [read_record(tx, person_id, settlement_id)], person_id)
    return shown


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
    return [_record(core, row, names, me) for row in rows]


def _record(core: Core, row: Row, names: dict[str, str], me: str) -> Row:
    role = role_of(row, me)
    pack = core.pack(row["tie_region"], row["at"]) if role == "payer" else None
    seen = visible({**row, **_in_words(row, names, me)}, me, role, pack)
    if seen is None:  # pragma: no cover  # only what concerns somebody is read; this stands behind that, should it ever fail
        raise NotFound
    payers = [
        {"name_masked": names[one["person_id"]], "is_me": one["person_id"] == me, "paid_fen": one["paid_fen"]}
        for one in seen["payers"]
    ]
    return {**seen, "payers": payers}


def _in_words(row: Row, names: dict[str, str], me: str) -> Row:
    mine = row["member_id"] == me
    scene = scene_of(row["med_type"], row["institution"]["kind"])
    return {
        "at": moment_json(row["at"]),
        "member": {
            "relation": MYSELF if mine else word_of(row["kinship"]),
            "name_masked": names[row["member_id"]],
            "person": MYSELF if mine else row["relation_id"],
        },
        "purpose": {"kind": scene, "label": SCENE_LABELS[scene]},
        "status": "disputed" if row["disputed"] else status_of(row["parts"]),
    }

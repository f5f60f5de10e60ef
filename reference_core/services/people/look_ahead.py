"""Tells people ahead of a day that changes something for them: a birthday at which rules change, a tie that ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from reference_core.db import Row, Tx
from reference_core.parts import Core
from reference_core.services.notices.events import Event, record

AHEAD = timedelta(days=30)
# At sixteen one confirms one's own voucher, at eighteen nobody acts for one any more.
AGES = (16, 18)

_BIRTHDAYS = (
    "SELECT id::text AS id, (born + make_interval(years => %(age)s))::date AS day FROM core.people "
    "WHERE died_on IS NULL AND (born + make_interval(years => %(age)s))::date BETWEEN %(today)s AND %(last)s ORDER BY id"
)
_THOSE_WHO_CARE = (
    "SELECT payer_id::text AS person_id, 'payer' AS role, id::text AS relation_id, NULL AS kinship_id FROM core.relations "
    "WHERE member_id = %(id)s AND ended_at IS NULL "
    "UNION ALL SELECT helper_id::text, 'helper', NULL, id::text FROM core.kinships "
    "WHERE relative_id = %(id)s AND ended_at IS NULL"
)
_ENDINGS = (
    "SELECT id::text AS id, payer_id::text AS payer_id, member_id::text AS member_id, ends_on AS day FROM core.relations "
    "WHERE ended_at IS NULL AND ends_on BETWEEN %(today)s AND %(last)s ORDER BY id"
)


def look_ahead(core: Core) -> Row:
    """Write the events that are due by now; each once, however often somebody looks."""
    now = core.now()
    days = {"today": now.date(), "last": now.date() + AHEAD}
    told = 0
    with core.db.transaction() as tx:
        for age in AGES:
            for one in tx.execute(_BIRTHDAYS, {**days, "age": age}).fetchall():
                told += _tell(tx, f"birthday_{age}", one, now, _about_a_birthday(tx, one, age))
        for one in tx.execute(_ENDINGS, days).fetchall():
            told += _tell(tx, "relation_ends_soon", one, now, _about_an_ending(one))
    return {"told": told}


def _tell(tx: Tx, kind: str, about: Row, now: datetime, happened: list[Event]) -> int:
    fresh = tx.execute(
        "INSERT INTO core.told_ahead (kind, subject_id, day) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [kind, about["id"], about["day"]],
    ).rowcount
    if fresh:
        record(tx, now, *happened)
    return len(happened) if fresh else 0


def _about_a_birthday(tx: Tx, person: Row, age: int) -> list[Event]:
    """To whoever has it, and once to each who pays or shows a code for them."""
    data: dict[str, Any] = {"age": age, "day": _written(person["day"])}
    told = [Event("birthday_ahead", person["id"], {**data, "role": "self"})]
    caring = {row["person_id"]: row for row in tx.execute(_THOSE_WHO_CARE, {"id": person["id"]}).fetchall()}
    for row in caring.values():
        tie = {name: row[name] for name in ("relation_id", "kinship_id") if row[name]}
        told.append(Event("birthday_ahead", row["person_id"], {**data, **tie, "role": row["role"]}))
    return told


def _about_an_ending(tie: Row) -> list[Event]:
    data = {"relation_id": tie["id"], "day": _written(tie["day"])}
    return [Event("relation_ends_soon", tie[f"{role}_id"], {**data, "role": role}) for role in ("payer", "member")]


def _written(day: date) -> str:
    return day.isoformat()

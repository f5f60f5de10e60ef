"""Theft of a code and fraud, as anybody reports them: kept sealed under a receipt number, for the bureau to read (LY-46)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groundwork.chance import new_digits, new_id
from groundwork.masking import mask_name
from reference_core.db import Row, Tx
from reference_core.decisions.rules.people import insured_region
from reference_core.idempotency import Answer, Scope, once
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.reading import moment_json
from reference_core.services.afterwards.record_rows import read_record
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of
from reference_core.vocabulary.admdvs import digits_of

_RECEIPT_DIGITS = 12
_LIST_MAX = 200
# Where no city is served the national line still answers.
_NATIONAL_LINE, _ANY_COUNTER = "12393", "当地医保经办窗口"


def report(core: Core, person_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Keep what somebody reports and say where it goes; raises `NotFound` for a record that is none of theirs."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        person = situation_of(tx, person_id, now)
        about = asked.get("about")
        if about is not None:
            read_record(tx, person_id, str(about))
        receipt = now.strftime("%Y%m%d") + new_digits(_RECEIPT_DIGITS)
        _keep(core, tx, {**asked, "about": about, "receipt": receipt, "region": insured_region(person.person)}, person_id, now)
        return Answer(201, {"receipt_number": receipt, **_where_it_goes(core.home_pack(person, now))})

    return once(core.db, scope, now, work)


def _keep(core: Core, tx: Tx, said: dict[str, Any], person_id: str, now: datetime) -> None:
    report_id = new_id()
    tx.execute(
        "INSERT INTO core.reports (id, receipt_number, person_id, kind, text_sealed, settlement_id, region, at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            report_id,
            said["receipt"],
            person_id,
            said["kind"],
            people.seal(core.keys, f"report:{report_id}", person_id, said["text"]),
            said["about"],
            said["region"],
            now,
        ],
    )


def _where_it_goes(pack: Pack | None) -> Row:
    if pack is None:
        return {"place": _ANY_COUNTER, "phone": _NATIONAL_LINE}
    return {"place": pack.words.counter, "phone": pack.words.hotline}


def list_own(core: Core, person_id: str) -> list[Row]:
    """What this person reported, newest first, each with its number and where to ask after it."""
    now = core.now()
    with core.db.connection() as tx:
        person = situation_of(tx, person_id, now)
        rows = tx.execute(
            "SELECT id::text AS id, receipt_number, person_id::text AS person_id, kind, text_sealed, "
            "settlement_id::text AS about, at FROM core.reports WHERE person_id = %s ORDER BY at DESC, id LIMIT %s",
            [person_id, _LIST_MAX],
        ).fetchall()
    place = _where_it_goes(core.home_pack(person, now))
    return [{**_told(core, row), **place} for row in rows]


def list_reports(core: Core, region: str | None) -> list[Row]:
    """What was reported in one region with all that lies in it, or everywhere, newest first."""
    with core.db.connection() as tx:
        rows = tx.execute(
            "SELECT id::text AS id, receipt_number, person_id::text AS person_id, kind, text_sealed, "
            "settlement_id::text AS about, region, at FROM core.reports "
            "WHERE starts_with(region, %s) ORDER BY at DESC, id LIMIT %s",
            [digits_of(region) if region else "", _LIST_MAX],
        ).fetchall()
        names = people.read_names(tx, core.keys, [row["person_id"] for row in rows])
    return [_shown(core, row, names[row["person_id"]].name) for row in rows]


def _shown(core: Core, row: Row, name: str) -> Row:
    return {**_told(core, row), "region": row["region"], "by": {"name_masked": mask_name(name)}}


def _told(core: Core, row: Row) -> Row:
    text = people.open_sealed(core.keys, f"report:{row['id']}", row["person_id"], row["text_sealed"])
    told = {one: row[one] for one in ("receipt_number", "kind", "about")}
    return {**told, "at": moment_json(row["at"]), "text": text}

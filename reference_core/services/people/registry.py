"""What agencies report: people and what they are insured for, deposits, life's events, and institutions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.id_number import born_on, sex_of
from reference_core.db import Tx
from reference_core.decisions.rules.verdicts import may_transfer_out
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import AlreadyKnown, NotFound
from reference_core.reading import verdict_json
from reference_core.services.notices import events
from reference_core.services.people import life_events, people
from reference_core.services.people.situations import situation_of

_COLUMN_OF_SECRET = {"name": "name", "phone": "phone", "card_number": "card"}


def add_person(core: Core, facts: dict[str, Any], scope: Scope) -> Answer:
    """Enter somebody with insurances and money; raises `AlreadyKnown`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.hold_number(tx, core.keys, facts["cert_type"], facts["id_number"])
        if people.find_id(tx, core.keys, facts["cert_type"], facts["id_number"]) is not None:
            raise AlreadyKnown
        person_id = people.insert_person(tx, core.keys, _new_person(facts), now)
        _merge_insurances(tx, person_id, facts["insurances"])
        for insurance in facts["insurances"]:
            _deposit_opening(tx, person_id, facts["region"], insurance, now)
        if facts["voucher"]:
            _set_voucher(tx, person_id, True, now)
        return Answer(201, {"person_id": person_id})

    return once(core.db, scope, now, work)


def change_person(core: Core, facts: dict[str, Any], scope: Scope) -> Answer:
    """Let life happen to somebody; answers what moving away would have been told, as things stood before."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        person_id = people.find_id(tx, core.keys, facts["cert_type"], facts["id_number"])
        if person_id is None:
            raise NotFound
        people.lock_people(tx, [person_id])
        before = situation_of(tx, person_id, now)
        verdict = may_transfer_out(core.home_pack(before, now), before, now)
        _change(core, tx, person_id, facts, now)
        life_events.follow(core, tx, before, situation_of(tx, person_id, now), now)
        changed = sorted(set(facts) - {"cert_type", "id_number"})
        events.record(tx, now, events.Event("person_changed", person_id, {"changed": changed}))
        return Answer(200, {"person_id": person_id, "transfer_out": verdict_json(verdict)})

    return once(core.db, scope, now, work)


def put_institution(core: Core, facts: dict[str, Any]) -> dict[str, Any]:
    """Enter an institution, or what is new about it; the same facts twice change nothing."""
    with core.db.transaction() as tx:
        tx.execute(
            "INSERT INTO core.institutions (id, name, region, kind, level, capabilities, system) "
            "VALUES (%(id)s, %(name)s, %(region)s, %(kind)s, %(level)s, %(capabilities)s, %(system)s) "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region, kind = excluded.kind, "
            "level = excluded.level, capabilities = excluded.capabilities, system = excluded.system",
            facts,
        )
        tx.execute(
            "INSERT INTO core.accounts (kind, institution_id) VALUES ('institution', %(id)s) ON CONFLICT DO NOTHING", facts
        )
    return facts


def _new_person(facts: dict[str, Any]) -> people.NewPerson:
    number = facts["id_number"]
    return people.NewPerson(
        cert_type=facts["cert_type"],
        number=number,
        name=facts["name"],
        sex=facts.get("sex") or sex_of(number),
        born=facts.get("born") or born_on(number),
        region=facts["region"],
        phone=facts.get("phone"),
        phone_assurance="unverified" if facts.get("phone") else None,
        card_number=facts.get("card_number"),
        bank_cards=tuple(facts["bank_cards"]),
        conditions=tuple(facts["conditions"]),
        card_state=facts["card"],
    )


def _change(core: Core, tx: Tx, person_id: str, facts: dict[str, Any], now: datetime) -> None:
    if "region" in facts:
        tx.execute("UPDATE core.people SET region = %s WHERE id = %s", [facts["region"], person_id])
    if "conditions" in facts:
        tx.execute("UPDATE core.people SET conditions = %s WHERE id = %s", [sorted(set(facts["conditions"])), person_id])
    if "card" in facts:
        tx.execute("UPDATE core.people SET card_state = %s WHERE id = %s", [facts["card"], person_id])
    if "died_on" in facts:
        tx.execute("UPDATE core.people SET died_on = %s WHERE id = %s", [facts["died_on"], person_id])
    if "voucher" in facts:
        _set_voucher(tx, person_id, facts["voucher"], now)
    _change_secrets(core, tx, person_id, facts)
    region = _region_of(tx, person_id)
    _merge_insurances(tx, person_id, facts.get("insurances", ()))
    for insurance in facts.get("insurances", ()):
        _set_balance(tx, person_id, region, insurance, now)
    if facts.get("deposit_fen"):
        _move_money(tx, person_id, region, {now.year: facts["deposit_fen"]}, now)


def _change_secrets(core: Core, tx: Tx, person_id: str, facts: dict[str, Any]) -> None:
    for field, column in _COLUMN_OF_SECRET.items():
        if field in facts:
            sealed = people.seal(core.keys, column, person_id, facts[field])
            tx.execute(f"UPDATE core.people SET {column}_sealed = %s WHERE id = %s", [sealed, person_id])  # noqa: S608  # three known columns
    if "card_number" in facts:
        card_print = people.card_prints(core.keys, facts["card_number"])[0]
        tx.execute("UPDATE core.people SET card_print = %s WHERE id = %s", [card_print, person_id])
    if "bank_cards" in facts:
        sealed = people.seal(core.keys, "bank_cards", person_id, json.dumps(facts["bank_cards"]))
        tx.execute("UPDATE core.people SET bank_cards_sealed = %s WHERE id = %s", [sealed, person_id])


def _merge_insurances(tx: Tx, person_id: str, insurances: list[dict[str, Any]] | tuple[()]) -> None:
    for insurance in insurances:
        tx.execute(
            "INSERT INTO core.insurances (person_id, insutype, status, region, paid_year) "
            "VALUES (%(person)s, %(insutype)s, %(status)s, %(region)s, %(paid_year)s) "
            "ON CONFLICT (person_id, insutype) DO UPDATE SET status = excluded.status, "
            "region = CASE WHEN %(has_region)s THEN excluded.region ELSE core.insurances.region END, "
            "paid_year = CASE WHEN %(has_paid_year)s THEN excluded.paid_year ELSE core.insurances.paid_year END",
            {
                "person": person_id,
                "insutype": insurance["insutype"],
                "status": insurance["status"],
                "region": insurance.get("region"),
                "has_region": "region" in insurance,
                "paid_year": insurance.get("paid_year"),
                "has_paid_year": "paid_year" in insurance,
            },
        )


def _deposit_opening(tx: Tx, person_id: str, region: str, insurance: dict[str, Any], now: datetime) -> None:
    total, prior = insurance.get("balance_fen", 0), insurance.get("prior_year_fen", 0)
    _move_money(tx, person_id, region, {now.year: total - prior, now.year - 1: prior}, now)


def _set_balance(tx: Tx, person_id: str, region: str, insurance: dict[str, Any], now: datetime) -> None:
    if "balance_fen" in insurance:
        tx.execute(
            "SELECT core.set_balance(%s, %s, %s, %s, %s, %s)",
            [person_id, region, now.year, insurance["balance_fen"], insurance.get("prior_year_fen"), now],
        )


def _move_money(tx: Tx, person_id: str, region: str, moves: dict[int, int], now: datetime) -> None:
    tx.execute(
        "SELECT core.move_money(%s, %s, %s, 'deposit', %s)",
        [person_id, region, Jsonb({str(y): m for y, m in moves.items()}), now],
    )


def _region_of(tx: Tx, person_id: str) -> str:
    (row,) = tx.execute("SELECT region FROM core.people WHERE id = %s", [person_id]).fetchall()
    return str(row["region"])


def _set_voucher(tx: Tx, person_id: str, active: bool, now: datetime) -> None:
    tx.execute(
        "UPDATE core.vouchers SET activated_at = CASE WHEN %(active)s THEN coalesce(activated_at, %(now)s) END, "
        "activated_method = CASE WHEN %(active)s THEN activated_method END, "
        "activated_by = CASE WHEN %(active)s THEN activated_by END, suspended_at = NULL WHERE person_id = %(person)s",
        {"active": active, "now": now, "person": person_id},
    )

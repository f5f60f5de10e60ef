"""Citizens as they meet the core: proven by a real-person check, and what they may see of themselves."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from groundwork.id_number import born_on, sex_of
from groundwork.masking import mask_id_number, mask_name, mask_phone
from groundwork.names import is_same_name
from reference_core.db import Tx
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.verdicts import may_transfer_out
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json, verdict_json
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of
from reference_core.services.relations.accounts import account_json
from reference_core.services.relations.presets import member_of_relation
from reference_core.vocabulary.facts import Situation

_INSURANCES = {
    "310": "职工基本医疗保险",
    "320": "公务员医疗补助",
    "330": "大额医疗费用补助",
    "340": "离休人员医疗保障",
    "390": "城乡居民基本医疗保险",
    "410": "长期照护保险",
    "510": "生育保险",
}


def admit(core: Core, proven: dict[str, Any], scope: Scope) -> Answer:
    """Find the citizen whose face and number were proven, or enter one who is not insured yet."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.hold_number(tx, core.keys, proven["cert_type"], proven["id_number"])
        person_id = people.find_id(tx, core.keys, proven["cert_type"], proven["id_number"])
        if person_id is None:
            person_id = people.insert_person(tx, core.keys, _stranger(proven), now)
        elif not is_same_name(people.read_names(tx, core.keys, [person_id])[person_id].name, proven["name"]):
            return refusal([explain(None, "identity_name_differs")])
        else:
            _keep_phone(core, tx, person_id, proven)
        tx.execute(
            "INSERT INTO core.identity_checks (person_id, verified, at) VALUES (%s, %s, %s)",
            [person_id, Jsonb(proven["verified"]), now],
        )
        return Answer(200, {"person_id": person_id})

    return once(core.db, scope, now, work)


def about_me(core: Core, person_id: str) -> dict[str, Any]:
    """All that the citizen's own page shows, masked."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
        named = people.read_names(tx, core.keys, [person_id])[person_id]
        pack = core.home_pack(situation, now)
        return {
            **_identity(named, situation),
            "region_name": pack.name if pack else None,
            "insurances": [_insurance(insurance) for insurance in situation.person.insurances],
            "conditions": sorted(situation.person.conditions),
            "voucher": _voucher(tx, person_id),
            "account": account_json(tx, situation, pack),
            "transfer_out": verdict_json(may_transfer_out(pack, situation, now)),
        }


def identity(core: Core, person_id: str) -> dict[str, Any]:
    """One's own name and number in clear, for a real-person check about oneself; raises `NotFound`."""
    with core.db.connection() as tx:
        named = people.read_names(tx, core.keys, [person_id]).get(person_id)
    if named is None:
        raise NotFound
    return {"name": named.name, "id_number": named.number}


def member_identity(core: Core, payer_id: str, relation_id: str) -> dict[str, Any]:
    """Name and number in clear of whom this payer helps, for a real-person check about them; raises `NotFound`."""
    with core.db.connection() as tx:
        member_id = member_of_relation(tx, payer_id, relation_id, core.now())
        named = people.read_names(tx, core.keys, [member_id])[member_id]
        row = tx.execute("SELECT cert_type FROM core.people WHERE id = %s", [member_id]).fetchone() or {}
    return {"name": named.name, "id_number": named.number, "cert_type": row["cert_type"]}


def transfer_out(core: Core, person_id: str) -> dict[str, Any]:
    """Whether the insurance may be moved away now, and what stands in the way."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
    return verdict_json(may_transfer_out(core.home_pack(situation, now), situation, now))


def _stranger(proven: dict[str, Any]) -> people.NewPerson:
    number = proven["id_number"]
    return people.NewPerson(
        cert_type=proven["cert_type"],
        number=number,
        name=proven["name"],
        sex=sex_of(number),
        born=born_on(number),
        # Nothing better is known of somebody without insurance than the city that first gave out the number.
        region=number[:4] + "00",
        phone=proven.get("phone"),
        phone_assurance=proven.get("phone_assurance") if proven.get("phone") else None,
    )


def _keep_phone(core: Core, tx: Tx, person_id: str, proven: dict[str, Any]) -> None:
    if proven.get("phone"):
        tx.execute(
            # A number that a channel vouched for is not replaced by one that was only typed.
            "UPDATE core.people SET phone_sealed = %s, phone_assurance = %s WHERE id = %s "
            "AND NOT (phone_assurance IS NOT DISTINCT FROM 'verified' AND %s = 'unverified')",
            [
                people.seal(core.keys, "phone", person_id, proven["phone"]),
                proven["phone_assurance"],
                person_id,
                proven["phone_assurance"],
            ],
        )


def _identity(named: people.Named, situation: Situation) -> dict[str, Any]:
    person = situation.person
    return {
        "person_id": person.id,
        "name_masked": mask_name(named.name),
        "id_number_masked": mask_id_number(named.number),
        "phone_masked": mask_phone(named.phone) if named.phone else None,
        "sex": person.sex,
        "born": person.born.isoformat(),
        "region": person.region,
    }


def _insurance(insurance: Any) -> dict[str, Any]:
    return {
        "insutype": insurance.insutype,
        "name": _INSURANCES.get(insurance.insutype, "其他医疗保障"),
        "status": insurance.status,
        "region": insurance.region,
    }


def _voucher(tx: Tx, person_id: str) -> dict[str, Any]:
    row = tx.execute("SELECT activated_at, suspended_at FROM core.vouchers WHERE person_id = %s", [person_id]).fetchone()
    return voucher_state(row or {"activated_at": None, "suspended_at": None})


def voucher_state(row: dict[str, Any]) -> dict[str, Any]:
    """How a voucher stands."""
    status = "not_activated" if row["activated_at"] is None else "active" if row["suspended_at"] is None else "suspended"
    return {"status": status, "activated_at": moment_json(row["activated_at"])}

"""Citizens and agencies: who is entered, found, changed, and what of it is ever readable."""

from __future__ import annotations

import io
import json

import psycopg
import pytest
import structlog

from groundwork.chance import new_id
from groundwork.logs import keep_listed_fields
from groundwork.sealing import KeyRing
from reference_core.idempotency import scope_of
from reference_core.parts import Core
from reference_core.services.people import people
from reference_core.settings import Settings
from tests.reference_core.callers import CITY, Callers, Json, Told, World, new_person


def proven(person: Json, **other: object) -> Json:
    check = {"channel": "wechat", "method": "face", "check_id": "v-1", "at": "2026-11-21T10:00:00+08:00"}
    named = {name: person[name] for name in ("name", "id_number", "phone")}
    return {**named, "cert_type": "01", "phone_assurance": "verified", "verified": check, **other}


def test_who_proves_a_known_number_is_that_citizen(world: World, callers: Callers) -> None:
    person = world.employee(500)

    assert callers.citizen("POST", "/people", proven(person)).ok() == {"person_id": person["person_id"]}


def test_who_proves_an_unknown_number_is_entered_uninsured_and_found_again(callers: Callers) -> None:
    stranger = new_person()

    first, again = (callers.citizen("POST", "/people", proven(stranger)).ok() for _ in range(2))

    me = callers.citizen("GET", "/me", person=first["person_id"]).ok()
    assert first == again
    assert (me["insurances"], me["account"]["status"], me["region"]) == ([], "none", CITY)


def test_a_proven_number_under_another_name_is_refused(world: World, callers: Callers) -> None:
    told = callers.citizen("POST", "/people", proven(world.employee(500), name="别人"))

    assert told.refused() == {"identity_name_differs"}


def test_a_phone_that_the_channel_vouched_for_is_not_replaced_by_a_typed_one(world: World, callers: Callers) -> None:
    person = world.employee(500)
    callers.citizen("POST", "/people", proven(person, phone="13800001111")).ok()

    callers.citizen("POST", "/people", proven(person, phone="13900002222", phone_assurance="unverified")).ok()

    assert callers.citizen("GET", "/me", person=person["person_id"]).ok()["phone_masked"] == "138****1111"


def test_who_comes_back_without_a_phone_keeps_the_one_that_is_known(world: World, callers: Callers) -> None:
    person = world.employee(500, phone="13800001111")

    callers.citizen("POST", "/people", proven(person, phone=None)).ok()

    assert callers.citizen("GET", "/me", person=person["person_id"]).ok()["phone_masked"] == "138****1111"


def test_ones_own_page_is_masked(world: World, callers: Callers) -> None:
    person = world.employee(balance_fen=1_000, prior_year_fen=300)

    me = callers.citizen("GET", "/me", person=person["person_id"]).ok()

    assert me["id_number_masked"] == f"371{'*' * 11}{person['id_number'][-4:]}"
    assert person["name"] not in json.dumps(me, ensure_ascii=False)
    assert me["insurances"] == [{"insutype": "310", "name": "职工基本医疗保险", "status": "normal", "region": CITY}]
    assert (me["voucher"]["status"], me["account"]["balance_fen"], me["transfer_out"]["allowed"]) == ("active", 1_000, True)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"id_number": "371399198503020019"}, {"id_number"}),
        ({"cert_type": "04", "id_number": "H12345678"}, {"sex", "born"}),
        ({"cert_type": "04", "id_number": "H1"}, {"id_number"}),
    ],
)
def test_an_agency_is_told_what_is_wrong_with_a_certificate(callers: Callers, change: Json, fields: set[str]) -> None:
    """Of any other certificate than the identity card, sex and birth date must be said."""
    asked = {name: value for name, value in new_person().items() if name not in ("sex", "born")}
    if fields == {"id_number"}:
        asked |= {"sex": "male", "born": "1985-03-02"}

    told = callers.registry("/people", {**asked, **change}).problem(400, "malformed")

    assert set(told["fields"]) == fields


def test_a_person_is_entered_once(world: World, callers: Callers) -> None:
    person = world.employee(500)
    facts = {name: person[name] for name in ("id_number", "name", "region")}

    callers.registry("/people", facts).problem(409, "already_known")


def test_moving_takes_every_insurance_along_that_has_no_region_of_its_own(world: World, callers: Callers) -> None:
    held = [{"insutype": "310", "status": "normal"}, {"insutype": "390", "status": "terminated", "region": "370200"}]
    person = world.person(insurances=held)

    world.change(person, region="370100")

    me = callers.citizen("GET", "/me", person=person["person_id"]).ok()
    assert {one["insutype"]: one["region"] for one in me["insurances"]} == {"310": "370100", "390": "370200"}


def test_insurances_merge_and_conditions_replace(world: World, callers: Callers) -> None:
    person = world.employee(500, conditions=["preferential"])

    world.change(person, insurances=[{"insutype": "390", "status": "normal"}], conditions=["retired_cadre"], died_on="2026-11-01")

    me = callers.citizen("GET", "/me", person=person["person_id"]).ok()
    assert {one["insutype"] for one in me["insurances"]} == {"310", "390"}
    assert me["conditions"] == ["retired_cadre"]
    assert me["account"]["balance_fen"] == 500


def test_a_change_is_told_as_an_event_that_names_fields_and_no_values(world: World, callers: Callers) -> None:
    person = world.employee(500)

    world.change(person, phone="13800009999", deposit_fen=7)

    (event,) = [one for one in callers.events()["items"] if one["person_id"] == person["person_id"]]
    assert (event["kind"], event["data"]) == ("person_changed", {"changed": ["deposit_fen", "phone"]})


def test_a_change_of_somebody_unknown_is_not_found(callers: Callers) -> None:
    callers.registry("/people/changes", {"id_number": new_person()["id_number"], "voucher": True}).problem(404, "not_found")


def test_no_personal_data_lies_readable_in_any_table(world: World, callers: Callers, settings: Settings) -> None:
    """Every row of every table of the core, as text, after a whole family's life."""
    son = world.employee(5_000, card_number="C3713990000777", bank_cards=["6217000000000777"])
    mother = world.resident()
    world.family(son, mother)
    code = world.code(mother)
    world.pay(world.institution(), mother, 100, code=code).ok()
    callers.citizen("POST", "/people", proven(son)).ok()
    secrets = [value for one in (son, mother) for value in (one["name"], one["id_number"], one["phone"])]
    secrets += [code, "C3713990000777", "6217000000000777"]

    with psycopg.connect(settings.database_url) as raw:
        tables = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'core'").fetchall()
        texts = [str(raw.execute(f"SELECT t::text FROM core.{name} t".encode()).fetchall()) for (name,) in tables]  # noqa: S608  # our tables

    assert len(tables) > 15
    assert [secret for secret in secrets if any(secret in text for text in texts)] == []


def test_no_personal_data_reaches_a_log_line(world: World, callers: Callers) -> None:
    written = io.StringIO()
    structlog.configure(
        processors=[keep_listed_fields, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(written),
    )
    try:
        son, mother = world.employee(5_000), world.resident()
        world.family(son, mother)
        world.pay(world.institution(), mother, 100).ok()
        callers.citizen("GET", f"/{son['id_number']}", person=son["person_id"]).problem(404, "not_found")
    finally:
        structlog.reset_defaults()

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {"/terminal/settlements", "/citizen/relations", "unknown"} <= {line["route"] for line in lines}
    for person in (son, mother):
        assert not any(person[fact] in written.getvalue() for fact in ("name", "id_number", "phone", "person_id"))


def test_people_are_found_and_read_after_the_keys_were_rotated(world: World, core: Core) -> None:
    person = world.employee(500)
    rotated = KeyRing.parse("k2:" + "7b" * 32 + ",k1:" + "5a" * 32)

    with core.db.connection() as tx:
        found = people.find_id(tx, rotated, "01", person["id_number"])
        named = people.read_names(tx, rotated, [person["person_id"]])
    assert found == person["person_id"]
    assert named[person["person_id"]].name == person["name"]


def test_a_write_is_remembered_after_the_keys_were_rotated(world: World, callers: Callers, core: Core) -> None:
    rotated = KeyRing.parse("k2:" + "7b" * 32 + ",k1:" + "5a" * 32)
    before = scope_of(core.keys, door="d", actor="a", operation="o", key="k" * 16, body={"b": 1})
    after = scope_of(rotated, door="d", actor="a", operation="o", key="k" * 16, body={"b": 1})

    assert before.body_prints[0] in after.body_prints
    assert before.body_prints[0] != after.body_prints[0]


@pytest.mark.parametrize("fact", ["name", "phone"])
def test_a_sealed_value_opens_only_in_its_own_place(world: World, core: Core, fact: str) -> None:
    one, other = world.employee(500), world.employee(500)
    sealed = people.seal(core.keys, fact, one["person_id"], one[fact])
    assert sealed is not None

    with pytest.raises(ValueError, match=r"core\.people"):
        core.keys.open(sealed, f"core.people.{fact}/{other['person_id']}")


def test_an_identity_is_attached_to_one_citizen_and_its_siblings_follow(callers: Callers) -> None:
    open_id, union_id = f"o-{new_id()}", f"u-{new_id()}"
    app, person = {"channel": "wechat", "app_id": "wx1"}, new_id()
    both = [{"kind": "open_id", "subject": open_id}, {"kind": "union_id", "subject": union_id}]
    first = callers.register("/identities", {**app, "subjects": both}).ok()
    assert first["person_id"] is None

    consent = {"purpose": "privacy", "text": "第一条\n第二条", "text_hash": "a" * 64, "version": "1", "channel": "wechat"}
    body = {"person_id": person, "consents": [{**consent, "agreed_at": "2026-11-21T10:00:00+08:00"}]}
    callers.register(f"/identities/{first['identity_id']}/person", body).ok()

    for subject in both:
        assert callers.register("/identities", {**app, "subjects": [subject]}).ok()["person_id"] == person
    other = {"person_id": new_id(), "consents": []}
    callers.register(f"/identities/{first['identity_id']}/person", other).problem(409, "identity_conflict")


def test_a_sign_in_that_leads_to_two_citizens_is_a_conflict(callers: Callers) -> None:
    app = {"channel": "wechat", "app_id": "wx1"}
    subjects = [{"kind": "open_id", "subject": f"o-{new_id()}"}, {"kind": "union_id", "subject": f"u-{new_id()}"}]
    for subject in subjects:
        found = callers.register("/identities", {**app, "subjects": [subject]}).ok()
        callers.register(f"/identities/{found['identity_id']}/person", {"person_id": new_id(), "consents": []}).ok()

    callers.register("/identities", {**app, "subjects": subjects}).problem(409, "identity_conflict")


def test_the_register_cannot_see_the_core(core: Core) -> None:
    """Its role may not read a table of the schema beside it."""
    with core.register.connection() as tx, pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.execute("SELECT count(*) FROM core.people")


def test_a_new_social_card_takes_the_place_of_the_old_one_at_the_till(world: World, callers: Callers) -> None:
    person = world.employee(5_000, card_number="1102210901", bank_cards=["6222020000000000001"])
    world.change(person, card_number="1102210902", bank_cards=["6222020000000000002"])

    def pay_by(card: str) -> Told:
        bill = {"credential": {"kind": "social_card", "value": card}, "med_type": "41", "amount_fen": 100}
        return callers.till(world.institution(), "/settlements", bill)

    assert pay_by("1102210902").ok()["own_fen"] == 100
    pay_by("1102210901").problem(404, "not_found")

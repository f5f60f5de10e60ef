"""What the core keeps of one citizen: all of it told, what the law does not keep deleted, and nobody else's touched."""

from __future__ import annotations

import json

import psycopg
import pytest

from groundwork.chance import new_id
from reference_core.parts import Core
from reference_core.services.register.my_data import ALSO_TOLD, SECTIONS
from reference_core.vocabulary.my_data import GOING, STAYING
from tests.reference_core.callers import Callers, Json, Told, World
from tests.reference_core.helpers import Kin

# Each of these names people only to say who did it, at a door or for a moment, and keeps nothing of them.
NOTHING_OF_THEIRS = {"idempotency"}


def export(callers: Callers, person: Json) -> Json:
    return callers.citizen("GET", "/export", person=person["person_id"]).ok()


def proof(world: World, **changes: str) -> Json:
    return {**world.proof(), "check_id": new_id(), **changes}


def delete(callers: Callers, world: World, person: Json, key: str | None = None, **changes: str) -> Told:
    body = {"verified_by": proof(world, **changes)}
    return callers.citizen("POST", "/deletion", body, person=person["person_id"], key=key)


def take_members_off(callers: Callers, world: World, person: Json) -> None:
    for tie in callers.citizen("GET", "/members", person=person["person_id"]).ok()["items"]:
        world.end(person, tie["id"]).ok()


@pytest.fixture
def family(world: World) -> tuple[Json, Json]:
    """A payer and a member who have been to the pharmacy."""
    payer, member = world.employee(50_000), world.resident()
    world.family(payer, member)
    world.pay(world.institution(), member, 1_200).ok()
    return payer, member


def test_everything_that_names_a_person_is_told_them(core: Core) -> None:
    """A new table that names people comes with its section, or with a reason here why it needs none."""
    rows = core.db.rows(
        "SELECT DISTINCT c.conrelid::regclass::text AS name FROM pg_constraint c "
        "WHERE c.contype = 'f' AND c.confrelid = 'core.people'::regclass"
    )
    naming = {row["name"].removeprefix("core.") for row in rows}

    told = {table for section in SECTIONS for table in section.tables} | set(ALSO_TOLD)

    assert naming <= told | NOTHING_OF_THEIRS
    assert len(naming) > 12


def test_an_export_tells_ones_own_in_clear_and_others_by_masked_names(callers: Callers, family: tuple[Json, Json]) -> None:
    payer, member = family

    told = export(callers, payer)

    assert (told["person"]["name"], told["person"]["id_number"]) == (payer["name"], payer["id_number"])
    assert told["person"]["phone"] == payer["phone"]
    assert [(one["my_role"], one["relation"], one["name_masked"][-1]) for one in told["relations"]] == [
        ("payer", "mother", member["name"][-1])
    ]
    assert [one["purpose"] for one in told["pledges"]] == ["open-account"]
    assert [one["amount_fen"] for one in told["account_movements"]] == [50_000, -1_200]
    assert [one["payer_fen"] for one in told["records"]] == [1_200]
    assert {"account_opened", "payment_settled"} <= {one["kind"] for one in told["events"]}


def test_an_export_says_nothing_of_others_that_would_find_them(callers: Callers, family: tuple[Json, Json]) -> None:
    payer, member = family
    for me, other in (family, (member, payer)):
        written = json.dumps(export(callers, me), ensure_ascii=False)
        for secret in ("name", "id_number", "phone", "person_id"):
            assert str(other[secret]) not in written, secret


def test_a_long_history_is_told_to_its_end(callers: Callers, world: World, family: tuple[Json, Json]) -> None:
    payer, member = family
    pharmacy = world.institution()
    for _ in range(101):
        world.pay(pharmacy, member, 1).ok()

    assert len(export(callers, payer)["records"]) == 102


def test_members_who_rely_on_the_account_are_taken_off_knowingly_first(
    callers: Callers, world: World, family: tuple[Json, Json]
) -> None:
    payer, _ = family

    told = delete(callers, world, payer)

    assert told.refused() == {"deletion_members_rely"}
    assert told.body["reasons"][0]["facts"] == {"count": 1}
    assert "解除" in told.body["reasons"][0]["next_step"]
    assert export(callers, payer)["person"]["phone"] == payer["phone"]
    take_members_off(callers, world, payer)
    delete(callers, world, payer).ok()


def test_a_deletion_says_what_went_what_stays_and_which_law_keeps_it(
    callers: Callers, world: World, family: tuple[Json, Json]
) -> None:
    payer, _ = family
    take_members_off(callers, world, payer)

    told = delete(callers, world, payer).ok()

    assert [one["what"] for one in told["gone"]] == [one.what for one in GOING]
    assert {one["what"] for one in told["kept"]} == {"insurance", "ledger", "pledges", "consent_ledger", "cases", "events"}
    for one in told["kept"]:
        assert one["title"]
        assert one["reason"]
        assert "法" in one["source"]
    assert len(STAYING) == len(told["kept"])


def test_what_is_said_to_go_is_gone_and_what_is_said_to_stay_is_there(
    callers: Callers, world: World, core: Core, family: tuple[Json, Json]
) -> None:
    payer, _ = family
    before = export(callers, payer)
    take_members_off(callers, world, payer)

    delete(callers, world, payer).ok()

    told = export(callers, payer)
    assert (told["person"]["phone"], told["person"]["phone_assurance"]) == (None, None)
    assert told["identity_checks"] == []
    for kept in ("pledges", "account_movements", "records", "insurances"):
        assert told[kept] == before[kept], kept
    accounts = core.db.rows(
        "SELECT phone_sealed, closed_at IS NULL AS open FROM core.mutual_aid_accounts WHERE person_id = %s", [payer["person_id"]]
    )
    assert accounts == [{"phone_sealed": None, "open": False}]
    assert len(told["deletions"]) == 1


def test_a_member_who_deletes_their_data_leaves_and_the_payer_is_told(callers: Callers, world: World, core: Core) -> None:
    payer, member = world.employee(50_000), world.resident()
    world.open_account(payer).ok()
    body = {"name": member["name"], "id_number": member["id_number"], "relation": "mother", "phone": member["phone"]}
    callers.citizen("POST", "/relations", {**body, "verified_by": world.proof()}, person=payer["person_id"]).ok()
    row = core.db.one("SELECT member_phone_sealed FROM core.relations WHERE member_id = %s", [member["person_id"]])
    assert row is not None
    assert row["member_phone_sealed"] is not None

    delete(callers, world, member).ok()

    assert callers.citizen("GET", "/members", person=payer["person_id"]).ok()["items"] == []
    row = core.db.one("SELECT member_phone_sealed, end_reason FROM core.relations WHERE member_id = %s", [member["person_id"]])
    assert row == {"member_phone_sealed": None, "end_reason": "data_deleted"}
    ended = [
        one for one in callers.events()["items"] if one["kind"] == "relation_ended" and one["person_id"] == payer["person_id"]
    ]
    assert [one["data"]["reason"] for one in ended] == ["data_deleted"]


def test_whoever_deletes_their_data_leaves_every_list_of_vouchers_and_ends_their_own(callers: Callers, world: World) -> None:
    kin = Kin(world)
    mother, child, grandmother = world.employee(sex="female"), kin.child(), kin.grandmother()
    kin.add_child(mother, child).ok()
    kin.add_elder(mother, grandmother, "mother").ok()
    kin.add(world.employee(), mother, "mother", on_own_phone=True).ok()
    taken_off = kin.child()
    kin.add_child(mother, taken_off).ok()
    kin.end(mother, kin.relatives(mother)[-1]["id"]).ok()
    may = callers.citizen("GET", "/deletion", person=mother["person_id"]).ok()
    assert may["allowed"] is True

    delete(callers, world, mother).ok()

    assert kin.relatives(mother) == []
    assert kin.vouchers(mother)["helpers"] == []
    for relative in (child, grandmother):
        assert kin.vouchers(relative)["helpers"] == []
        assert [one["reason"] for one in kin.told(relative, "kinship_ended")] == ["data_deleted"]
    assert len(kin.told(taken_off, "kinship_ended")) == 1, "who was taken off before hears of it once"


def test_of_an_ended_tie_only_what_is_personal_can_be_emptied(callers: Callers, world: World, core: Core) -> None:
    payer, member = world.employee(50_000), world.resident()
    tie = world.family(payer, member)
    world.end(payer, tie["id"]).ok()

    with pytest.raises(psycopg.errors.RestrictViolation), core.db.transaction() as tx:
        tx.execute("UPDATE core.relations SET end_reason = 'something else' WHERE id = %s", [tie["id"]])
    with core.db.transaction() as tx:
        tx.execute("UPDATE core.relations SET member_phone_sealed = NULL WHERE id = %s", [tie["id"]])


def test_uploads_go_but_a_signed_form_stays_with_the_pledges(callers: Callers, world: World, core: Core) -> None:
    person = world.resident()
    photo = b"\xff\xd8\xff" + b"x" * 64
    callers.upload(person, photo, "image/jpeg").ok()
    payer, member = world.employee(50_000), world.resident()
    tie = world.family(payer, member)
    take_members_off(callers, world, payer)
    for purpose in ("documents", "signed_form"):
        upload = callers.upload(payer, photo, "image/jpeg").ok()["id"]
        with core.db.transaction() as tx:
            tx.execute("UPDATE core.uploads SET relation_id = %s, purpose = %s WHERE id = %s", [tie["id"], purpose, upload])

    delete(callers, world, person).ok()
    delete(callers, world, payer).ok()

    assert export(callers, person)["uploads"] == []
    assert [one["purpose"] for one in export(callers, payer)["uploads"]] == ["signed_form"]


@pytest.mark.parametrize("method", ["login", "bank_card"])
def test_nothing_is_deleted_without_a_look_into_the_camera(callers: Callers, world: World, method: str) -> None:
    person = world.resident()

    delete(callers, world, person, method=method).problem(403, "step_up_required")

    assert export(callers, person)["person"]["phone"] == person["phone"]


def test_one_look_deletes_once_and_the_same_key_says_the_same(callers: Callers, world: World) -> None:
    person, other, look, key = world.resident(), world.resident(), proof(world), new_id()

    told = [
        callers.citizen("POST", "/deletion", {"verified_by": look}, person=person["person_id"], key=key).ok() for _ in range(2)
    ]

    assert told[0] == told[1]
    assert len(export(callers, person)["deletions"]) == 1
    callers.citizen("POST", "/deletion", {"verified_by": look}, person=other["person_id"]).problem(422, "invalid_answers")
    assert export(callers, other)["deletions"] == []


def test_nobody_else_loses_anything(callers: Callers, world: World, family: tuple[Json, Json]) -> None:
    _, member = family
    bystander = world.resident()
    before = export(callers, bystander)

    delete(callers, world, member).ok()

    assert export(callers, bystander) == before

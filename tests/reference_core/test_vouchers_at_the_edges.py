"""Vouchers where somebody is not who, not where or not any more what the act needs: told plainly, and nothing is done."""

from __future__ import annotations

import pytest

from groundwork.chance import new_id
from tests.reference_core.callers import Callers, Json, World, new_person
from tests.reference_core.helpers import GUARDIAN, Kin

UNSERVED = "650100"
NOBODYS = "00000000-0000-7000-8000-000000000000"
CARD = "6222020200012345678"


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


def proven(world: World, person: Json) -> Json:
    """Somebody whom no agency knows, as they prove who they are."""
    named = {name: person[name] for name in ("name", "id_number", "phone")}
    return {**named, "cert_type": "01", "verified": {**world.proof(), "check_id": new_id()}}


def plan(callers: Callers, person: Json, flow: str, **answers: Json) -> Json:
    return callers.citizen("POST", f"/flows/{flow}/plan", {"answers": answers}, person=person["person_id"]).ok()


def faults(planned: Json, step: str) -> dict[str, str]:
    (found,) = [one for one in planned["steps"] if one["step"] == step]
    return {name: fault["code"] for name, fault in found.get("faults", {}).items()}


# Where no city is served


def test_where_no_city_is_served_the_list_is_shown_without_advice(world: World, kin: Kin) -> None:
    me = world.employee(region=UNSERVED)

    told = kin.vouchers(me)

    assert ([one["status"] for one in told["items"]], told["advice"]) == (["active"], [])


@pytest.mark.parametrize("flow", ["activate-voucher", "activate-relative"])
def test_where_no_city_is_served_a_flow_says_so_and_asks_nothing(world: World, callers: Callers, flow: str) -> None:
    told = plan(callers, world.employee(region=UNSERVED), flow)

    assert [reason["rule"] for reason in told["verdict"]["reasons"]] == ["region_not_served"]
    assert told["steps"] == []


# Whoever is not there, or not any more


def test_nobody_knows_a_helper_whom_nobody_entered(kin: Kin) -> None:
    kin.add_child({"person_id": new_id()}, kin.child()).problem(404, "not_found")


def test_what_nobody_asked_for_cannot_be_decided_or_ended(world: World, callers: Callers) -> None:
    decision = {"decision": "approve", "operator": "窗口3"}

    callers.counter(f"/kinships/{new_id()}", decision).problem(404, "not_found")
    ended = callers.citizen("POST", f"/voucher-helpers/{new_id()}/end", {}, person=world.employee()["person_id"])
    ended.problem(404, "not_found")


def test_who_died_names_nobody(world: World, kin: Kin) -> None:
    helper, child = world.employee(), kin.child()
    world.change(helper, died_on="2026-01-01")

    assert kin.add_child(helper, child).refused() == {"person_died"}
    assert kin.relatives(helper) == []


def test_a_clerk_is_told_that_the_relative_died(world: World, kin: Kin, callers: Callers) -> None:
    helper, grandmother = world.employee(), kin.grandmother()
    waiting = kin.add(helper, grandmother, "grandmother", at_counter=True).ok()["kinship_id"]
    world.change(grandmother, died_on="2026-01-01")

    told = callers.counter(f"/kinships/{waiting}", {"decision": "approve", "operator": "窗口3"})

    assert told.refused() == {"person_died"}
    assert kin.told(grandmother, "voucher_activated_by_helper") == []


def test_nobody_is_advised_to_show_the_voucher_of_the_dead(world: World, kin: Kin) -> None:
    """A death ends no tie, so the member still stands in the other list."""
    payer, mother = world.employee(500), world.resident()
    world.family(payer, mother)
    assert [one["rule"] for one in kin.vouchers(payer)["advice"]] == ["sharing_without_kinship"]

    world.change(mother, died_on="2026-01-01")

    assert kin.vouchers(payer)["advice"] == []


def test_a_code_is_not_shown_while_the_relatives_own_voucher_rests(world: World, kin: Kin) -> None:
    """LY-15: the tie stands, and there is nothing to show until the voucher is active again."""
    helper, grandmother = world.employee(), kin.grandmother(voucher=True)
    kin.add_elder(helper, grandmother).ok()
    shown = kin.relatives(helper)[0]["id"]
    world.change(grandmother, voucher=False)

    assert kin.code(helper, shown).refused() == {"voucher_not_activated"}

    world.change(grandmother, voucher=True)
    kin.code(helper, shown).ok()


# How somebody was seen


def test_a_look_without_an_id_could_be_brought_again_and_counts_for_nothing(world: World, kin: Kin) -> None:
    """T8."""
    look = kin.look()
    del look["check_id"]

    assert kin.activate(world.employee(voucher=False), verified_by=look).refused() == {"face_check_required"}


def test_whoever_has_no_bank_card_on_record_cannot_prove_themselves_by_one(world: World, kin: Kin) -> None:
    entered = kin.callers.citizen("POST", "/people", proven(world, new_person())).ok()

    assert kin.activate(world.employee(voucher=False), bank_card=CARD).refused() == {"bank_card_differs"}
    assert "bank_card_differs" in kin.activate(entered, bank_card=CARD).refused()


def test_a_child_needs_no_look_and_none_is_taken(world: World, kin: Kin) -> None:
    """LY-14: the guardian's yes is all."""
    mother = world.employee()

    told = kin.add_child(mother, kin.child(), at_counter=True).problem(422, "invalid_answers")

    assert told["fields"]["real_person"]["code"] == "not_asked"
    assert kin.relatives(mother) == []


def test_a_helper_who_asks_no_more_cannot_be_said_yes_to(world: World, kin: Kin) -> None:
    father = world.employee(voucher=False)

    told = kin.activate(father, verified_by=kin.look(), member=[new_id()]).problem(422, "invalid_answers")

    assert told["fields"]["member"]["code"] == "not_offered"
    assert kin.own(father)["status"] == "not_activated"


# What was said of somebody


def test_a_son_is_no_daughter(world: World, kin: Kin) -> None:
    assert kin.add_child(world.employee(), kin.child(sex="male"), "daughter").refused() == {"relation_sex_mismatch"}


def test_somebody_must_be_named(world: World, callers: Callers) -> None:
    body = {"relation": "daughter", "guardian_agree": GUARDIAN}

    told = callers.citizen("POST", "/kinships", body, person=world.employee()["person_id"]).problem(400, "malformed")

    assert set(told["fields"]) == {"name", "id_number"}


def test_a_code_of_ones_own_waits_for_its_activation(world: World, kin: Kin) -> None:
    me = world.employee(voucher=False)

    assert kin.code(me, kin.own(me)["id"]).refused() == {"voucher_not_activated"}


# One list filling in the other, where it has nothing to fill in


@pytest.mark.parametrize("said", ["no id at all", NOBODYS])
def test_a_member_who_is_none_is_a_choice_that_was_not_offered(world: World, callers: Callers, said: str) -> None:
    planned = plan(callers, world.employee(), "activate-relative", relative={"member": said})

    assert "name" in faults(planned, "relative")


@pytest.mark.parametrize("said", ["no id at all", NOBODYS])
def test_a_relative_who_is_in_no_list_is_a_choice_that_was_not_offered(world: World, callers: Callers, said: str) -> None:
    payer = world.employee(500)
    world.open_account(payer).ok()

    planned = plan(callers, payer, "add-member", member={"relative": said})

    assert "name" in faults(planned, "member")


def test_a_relative_who_has_not_agreed_yet_is_not_filled_in(world: World, kin: Kin, callers: Callers) -> None:
    """Whoever merely asks learns nothing more of them."""
    helper, father = world.employee(500), world.resident(sex="male", born="1950-01-01")
    world.open_account(helper).ok()
    voucher = kin.add(helper, father, "father", on_own_phone=True).ok()["id"]

    planned = plan(callers, helper, "add-member", member={"relative": voucher})
    body = {"relative": voucher, "relation": "father", "verified_by": world.proof()}

    assert "name" in faults(planned, "member")
    callers.citizen("POST", "/relations", body, person=helper["person_id"]).problem(404, "not_found")


def test_a_full_list_with_a_child_in_it_can_still_be_mended(world: World, kin: Kin, callers: Callers) -> None:
    """Whoever grows up must be named anew, for which no free place is needed."""
    mother = world.employee()
    for _ in range(4):
        kin.add_elder(mother, kin.grandmother()).ok()
    kin.add_child(mother, kin.child()).ok()

    told = plan(callers, mother, "activate-relative")

    assert (told["verdict"]["allowed"], bool(told["steps"])) == (True, True)
    assert kin.add_elder(mother, kin.grandmother()).refused() == {"proxy_limit_exceeded"}

"""The city's rules on opening and binding, each as a person meets it."""

from __future__ import annotations

from typing import Any

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, COUNTY, ELSEWHERE, PHARMACY_VISIT, employee, payer_with, resident, rules


def try_to_add(phone: Phone, member: Json, relation: str, **changes: str) -> Json:
    """Start add-member and send its one form; the answer, whatever it is."""
    phone.post("/flows/add-member").ok()
    form = {"name": member["name"], "id_number": member["id_number"], "relation": relation, **changes}
    return phone.put("/flows/add-member/steps/member", form)


def opened(world: World, **facts: Any) -> Phone:
    phone = Phone(world, employee(world, **facts)).arrive()
    phone.open_account()
    return phone


@pytest.mark.parametrize("insutype", ["390", "340"])
def test_only_an_employee_insured_here_can_open(world: World, insutype: str) -> None:
    """LY-03."""
    phone = Phone(world, employee(world, insurances=[{"insutype": insutype, "status": "normal"}])).arrive()

    assert "payer_not_employee_insured" in phone.flow_reasons("open-account")


def test_an_employee_insured_in_another_city_is_not_served_by_this_ones_rules(world: World) -> None:
    """LY-03: the city's own insurance; a place without a pack is named as such and borrows nobody's rules."""
    phone = Phone(world, employee(world, region=ELSEWHERE)).arrive()

    assert phone.flow_reasons("open-account") == {"region_not_served"}


@pytest.mark.parametrize("status", ["suspended", "arrears", "frozen", "terminated"])
def test_an_insurance_that_is_not_normal_cannot_be_shared(world: World, status: str) -> None:
    """LY-03, LY-07."""
    phone = Phone(world, employee(world, status=status)).arrive()

    assert "payer_status_not_normal" in phone.flow_reasons("open-account")


def test_an_insurance_that_was_transferred_out_cannot_be_shared(world: World) -> None:
    """LY-08."""
    phone = Phone(world, employee(world, status="transferred_out")).arrive()

    assert phone.flow_reasons("open-account") & {"payer_excluded_class", "payer_status_not_normal"}


@pytest.mark.parametrize("condition", ["retired_cadre", "preferential", "long_term_nonlocal"])
def test_excluded_classes_cannot_share(world: World, condition: str) -> None:
    """LY-09, LY-10."""
    phone = Phone(world, employee(world, conditions=[condition])).arrive()

    assert phone.flow_reasons("open-account") == {"payer_excluded_class"}


def test_a_payer_needs_an_active_voucher(world: World) -> None:
    """LY-12."""
    phone = Phone(world, employee(world, voucher=False)).arrive()

    assert phone.flow_reasons("open-account") == {"voucher_not_activated"}


def test_a_member_needs_an_active_voucher(world: World) -> None:
    """LY-06."""
    phone = opened(world)

    assert try_to_add(phone, resident(world, voucher=False), "mother").refused() == {"voucher_not_activated"}


def test_every_reason_is_told_not_only_the_first(world: World) -> None:
    phone = Phone(
        world, employee(world, status="suspended", voucher=False, conditions=["retired_cadre", "long_term_nonlocal"])
    ).arrive()

    reasons = next(item for item in phone.get("/flows").ok()["items"] if item["name"] == "open-account")["reasons"]

    assert rules(reasons) == {"payer_status_not_normal", "voucher_not_activated", "payer_excluded_class"}
    assert len(reasons) == 4
    for reason in reasons:
        assert set(reason) >= {"rule", "text", "facts", "source", "effective_from", "owner", "next_step", "cashier_code"}
        assert len(reason["cashier_code"]) == 6


@pytest.mark.parametrize(
    ("relation", "sex"), [("spouse", "female"), ("father", "male"), ("mother", "female"), ("son", "male"), ("daughter", "female")]
)
def test_spouse_parents_and_children_may_be_added(world: World, relation: str, sex: str) -> None:
    """LY-04."""
    phone = opened(world)

    phone.add(resident(world, sex=sex), relation)

    assert [one["relation"] for one in phone.members()] == [relation]


@pytest.mark.parametrize("relation", ["older_brother", "grandmother", "granddaughter"])
def test_other_relatives_may_not_be_added(world: World, relation: str) -> None:
    """LY-04: a relation of the national list that this city does not share with."""
    phone = opened(world)

    told = try_to_add(phone, resident(world), relation)

    assert told.status == 422
    assert "relation_not_allowed" in str(told.body) or "relation" in told.body["fields"]
    assert phone.members() == []


def test_an_unknown_relation_is_named_as_the_faulty_field(world: World) -> None:
    told = try_to_add(opened(world), resident(world), "godmother").problem(422, "invalid_answers")

    assert set(told["fields"]) == {"relation"}
    assert told["fields"]["relation"]["remedy"]


def test_a_mother_cannot_be_a_man(world: World) -> None:
    told = try_to_add(opened(world), resident(world, sex="male"), "mother")

    assert told.status == 422


@pytest.mark.parametrize("insutype", ["310", "390"])
def test_a_member_may_be_an_employee_or_a_resident_of_the_city(world: World, insutype: str) -> None:
    """LY-05."""
    phone = opened(world)

    phone.add(resident(world, insurances=[{"insutype": insutype, "status": "normal"}]), "mother")

    assert len(phone.members()) == 1


def test_a_county_of_the_city_is_the_city(world: World) -> None:
    phone = opened(world, region=COUNTY)

    phone.add(resident(world, region=COUNTY), "mother")

    assert len(phone.members()) == 1


@pytest.mark.parametrize("status", ["suspended", "arrears", "terminated"])
def test_a_member_whose_insurance_is_not_normal_cannot_be_added(world: World, status: str) -> None:
    """LY-05."""
    assert try_to_add(opened(world), resident(world, status=status), "mother").refused() == {"member_status_abnormal"}


def test_a_member_insured_elsewhere_cannot_be_added(world: World) -> None:
    """LY-05, failure 4 of the national text."""
    assert try_to_add(opened(world), resident(world, region=ELSEWHERE), "mother").refused() == {"out_of_pool_scope"}


def test_a_member_without_insurance_cannot_be_added(world: World) -> None:
    """Failure 1 of the national text; Y-16."""
    assert try_to_add(opened(world), resident(world, insurances=[]), "mother").refused() == {"member_not_insured"}


def test_a_wrong_name_and_an_unknown_number_get_one_and_the_same_answer(world: World) -> None:
    """Y-16: nobody learns whether a number exists."""
    phone = opened(world)
    known = resident(world)
    nobody = {"name": "白描", "id_number": "371399195711200021"}

    wrong_name = try_to_add(phone, known, "mother", name="白描")
    unknown = try_to_add(phone, nobody, "mother")

    assert wrong_name.refused() == unknown.refused() == {"member_not_found"}
    assert wrong_name.body["reasons"] == unknown.body["reasons"]
    assert len(str(wrong_name.body)) == len(str(unknown.body))


def test_the_payer_vouches_for_the_kinship_by_the_pledge_and_no_papers_are_asked(world: World) -> None:
    """LY-16, LY-62; a picker that tells father from mother and son from daughter, LY-63."""
    phone = opened(world)

    screen = phone.post("/flows/add-member").ok()

    assert {asked["kind"] for asked in screen["fields"]} <= {"name", "id_number", "choice", "phone", "text"}
    asked = {one["name"]: one for one in screen["fields"]}
    assert asked["region"]["value"]
    assert not asked["phone"]["required"]
    assert [option["value"] for option in asked["relation"]["options"]] == ["spouse", "father", "mother", "son", "daughter"]


def test_sharing_goes_one_way_only(world: World) -> None:
    """LY-19: the mother's own account does not pay for her son."""
    mother = employee(world, sex="female", born="1957-11-20", balance_fen=500_000)
    phone = payer_with(world, mother, "mother", balance_fen=1_000)

    paid = phone.pay(world.institution(CITY, "pharmacy"), 6_000, PHARMACY_VISIT).ok()

    assert (paid["own_fen"], paid["payers"], paid["cash_fen"]) == (1_000, [], 5_000)


def test_a_member_has_one_payer_at_a_time(world: World) -> None:
    """LY-20."""
    mother = resident(world)
    payer_with(world, mother, "mother")

    told = try_to_add(opened(world, sex="female", born="1990-01-01"), mother, "mother")

    assert told.refused() == {"member_already_bound"}
    assert "程一舟" not in str(told.body)


def test_the_same_member_cannot_be_added_twice(world: World) -> None:
    mother = resident(world)
    phone = payer_with(world, mother, "mother")

    assert "member_already_bound" in try_to_add(phone, mother, "mother").refused()
    assert len(phone.members()) == 1


def test_a_bound_employee_cannot_open_an_account_of_their_own(world: World) -> None:
    """LY-21, vector 4."""
    mother = employee(world, sex="female", born="1957-11-20")
    payer_with(world, mother, "mother")

    assert Phone(world, mother).arrive().flow_reasons("open-account") == {"role_conflict"}


def test_a_payer_with_members_cannot_become_somebodys_member(world: World) -> None:
    """LY-20, vector 4."""
    busy = payer_with(world, resident(world), "mother")

    told = try_to_add(opened(world, sex="female", born="1960-01-01"), busy.person, "son")

    assert told.refused() == {"role_conflict"}


def test_who_opened_but_has_no_members_may_be_bound_and_can_then_add_nobody(world: World) -> None:
    """Y-06: exclusivity begins with the first active relation."""
    son = opened(world)
    opened(world, sex="female", born="1960-01-01").add(son.person, "son")

    assert "role_conflict" in son.flow_reasons("add-member")


def test_nobody_can_add_themselves(world: World) -> None:
    phone = opened(world)

    assert try_to_add(phone, phone.person, "spouse").status == 422
    assert phone.members() == []


def test_a_member_who_was_removed_may_be_added_again_by_anyone(world: World) -> None:
    """LY-22."""
    mother = resident(world)
    phone = payer_with(world, mother, "mother")
    phone.remove(phone.members()[0]["id"])

    opened(world, sex="female", born="1990-01-01").add(mother, "mother")


def test_any_number_of_members_may_be_added(world: World) -> None:
    """LY-66, X-39: no upper limit is stated; one payer has many members."""
    phone = opened(world)

    for _ in range(6):
        phone.add(resident(world, sex="male", born="2015-05-05"), "son")

    assert len([one for one in phone.members() if one["status"] == "active"]) == 6


def test_adding_somebody_needs_an_open_account_first(world: World) -> None:
    """LY-49, LY-60."""
    phone = Phone(world, employee(world)).arrive()

    assert phone.flow_reasons("add-member") == {"account_not_opened"}
    assert phone.post("/flows/add-member").refused() == {"account_not_opened"}


def test_an_account_is_opened_once(world: World) -> None:
    assert opened(world).flow_reasons("open-account") == {"account_already_open"}


def test_removing_starts_with_the_choice_of_a_member(world: World) -> None:
    """LY-64, LY-65; the choice may come with the start."""
    phone = payer_with(world, resident(world), "mother")
    member = phone.members()[0]["id"]

    screen = phone.post("/flows/remove-member").ok()
    assert [option["value"] for option in screen["fields"][0]["options"]] == [member]
    phone.delete("/flows/remove-member")
    screen = phone.post("/flows/remove-member", {"answers": {"member": member}}).ok()
    assert screen["step"] != "member"


def test_nobody_can_remove_another_familys_member(world: World) -> None:
    phone = payer_with(world, resident(world), "mother")
    stranger = payer_with(world, resident(world), "mother")

    stranger.post("/flows/remove-member").ok()
    told = stranger.put("/flows/remove-member/steps/member", {"member": phone.members()[0]["id"]})

    assert told.status == 422
    assert [one["status"] for one in phone.members()] == ["active"]

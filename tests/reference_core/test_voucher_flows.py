"""The screens of activating a voucher: who is asked what, which way is open to whom, and one list filling in the other."""

from __future__ import annotations

from typing import Any

import pytest

from groundwork.chance import new_id
from tests.reference_core.callers import Callers, Json, World, new_person
from tests.reference_core.helpers import GUARDIAN, GUARDIANS_YES, OWN, Kin

XIAN = "610100"
CARD = "6222020200012345678"


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


class Screens:
    """One person's flow with answers."""

    def __init__(self, callers: Callers, person: Json, flow: str, **answers: Json) -> None:
        said = {"answers": answers}
        self.told = callers.citizen("POST", f"/flows/{flow}/plan", said, person=person["person_id"]).ok()

    @property
    def names(self) -> list[str]:
        return [step["step"] for step in self.told["steps"]]

    def step(self, name: str) -> Json:
        return next(step for step in self.told["steps"] if step["step"] == name)

    def asked(self, name: str) -> dict[str, Json]:
        return {field["name"]: field for field in self.step(name)["fields"]}

    def refused(self, name: str) -> set[str]:
        return {reason["rule"] for reason in self.step(name).get("refusal", {"reasons": []})["reasons"]}

    def faults(self, name: str) -> dict[str, str]:
        return {field: fault["code"] for field, fault in self.step(name).get("faults", {}).items()}


def who(person: Json, relation: str, **more: Any) -> Json:
    return {"name": person["name"], "id_number": person["id_number"], "relation": relation, **more}


def named(kin: Kin, **facts: Any) -> Json:
    return kin.grandmother(name="王秀英", **facts)


def test_both_flows_are_offered_with_every_reason_why_not(world: World, callers: Callers) -> None:
    items = callers.citizen("GET", "/flows", person=world.employee()["person_id"]).ok()["items"]

    offered = {one["name"]: (one["can_start"], [reason["rule"] for reason in one["reasons"]]) for one in items}

    assert offered["activate-voucher"] == (False, ["voucher_already_active"])
    assert offered["activate-relative"] == (True, [])


def test_the_first_screen_tells_the_list_from_the_shared_money_and_leads_to_the_other(world: World, callers: Callers) -> None:
    """NH-05, NH-06, NH-07, GD-16, X-20: the choice is explained where it is made."""
    screens = Screens(callers, world.employee(), "activate-relative")

    first = screens.told["steps"][0]

    assert first["fields"] == []
    assert first["instead"] == [{"flow": "add-member", "title": "我想让家人用我账户里的钱"}]
    assert "家人自己的钱" in "".join(first["text"])


def test_ones_own_voucher_asks_for_a_face_or_a_card_as_the_city_says(world: World, callers: Callers) -> None:
    linyi = Screens(callers, world.employee(voucher=False), "activate-voucher").asked("check")
    xian = Screens(callers, world.employee(voucher=False, region=XIAN), "activate-voucher").asked("check")

    assert {name: field["required"] for name, field in linyi.items()} == {"real_person": False, "bank_card": False}
    assert {name: field["required"] for name, field in xian.items()} == {"real_person": True}
    assert "about" not in linyi["real_person"]


def test_whoever_is_young_enough_is_asked_nothing(kin: Kin, callers: Callers) -> None:
    """LY-15."""
    screens = Screens(callers, kin.child(), "activate-voucher")

    assert screens.names == ["minor"]
    assert screens.step("minor")["fields"] == []


def test_for_a_child_the_guardian_agrees_and_nobody_is_looked_at(world: World, kin: Kin, callers: Callers) -> None:
    screens = Screens(callers, world.employee(), "activate-relative", relative=who(kin.child(name="王小雨"), "daughter"))

    assert screens.names == ["what", "relative", "consent"]
    agree = screens.asked("consent")["agree"]
    assert (agree["text_hash"], agree["required"]) == (GUARDIAN, True)


def test_a_grown_up_is_seen_by_one_of_four_ways(world: World, kin: Kin, callers: Callers) -> None:
    screens = Screens(callers, world.employee(), "activate-relative", relative=who(named(kin), "grandmother"))

    assert screens.names == ["what", "relative", "check"]
    asked = screens.asked("check")
    assert list(asked) == ["agree", "real_person", "bank_card", "on_own_phone", "at_counter"]
    assert (asked["agree"]["text_hash"], asked["real_person"]["about"]) == (OWN, "relative")
    assert not any(field["required"] for field in asked.values())


def test_a_seventeen_year_old_is_seen_and_spoken_for(world: World, kin: Kin, callers: Callers) -> None:
    """Y-13: own face, and a minor otherwise."""
    teenager = kin.child(name="王小雨", born="2009-08-01")

    screens = Screens(callers, world.employee(), "activate-relative", relative=who(teenager, "daughter"))

    assert screens.names == ["what", "relative", "consent", "check"]
    assert screens.asked("consent")["agree"]["text_hash"] == GUARDIAN
    assert "agree" not in screens.asked("check")


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({}, {"real_person": "required"}),
        ({"real_person": "c1", "at_counter": True}, {"real_person": "choose_one_way"}),
        ({"real_person": "c1"}, {"agree": "required"}),
        ({"real_person": "c1", "agree": "0" * 64}, {"agree": "text_changed"}),
        ({"real_person": "c1", "agree": OWN}, {}),
        ({"bank_card": "6222 0202 0001 2345 678", "agree": OWN}, {}),
        ({"bank_card": "6222020200099999999", "agree": OWN}, {"bank_card": "bank_card_differs"}),
        ({"bank_card": "none", "agree": OWN}, {"bank_card": "bank_card_invalid"}),
        ({"on_own_phone": True}, {}),
        ({"at_counter": True}, {}),
    ],
)
def test_exactly_one_way_must_be_given(world: World, kin: Kin, callers: Callers, said: Json, faults: dict[str, str]) -> None:
    grandmother = named(kin, bank_cards=[CARD])

    screens = Screens(callers, world.employee(), "activate-relative", relative=who(grandmother, "grandmother"), check=said)

    assert screens.faults("check") == faults


def test_a_stranger_and_a_wrong_name_are_told_the_same(world: World, kin: Kin, callers: Callers) -> None:
    """T7: the whole screen, byte for byte."""
    helper, grandmother = world.employee(), named(kin)
    stranger = {**new_person(sex="female", born="1948-02-10"), "name": "江无人"}

    wrong = Screens(callers, helper, "activate-relative", relative=who({**grandmother, "name": "江无人"}, "grandmother"))
    unknown = Screens(callers, helper, "activate-relative", relative=who(stranger, "grandmother"))

    assert wrong.told == unknown.told
    assert wrong.refused("relative") == {"member_not_found"}


def test_other_certificates_are_taken_with_their_own_shape(world: World, callers: Callers) -> None:
    """XA-16, XA-17: by another certificate, whose card need not be at hand; standards §2.5."""
    helper = world.employee()
    cousin = {"name": "CHAN TAI MAN", "id_number": "H12345678"}

    right = Screens(callers, helper, "activate-relative", relative=who(cousin, "older_brother", cert_type="04"))
    wrong = Screens(callers, helper, "activate-relative", relative=who(cousin, "older_brother", cert_type="06"))

    assert [one["value"] for one in right.asked("relative")["cert_type"]["options"]] == ["01", "04", "05", "06", "07"]
    assert right.faults("relative") == {}
    assert right.refused("relative") == {"member_not_found"}
    assert wrong.faults("relative") == {"id_number": "id_number_shape"}


def test_a_full_list_is_told_before_anything_is_asked(world: World, kin: Kin, callers: Callers) -> None:
    mother = world.employee()
    for _ in range(5):
        kin.add_elder(mother, kin.grandmother()).ok()

    told = Screens(callers, mother, "activate-relative").told["verdict"]

    assert [reason["rule"] for reason in told["reasons"]] == ["proxy_limit_exceeded"]


def test_whoever_is_asked_sees_who_asks(world: World, kin: Kin, callers: Callers) -> None:
    helper, father = world.employee(), world.employee()
    waiting = kin.add(helper, father, "father", on_own_phone=True).ok()["kinship_id"]

    screens = Screens(callers, father, "activate-voucher", requests={"member": [waiting]})

    assert screens.told["verdict"]["allowed"] is True
    asked = screens.asked("requests")["member"]
    assert (asked["multiple"], [one["value"] for one in asked["options"]]) == (True, [waiting])
    assert screens.faults("requests") == {}
    stranger = Screens(callers, father, "activate-voucher", requests={"member": [new_id()]})
    assert stranger.faults("requests") == {"member": "not_offered"}


def shared_child(world: World, kin: Kin, mother: Json) -> tuple[Json, str]:
    child = kin.child(name="王小雨", voucher=True)
    world.open_account(mother).ok()
    return child, str(world.bind(mother, child, "daughter", agree=GUARDIANS_YES).ok()["id"])


def test_whose_money_is_shared_needs_no_naming_for_the_list(world: World, kin: Kin, callers: Callers) -> None:
    """XA-15, NH-15: the mend is one tap away, and nothing is typed a second time."""
    mother = world.employee(500)
    child, relation = shared_child(world, kin, mother)
    (advice,) = kin.vouchers(mother)["advice"]
    assert (advice["rule"], advice["flow"], advice["answers"]) == (
        "sharing_without_kinship",
        "activate-relative",
        {"member": relation},
    )

    asked = Screens(callers, mother, "activate-relative", relative=advice["answers"]).asked("relative")

    assert (asked["name"]["value"], asked["relation"]["value"]) == ("**雨", "daughter")
    assert asked["id_number"]["value"].endswith(child["id_number"][-4:])
    assert "*" in asked["id_number"]["value"]
    body = {"member": relation, "relation": "daughter", "guardian_agree": GUARDIAN}
    callers.citizen("POST", "/kinships", body, person=mother["person_id"]).ok()
    assert kin.vouchers(mother)["advice"] == []


def test_whose_voucher_is_shown_needs_no_naming_to_share_money(world: World, kin: Kin, callers: Callers) -> None:
    mother, child = world.employee(500), kin.child(name="王小雨", voucher=True)
    world.open_account(mother).ok()
    voucher = kin.add_child(mother, child).ok()["id"]
    (advice,) = kin.vouchers(mother)["advice"]
    assert (advice["rule"], advice["flow"], advice["answers"]) == (
        "kinship_without_sharing",
        "add-member",
        {"relative": voucher},
    )

    asked = Screens(callers, mother, "add-member", member=advice["answers"]).asked("member")

    assert (asked["name"]["value"], asked["relation"]["value"]) == ("**雨", "daughter")
    body = {"relative": voucher, "relation": "daughter", "verified_by": world.proof()}
    callers.citizen("POST", "/relations", body, person=mother["person_id"]).problem(409, "text_changed")
    callers.citizen("POST", "/relations", {**body, "agree": GUARDIANS_YES}, person=mother["person_id"]).ok()
    assert kin.vouchers(mother)["advice"] == []


def test_a_relative_of_anothers_list_is_nobody_here(world: World, kin: Kin, callers: Callers) -> None:
    mother, stranger, child = world.employee(500), world.employee(500), kin.child(voucher=True)
    world.open_account(stranger).ok()
    voucher = kin.add_child(mother, child).ok()["id"]
    body = {"relative": voucher, "relation": "daughter", "verified_by": world.proof()}

    callers.citizen("POST", "/relations", body, person=stranger["person_id"]).problem(404, "not_found")
    member = {"member": new_id(), "relation": "daughter", "guardian_agree": GUARDIAN}
    callers.citizen("POST", "/kinships", member, person=stranger["person_id"]).problem(404, "not_found")


def test_two_lists_that_call_her_differently_are_told_and_mended(world: World, kin: Kin, callers: Callers) -> None:
    """XA-15, Y-13: a warning with a mend, and the till goes on."""
    mother = world.employee(500)
    child, relation = shared_child(world, kin, mother)
    kin.add_child(mother, child, "granddaughter").ok()

    (advice,) = kin.vouchers(mother)["advice"]
    assert (advice["rule"], advice["flow"]) == ("proxy_data_mismatch", "activate-relative")
    assert Screens(callers, mother, "activate-relative", relative=advice["answers"]).names == ["what", "relative"]
    body = {"member": relation, "relation": "daughter"}
    callers.citizen("POST", "/kinships", body, person=mother["person_id"]).ok()

    assert kin.vouchers(mother)["advice"] == []
    assert [one["relation"] for one in kin.relatives(mother)] == ["daughter"]
    world.pay(world.institution(), child, 100).ok()

"""A payer's account is frozen and thawed: ties sleep, and in a city that says so the payer has to wake them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, payer_with, resident, rules
from tests.journeys.cities.applicant import apply_for

BEIJING, LINYI = "110000", "371300"


@pytest.fixture
def son(world: World) -> Phone:
    return Phone(world, resident(world, region=BEIJING, born="1999-05-06", sex="male", name="程小舟")).arrive()


@pytest.fixture
def father(world: World, son: Phone, data_dir: Path) -> Phone:
    """He added his son, an agency approved, the son accepted."""
    phone = Phone(world, employee(world, region=BEIJING, balance_fen=100_000)).arrive()
    phone.open_account()
    apply_for(phone, son.person)
    Counter(world, data_dir).decide(phone.members()[0]["id"], "approve").ok()
    son.walk("accept-relation", {})
    return phone


def insured(world: World, phone: Phone, status: str) -> None:
    world.life(phone.person, insurances=[{"insutype": "310", "status": status}])


def offered(phone: Phone) -> Json:
    flows = {flow["name"]: flow for flow in phone.get("/flows").ok()["items"]}
    return flows.get("reactivate-relation")


def pays(world: World, phone: Phone) -> Json:
    hospital = world.institution(BEIJING, "hospital")
    return phone.pay(hospital, 1_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()


def test_a_tie_sleeps_while_the_account_is_frozen_and_cannot_be_woken(world: World, father: Phone, son: Phone) -> None:
    """GD-49."""
    assert offered(father) is None
    insured(world, father, "frozen")

    assert [one["status"] for one in father.members()] == ["suspended"]
    assert pays(world, son)["payers"] == []
    told = offered(father)
    assert (told["can_start"], rules(told["reasons"])) == (False, {"payer_still_frozen"})
    father.post("/flows/reactivate-relation").problem(422, "refused")


def test_after_the_thaw_the_payer_wakes_it_before_the_camera(world: World, father: Phone, son: Phone) -> None:
    """GD-49: it stays asleep until then, and pays from then on."""
    insured(world, father, "frozen")
    insured(world, father, "normal")
    still = pays(world, son)
    assert (still["payers"], rules(still["reasons"])) == ([], {"relation_suspended"})
    relation = father.members()[0]["id"]
    assert offered(father)["can_start"]

    screen = father.post("/flows/reactivate-relation", {"answers": {"member": relation}}).ok()
    assert [asked["kind"] for asked in screen["fields"]] == ["real_person"]
    done = father.walk("reactivate-relation", {})

    assert done["outcome"] == "done"
    assert [one["status"] for one in father.members()] == ["active"]
    assert [one["paid_fen"] for one in pays(world, son)["payers"]] == [1_000]
    assert offered(father) is None


def test_nobody_wakes_what_is_awake_or_somebody_elses(world: World, father: Phone, son: Phone) -> None:
    relation = father.members()[0]["id"]

    awake = father.post("/flows/reactivate-relation")
    others = son.post("/flows/reactivate-relation", {"answers": {"member": relation}})

    assert awake.refused() == {"relation_not_suspended"}
    assert others.refused() == {"relation_not_suspended"}


def test_where_ties_wake_by_themselves_there_is_nothing_to_do(world: World) -> None:
    mother = resident(world)
    phone = payer_with(world, mother, "mother")
    insured(world, phone, "frozen")
    insured(world, phone, "normal")

    assert offered(phone) is None
    assert [one["status"] for one in phone.members()] == ["active"]
    assert phone.post("/flows/reactivate-relation").refused() == {"relation_not_suspended"}

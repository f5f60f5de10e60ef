"""Being helped can be declined: on the same screens as accepting, and the payer is told."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident, rules

CITY = "990100"


@pytest.fixture
def brother(world: World) -> Phone:
    return Phone(world, employee(world, region=CITY, balance_fen=500_000)).arrive()


@pytest.fixture
def sister(world: World) -> Phone:
    return Phone(world, resident(world, region=CITY, sex="female", born="1990-08-08")).arrive()


def offered(brother: Phone, sister: Phone) -> str:
    """A tie that waits for her answer; its id."""
    assert brother.add(sister.person, "younger_sister")["outcome"] == "awaiting_acceptance"
    return str(brother.members()[0]["id"])


def field_of(screen: Json, name: str) -> Json:
    return next(asked for asked in screen["fields"] if asked["name"] == name)


def test_who_is_asked_may_say_no_and_nothing_more_is_asked_of_them(brother: Phone, sister: Phone) -> None:
    """GD-27, Y-18."""
    relation = offered(brother, sister)
    screen = sister.post("/flows/accept-relation", {"answers": {"member": relation}}).ok()
    assert [option["value"] for option in field_of(screen, "accepted")["options"]] == ["accept", "decline"]

    last = sister.put(f"/flows/accept-relation/steps/{screen['step']}", {"accepted": "decline"}).ok()

    assert last["step"] is None
    assert last["actions"][0] == {"name": "complete", "label": "确认不接受"}
    done = sister.post("/flows/accept-relation/completion").ok()
    assert done["outcome"] == "done"
    assert done["next"] == []
    assert any("没有接受" in line for line in done["text"])


def test_the_payer_sees_that_and_why_it_ended(brother: Phone, sister: Phone) -> None:
    relation = offered(brother, sister)
    sister.walk("accept-relation", {"member": relation, "accepted": "decline"})

    [shown] = brother.members()

    assert (shown["id"], shown["status"]) == (relation, "ended")
    assert rules(shown["reasons"]) == {"relation_declined"}
    assert sister.get("/payers").ok()["items"] == []


def test_what_was_declined_pays_nothing_and_may_be_offered_again(world: World, brother: Phone, sister: Phone) -> None:
    relation = offered(brother, sister)
    sister.walk("accept-relation", {"member": relation, "accepted": "decline"})
    hospital = world.institution(CITY, "hospital", name="云湾第二医院")

    paid = sister.pay(hospital, 1_000, OUTPATIENT_VISIT).ok()
    again = brother.add(sister.person, "younger_sister")

    assert paid["payers"] == []
    assert again["outcome"] == "awaiting_acceptance"
    assert [one["status"] for one in brother.members()] == ["awaiting_acceptance"]


def test_a_no_may_be_thought_over_until_it_is_sent(brother: Phone, sister: Phone) -> None:
    relation = offered(brother, sister)
    sister.post("/flows/accept-relation", {"answers": {"member": relation}})
    sister.put("/flows/accept-relation/steps/offer", {"accepted": "decline"}).ok()

    after = sister.put("/flows/accept-relation/steps/offer", {"accepted": "accept"}).ok()

    assert after["step"] is not None
    sister.walk("accept-relation", {})
    assert brother.members()[0]["status"] in ("active", "not_yet_effective")


def test_the_same_no_twice_is_one_no(brother: Phone, sister: Phone) -> None:
    relation = offered(brother, sister)
    sister.post("/flows/accept-relation", {"answers": {"member": relation}})
    sister.put("/flows/accept-relation/steps/offer", {"accepted": "decline"}).ok()
    key = "0190c0de-0000-7000-8000-00000000decl"

    first = sister.post("/flows/accept-relation/completion", key=key).ok()

    assert sister.post("/flows/accept-relation/completion", key=key).ok() == first
    assert len(brother.members()) == 1


@pytest.mark.parametrize("answer", ["perhaps", 1])
def test_there_is_no_third_answer(brother: Phone, sister: Phone, answer: object) -> None:
    sister.post("/flows/accept-relation", {"answers": {"member": offered(brother, sister)}})

    told = sister.put("/flows/accept-relation/steps/offer", {"accepted": answer}).problem(422, "invalid_answers")

    assert set(told["fields"]) == {"accepted"}
    assert brother.members()[0]["status"] == "awaiting_acceptance"

"""Tying two people at a counter: the rules of the phone, in force at once, and a slip to take home (Y-18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundwork.chance import new_id
from tests.reference_core.callers import Callers, Json, Told, World, new_person
from tests.reference_core.capital import Capital

CARDS = ["payer_id_card", "member_id_card"]
ALL_PAPERS = [*CARDS, "kinship_proof", "application_form", "payer_card", "member_card"]
HEFEI = "340100"


def on_card(person: Json) -> Json:
    return {"name": person["name"], "id_number": person["id_number"]}


def bind(world: World, payer: Json, member: Json, key: str | None = None, **more: Any) -> Told:
    said = {"relation": "mother", "evidence": CARDS, "operator": "clerk-7"}
    body = {"payer": on_card(payer), "member": on_card(member), **said, **more}
    return world.callers.counter("/relations", body, key)


def opened(world: World, **facts: Any) -> Json:
    son = world.employee(50_000, **facts)
    world.open_account(son).ok()
    return son


def kept(world: World, relation_id: str) -> Json:
    row = world.callers.core.db.one(
        "SELECT verified_by, needs_review, needs_acceptance FROM core.relations WHERE id = %s", [relation_id]
    )
    assert row is not None
    return row


def test_a_tie_made_at_a_counter_counts_at_once_and_is_given_a_slip(world: World, callers: Callers) -> None:
    """LY-16."""
    son, mother = opened(world), world.resident()

    told = bind(world, son, mother).ok()

    assert (told["status"], told["outcome"]) == ("active", "done")
    assert len(told["slip"]) == 10
    assert told["slip"].isdigit()
    paid = world.pay(world.institution(), mother, 1_000).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [1_000]
    kinds = [
        event["kind"] for event in callers.events()["items"] if event["person_id"] in (son["person_id"], mother["person_id"])
    ]
    assert kinds.count("relation_bound") == 2


def test_where_the_phone_waits_for_review_and_acceptance_the_counter_does_not(capital: Capital, world: World) -> None:
    """GD-29, GD-30, Y-18."""
    son, mother = capital.payer(), capital.member()

    told = bind(world, son, mother, evidence=ALL_PAPERS, monthly_cap_fen=50_000).ok()

    assert told["status"] == "active"
    assert capital.listed(son)[0]["monthly_cap_fen"] == 50_000
    paid = capital.pays(mother, 1_000)
    assert [one["paid_fen"] for one in paid["payers"]] == [1_000]


def test_who_saw_which_papers_is_kept_with_the_tie(capital: Capital, world: World) -> None:
    told = bind(world, capital.payer(), capital.member(), evidence=ALL_PAPERS).ok()

    row = kept(world, told["id"])

    assert (row["needs_review"], row["needs_acceptance"]) == (False, False)
    seen = row["verified_by"]
    assert (seen["channel"], seen["operator"], seen["slip"]) == ("counter", "clerk-7", told["slip"])
    assert set(seen["evidence"]) == set(ALL_PAPERS)


def test_papers_that_the_city_wants_must_have_been_seen(capital: Capital, world: World) -> None:
    """GD-28."""
    son, mother = capital.payer(), capital.member()

    told = bind(world, son, mother, evidence=CARDS).problem(422, "invalid_answers")

    assert "能看出亲属关系的材料、签好字的申请表" in told["fields"]["evidence"]["text"]
    assert capital.listed(son) == []


def test_the_same_rules_hold_and_every_reason_is_told(world: World) -> None:
    """LY-20."""
    son, mother = opened(world), world.resident()
    closed = world.employee(500)

    assert bind(world, son, mother, relation="older_sister").refused() == {"relation_not_allowed"}
    assert bind(world, closed, mother).refused() == {"account_not_opened"}
    bind(world, son, mother).ok()
    assert bind(world, opened(world), mother).refused() == {"member_already_bound"}


def test_a_city_without_a_counter_says_so_beside_the_rest(world: World) -> None:
    """HF-09."""
    son = world.employee(500, region=HEFEI)

    told = bind(world, son, world.resident(region=HEFEI, voucher=True), relation="older_sister")

    assert told.refused() == {"counter_not_offered", "relation_not_allowed"}


def test_whose_card_it_is_not_is_nobody(world: World) -> None:
    son, mother = opened(world), world.resident()

    bind(world, {**son, "name": "江无人"}, mother).problem(404, "not_found")
    assert bind(world, son, {**mother, "name": "江无人"}).refused() == {"member_not_found"}
    assert bind(world, son, {**mother, "id_number": new_person(sex="female")["id_number"]}).refused() == {"member_not_found"}


def test_a_clerks_mistakes_do_not_count_as_guessing(world: World) -> None:
    son, mother = opened(world), world.resident()
    for place in range(7):
        bind(world, son, {**mother, "name": f"江无人{place}"})

    bind(world, son, mother).ok()


def test_the_same_key_binds_once(world: World) -> None:
    son, mother, key = opened(world), world.resident(), new_id()

    first = bind(world, son, mother, key).ok()

    assert bind(world, son, mother, key).ok() == first
    bind(world, son, world.resident(), key).problem(409, "key_reused")


def test_what_a_city_does_not_let_people_choose_cannot_be_chosen_here_either(world: World) -> None:
    told = bind(world, opened(world), world.resident(), monthly_cap_fen=500).problem(422, "invalid_answers")

    assert told["fields"]["monthly_cap_fen"]["code"] == "not_asked"


@pytest.mark.parametrize("days", [0, 10])
def test_a_first_day_that_was_chosen_holds_here_too(capital: Capital, world: World, days: int) -> None:
    """GD-18."""
    day = world.callers.core.now().date() + timedelta(days=days)

    told = bind(world, capital.payer(), capital.member(), evidence=ALL_PAPERS, starts_on=day.isoformat()).ok()

    assert told["status"] == ("active" if days == 0 else "not_yet_effective")


def test_only_agency_staff_may(world: World, callers: Callers) -> None:
    son, mother = opened(world), world.resident()
    body = {"payer": on_card(son), "member": on_card(mother), "relation": "mother", "evidence": CARDS, "operator": "me"}

    citizen = callers.core.settings.keys.citizen[0]
    told = callers.call("POST", "/counter/relations", body, bearer=citizen, Idempotency_Key=new_id())

    assert told.status == 401


@pytest.mark.parametrize("wrong", [{"evidence": []}, {"evidence": ["a smile"]}, {"operator": ""}, {"relation": "boss"}])
def test_what_is_malformed_is_refused(world: World, wrong: Json) -> None:
    told = bind(world, opened(world), world.resident(), **wrong)

    assert told.status == 400


def test_a_pledge_that_is_signed_when_binding_is_signed_on_paper_and_kept(world: World, callers: Callers) -> None:
    """Where the city has one, the clerk names the text that lay on the counter."""
    city = "610100"
    son = world.employee(500, region=city, sex="male")
    mother = world.resident(region=city)
    pledges = callers.citizen("GET", f"/regions/{city}").ok()["pledges"]

    bind(world, son, mother).problem(409, "text_changed")
    bind(world, son, mother, agree=pledges["add-member"]["text_hash"]).ok()

    signed = callers.citizen("GET", "/pledges", person=son["person_id"]).ok()["items"]
    assert [one["purpose"] for one in signed] == ["add-member"]

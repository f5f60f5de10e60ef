"""Who somebody is: sessions seen and ended, one citizen behind several phones, and a fresh look for one act."""

from __future__ import annotations

import pytest

from bff.flows.verify_identity import PURPOSES
from dev.player import Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import employee, resident

PURPOSE = "show_relative_code"


def look_again(phone: Phone, purpose: str = PURPOSE) -> Json:
    return phone.post("/flows/verify-identity", {"answers": {"purpose": purpose}}).ok()


def test_a_session_ended_from_another_phone_answers_nothing_from_that_moment(world: World) -> None:
    person = employee(world)
    lost, mine = Phone(world, person).arrive(), Phone(world, person, "alipay").arrive()
    listed = mine.get("/sessions").ok()["items"]
    assert {(one["channel"], one["current"]) for one in listed} == {("wechat", False), ("alipay", True)}
    other = next(one for one in listed if not one["current"])

    assert mine.delete(f"/sessions/{other['id']}").status == 204

    lost.get("/account").problem(401, "not_signed_in")
    lost.post("/flows/open-account").problem(401, "not_signed_in")
    assert len(mine.get("/sessions").ok()["items"]) == 1
    mine.delete(f"/sessions/{other['id']}").problem(404, "not_found")


def test_nobody_ends_a_strangers_session(world: World) -> None:
    mine, theirs = Phone(world, employee(world)).arrive(), Phone(world, employee(world)).arrive()
    session = theirs.get("/sessions").ok()["items"][0]

    mine.delete(f"/sessions/{session['id']}").problem(404, "not_found")

    theirs.get("/account").ok()


def test_two_people_with_one_phone_number_stay_two(world: World) -> None:
    first = employee(world)
    second = resident(world, phone=first["phone"])
    one, two = Phone(world, first).arrive(), Phone(world, second).arrive()

    assert one.get("/me").ok()["id_number_masked"] != two.get("/me").ok()["id_number_masked"]
    assert one.get("/account").ok()["status"] == "not_opened"
    assert two.get("/account").ok()["status"] == "none"
    assert len(one.get("/sessions").ok()["items"]) == len(two.get("/sessions").ok()["items"]) == 1


def test_an_identity_that_is_one_citizens_never_becomes_anothers(world: World) -> None:
    """Somebody else proves themselves on a phone whose WeChat belongs to a citizen already."""
    owner, borrower = employee(world), resident(world)
    phone = Phone(world, owner).arrive()
    phone.world.play(
        "POST", f"/phones/{owner['id_number']}/channel-events", {"channel": "wechat", "kind": "authorisation_revoked"}
    ).ok()
    phone.sign_in()
    screen = phone.agree()
    theirs = {"name": borrower["name"], "id_number": borrower["id_number"], "phone": borrower["phone"]}
    screen = phone.put("/flows/verify-identity/steps/who", phone.fill(screen, theirs)).ok()
    phone.look_into_camera(screen["fields"][0]["check"]["id"], who=borrower)
    phone.put("/flows/verify-identity/steps/real_person", {"real_person": screen["fields"][0]["check"]["id"]}).ok()

    told = phone.post("/flows/verify-identity/completion").problem(409, "identity_conflict")

    assert "窗口" in told["detail"]
    assert phone.get("/me").ok()["assurance"] == "signed_in"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_known_person_looks_once_more_for_one_act_and_gets_a_new_token(world: World, purpose: str) -> None:
    phone = Phone(world, employee(world)).arrive()
    before = phone.token
    screen = look_again(phone, purpose)
    assert (screen["step"], [one["kind"] for one in screen["fields"]]) == ("real_person", ["real_person"])
    assert (screen["progress"]["total"], screen["text"]) == (1, [PURPOSES[purpose]])
    phone.put("/flows/verify-identity/steps/real_person", phone.fill(screen, {})).ok()

    told = phone.post("/flows/verify-identity/completion").ok()

    assert told["outcome"] == "done"
    assert phone.token == told["token"] != before
    phone.get("/account").ok()


def test_a_replaced_token_repeats_its_last_request_with_its_key_for_a_minute_and_nothing_else(world: World) -> None:
    phone, key = Phone(world, employee(world)).arrive(), new_id()
    screen = look_again(phone)
    phone.put("/flows/verify-identity/steps/real_person", phone.fill(screen, {})).ok()
    old = phone.token
    fresh = phone.post("/flows/verify-identity/completion", {}, key).ok()["token"]

    phone.token = old
    assert phone.post("/flows/verify-identity/completion", {}, key).ok()["token"] == fresh
    phone.token = old
    phone.get("/account").problem(401, "not_signed_in")
    phone.post("/flows/verify-identity/completion").problem(401, "not_signed_in")
    world.clock(world.later(seconds=61))
    phone.post("/flows/verify-identity/completion", {}, key).problem(401, "not_signed_in")
    phone.token = fresh
    phone.get("/account").ok()


def test_a_look_for_one_act_is_not_used_for_another_nor_twice(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    first = look_again(phone)["fields"][0]["check"]["id"]
    phone.look_into_camera(first)
    other = look_again(phone, "use_code_far_away")["fields"][0]["check"]["id"]
    assert other != first
    phone.put("/flows/verify-identity/steps/real_person", {"real_person": first}).problem(409, "check_expired")
    phone.look_into_camera(other)
    phone.put("/flows/verify-identity/steps/real_person", {"real_person": other}).ok()
    phone.post("/flows/verify-identity/completion").ok()

    again = look_again(phone, "use_code_far_away")["fields"][0]["check"]["id"]

    assert again != other
    phone.put("/flows/verify-identity/steps/real_person", {"real_person": other}).problem(409, "check_expired")


@pytest.mark.parametrize("purpose", ["anything", "", 7, None, ["show_relative_code"]])
def test_a_purpose_that_nobody_has_is_named(world: World, purpose: Json) -> None:
    phone = Phone(world, employee(world)).arrive()

    told = phone.post("/flows/verify-identity", {"answers": {"purpose": purpose}})

    if purpose is None:
        assert told.refused() == {"identity_already_verified"}
    else:
        assert told.problem(422, "invalid_answers")["fields"]["purpose"]["code"] == "choice_unknown"


def test_a_stranger_who_names_a_purpose_proves_themselves_in_full(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()

    assert look_again(phone)["step"] == "privacy"

"""Everything that is kept of me is told to me alone, and what no law keeps goes when I ask for it."""

from __future__ import annotations

import json

from dev.player import Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident, rules


def secrets_of(person: Json) -> list[str]:
    return [str(person[name]) for name in ("name", "id_number", "phone")]


def test_an_export_tells_all_that_is_kept_of_me_and_nothing_that_finds_others(world: World) -> None:
    person, mother = employee(world), resident(world)
    phone = Phone(world, person).arrive()
    phone.open_account()
    phone.add(mother, "mother")
    alipay = Phone(world, person, "alipay").arrive()

    told = alipay.walk("export-my-data", {})

    data = told["data"]
    assert told["outcome"] == "done"
    assert [data["person"][name] for name in ("name", "id_number", "phone")] == secrets_of(person)
    assert {one["channel"] for one in data["identities"]} == {"wechat", "alipay"}
    assert {one["purpose"] for one in data["consents"]} == {"identity_verification", "sensitive_information"}
    assert [one["name_masked"][-1] for one in data["relations"]] == [mother["name"][-1]]
    written = json.dumps(data, ensure_ascii=False)
    assert not [secret for secret in secrets_of(mother) if secret in written]


def test_an_export_wants_a_look_into_the_camera_and_is_told_once(world: World) -> None:
    phone, key = Phone(world, employee(world)).arrive(), new_id()
    screen = phone.post("/flows/export-my-data").ok()
    assert [one["kind"] for one in screen["fields"]] == ["real_person"]
    phone.post("/flows/export-my-data/completion").problem(409, "step_out_of_order")
    phone.put("/flows/export-my-data/steps/real_person", phone.fill(screen, {})).ok()

    assert "data" in phone.post("/flows/export-my-data/completion", {}, key).ok()

    phone.post("/flows/export-my-data/completion", {}, key).problem(409, "key_spent")
    phone.post("/flows/export-my-data/completion").problem(409, "flow_not_started")


def test_who_took_a_consent_back_may_still_leave_after_agreeing_to_that_alone(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    consent = next(one for one in phone.get("/consents").ok()["items"] if one["purpose"] == "sensitive_information")
    phone.delete(f"/consents/{consent['id']}")

    screen = phone.post("/flows/delete-my-data").ok()

    assert screen["step"] == "sensitive"
    assert phone.walk("delete-my-data", {})["outcome"] == "done"


def test_a_deletion_ends_every_session_and_says_what_stays_and_why(world: World) -> None:
    person = employee(world)
    phone, other = Phone(world, person).arrive(), Phone(world, person, "alipay").arrive()

    told = phone.walk("delete-my-data", {})

    assert {one["what"] for one in told["gone"]} >= {"identities", "sessions", "phone", "kinships"}
    assert {one["what"] for one in told["kept"]} >= {"pledges", "ledger"}
    assert all(one["reason"] and one["source"] for one in told["kept"])
    phone.get("/me").problem(401, "not_signed_in")
    other.get("/me").problem(401, "not_signed_in")


def test_whoever_comes_back_after_a_deletion_agrees_and_proves_themselves_anew(world: World) -> None:
    person = employee(world, balance_fen=30_000)
    phone = Phone(world, person).arrive()
    phone.open_account()
    phone.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()
    phone.walk("delete-my-data", {})

    phone.sign_in()

    assert phone.get("/me").ok()["assurance"] == "signed_in"
    assert phone.post("/flows/verify-identity").ok()["step"] == "privacy"
    phone.verify()
    account = phone.get("/account").ok()
    assert (account["status"], account["balance_fen"]) == ("closed", 29_000)
    assert [one["bill_fen"] for one in phone.records()] == [1_000]
    assert [one["purpose"] for one in phone.get("/pledges").ok()["items"]] == ["open-account"]


def test_a_deletion_waits_for_members_and_says_so_before_anybody_looks_into_a_camera(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    phone.add(resident(world), "mother")

    told = phone.post("/flows/delete-my-data").problem(422, "refused")

    assert rules(told["reasons"]) == {"deletion_members_rely"}
    assert "check" not in json.dumps(told["screen"])
    phone.remove(phone.members()[0]["id"])
    assert phone.walk("delete-my-data", {})["outcome"] == "done"


def test_a_deletion_that_was_ready_stops_for_a_member_who_was_added_meanwhile(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    ready_to_delete(phone)
    phone.open_account()
    phone.add(resident(world), "mother")

    told = phone.post("/flows/delete-my-data/completion").problem(422, "refused")

    assert rules(told["reasons"]) == {"deletion_members_rely"}
    assert phone.get("/me").ok()["account"]["status"] == "opened"


def test_a_deletion_whose_reply_was_lost_says_the_same_again(world: World) -> None:
    phone, key = Phone(world, employee(world)).arrive(), new_id()
    ready_to_delete(phone)

    first = phone.post("/flows/delete-my-data/completion", {}, key).ok()

    assert phone.post("/flows/delete-my-data/completion", {}, key).ok() == first
    phone.get("/me").problem(401, "not_signed_in")


def test_a_deletion_that_breaks_midway_is_ended_by_the_same_key(world: World) -> None:
    """The core has done its part when the register does not answer."""
    phone, key = Phone(world, employee(world)).arrive(), new_id()
    ready_to_delete(phone)
    world.fault(upstream="core", endpoint="/app/identities/*/deletion", kind="refuse", times=9)

    told = phone.post("/flows/delete-my-data/completion", {}, key)

    assert told.status in (503, 504)
    world.no_faults()
    assert phone.post("/flows/delete-my-data/completion", {}, key).ok()["outcome"] == "done"
    assert phone.sign_in().get("/me").ok()["assurance"] == "signed_in"


def test_both_flows_are_offered_to_whoever_is_known(world: World) -> None:
    newcomer, known = Phone(world, employee(world)).sign_in(), Phone(world, employee(world)).arrive()
    for name in ("export-my-data", "delete-my-data"):
        assert newcomer.flow_reasons(name) == {"identity_required"}
        assert known.flow_reasons(name) == set()
        newcomer.post(f"/flows/{name}").problem(403, "identity_required")


def ready_to_delete(phone: Phone) -> None:
    screen = phone.post("/flows/delete-my-data").ok()
    while screen["step"] is not None:
        screen = phone.put(f"/flows/delete-my-data/steps/{screen['step']}", phone.fill(screen, {})).ok()

"""Signing in through each channel's real SDK, and what happens when the channel misbehaves."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident

CHANNELS = ("wechat", "alipay")


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_lets_a_person_in_and_proves_who_they_are(world: World, channel: str) -> None:
    phone = Phone(world, employee(world), channel).arrive()

    assert phone.get("/me").ok()["assurance"] == "real_person"


def test_the_same_person_is_one_citizen_on_both_channels(world: World) -> None:
    person = employee(world)
    wechat, alipay = Phone(world, person, "wechat").arrive(), Phone(world, person, "alipay").arrive()

    wechat.open_account()

    assert alipay.get("/account").ok()["status"] == "opened"


def test_a_flow_begun_on_one_channel_is_finished_on_the_other(world: World) -> None:
    person = employee(world)
    wechat, alipay = Phone(world, person, "wechat").arrive(), Phone(world, person, "alipay").arrive()
    wechat.post("/flows/open-account").ok()
    wechat.put("/flows/open-account/steps/explain", {}).ok()

    screen = alipay.get("/flows/open-account").ok()

    assert screen["step"] == "pledge"
    alipay.open_account()
    assert wechat.get("/account").ok()["status"] == "opened"


def test_who_proved_it_once_is_known_at_the_next_sign_in(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()

    assert phone.sign_in().get("/me").ok()["assurance"] == "real_person"


def test_a_bad_signature_makes_the_login_fail_with_a_named_error(world: World) -> None:
    phone = Phone(world, employee(world), "alipay")
    world.fault(upstream="alipay", endpoint="alipay.system.oauth.token", kind="error", code="bad_signature", times=1)

    told = phone.call("POST", "/sessions", {"channel": "alipay", "code": phone.login_code()}).problem(
        503, "channel_signature_bad"
    )

    assert told["retry"]
    phone.sign_in()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", ["drop_reply", "garbage"])
def test_a_channel_that_breaks_down_leaves_nobody_signed_in(world: World, channel: str, kind: str) -> None:
    phone = Phone(world, employee(world), channel)
    endpoint = {"wechat": "sns/jscode2session", "alipay": "alipay.system.oauth.token"}[channel]
    world.fault(upstream=channel, endpoint=endpoint, kind=kind, times=5)

    told = phone.call("POST", "/sessions", {"channel": channel, "code": phone.login_code()})

    assert told.status == 503
    assert phone.token is None
    world.no_faults()
    phone.sign_in()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_face_that_does_not_pass_is_told_and_can_be_tried_again(world: World, channel: str) -> None:
    phone = Phone(world, employee(world), channel).sign_in()
    screen = at_the_camera(phone)
    check = screen["fields"][0]["check"]
    phone.look_into_camera(check["id"], passes=False)

    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check["id"]}).problem(422, "invalid_answers")

    assert told["fields"]["real_person"]["code"] == "face_not_passed"
    fresh = told["screen"]["fields"][0]["check"]
    phone.look_into_camera(fresh["id"])
    phone.put("/flows/verify-identity/steps/real_person", {"real_person": fresh["id"]}).ok()
    phone.post("/flows/verify-identity/completion").ok()
    assert phone.get("/me").ok()["assurance"] == "real_person"


@pytest.mark.parametrize("channel", CHANNELS)
def test_nobody_can_look_into_the_camera_for_somebody_else(world: World, channel: str) -> None:
    phone = Phone(world, employee(world), channel).sign_in()
    check = at_the_camera(phone)["fields"][0]["check"]
    phone.look_into_camera(check["id"], who=resident(world))

    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check["id"]})

    assert told.status in (409, 422)
    assert phone.get("/me").ok()["assurance"] == "signed_in"


@pytest.mark.parametrize("channel", CHANNELS)
def test_without_looking_the_check_is_pending(world: World, channel: str) -> None:
    phone = Phone(world, employee(world), channel).sign_in()
    check = at_the_camera(phone)["fields"][0]["check"]

    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check["id"]}).problem(409, "check_pending")

    assert told["screen"]["fields"][0]["check"]["id"] == check["id"]


def test_looking_again_at_the_screen_costs_no_second_check(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    first = at_the_camera(phone)["fields"][0]["check"]

    assert phone.get("/flows/verify-identity").ok()["fields"][0]["check"]["id"] == first["id"]


def test_changing_the_name_voids_the_check_that_was_begun(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    check = at_the_camera(phone)["fields"][0]["check"]
    phone.look_into_camera(check["id"])
    other = employee(world)
    phone.put(
        "/flows/verify-identity/steps/who", {"name": other["name"], "id_number": other["id_number"], "phone": other["phone"]}
    ).ok()

    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check["id"]})

    assert told.status == 409
    assert phone.get("/me").ok()["assurance"] == "signed_in"


def test_a_check_of_another_person_is_worth_nothing_here(world: World) -> None:
    first, second = Phone(world, employee(world)).sign_in(), Phone(world, employee(world)).sign_in()
    check = at_the_camera(first)["fields"][0]["check"]
    first.look_into_camera(check["id"])
    at_the_camera(second)

    assert second.put("/flows/verify-identity/steps/real_person", {"real_person": check["id"]}).status in (409, 422)
    assert second.get("/me").ok()["assurance"] == "signed_in"


def test_a_phone_code_of_somebody_else_is_refused(world: World) -> None:
    """The code belongs to the person whose phone asked for it."""
    phone, other = Phone(world, employee(world)).sign_in(), Phone(world, employee(world))
    phone.agree()

    mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": other.channel_phone()}
    told = phone.put("/flows/verify-identity/steps/who", mine).problem(422, "invalid_answers")

    assert told["fields"]["phone"]["code"] == "phone_code_invalid"


def test_the_token_is_replaced_when_somebody_has_proven_who_they_are(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    before = phone.token
    phone.verify()
    after = phone.token

    assert before != after
    phone.token = before
    phone.get("/me").problem(401, "not_signed_in")


def test_refusing_the_privacy_consent_ends_the_flow_and_keeps_the_way_in_open(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    phone.post("/flows/verify-identity").ok()

    assert phone.delete("/flows/verify-identity").status == 204
    assert phone.get("/me").ok()["assurance"] == "signed_in"
    phone.verify()


def test_a_lost_reply_of_the_core_costs_nothing_when_the_same_key_is_sent_again(world: World) -> None:
    """504 means it may have been done; the same key finds out."""
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    member = resident(world)
    phone.post("/flows/add-member").ok()
    phone.put(
        "/flows/add-member/steps/member", {"name": member["name"], "id_number": member["id_number"], "relation": "mother"}
    ).ok()
    world.fault(upstream="core", endpoint="/citizen/relations", kind="drop_reply", times=1)
    key = "the-key-of-this-write-1"

    told = phone.post("/flows/add-member/completion", {}, key)
    assert told.status in (201, 200, 504)
    assert phone.post("/flows/add-member/completion", {}, key).ok()["outcome"] == "done"
    assert len(phone.members()) == 1


def test_a_core_that_refuses_work_has_done_nothing(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    world.fault(upstream="core", endpoint="/citizen/account", kind="refuse", times=9)

    phone.get("/account").problem(503, "core_unavailable")
    world.no_faults()
    assert phone.get("/account").ok()["status"] == "not_opened"


def test_garbage_from_the_core_never_reaches_the_phone(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    world.fault(upstream="core", endpoint="/citizen/members", kind="garbage", times=9)

    told = phone.get("/members")

    assert told.status == 503
    assert told.body["code"] == "core_unavailable"


def test_a_write_at_the_till_is_not_lost_when_its_reply_is(world: World) -> None:
    """The till asks again under its key and learns what happened."""
    phone = Phone(world, employee(world, balance_fen=9_000)).arrive()
    pharmacy = world.institution(CITY, "pharmacy")
    bill = {
        "credential": {"kind": "voucher", "value": phone.show_code()["code"]},
        "med_type": PHARMACY_VISIT,
        "amount_fen": 1_000,
    }
    key = "till-key-0000000000000001" + phone.person["id_number"][-6:]

    world.till(pharmacy, "settlements", bill, key).ok()

    assert world.play("GET", f"/tills/{pharmacy['id']}/settlements/{key}").ok()["own_fen"] == 1_000
    assert phone.get("/account").ok()["balance_fen"] == 8_000


def at_the_camera(phone: Phone) -> Json:
    """Walk verify-identity up to the real-person step; its screen."""
    screen = phone.post("/flows/verify-identity").ok()
    mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": phone.person["phone"]}
    while screen["step"] != "real_person":
        screen = phone.put(f"/flows/verify-identity/steps/{screen['step']}", phone.fill(screen, mine)).ok()
    return screen

"""One citizen on two channels, two citizens on one phone number, and what was meant for one never serving another."""

from __future__ import annotations

import pytest

from dev.player import Answer, Phone, World
from tests.journeys.cast import employee, resident
from tests.journeys.vouchers.relatives import CHANNELS, asked, at_the_proof, child, grandmother, helper, listed, proof, prove


def test_helping_begun_on_wechat_is_finished_on_alipay(world: World) -> None:
    on_wechat = helper(world)
    on_alipay = Phone(world, on_wechat.person, "alipay").arrive()
    son = child(world, sex="male")
    named = {"name": son["name"], "id_number": son["id_number"], "relation": "son"}
    on_wechat.walk_until("consent", on_wechat.post("/flows/activate-relative").ok(), named)

    screen = on_alipay.get("/flows/activate-relative").ok()
    on_alipay.walk_on(screen, named)

    assert screen["step"] == "consent"
    assert listed(on_wechat) == listed(on_alipay) == [("son", "active")]


def test_a_look_begun_on_one_channel_is_begun_anew_on_the_other(world: World) -> None:
    on_wechat, old = helper(world), grandmother(world)
    on_alipay = Phone(world, on_wechat.person, "alipay").arrive()
    begun = asked(at_the_proof(on_wechat, old, "grandmother"))["real_person"]["check"]
    on_wechat.look_into_camera(begun["id"], who=old)

    on_alipay.put("/flows/activate-relative/steps/check", {"real_person": begun["id"]}).problem(409, "check_expired")

    fresh = asked(on_alipay.post("/flows/activate-relative").ok())["real_person"]["check"]
    assert fresh["channel"] == "alipay"
    on_alipay.look_into_camera(fresh["id"], who=old)
    assert prove(on_alipay, real_person=fresh["id"])["outcome"] == "done"


def test_a_look_that_passed_on_one_channel_proves_nothing_on_the_other(world: World) -> None:
    on_wechat, old = helper(world), grandmother(world)
    on_alipay = Phone(world, on_wechat.person, "alipay").arrive()
    begun = asked(at_the_proof(on_wechat, old, "grandmother"))["real_person"]["check"]
    on_wechat.look_into_camera(begun["id"], who=old)
    on_wechat.put("/flows/activate-relative/steps/check", proof(on_wechat, real_person=begun["id"])).ok()

    on_alipay.post("/flows/activate-relative/completion").problem(409, "step_out_of_order")

    assert on_alipay.get("/flows/activate-relative").ok()["step"] == "check"
    assert listed(on_alipay) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_two_people_with_one_phone_number_stay_two(world: World, channel: str) -> None:
    """HB-01: a phone number is never a reason to merge."""
    husband = employee(world)
    wife = employee(world, name="苏青禾", sex="female", phone=husband["phone"], balance_fen=7_000)
    his, hers = Phone(world, husband, channel).arrive(), Phone(world, wife, "wechat").arrive()
    assert his.get("/me").ok()["phone_masked"] == hers.get("/me").ok()["phone_masked"]

    his.open_account()
    his.help(child(world), "daughter")

    assert hers.get("/account").ok()["status"] == "not_opened"
    assert hers.get("/account").ok()["balance_fen"] == 7_000
    assert listed(hers) == []
    assert his.get("/me").ok()["name_masked"] != hers.get("/me").ok()["name_masked"]


def test_a_look_of_one_helper_serves_no_other(world: World) -> None:
    """A face result belongs to the phone, the act and the answers for which it was begun."""
    first, second, old = helper(world), helper(world, name="程二舟"), grandmother(world)
    theirs = asked(at_the_proof(first, old, "grandmother"))["real_person"]["check"]
    first.look_into_camera(theirs["id"], who=old)
    at_the_proof(second, old, "grandmother")

    second.put("/flows/activate-relative/steps/check", {"real_person": theirs["id"]}).problem(409, "check_expired")

    assert listed(second) == []


def test_a_look_for_ones_own_voucher_serves_no_relative(world: World) -> None:
    phone, old = Phone(world, resident(world, voucher=False)).arrive(), grandmother(world)
    own = asked(phone.walk_until("check", phone.post("/flows/activate-voucher").ok(), {}))["real_person"]["check"]
    phone.look_into_camera(own["id"])
    at_the_proof(phone, old, "grandmother")

    phone.put("/flows/activate-relative/steps/check", {"real_person": own["id"]}).problem(409, "check_expired")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_login_code_serves_once_and_only_its_own_channel(world: World, channel: str) -> None:
    person = employee(world)
    phone, other = Phone(world, person, channel), {"wechat": "alipay", "alipay": "wechat"}[channel]
    code = phone.login_code()

    wrong = phone.call("POST", "/sessions", {"channel": other, "code": code})
    phone.call("POST", "/sessions", {"channel": channel, "code": code}).ok()
    again = phone.call("POST", "/sessions", {"channel": channel, "code": code})

    assert wrong.status == again.status == 401


def test_a_phone_code_of_another_person_is_refused_on_wechat(world: World) -> None:
    somebody, other = Phone(world, employee(world)).sign_in(), Phone(world, resident(world))
    screen = somebody.walk_until("who", somebody.post("/flows/verify-identity").ok(), {})
    mine = {"name": somebody.person["name"], "id_number": somebody.person["id_number"], "phone": other.channel_phone()}

    told = somebody.put(f"/flows/verify-identity/steps/{screen['step']}", mine).problem(422, "invalid_answers")

    assert told["fields"]["phone"]["code"] == "phone_code_invalid"


def test_a_phone_code_that_its_owner_used_is_refused_to_anybody_else_on_alipay(world: World) -> None:
    """Alipay's says neither whose it is nor when it was made, so the first to bring it is taken for its owner."""
    owner, other = (Phone(world, employee(world), "alipay").sign_in() for _ in range(2))
    code = owner.channel_phone()
    for phone in (owner, other):
        phone.agree()

    def says(phone: Phone) -> Answer:
        mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": code}
        return phone.put("/flows/verify-identity/steps/who", mine)

    says(owner).ok()
    told = says(other).problem(422, "invalid_answers")

    assert told["fields"]["phone"]["code"] == "phone_code_invalid"
    says(owner).ok()
    owner.delete("/flows/verify-identity")
    owner.agree()
    says(owner).ok()

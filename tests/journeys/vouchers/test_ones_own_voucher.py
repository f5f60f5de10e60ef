"""One's own voucher: a face or a bank card from the age on, nothing below it, and then it opens what needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, employee, resident
from tests.journeys.vouchers.relatives import BANK_CARD, CHANNELS, XIAN, asked, today, years_before


def asleep(world: World, channel: str = "wechat", **facts: Any) -> Phone:
    """The phone of a resident whose voucher was never activated."""
    return Phone(world, resident(world, **{"voucher": False, "bank_cards": [BANK_CARD], **facts}), channel).arrive()


def at_the_check(phone: Phone) -> Json:
    return phone.walk_until("check", phone.post("/flows/activate-voucher").ok(), {})


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("region", [CITY, XIAN])
def test_a_look_into_ones_own_camera_activates(world: World, channel: str, region: str) -> None:
    """LY-12, LY-14, XA-18, GD-15."""
    phone = asleep(world, channel, region=region)

    done = phone.activate()

    assert done["outcome"] == "done"
    assert phone.vouchers()[0]["status"] == "active"
    assert phone.show_code()["relation"] is None


def test_a_bank_card_does_as_well_where_the_city_takes_it(world: World) -> None:
    """LY-14."""
    phone = asleep(world)

    phone.activate(bank_card=BANK_CARD)

    assert phone.vouchers()[0]["status"] == "active"


def test_a_city_that_takes_faces_only_asks_for_no_card(world: World) -> None:
    """XA-18."""
    assert set(asked(at_the_check(asleep(world, region=XIAN)))) == {"real_person"}


def test_a_face_that_fails_loses_nothing_and_names_the_card(world: World) -> None:
    """LY-14."""
    phone = asleep(world)
    check = asked(at_the_check(phone))["real_person"]["check"]
    phone.look_into_camera(check["id"], passes=False)

    told = phone.put("/flows/activate-voucher/steps/check", {"real_person": check["id"]}).problem(422, "invalid_answers")
    phone.walk_on(phone.get("/flows/activate-voucher").ok(), {"bank_card": BANK_CARD})

    assert told["fields"]["real_person"]["code"] == "face_not_passed"
    assert "银行卡" in told["fields"]["real_person"]["remedy"]
    assert phone.vouchers()[0]["status"] == "active"


def test_neither_face_nor_card_is_no_proof(world: World) -> None:
    """LY-14."""
    phone = asleep(world)
    at_the_check(phone)

    told = phone.put("/flows/activate-voucher/steps/check", {})

    if told.status == 200:
        told = phone.post("/flows/activate-voucher/completion")
    assert told.status == 422
    assert phone.vouchers()[0]["status"] == "not_activated"


def test_that_one_was_recognised_at_sign_in_is_no_look(world: World) -> None:
    """LY-14: the look is for this act."""
    phone = asleep(world)

    assert at_the_check(phone)["step"] == "check"


@pytest.mark.parametrize(
    ("region", "days_past", "must_look"), [(CITY, -1, False), (CITY, 0, True), (XIAN, 0, False), (XIAN, 1, True)]
)
def test_the_line_is_drawn_on_the_day(world: World, region: str, days_past: int, must_look: bool) -> None:
    """LY-14, LY-15, XA-18, X-18."""
    born = years_before(today(world) - timedelta(days=days_past), 16)
    phone = asleep(world, region=region, born=born.isoformat())

    screen = at_the_check(phone)

    assert (screen["step"] == "check") == must_look
    phone.walk_on(screen, {})
    assert phone.vouchers()[0]["status"] == "active"


def test_who_is_active_need_not_do_it_again(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()

    assert phone.post("/flows/activate-voucher").refused() == {"voucher_already_active"}


def test_an_activated_voucher_opens_the_account(world: World) -> None:
    """LY-06, LY-12."""
    phone = Phone(world, employee(world, voucher=False)).arrive()
    before = phone.flow_reasons("open-account")

    phone.activate()
    phone.open_account()

    assert before == {"voucher_not_activated"}
    assert phone.get("/account").ok()["status"] == "opened"


def test_activating_twice_under_one_key_is_done_once(world: World) -> None:
    phone = asleep(world)
    phone.walk_until(None, phone.post("/flows/activate-voucher").ok(), {})
    key = "activate-own-voucher-0001" + phone.person["id_number"][-6:]

    first = phone.post("/flows/activate-voucher/completion", key=key).ok()

    assert phone.post("/flows/activate-voucher/completion", key=key).ok() == first


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_lost_reply_of_the_platform_costs_nothing(world: World, channel: str) -> None:
    """The step stays open, and the next try begins its own check."""
    phone = asleep(world, channel)
    world.fault(upstream=channel, endpoint=BEGINS[channel], kind="drop_reply", times=3)
    told = phone.post("/flows/activate-voucher")
    if told.status == 200:
        told = phone.put(f"/flows/activate-voucher/steps/{told.body['step']}", {})
    world.no_faults()

    assert told.status == 503
    assert phone.activate()["outcome"] == "done"


BEGINS = {"wechat": "cityservice/face/identify/getverifyid", "alipay": "alipay.user.certify.open.initialize"}

"""Activating one's own voucher: by face, by bank card, or by neither while one is young enough; once, and never by another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from groundwork.chance import new_id
from groundwork.clock import CHINA
from tests.reference_core.callers import Callers, World
from tests.reference_core.helpers import Kin

XIAN = "610100"
CARD = "6222020200012345678"


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


def test_a_look_into_the_camera_activates_ones_own_voucher(world: World, kin: Kin) -> None:
    """LY-12, LY-14."""
    me = world.employee(voucher=False)
    assert kin.own(me)["status"] == "not_activated"

    told = kin.activate(me, verified_by=kin.look()).ok()

    assert (told["status"], told["outcome"]) == ("active", "done")
    assert kin.own(me)["status"] == "active"
    assert kin.told(me, "voucher_activated") == [{"method": "face"}]


def test_without_any_proof_a_grown_up_is_told_the_ways(world: World, kin: Kin) -> None:
    """LY-14: face or bank card here, and the counter everywhere (Y-20)."""
    told = kin.activate(world.employee(voucher=False))

    assert told.refused() == {"face_check_required"}
    assert told.body["reasons"][0]["facts"]["ways"] == ["本人刷脸", "本人银行卡", "窗口办理"]


def test_ones_own_bank_card_activates_where_the_city_takes_it(world: World, kin: Kin) -> None:
    """LY-14; however the number is spaced."""
    me = world.employee(voucher=False, bank_cards=[CARD])

    kin.activate(me, bank_card=f"{CARD[:4]} {CARD[4:]}").ok()

    assert kin.own(me)["status"] == "active"


def test_another_persons_bank_card_proves_nothing(world: World, kin: Kin) -> None:
    me = world.employee(voucher=False, bank_cards=[CARD])

    assert kin.activate(me, bank_card="6222020200099999999").refused() == {"bank_card_differs"}
    assert kin.own(me)["status"] == "not_activated"


def test_where_the_city_takes_the_face_only_a_bank_card_proves_nothing(world: World, kin: Kin) -> None:
    """XA-18."""
    me = world.employee(voucher=False, region=XIAN, bank_cards=[CARD])

    assert kin.activate(me, bank_card=CARD).refused() == {"bank_card_differs"}


def test_cards_cannot_be_tried_one_after_another(world: World, kin: Kin) -> None:
    me = world.employee(voucher=False, bank_cards=[CARD])
    for last in range(5):
        kin.activate(me, bank_card=f"622202020009999000{last}").refused()

    kin.activate(me, bank_card=CARD).problem(429, "too_many_tries")


def test_a_look_from_long_ago_or_at_somebody_else_is_none(world: World, kin: Kin) -> None:
    me = world.employee(voucher=False)
    old = kin.look()
    world.later(hours=2)

    assert kin.activate(me, verified_by=old).refused() == {"face_check_required"}
    assert kin.activate(me, verified_by=kin.look("relative")).refused() == {"face_check_required"}


def test_one_look_activates_one_voucher(world: World, kin: Kin) -> None:
    """T8: a face result that was used is refused, whoever brings it."""
    look = kin.look()
    kin.activate(world.employee(voucher=False), verified_by=look).ok()

    told = kin.activate(world.employee(voucher=False), verified_by=look).problem(422, "invalid_answers")

    assert told["fields"]["real_person"]["code"] == "check_used"


def test_an_active_voucher_is_not_activated_twice_but_the_same_key_repeats_its_answer(world: World, kin: Kin) -> None:
    me, key, look = world.employee(voucher=False), new_id(), kin.look()
    first = kin.activate(me, key=key, verified_by=look).ok()

    assert kin.activate(me, key=key, verified_by=look).ok() == first
    assert kin.activate(me, verified_by=kin.look()).refused() == {"voucher_already_active"}


@pytest.mark.parametrize(
    ("region", "days_after_birthday", "needs_look"),
    [("371300", -1, False), ("371300", 0, True), ("371300", 1, True), (XIAN, -1, False), (XIAN, 0, False), (XIAN, 1, True)],
)
def test_the_sixteenth_birthday_counts_as_the_city_says(
    world: World, kin: Kin, region: str, days_after_birthday: int, needs_look: bool
) -> None:
    """LY-14, LY-15, XA-18 and X-18: sixteen itself counts in one city and not in the other; midnight is China's."""
    child = world.resident(born="2012-02-29", voucher=False, region=region)
    # Who was born on 29 February turns sixteen on that very day of the leap year 2028.
    first_minute = datetime(2028, 2, 29, 0, 1, tzinfo=CHINA) + timedelta(days=days_after_birthday)
    world.move_to(first_minute)

    told = kin.activate(child)

    assert (told.status == 422) is needs_look


def test_whoever_turned_sixteen_since_is_asked_to_look_and_may(world: World, kin: Kin) -> None:
    child = kin.child(born="2012-06-01")
    world.move_to(datetime(2028, 5, 31, 12, 0, tzinfo=CHINA))
    kin.activate(child).ok()
    assert "check_due" not in kin.own(child)
    world.move_to(datetime(2028, 6, 1, 0, 1, tzinfo=CHINA))

    due = kin.own(child)["check_due"]

    assert due["rule"] == "voucher_check_due"
    assert kin.activate(child).refused() == {"face_check_required"}
    kin.activate(child, verified_by=kin.look()).ok()
    assert "check_due" not in kin.own(child)


def test_where_no_city_is_served_there_are_no_rules_to_activate_by(world: World, kin: Kin) -> None:
    assert kin.activate(world.employee(voucher=False, region="650100"), verified_by=kin.look()).refused() == {"region_not_served"}


def test_no_event_of_an_activation_carries_a_name_or_a_number(world: World, kin: Kin, callers: Callers) -> None:
    me = world.employee(voucher=False, bank_cards=[CARD])
    kin.activate(me, bank_card=CARD).ok()

    told = str(callers.events())

    assert not [secret for secret in (me["name"], me["id_number"], CARD) if secret in told]

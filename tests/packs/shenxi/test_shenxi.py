"""Shenxi: who had their voucher activated by a helper shares no money for seven days, and a payer sees the own part only."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from dev.player import Json, Phone, World
from groundwork.clock import CHINA
from tests.journeys.cast import PHARMACY_VISIT, employee
from tests.journeys.vouchers.relatives import child, grandmother, helper, shown, today

CITY, DAYS = "990400", 7


@pytest.fixture
def pharmacy(world: World) -> Json:
    facts = {"id": "P-SHENXI-1", "name": "慎溪药店", "region": CITY, "kind": "pharmacy", "level": 1}
    return world.play("POST", "/institutions", facts).ok()


@pytest.fixture
def mother(world: World) -> Json:
    """Old, without a phone, her voucher activated today on a neighbour's; she is to be somebody's member."""
    old = grandmother(world, region=CITY)
    helper(world, region=CITY, name="程二舟").help(old, "mother")
    return old


def payer(world: World) -> Phone:
    phone = Phone(world, employee(world, region=CITY, balance_fen=80_000)).arrive()
    phone.open_account()
    return phone


def on_day(world: World, days: int, at: time, *phones: Phone) -> None:
    """Move the world so many days on, and sign everybody in again."""
    world.clock(datetime.combine(today(world) + timedelta(days=days), at, CHINA).isoformat())
    for phone in phones:
        phone.sign_in()


def adding(phone: Phone, member: Json) -> set[str]:
    """Why this member cannot be added now."""
    phone.post("/flows/add-member")
    named = {"name": member["name"], "id_number": member["id_number"], "relation": "mother"}
    return phone.put("/flows/add-member/steps/member", named).refused()


def test_a_member_activated_by_a_helper_is_bound_after_seven_days_and_paid_for(
    world: World, mother: Json, pharmacy: Json
) -> None:
    """SX-02, to the day."""
    son = payer(world)
    assert adding(son, mother) == {"voucher_cooling"}
    began = today(world)
    on_day(world, DAYS - 1, time(23, 59), son)
    assert adding(son, mother) == {"voucher_cooling"}
    on_day(world, (began + timedelta(days=DAYS) - today(world)).days, time(0, 1), son)

    son.add(mother, "mother")

    hers = Phone(world, mother).arrive()
    paid = hers.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [1_000]


def test_who_was_activated_by_a_helper_opens_no_account_until_then(world: World) -> None:
    """SX-02: and is told from when on."""
    husband = employee(world, region=CITY, voucher=False)
    helper(world, region=CITY, name="苏青禾", sex="female").help(husband, "spouse")
    his = Phone(world, husband).arrive()

    told = his.post("/flows/open-account")
    assert told.refused() == {"voucher_cooling"}
    until = (today(world) + timedelta(days=DAYS)).isoformat()
    assert until in told.body["reasons"][0]["text"]
    on_day(world, DAYS, time(0, 1), his)

    his.open_account()
    assert his.get("/account").ok()["status"] == "opened"


def test_the_code_itself_is_shown_at_once(world: World, pharmacy: Json) -> None:
    """SX-02: what waits is other people's money, not one's own treatment."""
    guardian, son = helper(world, region=CITY, sex="female"), child(world, region=CITY, sex="male")
    guardian.help(son, "son")
    code = guardian.show_code(shown(guardian, son)["id"])["code"]
    bill = {"credential": {"kind": "voucher", "value": code}, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}

    assert world.till(pharmacy, "settlements", bill).ok()["cash_fen"] == 1_000


def test_who_activated_it_alone_waits_for_nothing(world: World) -> None:
    """SX-02."""
    phone = Phone(world, employee(world, region=CITY, voucher=False)).arrive()
    phone.activate()

    assert phone.flow_reasons("open-account") == set()


def test_a_payer_reads_the_own_part_of_a_bill_and_the_member_all_of_it(world: World, pharmacy: Json) -> None:
    """SX-03, Y-14."""
    son, old = payer(world), grandmother(world, region=CITY, voucher=True)
    son.add(old, "mother")
    hers = Phone(world, old).arrive()
    hers.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()

    (his_view,), (her_view,) = (phone.get("/records").ok()["items"] for phone in (son, hers))

    figures = ("bill_fen", "fund_fen", "own_fen", "cash_fen", "payer_fen")
    assert [his_view[name] for name in figures] == [None, None, None, None, 1_000]
    assert [her_view[name] for name in figures] == [1_000, 0, 0, 0, 1_000]

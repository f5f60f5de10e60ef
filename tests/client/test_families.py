"""Families of several cities in the browser: refusals, acceptance, a child's voucher, and a city that only tests know."""

from __future__ import annotations

from dev.player import Phone, World
from tests.client.conftest import Holder
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident

TEST_CITY = "990100"


def test_a_refusal_shows_every_reason_with_what_to_do_and_its_code(world: World, hand: Holder) -> None:
    person = employee(world, status="suspended", voucher=False, conditions=["retired_cadre"])
    told = Phone(world, person).arrive().get("/flows").ok()["items"]
    reasons = next(flow["reasons"] for flow in told if flow["name"] == "open-account")
    assert len(reasons) >= 3

    phone = hand(person).sign_in()
    phone.tap("flow-open-account")

    for reason in reasons:
        phone.sees(reason["text"], reason["next_step"], reason["cashier_code"])


def test_a_mother_activates_the_voucher_of_her_child_and_shows_it(world: World, hand: Holder) -> None:
    mother = resident(world, born="1990-04-04")
    child = resident(world, name="林小满", sex="male", born="2018-06-01", voucher=False)
    phone = hand(mother).arrive()

    phone.start("activate-relative")
    phone.walk({"name": child["name"], "id_number": child["id_number"], "relation": "son"})
    phone.tab("医保码")
    phone.page.locator(".person:visible", has_text="儿子").tap()

    phone.sees("正在为儿子", "儿子的医保码")
    paid = phone.pay_at(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()
    assert (paid["payers"], paid["cash_fen"]) == ([], 1_000)


def test_a_city_that_no_code_was_written_for_plays_through(world: World, hand: Holder) -> None:
    """Its sisters may be added, have to accept, and wait for the next month."""
    brother = employee(world, region=TEST_CITY, balance_fen=500_000)
    sister = resident(world, region=TEST_CITY, born="1990-08-08")
    his, hers = hand(brother).arrive(), hand(sister).arrive()

    his.start("add-member")
    his.walk_until_end({"name": sister["name"], "id_number": sister["id_number"], "relation": "younger_sister"})
    his.sees("等家人同意")
    hers.tab("家人")
    hers.tap_words("看一看，决定要不要")
    hers.walk({})

    his.open("family")
    his.sees("妹妹", "还没到生效日")

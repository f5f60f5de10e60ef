"""The story of one family, tapped through in a browser of a phone's size."""

from __future__ import annotations

from dev.player import World
from tests.client.conftest import Holder
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident


def test_a_son_shares_his_account_with_his_mother_and_takes_it_back(world: World, hand: Holder) -> None:
    payer, mother = employee(world), resident(world)
    phone = hand(payer).arrive()
    phone.start("open-account")
    phone.walk({"phone": payer["phone"]})
    phone.sees("家庭共济已开通")

    phone.tab("家人")
    phone.tap("add-member")
    phone.walk({"name": mother["name"], "id_number": mother["id_number"], "relation": "mother"})
    hers = hand(mother).arrive()
    hers.tab("医保码")
    paid = hers.pay_at(world.institution(CITY, "pharmacy"), 12_850, PHARMACY_VISIT).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [12_850]

    phone.tab("记录")
    phone.sees("母亲", "我的账户 128.50")
    phone.tab("家人")
    phone.sees("用了您 128.50 元")
    phone.page.locator('[id^="remove-"]:visible').tap()
    phone.walk({})
    phone.tab("家人")
    phone.sees("还没有添加家人")

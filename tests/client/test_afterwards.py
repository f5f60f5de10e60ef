"""Afterwards, on the phone: asking a payer, doubting a payment, reporting, and taking a year along."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bff.app import join
from bff.settings import read_settings
from bff.worker import Worker
from dev.counter import Counter
from dev.player import Phone, World
from dev.servers import RunningServer
from tests.client.conftest import Holder
from tests.client.handset import Handset
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident
from tests.journeys.notices.conftest import environment_of

# Here members cannot leave by themselves, so that there is something to ask for.
REGION = "130100"


def kept(phone: Handset, button: str) -> tuple[str, bytes]:
    """The name and the bytes of what this button gives to keep."""
    with phone.page.expect_download() as told:
        phone.tap(button)
    return told.value.suggested_filename, Path(told.value.path()).read_bytes()


@pytest.fixture
def worker(world: World, redis_server: RunningServer, database_url: str, data_dir: Path) -> Worker:
    """Who fills the inboxes, when the test says so."""
    return Worker(join(read_settings(environment_of(world, redis_server.url, database_url, data_dir))))


def test_a_family_asks_doubts_reports_and_takes_its_year_along(
    world: World, hand: Holder, data_dir: Path, worker: Worker
) -> None:
    payer, mother = employee(world, region=REGION), resident(world, region=REGION)
    son = Phone(world, payer).arrive()
    son.add(mother, "parent")
    Phone(world, mother).arrive().pay(world.institution(REGION, "hospital"), 3_000, OUTPATIENT_VISIT).ok()
    his, hers = hand(payer).sign_in(), hand(mother).sign_in()

    # She asks to be let go, and he says no for now.
    hers.tab("家人")
    hers.tap("payers")
    hers.tap_words("请对方让我退出")
    hers.sees("您是对方的母亲", "您用了对方 30.00 元", "等对方答复")
    expect(hers.page.get_by_text("请对方让我退出")).to_have_count(0)
    his.tab("家人")
    his.sees("母亲想退出")
    his.tap_words("这次先不答应")
    expect(his.page.get_by_text("母亲想退出")).to_have_count(0)
    hers.page.reload()
    hers.sees("对方这次没有答应")

    # He doubts what was paid; the counter finds him right, and the money comes back.
    his.tab("记录")
    his.page.locator(".card:visible[role=link]").tap()
    his.tap("not-me")
    his.tap("dispute")
    his.tap("cases")
    his.sees("正在核实", "接下来由经办机构核实")
    counter = Counter(world, data_dir)
    [record] = son.records()
    case = next(one["id"] for one in counter.disputes(REGION) if one["record"] == record["id"])
    counter.decide_dispute(case, "upheld").ok()
    worker.catch_up()
    his.open("notices")
    his.tap_words("看结果")
    his.sees("认定有问题", "退回 30.00 元")

    # He reports who it was, and finds the number again.
    his.tap_words("看这一笔")
    his.tap("report")
    his.tap("kind-code_stolen")
    his.find("text").locator("textarea").fill("有人拿着截图去看病。")
    his.tap("send-report")
    his.sees("已经收到您的举报")
    his.page.reload()
    [reported] = son.get("/reports").ok()["items"]
    assert (reported["about"], reported["text"]) == (record["id"], "有人拿着截图去看病。")
    his.sees("我的举报", reported["receipt_number"], reported["place"])

    # The year on paper, and the records as a table.
    his.open("records")
    name, pdf = kept(his, f"statement-{record['at'][:4]}")
    assert (name, pdf[:5]) == (f"家庭共济{record['at'][:4]}年账单.pdf", b"%PDF-")
    name, table = kept(his, "table")
    assert name == "家庭共济消费记录.csv"
    assert table.decode("utf-8-sig").splitlines()[1].endswith("已全部退回")

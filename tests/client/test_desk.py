"""The desk beside the phone: a newcomer picks a person, fails before the camera, shows a code, and takes money at the till."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from dev.player import Phone, World
from tests.journeys.cast import employee


def test_a_newcomer_is_somebody_and_pays_at_the_till(world: World, desk_page: Page) -> None:
    person = employee(world, name="邹晚晴", balance_fen=50_000)
    Phone(world, person).arrive().open_account()
    desk_page.reload()
    desk_page.get_by_role("button", name="邹晚晴").click()
    phone = desk_page.frame_locator("#phone")
    phone.locator('[id="privacy"]').click()
    phone.locator('[id="sign-in"]').click()
    phone.locator(".tab", has_text="医保码").click()
    expect(phone.locator(".qr img")).to_be_attached()

    desk_page.locator("#scan").click()
    expect(desk_page.locator("#scanned")).to_have_text("读到了一个码。")
    desk_page.locator("#med-type").select_option("41")
    desk_page.locator("#settle").click()

    expect(desk_page.locator("#slip")).to_contain_text("本人账户")
    expect(desk_page.locator("#refund")).to_be_enabled()
    desk_page.locator("#refund").click()
    expect(desk_page.locator("#slip")).to_contain_text("退回本人账户")

"""The elder mode as somebody lives with it: switched on once, kept, as large as wished, and saying the same aloud."""

from __future__ import annotations

from playwright.sync_api import expect

from dev.player import Phone, World
from tests.client.conftest import Holder
from tests.client.tour import family

LETTERS_PX = "() => parseFloat(getComputedStyle(document.querySelector('.sheet')).fontSize)"
WIDE_PX = "() => document.documentElement.scrollWidth"


def test_the_largest_letters_are_kept_and_fit_a_small_phone(world: World, hand: Holder) -> None:
    phone = hand(family(world), width=320).sign_in()
    phone.tap_words("大字版")
    phone.open("me")
    phone.tap("size-30")
    phone.page.reload()
    phone.sees("字号")

    assert phone.page.evaluate(LETTERS_PX) == 40
    for name in ("home", "family", "code", "records", "help"):
        phone.open(name)
        phone.page.locator(".sheet:visible:not(:has(.waiting))").wait_for()
        assert phone.page.evaluate(WIDE_PX) == 320, name


def test_what_is_read_aloud_is_what_the_server_wrote_for_it(world: World, hand: Holder) -> None:
    """Headless browsers have no voice, so the words are caught on their way to it."""
    payer = family(world)
    words = Phone(world, payer).sign_in().post("/flows/add-member").ok()["speech"]
    phone = hand(payer).sign_in()
    phone.page.evaluate("() => { speechSynthesis.speak = (said) => { window.heard = said.text } }")
    phone.tap("flow-add-member")
    phone.ready()

    phone.tap_words("朗读")

    assert words
    assert phone.page.evaluate("() => window.heard") == words
    expect(phone.page.locator("uni-page:visible .tool", has_text="朗读")).to_be_visible()

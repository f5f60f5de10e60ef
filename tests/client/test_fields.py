"""Days, amounts, photos, papers to sign and secrets, each given empty, wrong and right: what is wrong stands at the field."""

from __future__ import annotations

import pytest
from PIL import Image
from playwright.sync_api import expect

from dev.player import Json, Phone, World
from tests.client.answering import encoded, photo
from tests.client.conftest import Holder
from tests.client.handset import Handset
from tests.client.measuring import WIDTH_PX, faults_on
from tests.journeys.cast import employee, resident
from tests.printed import text_of

# A city that asks for all of them.
CITY = "110000"
# What the browser makes of a large photo.
LONGEST_PX = 2048


@pytest.fixture
def payer(world: World) -> Phone:
    phone = Phone(world, employee(world, region=CITY)).arrive()
    phone.open_account()
    return phone


def at(payer: Phone, hand: Holder, step: str, **answers: Json) -> Handset:
    """The payer's small phone, by night and in large letters, at a step of adding a child; all before it is answered."""
    son = resident(payer.world, region=CITY, born="1999-05-06", name="程小舟")
    known = {**{name: son[name] for name in ("name", "id_number", "card_number", "phone")}, "relation": "child", **answers}
    payer.walk_until(step, payer.post("/flows/add-member").ok(), known)
    phone = hand(payer.person, width=WIDTH_PX, dark=True).sign_in()
    phone.tap_words("大字版")
    phone.start("add-member")
    return phone


def is_told(phone: Handset, **faults: str) -> None:
    """Each of these faults stands at its field, at no other field any, and the whole can be read and hit."""
    for name, words in faults.items():
        expect(phone.card(name).locator(".fault")).to_contain_text(words)
    expect(phone.screen.locator(".fault:visible")).to_have_count(len(faults))
    assert faults_on(phone, elder=True) == []


def test_a_day_and_an_amount_may_be_mended_and_taken_back(payer: Phone, hand: Holder) -> None:
    phone = at(payer, hand, "rules")
    phone.answer("monthly_cap_fen", "800.005")
    phone.next()
    is_told(phone, monthly_cap_fen="最多两位小数")
    phone.answer("monthly_cap_fen", "0")
    is_told(phone)
    phone.next()
    is_told(phone, monthly_cap_fen="0.01")
    phone.answer("monthly_cap_fen", "800")
    phone.pick_day("starts_on", years_on=-1)
    phone.next()
    is_told(phone, starts_on="已经过去")
    phone.tap("starts_on-clear")
    phone.next()

    phone.back()
    expect(phone.find("starts_on")).to_contain_text("点这里选日期")
    expect(phone.find("monthly_cap_fen").locator("input")).to_have_value("800.00")
    phone.answer("monthly_cap_fen", "")
    phone.walk_until_end({})

    [tie] = payer.members()
    assert tie["monthly_cap_fen"] is None


def test_photos_are_made_smaller_kept_and_told_apart_from_what_is_none(payer: Phone, hand: Holder) -> None:
    phone = at(payer, hand, "documents")
    phone.next()
    is_told(phone, documents="还没有照片")

    phone.choose_file("documents", b"no picture at all")
    expect(phone.card("documents").get_by_text("不是 JPEG 或 PNG")).to_be_visible()
    phone.tap("documents-drop-0")
    phone.hand_in("documents", encoded(Image.effect_noise((2600, 400), 120).convert("RGB"), quality=98))
    drawn = phone.card("documents").locator("img")
    assert drawn.evaluate("async (picture) => (await picture.decode(), picture.naturalWidth)") == LONGEST_PX
    phone.next()
    phone.back()

    expect(phone.card("documents").get_by_text("已上传")).to_have_count(1)
    phone.page.context.set_offline(True)
    phone.choose_file("documents", photo())
    phone.sees("网络不通")
    phone.page.context.set_offline(False)
    phone.forgive("ERR_INTERNET_DISCONNECTED")
    phone.tap("documents-again-1")
    expect(phone.card("documents").get_by_text("已上传")).to_have_count(2)
    is_told(phone)
    phone.next()
    assert phone.asked() == ["signed_form"]


def test_a_form_is_downloaded_filled_in_and_handed_in_signed_and_a_secret_is_set(payer: Phone, hand: Holder) -> None:
    phone = at(payer, hand, "form", documents=[payer.upload(photo()).ok()["id"]])
    phone.next()
    is_told(phone, signed_form="还没有照片")
    phone.hand_in("signed_form", photo())
    assert payer.person["id_number"] in text_of(phone.papers[0])
    phone.next()

    for typed, told in (("", "还没有填"), ("１２３４５６", "半角"), ("12*", "6 至 64 位")):
        phone.answer("passcode", typed)
        phone.next()
        is_told(phone, passcode=told)
    secret = phone.find("passcode").locator("input")
    expect(secret).to_have_attribute("type", "password")
    phone.tap("passcode-show")
    expect(secret).to_have_attribute("type", "text")
    phone.answer("passcode", "12*456")
    phone.next()

    phone.tell_desk(camera="fails")
    phone.answer("real_person", True)
    phone.next()
    is_told(phone, real_person="没有通过")
    phone.tell_desk(camera="passes")
    phone.walk_until_end({})
    phone.sees("已提交，等待审核")

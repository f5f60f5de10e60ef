"""A walk past every page of the client, with a family in it, for whatever looks at each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dev.player import Json, Phone, World
from tests.client.handset import Handset
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, payer_with, resident

PAGES_JSON = Path(__file__).resolve().parents[2] / "miniprogram_stub" / "src" / "pages.json"

# Where something is done first, or waited for; every other page is looked at as it opens.
PREPARED = {"entry", "home", "family", "code", "records", "me", "record", "help", "flow", "payers"}


def every_page() -> set[str]:
    """The names of all pages that there are."""
    pages: list[dict[str, str]] = json.loads(PAGES_JSON.read_text(encoding="utf-8"))["pages"]
    return {page["path"].split("/")[1] for page in pages}


def family(world: World) -> Json:
    """A payer whose mother and who himself have bought medicine; he doubts one payment and reported it, she wants to leave."""
    payer, mother = employee(world), resident(world)
    phone = Phone(world, payer).arrive()
    phone.open_account()
    phone.add(mother, "mother")
    pharmacy = world.institution(CITY, "pharmacy")
    hers = Phone(world, mother).arrive()
    phone.pay(pharmacy, 4_560, PHARMACY_VISIT).ok()
    [doubted] = phone.records()
    phone.post(f"/records/{doubted['id']}/disputes", {"reason": "那天我不在"}).ok()
    phone.post("/reports", {"kind": "code_stolen", "text": "有人拿着我的医保码截图去买药。", "about": doubted["id"]}).ok()
    hers.pay(pharmacy, 12_850, PHARMACY_VISIT).ok()
    phone.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()
    ask_to_leave(hers)
    return payer


def ask_to_leave(member: Phone) -> None:
    """A member asks whose money it is to be let go."""
    for payer in member.get("/payers").ok()["items"]:
        member.post(f"/payers/{payer['id']}/requests", {"kind": "leave"}).ok()


def tour(phone: Handset, mode: str, *, elder: bool) -> Iterator[tuple[str, str]]:
    """Each stop: the page's name, and a name of what is seen there; the phone starts signed out."""
    if elder:
        phone.tap_words("大字版")
    yield "entry", f"entry-{mode}"
    phone.sign_in()
    phone.page.locator('[id^="flow-"]:visible').first.wait_for()
    yield "home", f"home-{mode}"
    for tab, words in (("family", "母亲"), ("code", "秒后自动换新码"), ("records", "128.50"), ("me", "字号")):
        phone.open(tab)
        phone.sees(words)
        yield tab, f"{tab}-{mode}"
    yield from _deeper(phone, mode)
    yield from _flow(phone, mode)
    yield from _members_side(phone, mode)


def _deeper(phone: Handset, mode: str) -> Iterator[tuple[str, str]]:
    phone.open("records")
    phone.page.locator(".card:visible[role=link]").first.tap()
    phone.tap("not-me")
    yield "record", f"record-{mode}"
    for name in sorted(every_page() - PREPARED):
        phone.open(name)
        phone.page.locator(".sheet:visible:not(:has(.waiting))").wait_for()
        yield name, f"{name}-{mode}"
    phone.open("help")
    phone.tap_words("临沂市")
    phone.page.locator(".card:visible").nth(3).wait_for()
    yield "help", f"help-{mode}"


def _flow(phone: Handset, mode: str) -> Iterator[tuple[str, str]]:
    """A form with a fault in it, the summary, and the end of a flow."""
    phone.start("add-member")
    mother = resident(phone.world, name="林秋")
    answers = {"name": mother["name"], "id_number": mother["id_number"], "relation": "mother"}
    while "name" not in phone.asked():
        phone.fill(answers)
        phone.next()
    phone.fill({**answers, "id_number": "1"})
    phone.next()
    yield "flow", f"flow-form-{mode}"
    phone.walk_until_end(answers)
    yield "flow", f"flow-end-{mode}"


def _members_side(phone: Handset, mode: str) -> Iterator[tuple[str, str]]:
    """The same phone in the hand of a mother who uses her son's money."""
    mother = resident(phone.world)
    payer_with(phone.world, mother, "mother")
    ask_to_leave(Phone(phone.world, mother).arrive())
    phone.open("me")
    phone.tap("sign-out")
    phone.tell_desk(person=mother["id_number"])
    phone.sign_in()
    phone.open("payers")
    phone.sees("等对方答复")
    yield "payers", f"payers-{mode}"

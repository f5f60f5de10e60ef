"""A walk past every page of the client, with a family in it, for whatever looks at each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dev.player import Json, Phone, World
from tests.client.handset import Handset
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident

PAGES_JSON = Path(__file__).resolve().parents[2] / "miniprogram_stub" / "src" / "pages.json"

# Where something is done first, or waited for; every other page is looked at as it opens.
PREPARED = {"entry", "home", "family", "code", "records", "me", "record", "help", "flow"}


def every_page() -> set[str]:
    """The names of all pages that there are."""
    pages: list[dict[str, str]] = json.loads(PAGES_JSON.read_text(encoding="utf-8"))["pages"]
    return {page["path"].split("/")[1] for page in pages}


def family(world: World) -> Json:
    """A payer whose mother and who himself have bought medicine."""
    payer, mother = employee(world), resident(world)
    phone = Phone(world, payer).arrive()
    phone.open_account()
    phone.add(mother, "mother")
    pharmacy = world.institution(CITY, "pharmacy")
    Phone(world, mother).arrive().pay(pharmacy, 12_850, PHARMACY_VISIT).ok()
    phone.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()
    return payer


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

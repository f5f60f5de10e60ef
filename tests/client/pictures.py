"""`make pictures`: every page as a phone draws it, plain, for old eyes and by night, made small for the documentation."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from dev.player import Phone, World
from tests.client.answering import photo
from tests.client.conftest import Holder
from tests.client.handset import Handset
from tests.client.tour import family, tour
from tests.journeys.cast import employee, resident

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
# A city that asks for papers and a signed form.
PAPER_CITY = "110000"
WIDTH_PX, COLOURS, MOST_BYTES = 375, 64, 60_000


def keep(name: str, taken: bytes) -> None:
    """Write a picture, made small."""
    with Image.open(io.BytesIO(taken)) as drawn:
        height_px = drawn.height * WIDTH_PX // drawn.width
        small = drawn.convert("RGB").resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)
    file = PICTURES / f"{name}.png"
    small.quantize(COLOURS).save(file, optimize=True)
    assert file.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(
    ("mode", "elder", "dark"),
    [("plain", False, False), ("elder", True, False), ("night", False, True)],
    ids=["plain", "elder", "night"],
)
def test_every_page_is_pictured(world: World, hand: Holder, mode: str, *, elder: bool, dark: bool) -> None:
    PICTURES.mkdir(exist_ok=True)
    phone = hand(family(world), dark=dark)
    for _, view in tour(phone, mode, elder=elder):
        phone.page.evaluate("() => window.scrollTo(0, 0)")
        if "flow-end" not in view:
            keep(view, phone.page.screenshot(animations="disabled"))

    papers = at_the_papers(world, hand, elder=elder, dark=dark)
    keep(f"papers-{mode}", papers.page.screenshot(animations="disabled"))

    refused = hand(employee(world, status="suspended", voucher=False), dark=dark)
    refused.arrive()
    if elder:
        refused.tap_words("大字版")
    refused.tap("flow-open-account")
    refused.sees("怎么办")
    refused.find("flow-open-account").evaluate("line => window.scrollTo(0, line.getBoundingClientRect().top + scrollY - 120)")
    keep(f"refusal-{mode}", refused.page.screenshot(animations="disabled"))


def at_the_papers(world: World, hand: Holder, *, elder: bool, dark: bool) -> Handset:
    """A phone where a form has been photographed, in a city that asks for one."""
    payer = Phone(world, employee(world, region=PAPER_CITY)).arrive()
    payer.open_account()
    child = resident(world, region=PAPER_CITY, born="1999-05-06")
    known = {name: child[name] for name in ("name", "id_number", "card_number", "phone")}
    first = payer.post("/flows/add-member").ok()
    payer.walk_until("form", first, {**known, "relation": "child", "documents": [payer.upload(photo()).ok()["id"]]})
    phone = hand(payer.person, dark=dark).sign_in()
    if elder:
        phone.tap_words("大字版")
    phone.start("add-member")
    phone.hand_in("signed_form", photo())
    phone.page.evaluate("() => window.scrollTo(0, 0)")
    return phone

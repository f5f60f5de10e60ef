"""`make pictures`: every page as a phone draws it, plain and for old eyes, small enough to keep beside the documentation."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from dev.player import World
from tests.client.conftest import Holder
from tests.client.tour import family, tour
from tests.journeys.cast import employee

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTH_PX, COLOURS, MOST_BYTES = 375, 64, 60_000


def keep(name: str, taken: bytes) -> None:
    """Write a picture, made small."""
    with Image.open(io.BytesIO(taken)) as drawn:
        height_px = drawn.height * WIDTH_PX // drawn.width
        small = drawn.convert("RGB").resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)
    file = PICTURES / f"{name}.png"
    small.quantize(COLOURS).save(file, optimize=True)
    assert file.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(("mode", "elder"), [("plain", False), ("elder", True)])
def test_every_page_is_pictured(world: World, hand: Holder, mode: str, *, elder: bool) -> None:
    PICTURES.mkdir(exist_ok=True)
    phone = hand(family(world))
    for _, view in tour(phone, mode, elder=elder):
        phone.page.evaluate("() => window.scrollTo(0, 0)")
        if "flow-end" not in view:
            keep(view, phone.page.screenshot(animations="disabled"))

    refused = hand(employee(world, status="suspended", voucher=False))
    refused.arrive()
    if elder:
        refused.tap_words("大字版")
    refused.tap("flow-open-account")
    refused.sees("怎么办")
    refused.find("flow-open-account").scroll_into_view_if_needed()
    keep(f"refusal-{mode}", refused.page.screenshot(animations="disabled"))

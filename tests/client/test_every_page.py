"""Every page, plain and for old eyes, by day and by night: large enough, named, of contrast, and as wide as a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dev.player import World
from tests.client.conftest import Holder
from tests.client.handset import NODE_MODULES, Handset
from tests.client.tour import every_page, family, tour

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
WIDTH_PX = 320
ASK_AXE = """async () => {
  const told = await axe.run('uni-page .sheet', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
  return told.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))
}"""


def faults_on(phone: Handset, *, elder: bool) -> list[Any]:
    """What axe and our own measures find on the page in front."""
    phone.page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*phone.page.evaluate(ASK_AXE), *phone.page.evaluate(MEASURES, {"elder": elder, "screen_px": WIDTH_PX})]


@pytest.mark.parametrize("dark", [False, True], ids=["by day", "by night"])
@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
def test_every_page_can_be_read_hit_and_understood(world: World, hand: Holder, *, elder: bool, dark: bool) -> None:
    phone = hand(family(world), width=WIDTH_PX, dark=dark)
    seen = set()
    faults = []

    for page, view in tour(phone, "", elder=elder):
        seen.add(page)
        faults += [f"{view}: {fault}" for fault in faults_on(phone, elder=elder)]

    assert seen == every_page()
    assert not faults, "\n" + "\n".join(faults)

"""Every page, plain and for old eyes, by day and by night: large enough, named, of contrast, and as wide as a small phone."""

from __future__ import annotations

import pytest

from dev.player import World
from tests.client.conftest import Holder
from tests.client.measuring import WIDTH_PX, faults_on
from tests.client.tour import every_page, family, tour


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

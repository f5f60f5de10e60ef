"""In a city that spends prior years' money first, a refund gives this year's back first, to the buckets that money left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reference_core.app import build_app
from reference_core.parts import OWN_PACKS
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, World

REGION = "980200"


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A core with one more city, like the first but for the year that is spent first."""
    folder = tmp_path_factory.mktemp("packs")
    written = (OWN_PACKS / "371300.yaml").read_text(encoding="utf-8").replace('code: "371300"', f'code: "{REGION}"')
    turned = written.replace("buckets_order: {value: current_first", "buckets_order: {value: prior_first")
    Path(folder / f"{REGION}.yaml").write_text(turned, encoding="utf-8")
    built = build_app(replace(settings, packs_path=(folder,)))
    yield built
    built.extensions[PARTS].close()


def years(world: World, person: dict[str, Any]) -> tuple[int, int]:
    account = world.account(person)
    return account["current_year_fen"], account["prior_year_fen"]


def test_own_and_shared_money_comes_back_in_the_reverse_order_of_its_years(world: World, callers: Callers) -> None:
    son = world.employee(5_000, region=REGION, prior_year_fen=1_000)
    mother = world.employee(2_000, region=REGION, prior_year_fen=500, born="1958-05-05", sex="female")
    till = world.institution(region=REGION)
    world.family(son, mother)
    paid = world.pay(till, mother, 5_000).ok()["settlement_id"]
    assert (years(world, mother), years(world, son)) == ((0, 0), (2_000, 0))

    callers.till(till, "/refunds", {"settlement_id": paid, "amount_fen": 2_500}).ok()
    assert (years(world, mother), years(world, son)) == ((0, 0), (4_000, 500))

    callers.till(till, "/refunds", {"settlement_id": paid, "amount_fen": 2_100}).ok()
    assert (years(world, mother), years(world, son)) == ((1_500, 100), (4_000, 1_000))

    callers.till(till, "/refunds", {"settlement_id": paid}).ok()
    assert (years(world, mother), years(world, son)) == ((1_500, 500), (4_000, 1_000))

"""The cap that counts is the one of the day of payment: a later version of a pack binds ties that were made before it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from groundwork.clock import CHINA
from reference_core.app import build_app
from reference_core.parts import OWN_PACKS
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Json, World
from tests.reference_core.capital import Capital

# A province of its own, so that nobody else's pack is near.
REGION, ELSEWHERE = "970100", "970200"
BEFORE, AFTER = datetime(2030, 6, 20, 10, tzinfo=CHINA), datetime(2030, 7, 2, 10, tzinfo=CHINA)
LATER_CAPS = {"monthly_cap_fen": 6_000, "nonlocal_cap_fen": 2_000}


def two_versions() -> str:
    """The guide's rules until the end of June 2030, and from July on the same with two caps of the city's own."""
    file = yaml.safe_load((OWN_PACKS / "guide-003.yaml").read_text(encoding="utf-8"))
    (first,) = file["versions"]
    later: dict[str, Any] = copy.deepcopy(first)
    first["effective_to"] = {"value": "2030-06-30", "assumed": "试"}
    later["version"], later["effective_from"] = "capped", {"value": "2030-07-01", "assumed": "试"}
    later["parameters"] |= {name: {"value": cap, "assumed": "试"} for name, cap in LATER_CAPS.items()}
    return yaml.safe_dump({**file, "code": REGION, "versions": [first, later]}, allow_unicode=True)


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("packs")
    Path(folder / f"{REGION}.yaml").write_text(two_versions(), encoding="utf-8")
    built = build_app(replace(settings, packs_path=(folder,)))
    yield built
    built.extensions[PARTS].close()


@pytest.fixture
def mother(world: World) -> Json:
    """A mother with a record for elsewhere, whose son shares with her since before the caps."""
    world.move_to(BEFORE)
    capital = Capital(world)
    son = world.employee(100_000, region=REGION)
    mother = world.resident(region=REGION, conditions=["nonlocal_record"])
    capital.act(son, "/account", {}).ok()
    answers = capital.answers(son, mother, signed_form=None, card_number=None)
    tie = capital.act(son, "/relations", {**answers, "documents": [capital.photo(son)]}).ok()
    capital.decide(tie).ok()
    capital.accept(mother, tie).ok()
    assert "monthly_cap_fen" not in capital.listed(son)[0]
    return {**mother, "son": son}


def shared(world: World, mother: Json, where: str, amount_fen: int) -> tuple[int, list[str]]:
    told = world.pay(where, mother, amount_fen, med_type="11", declares_mutual_aid=True).ok()
    whose = [reason["facts"]["whose_cap"] for reason in told["reasons"] if reason["rule"] == "cap_exceeded"]
    return sum(one["paid_fen"] for one in told["payers"]), whose


def test_a_later_versions_lower_cap_binds_a_tie_that_was_made_before_it(world: World, mother: Json) -> None:
    """The whole month counts: what was spent in it under no cap does not come back, what is left is left."""
    till = world.institution("hospital", region=REGION, level=3)

    before = shared(world, mother, till, 30_000)
    world.move_to(AFTER)
    first, second, third = (shared(world, mother, till, fen) for fen in (5_000, 1_001, 1_000))

    assert before == (30_000, [])
    assert (first, second, third) == ((5_000, []), (0, ["city"]), (1_000, []))
    assert Capital(world).listed(mother["son"])[0]["monthly_cap_fen"] == 6_000


def test_what_is_used_away_from_home_has_a_cap_of_its_own(world: World, mother: Json) -> None:
    """GD-39: what is used at home does not count toward it, and what comes back makes room again."""
    home = world.institution("hospital", region=REGION, level=3)
    away = world.institution("hospital", region=ELSEWHERE, level=3, capabilities=["mutual_aid"])
    world.move_to(AFTER)

    at_home, there = shared(world, mother, home, 3_000), shared(world, mother, away, 1_500)
    too_much = shared(world, mother, away, 501)
    still_at_home, the_rest = shared(world, mother, home, 600), shared(world, mother, away, 500)

    assert (at_home, there, too_much) == ((3_000, []), (1_500, []), (0, ["away"]))
    assert (still_at_home, the_rest) == ((600, []), (500, []))


def test_a_refund_away_from_home_makes_room_there_again(world: World, mother: Json) -> None:
    """GD-39."""
    away = world.institution("hospital", region=ELSEWHERE, level=3, capabilities=["mutual_aid"])
    world.move_to(AFTER)
    bill = world.bill(mother, 2_000, med_type="11", declares_mutual_aid=True)
    paid = world.callers.till(away, "/settlements", bill).ok()

    before = shared(world, mother, away, 700)
    world.callers.till(away, "/refunds", {"settlement_id": paid["settlement_id"], "amount_fen": 700}).ok()
    after = shared(world, mother, away, 700)

    assert (before, after) == ((0, ["away"]), (700, []))

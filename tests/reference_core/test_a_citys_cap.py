"""A cap that a city sets for everybody holds beside the payer's own, also when that is lifted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from reference_core.app import build_app
from reference_core.parts import OWN_PACKS
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, World
from tests.reference_core.capital import Capital

# A province of its own, so that nobody else's pack is near.
REGION = "980100"


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A core with one more city, which takes over the guide's rules and caps every tie."""
    folder = tmp_path_factory.mktemp("packs")
    words = (OWN_PACKS / "guide-003.yaml").read_text(encoding="utf-8").replace("code: guide-003", f'code: "{REGION}"')
    capped = words.replace("    parameters:\n", "    parameters:\n      monthly_cap_fen: {value: 6000, unverified: GD-19}\n")
    Path(folder / f"{REGION}.yaml").write_text(capped, encoding="utf-8")
    built = build_app(replace(settings, packs_path=(folder,)))
    yield built
    built.extensions[PARTS].close()


def test_the_citys_cap_holds_from_the_start_above_the_payers_own_and_after_lifting_it(world: World, callers: Callers) -> None:
    capital = Capital(world)
    son, mother = world.employee(100_000, region=REGION), world.resident(region=REGION)
    capital.act(son, "/account", {}).ok()
    answers = capital.answers(son, mother, signed_form=None, card_number=None)
    tie = capital.act(son, "/relations", {**answers, "documents": [capital.photo(son)]}).ok()
    capital.decide(tie).ok()
    capital.accept(mother, tie).ok()
    till = world.institution("hospital", region=REGION, level=3)

    def paid(amount_fen: int) -> int:
        told = world.pay(till, mother, amount_fen, med_type="11", declares_mutual_aid=True).ok()
        return sum(one["paid_fen"] for one in told["payers"])

    limits = f"/relations/{tie['id']}/limits"
    assert capital.listed(son)[0]["monthly_cap_fen"] == 6_000
    assert (paid(6_001), paid(1_000)) == (0, 1_000)
    capital.act(son, limits, {"monthly_cap_fen": 9_000}).ok()
    assert (paid(5_001), paid(1_000)) == (0, 1_000)
    assert capital.act(son, limits, {"monthly_cap_fen": None}).ok()["monthly_cap_fen"] == 6_000
    assert (paid(4_001), paid(4_000)) == (0, 4_000)

"""A city where a second payer adds what the first is short of, and where an end takes effect with the next month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from groundwork.chance import new_id
from reference_core.app import build_app
from reference_core.parts import OWN_PACKS
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import OUTPATIENT_VISIT, Callers, Json, World

PROVINCE = "980000"
# The province whose words are taken over asks neither for an opening nor for a pledge.
CHANGES = {
    'code: "130000"': f'code: "{PROVINCE}"',
    "payer_selection: {value: largest_balance": "payer_selection: {value: cascade_by_balance",
    "end_effect: {value: at_once": "end_effect: {value: next_month",
}


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A core with this one city more."""
    folder = tmp_path_factory.mktemp("packs")
    words = (OWN_PACKS / "130000.yaml").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert words.count(old) == 1, old
        words = words.replace(old, new)
    Path(folder / f"{PROVINCE}.yaml").write_text(words, encoding="utf-8")
    built = build_app(replace(settings, packs_path=(folder,)))
    yield built
    built.extensions[PARTS].close()


class Family:
    """A mother, the payer who is asked first, and the one who adds the rest."""

    def __init__(self, world: World, callers: Callers) -> None:
        self.world, self.callers = world, callers
        self.first, self.second = (world.employee(fen, region="980100") for fen in (9_000, 500))
        self.mother = world.resident(region="980100")
        self.hospital = world.institution("hospital", "980100")
        for payer in (self.first, self.second):
            world.bind(payer, self.mother, "parent").ok()

    def get(self, person: Json, path: str) -> Json:
        return self.callers.citizen("GET", path, person=person["person_id"]).ok()

    def post(self, person: Json, path: str, body: Json) -> Json:
        return self.callers.citizen("POST", path, body, person=person["person_id"]).ok()

    def told(self, start: int, kind: str) -> dict[str, Json]:
        """What each person was told of this kind since then; more than once would be too often."""
        said = [(one["person_id"], one["data"]) for one in self.callers.events(start)["items"] if one["kind"] == kind]
        assert len(said) == len(dict(said))
        return dict(said)


@pytest.fixture
def family(world: World, callers: Callers) -> Family:
    return Family(world, callers)


def test_whose_turn_comes_later_is_told_with_why(family: Family) -> None:
    asked = {"member": "self", "institution": family.hospital, "med_type": OUTPATIENT_VISIT, "amount_fen": 9_200}

    first, second = family.post(family.mother, "/previews", asked)["payers"]

    assert (first["paid_fen"], second["paid_fen"]) == (9_000, 200)
    assert "余额最多" in first["why"]
    assert second["why"] == "前面的账户不够，接着用这一个。"


def test_of_one_payers_case_the_other_payer_hears_nothing(family: Family) -> None:
    """Y-14: both paid, and each knows of their own part alone."""
    paid = family.world.pay(family.hospital, family.mother, 9_200, med_type=OUTPATIENT_VISIT).ok()
    assert len(paid["payers"]) == 2
    start = family.callers.events()["next_after"]

    family.post(family.first, f"/records/{paid['settlement_id']}/disputes", {})

    told = family.told(start, "dispute_opened")
    assert set(told) == {family.first["person_id"], family.mother["person_id"]}
    assert [len(family.get(one, "/disputes")["items"]) for one in (family.first, family.mother, family.second)] == [1, 1, 0]
    assert [family.get(one, "/members")["items"][0]["status"] for one in (family.first, family.second)] == ["disputed", "active"]


def test_both_payers_hear_of_the_members_case(family: Family) -> None:
    paid = family.world.pay(family.hospital, family.mother, 9_200, med_type=OUTPATIENT_VISIT).ok()
    start = family.callers.events()["next_after"]

    family.post(family.mother, f"/records/{paid['settlement_id']}/disputes", {})

    told = {person: data["role"] for person, data in family.told(start, "dispute_opened").items()}
    payers = {one["person_id"]: "payer" for one in (family.first, family.second)}
    assert told == {family.mother["person_id"]: "opened", **payers}


def test_a_member_who_deletes_their_data_leaves_an_end_that_is_settled_as_it_is(family: Family) -> None:
    ending, other = (family.get(payer, "/members")["items"][0]["id"] for payer in (family.first, family.second))
    settled = family.world.end(family.first, ending).ok()["ended_at"]
    start = family.callers.events()["next_after"]

    look = {**family.world.proof(), "check_id": new_id()}
    family.post(family.mother, "/deletion", {"verified_by": look})

    assert {data["relation_id"] for data in family.told(start, "relation_ended").values()} == {other}
    first, second = (datetime.fromisoformat(one["ended_at"]) for one in family.get(family.mother, "/export")["relations"])
    assert first == datetime.fromisoformat(settled)
    assert second < first

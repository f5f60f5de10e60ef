"""Trying a payment beforehand on the phone, paying it, finding it again and seeing where the month's money went."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, OUTPATIENT_VISIT, PHARMACY_VISIT, payer_with, resident


@pytest.fixture
def mother(world: World) -> Phone:
    return Phone(world, resident(world)).arrive()


@pytest.fixture
def son(world: World, mother: Phone) -> Phone:
    return payer_with(world, mother.person, "mother")


def test_a_payment_is_tried_paid_found_and_summed(world: World, son: Phone, mother: Phone) -> None:
    pharmacy = world.institution(CITY, "pharmacy")
    chosen = next(
        one for one in mother.get(f"/institutions?region={CITY}&limit=100").ok()["items"] if one["id"] == pharmacy["id"]
    )
    imagined = {"member": "self", "institution": chosen["id"], "med_type": PHARMACY_VISIT, "amount_fen": 12_850}

    tried = mother.call("POST", "/previews", imagined).ok()
    paid = mother.pay(pharmacy, 12_850, PHARMACY_VISIT).ok()

    assert [one["paid_fen"] for one in tried["payers"]] == [one["paid_fen"] for one in paid["payers"]] == [12_850]
    assert tried["payers"][0]["why"]
    (record,) = son.get("/records?kind=pharmacy").ok()["items"]
    assert son.get(f"/records/{record['id']}").ok() == record
    assert (record["purpose"]["kind"], record["balance_after_fen"]) == ("pharmacy", 200_000 - 12_850)
    summary = son.get(f"/records/summary?month={record['at'][:7]}").ok()
    assert son.get("/records/summary").ok() == summary, "this month, where none is named"
    assert (summary["total_fen"], summary["by_person"][0]["person"]) == (12_850, son.members()[0]["id"])
    assert [one["id"] for one in son.get(f"/records?person={summary['by_person'][0]['person']}").ok()["items"]] == [record["id"]]


def test_what_would_not_work_is_told_with_what_would_change_it(world: World, son: Phone, mother: Phone) -> None:
    hospital = world.institution(CITY, "hospital", level=3)
    imagined = {"institution": hospital["id"], "med_type": OUTPATIENT_VISIT, "amount_fen": 5_000}

    as_member = mother.call("POST", "/previews", imagined).ok()
    as_payer = son.call("POST", "/previews", {**imagined, "member": son.members()[0]["id"]}).ok()

    (reason, *_) = as_member["reasons"]
    assert (reason["rule"], bool(reason["next_step"]), as_member["cash_fen"]) == ("scope_not_allowed", True, 5_000)
    assert [one["rule"] for one in as_payer["reasons"]] == [one["rule"] for one in as_member["reasons"]]
    assert (as_payer["payers"], as_payer["own_fen"], as_payer["cash_fen"]) == ([], None, None)


def test_a_preview_that_cannot_be_read_is_the_clients_fault(son: Phone) -> None:
    whole: Json = {"member": "self", "institution": "P1", "med_type": "41", "amount_fen": 100}
    for change, field in (({"member": "her"}, "member"), ({"amount_fen": 0}, "amount_fen"), ({"amount_fen": 1.5}, "amount_fen")):
        assert field in son.call("POST", "/previews", {**whole, **change}).problem(400, "malformed_body")["fields"]
    items: list[Json] = [{"name": "感冒药", "amount_fen": 100, "category": "covered"}]
    neither = {name: value for name, value in whole.items() if name != "amount_fen"}
    for unclear in ({**whole, "items": items}, neither):
        assert "amount_fen" in son.call("POST", "/previews", unclear).problem(400, "malformed_body")["fields"]
    son.call("POST", "/previews", {**whole, "code": "x"}).problem(400, "unknown_field")
    son.call("POST", "/previews", whole).problem(404, "not_found")
    son.get("/records?month=2026").problem(400, "malformed_body")
    son.get("/records/summary?month=2026-03&year=2026").problem(400, "malformed_body")

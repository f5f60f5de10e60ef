"""Theft and fraud as anybody reports them (LY-46), and what a member asks of a payer (Y-15)."""

from __future__ import annotations

from reference_core.parts import Core
from tests.reference_core.callers import Callers, World


def test_a_report_gets_a_number_a_place_and_a_phone_of_the_city(world: World, callers: Callers, core: Core) -> None:
    """LY-46."""
    person, text = world.employee(100), "有人用别人的医保码买药"

    kept = callers.citizen("POST", "/reports", {"kind": "fraud", "text": text}, person=person["person_id"]).ok()

    words = callers.citizen("GET", "/regions/371300").ok()["words"]
    assert (kept["place"], kept["phone"]) == (words["counter"], words["hotline"])
    (row,) = core.db.rows("SELECT text_sealed FROM core.reports WHERE receipt_number = %s", [kept["receipt_number"]])
    assert text.encode() not in row["text_sealed"]
    listed = callers.counter("/reports?region=371300").ok()["items"]
    assert [one["text"] for one in listed if one["receipt_number"] == kept["receipt_number"]] == [text]
    assert person["name"] not in str(listed)


def test_a_report_may_be_about_a_record_of_ones_own_and_no_other(world: World, callers: Callers) -> None:
    person, stranger, pharmacy = world.employee(500), world.employee(500), world.institution()
    record = world.pay(pharmacy, person, 100).ok()["settlement_id"]
    body = {"kind": "code_stolen", "text": "不是我买的", "about": record}

    callers.citizen("POST", "/reports", body, person=stranger["person_id"]).problem(404, "not_found")
    callers.citizen("POST", "/reports", body, person=person["person_id"]).ok()

    assert [one["about"] for one in callers.counter("/reports").ok()["items"]][:1] == [record]


def test_a_member_asks_the_payer_in_one_tap_and_the_payer_is_told_once_a_day(world: World, callers: Callers) -> None:
    """Y-15."""
    son, mother = world.employee(500), world.resident()
    tie = world.family(son, mother)["id"]
    start = callers.events()["next_after"]

    def ask(kind: str) -> None:
        callers.citizen("POST", f"/payers/{tie}/requests", {"kind": kind}, person=mother["person_id"]).ok()

    for kind in ("leave", "leave", "raise_limit"):
        ask(kind)
    world.later(days=1, minutes=1)
    ask("leave")

    told = [(one["person_id"], one["kind"], one["data"]["request"]) for one in callers.events(start)["items"]]
    assert told == [(son["person_id"], "relation_requested", kind) for kind in ("leave", "raise_limit", "leave")]


def test_only_who_uses_the_money_asks_for_it(world: World, callers: Callers) -> None:
    son, mother, stranger = world.employee(500), world.resident(), world.resident()
    tie = world.family(son, mother)["id"]
    path, body = f"/payers/{tie}/requests", {"kind": "leave"}

    for person in (son, stranger):
        callers.citizen("POST", path, body, person=person["person_id"]).problem(404, "not_found")
    world.end(son, tie).ok()
    callers.citizen("POST", path, body, person=mother["person_id"]).problem(404, "not_found")

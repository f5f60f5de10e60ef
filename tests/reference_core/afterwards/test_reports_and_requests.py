"""Theft and fraud as anybody reports them (LY-46), and what a member asks of a payer (Y-15)."""

from __future__ import annotations

from reference_core.db import Row
from reference_core.parts import Core
from tests.reference_core.callers import Callers, World
from tests.reference_core.capital import Capital


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
    (own,) = callers.citizen("GET", "/reports", person=person["person_id"]).ok()["items"]
    assert (own["text"], own["about"], {name: own[name] for name in kept}) == (text, None, kept)
    assert callers.citizen("GET", "/reports", person=world.employee(100)["person_id"]).ok()["items"] == []


def test_where_no_city_is_served_a_report_goes_to_any_counter_and_the_national_line(world: World, callers: Callers) -> None:
    person = world.employee(region="650100")

    kept = callers.citizen("POST", "/reports", {"kind": "fraud", "text": "有人倒卖药品"}, person=person["person_id"]).ok()

    assert (kept["place"], kept["phone"]) == ("当地医保经办窗口", "12393")
    listed = callers.counter("/reports?region=650100").ok()["items"]
    assert [one["receipt_number"] for one in listed] == [kept["receipt_number"]]


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


def requests_of(callers: Callers, person: Row) -> list[tuple[str, str, bool, str]]:
    """What of a request either side sees."""
    items = callers.citizen("GET", "/requests", person=person["person_id"]).ok()["items"]
    return [(one["kind"], one["status"], one["received"], one["relation"]) for one in items]


def test_both_sides_see_a_request_until_the_payer_says_no_and_the_member_is_told(world: World, callers: Callers) -> None:
    son, mother, stranger = world.employee(500), world.resident(), world.resident()
    tie = world.family(son, mother)["id"]
    mothers, sons = mother["person_id"], son["person_id"]
    asked = callers.citizen("POST", f"/payers/{tie}/requests", {"kind": "leave"}, person=mothers).ok()
    path, start = f"/requests/{asked['id']}/answers", callers.events()["next_after"]
    assert requests_of(callers, son) == [("leave", "sent", True, "mother")]
    assert requests_of(callers, mother) == [("leave", "sent", False, "mother")]
    assert requests_of(callers, stranger) == []

    for other in (mothers, stranger["person_id"]):
        callers.citizen("POST", path, {"answer": "declined"}, person=other).problem(404, "not_found")
    nobodys = f"/requests/{mothers}/answers"
    callers.citizen("POST", nobodys, {"answer": "declined"}, person=sons).problem(404, "not_found")
    for _ in range(2):
        assert callers.citizen("POST", path, {"answer": "declined"}, person=sons).ok()["status"] == "declined"

    assert [status for _, status, _, _ in (*requests_of(callers, son), *requests_of(callers, mother))] == ["declined"] * 2
    told = [(one["person_id"], one["kind"]) for one in callers.events(start)["items"]]
    assert told == [(mothers, "relation_request_declined")]
    again = callers.citizen("POST", f"/payers/{tie}/requests", {"kind": "leave"}, person=mothers).ok()
    assert (again["id"], again["status"]) == (asked["id"], "declined")


def test_a_payer_answers_by_doing_what_was_asked(world: World, callers: Callers) -> None:
    """More room is what was asked for, less is not; an ended tie is what a member who wants to leave asked for."""
    capital = Capital(world)
    son, mother = capital.payer(), capital.member()
    tie = capital.family(son, mother)["id"]

    def limit(cap_fen: int) -> None:
        capital.act(son, f"/relations/{tie}/limits", {"monthly_cap_fen": cap_fen}).ok()

    limit(10_000)
    for kind in ("raise_limit", "leave"):
        callers.citizen("POST", f"/payers/{tie}/requests", {"kind": kind}, person=mother["person_id"]).ok()
    limit(5_000)
    assert {status for _, status, _, _ in requests_of(callers, mother)} == {"sent"}

    limit(20_000)
    assert {(kind, status) for kind, status, _, _ in requests_of(callers, mother)} == {("raise_limit", "done"), ("leave", "sent")}
    capital.act(son, f"/relations/{tie}/end", {}).ok()
    assert {status for _, status, _, _ in requests_of(callers, mother)} == {"done"}


def test_only_who_uses_the_money_asks_for_it(world: World, callers: Callers) -> None:
    son, mother, stranger = world.employee(500), world.resident(), world.resident()
    tie = world.family(son, mother)["id"]
    path, body = f"/payers/{tie}/requests", {"kind": "leave"}

    for person in (son, stranger):
        callers.citizen("POST", path, body, person=person["person_id"]).problem(404, "not_found")
    world.end(son, tie).ok()
    callers.citizen("POST", path, body, person=mother["person_id"]).problem(404, "not_found")

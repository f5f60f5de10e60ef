"""Records by person, month and kind, with the balance they left, and sums that agree with them."""

from __future__ import annotations

from datetime import datetime

import pytest

from groundwork.clock import CHINA
from tests.reference_core.callers import OUTPATIENT_VISIT, Callers, Json, World


class Family:
    """A son who pays at a pharmacy, his mother who does, and her visit to a doctor."""

    def __init__(self, world: World, callers: Callers) -> None:
        self.world, self.callers = world, callers
        self.son, self.mother = world.employee(50_000), world.resident()
        self.tie = world.family(self.son, self.mother)["id"]
        self.pharmacy, self.clinic = world.institution(), world.institution("primary_care")
        self.paid = {
            "his": world.pay(self.pharmacy, self.son, 400).ok()["settlement_id"],
            "hers": world.pay(self.pharmacy, self.mother, 3_000).ok()["settlement_id"],
            "doctor": world.pay(self.clinic, self.mother, 1_500, med_type=OUTPATIENT_VISIT).ok()["settlement_id"],
        }

    def get(self, person: Json, path: str) -> Json:
        return self.callers.citizen("GET", path, person=person["person_id"]).ok()

    def found(self, person: Json, query: str) -> list[str]:
        names = {settlement: name for name, settlement in self.paid.items()}
        return [names[one["id"]] for one in self.get(person, f"/records?{query}")["items"]]


@pytest.fixture
def family(world: World, callers: Callers) -> Family:
    return Family(world, callers)


def test_records_are_found_by_person(family: Family) -> None:
    """LY-65, HB-06."""
    assert family.found(family.son, "person=self") == ["his"]
    assert family.found(family.son, f"person={family.tie}") == ["doctor", "hers"]
    assert family.found(family.mother, f"person={family.tie}") == ["doctor", "hers"]
    stranger = family.world.employee()
    path = f"/records?person={family.tie}"
    family.callers.citizen("GET", path, person=stranger["person_id"]).problem(404, "not_found")


def test_records_are_found_by_kind_of_visit(family: Family) -> None:
    assert family.found(family.son, "kind=pharmacy") == ["hers", "his"]
    assert family.found(family.son, "kind=outpatient") == ["doctor"]
    assert family.found(family.son, "kind=other") == []
    odd = family.world.pay(family.clinic, family.son, 5, med_type="99").ok()["settlement_id"]
    assert [one["id"] for one in family.get(family.son, "/records?kind=other")["items"]] == [odd]


def test_records_are_found_by_month(family: Family, world: World) -> None:
    now = world.callers.core.now()
    later = datetime(now.year + 1, 1, 1, 0, 0, 30, tzinfo=CHINA)
    world.move_to(later)
    january = world.pay(family.pharmacy, family.son, 7).ok()["settlement_id"]

    found = family.get(family.son, f"/records?month={later:%Y-%m}")["items"]

    assert [one["id"] for one in found] == [january]
    assert family.found(family.son, f"month={now:%Y-%m}") == ["doctor", "hers", "his"]


def test_a_filter_that_means_nothing_is_refused(family: Family) -> None:
    for query in ("person=everybody", "month=2026-13", "kind=shopping", "cursor=WyJhIl0="):
        told = family.callers.citizen("GET", f"/records?{query}", person=family.son["person_id"])
        assert list(told.problem(400, "malformed")["fields"]) == [query.partition("=")[0]]


def test_each_record_says_what_the_own_account_held_then(family: Family) -> None:
    after = [one["balance_after_fen"] for one in family.get(family.son, "/records")["items"]]

    assert after == [50_000 - 400 - 3_000 - 1_500, 50_000 - 400 - 3_000, 50_000 - 400]
    assert [one["balance_after_fen"] for one in family.get(family.mother, "/records")["items"]] == [None, None]


def test_money_put_in_or_given_back_later_does_not_change_what_was_held_then(family: Family) -> None:
    before = [one["balance_after_fen"] for one in family.get(family.son, "/records")["items"]]

    family.callers.till(family.pharmacy, "/refunds", {"settlement_id": family.paid["his"]}).ok()

    assert [one["balance_after_fen"] for one in family.get(family.son, "/records")["items"]] == before


def test_a_record_says_what_it_was_for(family: Family) -> None:
    """GD-42."""
    (doctor, *_) = family.get(family.son, "/records")["items"]

    assert doctor["purpose"] == {"kind": "outpatient", "label": "门诊"}
    assert doctor["member"] == {"relation": "mother", "name_masked": doctor["member"]["name_masked"], "person": family.tie}


def test_a_month_is_summed_by_person_kind_and_source(family: Family) -> None:
    family.callers.till(family.pharmacy, "/refunds", {"settlement_id": family.paid["hers"], "amount_fen": 1_000}).ok()
    month = f"{family.callers.core.now():%Y-%m}"

    summary = family.get(family.son, f"/records/summary?month={month}")

    assert summary["total_fen"] == 400 + 2_000 + 1_500
    assert [(one["person"], one["sum_fen"]) for one in summary["by_person"]] == [(family.tie, 3_500), ("self", 400)]
    assert summary["by_person"][0]["label"].startswith("母亲")
    assert [(one["kind"], one["sum_fen"]) for one in summary["by_kind"]] == [("pharmacy", 2_400), ("outpatient", 1_500)]
    assert [(one["source"], one["sum_fen"]) for one in summary["by_source"]] == [("shared", 3_500), ("own", 400)]


def test_a_member_sees_whose_money_it_was(family: Family) -> None:
    year = family.callers.core.now().year
    family.world.pay(family.pharmacy, family.mother, 900_000).ok()

    summary = family.get(family.mother, f"/records/summary?year={year}")

    assert [(one["source"], one["sum_fen"]) for one in summary["by_source"]] == [("cash", 900_000), (family.tie, 4_500)]
    assert family.get(family.mother, "/records/summary?year=2001")["total_fen"] == 0


def test_a_payer_is_not_told_what_a_member_paid_in_cash(family: Family) -> None:
    """Y-14."""
    family.world.pay(family.pharmacy, family.mother, 900_000).ok()

    summary = family.get(family.son, f"/records/summary?year={family.callers.core.now().year}")

    assert summary["total_fen"] == 400 + 3_000 + 1_500


def test_a_sum_is_asked_for_a_month_or_a_year(family: Family) -> None:
    for query in ("", "?month=2026-01&year=2026"):
        told = family.callers.citizen("GET", f"/records/summary{query}", person=family.son["person_id"])
        told.problem(400, "malformed")

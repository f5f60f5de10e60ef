"""A made-up person's facts: what is filled in, and how life's changes merge."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from groundwork.id_number import born_on, parse_id_number, sex_of
from sandbox.person_facts import ChangesSchema, PersonSchema, complete, merge, with_statuses

TODAY = date(2026, 11, 21)
TOLD = {"name": "高云", "sex": "female", "born": "1990-02-28", "region": "371302"}


def made(**other: Any) -> dict[str, Any]:
    return complete(PersonSchema().load({**TOLD, **other}), TODAY, lambda _field, _value: False)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_a_made_up_number_fits_the_person_and_no_county(sex: str) -> None:
    for _ in range(50):
        number = made(sex=sex)["id_number"]
        assert parse_id_number(number, TODAY) == number
        assert (number[:2], number[4:14]) == ("37", "9919900228")
        assert sex_of(number) == sex
        assert born_on(number) == date(1990, 2, 28)


def test_people_of_a_made_up_province_have_numbers_too() -> None:
    number = made(region="990100")["id_number"]

    assert parse_id_number(number, TODAY) == number


def test_a_thousand_people_may_share_a_birthday() -> None:
    taken: set[str] = set()
    for _ in range(1_000):
        person = PersonSchema().load(TOLD)
        taken.add(complete(person, TODAY, lambda _field, value: value in taken)["id_number"])

    assert len(taken) == 1_000


def test_what_is_given_is_kept_and_the_rest_is_filled_in() -> None:
    person = made(id_number="37130219900228038x", phone="13800001234", card_number="C1")
    filled = made()

    assert (person["id_number"], person["phone"], person["card_number"]) == ("37130219900228038X", "13800001234", "C1")
    assert filled["phone"].startswith("199")
    assert (filled["voucher"], filled["conditions"], filled["bank_cards"], filled["insurances"]) == (False, [], [], [])


def test_a_made_up_value_that_is_taken_is_made_again() -> None:
    first = made()["id_number"]
    taken: list[str] = [first]

    def is_taken(_field: str, value: str) -> bool:
        return value in taken

    for _ in range(100):
        number = complete(PersonSchema().load(TOLD), TODAY, is_taken)["id_number"]
        assert number not in taken
        taken.append(number)


def test_when_every_number_of_a_day_is_taken_it_is_said_so() -> None:
    with pytest.raises(ValidationError):
        complete(PersonSchema().load(TOLD), TODAY, lambda field, _value: field == "id_number")


def test_insurances_merge_by_kind_and_other_facts_are_replaced() -> None:
    before = made(insurances=[{"insutype": "310", "status": "normal", "balance_fen": 500, "prior_year_fen": 200}])
    changes = ChangesSchema().load({"insurances": [{"insutype": "310", "balance_fen": 100}], "region": "370100"})
    after = merge(before, changes)
    more = merge(after, ChangesSchema().load({"insurances": [{"insutype": "510", "status": "normal"}], "died_on": "2026-01-01"}))

    assert after["insurances"] == [{"insutype": "310", "status": "normal", "balance_fen": 100, "prior_year_fen": 100}]
    assert after["region"] == "370100"
    assert [one["insutype"] for one in more["insurances"]] == ["310", "510"]
    assert more["died_on"] == "2026-01-01"
    assert before["insurances"][0]["balance_fen"] == 500


def test_money_paid_in_joins_the_employees_account() -> None:
    before = made(insurances=[{"insutype": "310", "status": "normal", "balance_fen": 500}])
    after = merge(before, ChangesSchema().load({"deposit_fen": 250}))

    assert after["insurances"][0]["balance_fen"] == 750
    assert "deposit_fen" not in after


def test_an_agency_reports_an_insurance_with_its_status() -> None:
    before = made(insurances=[{"insutype": "310", "status": "arrears"}])

    assert with_statuses(before, {"insurances": [{"insutype": "310", "balance_fen": 1}]})["insurances"][0]["status"] == "arrears"
    assert with_statuses(before, {"insurances": [{"insutype": "310", "status": "frozen"}]})["insurances"][0]["status"] == "frozen"
    assert with_statuses(before, {"voucher": True}) == {"voucher": True}

"""Settling a bill: whose money pays, which bucket it leaves, and what the till is told."""

from __future__ import annotations

from datetime import datetime

import pytest

from groundwork.clock import CHINA
from reference_core.parts import Core
from tests.reference_core.callers import CITY, ELSEWHERE, OUTPATIENT_VISIT, Callers, Json, Told, World

NEW_YEARS_EVE = datetime(2027, 12, 31, 23, 59, tzinfo=CHINA)
NEW_YEAR = datetime(2028, 1, 1, 0, 0, 1, tzinfo=CHINA)


def buckets(core: Core, person: Json) -> dict[int, int]:
    """What each year's account of a person holds."""
    rows = core.db.rows("SELECT deposit_year, balance_fen FROM core.accounts WHERE person_id = %s", [person["person_id"]])
    return {row["deposit_year"]: row["balance_fen"] for row in rows}


def split(paid: Json) -> tuple[int, int, int]:
    """Own money, the family's money, cash."""
    return paid["own_fen"], sum(payer["paid_fen"] for payer in paid["payers"]), paid["cash_fen"]


def rules(paid: Json) -> set[str]:
    return {reason["rule"] for reason in paid["reasons"]}


def test_a_mother_is_paid_for_by_her_sons_account(world: World) -> None:
    """The story's first payment, from the registry to the record."""
    son, mother = world.employee(50_000), world.resident(born="1955-05-05")
    world.family(son, mother)

    paid = world.pay(world.institution(), mother, 12_850).ok()

    assert (split(paid), paid["status"], paid["reasons"]) == ((0, 12_850, 0), "settled", [])
    assert world.account(son)["balance_fen"] == 37_150


def test_ones_own_account_pays_before_the_familys(world: World) -> None:
    son, mother = world.employee(5_000), world.employee(2_000, born="1958-05-05", sex="female")
    world.family(son, mother)

    paid = world.pay(world.institution(), mother, 6_000).ok()

    assert split(paid) == (2_000, 4_000, 0)


def test_a_payer_who_cannot_cover_the_rest_pays_none_of_it(world: World) -> None:
    son, mother = world.employee(5_000), world.resident()
    world.family(son, mother)

    paid = world.pay(world.institution(), mother, 5_001).ok()

    assert split(paid) == (0, 0, 5_001)
    assert rules(paid) == {"payer_balance_insufficient"}
    assert world.account(son)["balance_fen"] == 5_000


def test_this_years_money_is_spent_before_last_years(world: World, core: Core) -> None:
    """Y-12."""
    person = world.employee(balance_fen=1_000, prior_year_fen=700)
    year = core.now().year

    world.pay(world.institution(), person, 500).ok()

    assert buckets(core, person) == {year - 1: 500, year: 0}


def test_of_prior_years_the_oldest_money_is_spent_first(world: World, core: Core) -> None:
    person = world.employee(balance_fen=1_000, prior_year_fen=700)
    year = core.now().year
    world.move_to(datetime(year + 1, 3, 1, tzinfo=CHINA))
    world.change(person, deposit_fen=50)

    world.pay(world.institution(), person, 50 + 700 + 10).ok()

    assert buckets(core, person) == {year - 1: 0, year: 290, year + 1: 0}


def test_at_new_year_current_money_becomes_prior_without_anybody_doing_anything(world: World) -> None:
    """Y-12: the same rows, told apart by the clock alone."""
    world.move_to(NEW_YEARS_EVE)
    person = world.employee(balance_fen=900, prior_year_fen=200)
    before = world.account(person)

    world.move_to(NEW_YEAR)
    after = world.account(person)

    assert (before["current_year_fen"], before["prior_year_fen"]) == (700, 200)
    assert (after["current_year_fen"], after["prior_year_fen"]) == (0, 900)


def test_a_basket_wholly_outside_the_policy_is_refused_and_the_code_stays_good(world: World, callers: Callers) -> None:
    person, pharmacy, code = world.employee(9_000), world.institution("hospital"), None
    code = world.code(person)
    items = [{"name": "体检套餐", "amount_fen": 500, "category": "checkup"}]

    refused = callers.till(pharmacy, "/settlements", world.bill(person, 0, OUTPATIENT_VISIT, code, items=items))

    assert refused.refused() == {"expense_excluded"}
    assert split(world.pay(pharmacy, person, 500, med_type=OUTPATIENT_VISIT, code=code).ok()) == (500, 0, 0)


def test_a_refusal_is_remembered_under_its_key(world: World, callers: Callers) -> None:
    person, hospital, key = world.employee(9_000), world.institution("hospital"), "refused-key-0123456789"
    items = [{"name": "体检套餐", "amount_fen": 500, "category": "checkup"}]
    bill = world.bill(person, 0, OUTPATIENT_VISIT, items=items)

    first, again = callers.till(hospital, "/settlements", bill, key), callers.till(hospital, "/settlements", bill, key)

    assert first.refused() == again.refused() == {"expense_excluded"}
    callers.till(hospital, "/settlements", {**bill, "fund_fen": 0, "declares_mutual_aid": True}, key).problem(409, "key_reused")


def test_a_settlement_sent_again_is_answered_the_same_and_paid_once(world: World, callers: Callers) -> None:
    person, pharmacy, key = world.employee(9_000), world.institution(), "one-and-the-same-key"
    bill = world.bill(person, 1_000)

    first, again = callers.till(pharmacy, "/settlements", bill, key), callers.till(pharmacy, "/settlements", bill, key)

    assert first.ok() == again.ok()
    assert world.account(person)["balance_fen"] == 8_000
    callers.till(pharmacy, "/settlements", {**bill, "amount_fen": 1_001}, key).problem(409, "key_reused")


def test_the_same_key_at_another_institution_is_another_key(world: World, callers: Callers) -> None:
    person, key = world.employee(9_000), "shared-by-two-tills-01"

    for pharmacy in (world.institution(), world.institution()):
        callers.till(pharmacy, "/settlements", world.bill(person, 1_000), key).ok()

    assert world.account(person)["balance_fen"] == 7_000


def test_presettling_moves_nothing_and_keeps_the_code_for_this_institution_for_ten_minutes(
    world: World, callers: Callers
) -> None:
    person, here, there = world.employee(9_000), world.institution(), world.institution()
    bill = world.bill(person, 1_000)

    planned = callers.till(here, "/presettlements", bill).ok()
    world.later(minutes=9)

    assert (planned["settlement_id"], planned["status"], split(planned)) == (None, "presettled", (1_000, 0, 0))
    assert world.account(person)["balance_fen"] == 9_000
    callers.till(there, "/settlements", bill).problem(404, "voucher_code_unknown")
    assert split(callers.till(here, "/settlements", bill).ok()) == (1_000, 0, 0)


def test_a_code_that_was_presettled_with_is_lost_after_ten_minutes(world: World, callers: Callers) -> None:
    person, here = world.employee(9_000), world.institution()
    bill = world.bill(person, 1_000)
    callers.till(here, "/presettlements", bill).ok()
    world.later(minutes=5)
    callers.till(here, "/presettlements", bill).ok()

    world.later(minutes=10, seconds=1)

    callers.till(here, "/settlements", bill).problem(404, "voucher_code_unknown")


def test_a_code_expires_after_a_minute(world: World) -> None:
    person, code = world.employee(9_000), None
    code = world.code(person)

    world.later(seconds=61)

    world.pay(world.institution(), person, 100, code=code).problem(404, "voucher_code_unknown")


def test_a_code_is_used_once(world: World) -> None:
    person = world.employee(9_000)
    pharmacy, code = world.institution(), world.code(person)
    world.pay(pharmacy, person, 100, code=code).ok()

    world.pay(pharmacy, person, 100, code=code).problem(409, "voucher_code_used")

    assert world.account(person)["balance_fen"] == 8_900


@pytest.mark.parametrize("kind", ["social_card", "id_card"])
def test_a_card_is_a_credential_too(world: World, callers: Callers, kind: str) -> None:
    """Y-17: an employee's own account pays by card."""
    person = world.employee(9_000, card_number="C37139900000001" if kind == "social_card" else "C37139900000002")
    value = person["card_number"] if kind == "social_card" else person["id_number"].lower()
    bill = {**world.bill(person, 700), "credential": {"kind": kind, "value": value}}

    assert split(callers.till(world.institution(), "/settlements", bill).ok()) == (700, 0, 0)


def test_a_card_may_be_read_by_the_social_security_number_on_it(world: World, callers: Callers) -> None:
    """The number printed on the card is the holder's ID number; what is wrong with the card holds all the same."""
    has, lost = world.employee(9_000, card_number="C37139900000003"), world.employee(9_000, card_number="C37139900000004")
    none = world.employee(9_000)
    world.change(lost, card="reported_lost")

    def shown(person: Json) -> Told:
        bill = {**world.bill(person, 700), "credential": {"kind": "social_card", "value": person["id_number"].lower()}}
        return callers.till(world.institution(), "/settlements", bill)

    assert split(shown(has).ok()) == (700, 0, 0)
    assert shown(lost).refused() == {"card_reported_lost"}
    shown(none).problem(404, "not_found")


def test_a_card_that_nobody_has_is_not_found(world: World, callers: Callers) -> None:
    bill = {"credential": {"kind": "social_card", "value": "C000"}, "med_type": "41", "amount_fen": 100}

    callers.till(world.institution(), "/settlements", bill).problem(404, "not_found")


def test_wrong_codes_are_told_wrong_twenty_times_and_then_the_institution_must_wait(world: World, callers: Callers) -> None:
    """A good code is barred too, and only at that institution."""
    person, guessing, other = world.employee(9_000), world.institution(), world.institution()
    code = world.code(person)
    for _ in range(20):
        world.pay(guessing, person, 100, code="guess-guess-guess").problem(404, "voucher_code_unknown")

    barred = world.pay(guessing, person, 100, code="guess-guess-guess")

    barred.problem(429, "too_many_wrong_credentials")
    assert int(barred.headers["Retry-After"]) > 0
    world.pay(guessing, person, 100, code=code).problem(429, "too_many_wrong_credentials")
    world.pay(other, person, 100, code=code).ok()
    world.later(minutes=11)
    world.pay(guessing, person, 100, code="guess-guess-guess").problem(404, "voucher_code_unknown")


def test_an_institution_that_nobody_entered_is_not_found(world: World) -> None:
    world.pay("H-nobody", world.employee(9_000), 100).problem(404, "not_found")


def test_after_the_member_was_removed_the_till_says_why_it_is_not_paid(world: World) -> None:
    son, mother = world.employee(5_000), world.resident()
    tie = world.family(son, mother)
    world.end(son, tie["id"]).ok()

    paid = world.pay(world.institution(), mother, 1_000).ok()

    assert (split(paid), rules(paid)) == ((0, 0, 1_000), {"relation_ended"})


def test_what_happens_to_the_payer_holds_at_the_next_payment(world: World) -> None:
    """LY-07, Y-07: facts are read anew for each payment."""
    son, mother, pharmacy = world.employee(5_000), world.resident(), world.institution()
    world.family(son, mother)

    world.change(son, insurances=[{"insutype": "310", "status": "suspended"}])
    assert rules(world.pay(pharmacy, mother, 100).ok()) == {"payer_status_not_normal"}
    world.change(son, insurances=[{"insutype": "310", "status": "normal"}], region=ELSEWHERE)
    assert "out_of_pool_scope" in rules(world.pay(pharmacy, mother, 100).ok())
    world.change(son, region=CITY)
    assert split(world.pay(pharmacy, mother, 100).ok()) == (0, 100, 0)


def test_items_outside_the_policy_are_cash_whatever_the_account_holds(world: World) -> None:
    person = world.employee(9_000)
    items = [
        {"name": "药品", "amount_fen": 400, "category": "covered"},
        {"name": "保健品", "amount_fen": 600, "category": "wellness"},
    ]

    paid = world.pay(world.institution(), person, 0, items=items, fund_fen=100).ok()

    assert (paid["bill_fen"], paid["fund_fen"], split(paid)) == (1_000, 100, (300, 0, 600))


def test_the_pool_cannot_pay_more_than_the_covered_items_cost(world: World) -> None:
    items = [{"name": "药品", "amount_fen": 400, "category": "covered"}]

    told = world.pay(world.institution(), world.employee(9_000), 0, items=items, fund_fen=401).problem(400, "malformed")

    assert list(told["fields"]) == ["fund_fen"]


def test_what_was_settled_is_told_again_by_its_key(world: World, callers: Callers) -> None:
    person, pharmacy, key = world.employee(9_000), world.institution(), "ask-me-again-later-1"
    paid = callers.till(pharmacy, "/settlements", world.bill(person, 1_000), key).ok()

    asked = callers.till(pharmacy, f"/settlements/{key}").ok()

    assert asked == paid
    callers.till(world.institution(), f"/settlements/{key}").problem(404, "not_found")

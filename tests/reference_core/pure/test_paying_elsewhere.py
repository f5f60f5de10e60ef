"""Choices that other cities make about money: the same engine, other values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reference_core.packs.shelf import PackShelf
from reference_core.vocabulary.facts import PayerAtTill, Plan, Situation
from tests.reference_core.pure.family import (
    ELSEWHERE,
    at_till,
    bill,
    city_with,
    institution,
    pay,
    payer,
    person,
    resident,
    rules,
    shelf_with,
    situation,
    split,
    tie,
)

SEVERAL: dict[str, Any] = {"max_payers_per_member": None, "payer_selection": "largest_balance", "when_short": "partial_then_cash"}


def family(member: Situation, *balances_fen: int, **facts: Any) -> tuple[Situation, list[PayerAtTill]]:
    """The member and a payer for each balance, bound in that order."""
    tills = []
    for place, balance_fen in enumerate(balances_fen):
        paying, member, made = tie(payer(balance_fen), member, payers_order=-place, members_order=place, **facts)
        tills.append(at_till(paying, made))
    return member, tills


def pay_with(choices: dict[str, Any], member: Situation, tills: list[PayerAtTill], amount_fen: int, **facts: Any) -> Plan:
    return pay(member, tills, bill(amount_fen, **facts), packs=shelf_with(**choices))


def given(plan: Plan) -> list[int]:
    return [part.paid_fen for part in plan.payers]


def test_partial_then_cash_gives_what_there_is() -> None:
    """Vectors 1 and 2."""
    mother, tills = family(situation(person(), current_fen=3_000), 5_000)

    plan = pay_with(SEVERAL, mother, tills, 10_000)

    assert split(plan) == (3_000, 5_000, 2_000)
    assert rules(plan.reasons) == ["payer_balance_insufficient"]


@pytest.mark.parametrize(("amount_fen", "parts", "told"), [(7_000, [8_000], []), (9_000, [], ["payer_balance_insufficient"])])
def test_the_largest_balance_pays_alone_or_not_at_all(amount_fen: int, parts: list[int], told: list[str]) -> None:
    """Vector 3: never 80 + 10."""
    mother, tills = family(resident(), 6_000, 8_000)

    plan = pay_with({**SEVERAL, "when_short": "all_or_nothing"}, mother, tills, amount_fen)

    assert given(plan) == [min(part, amount_fen) for part in parts]
    assert rules(plan.reasons) == told
    assert plan.exact_balances == {till.situation.person.id for till in tills}


def test_payers_unfit_today_are_dropped_before_the_largest_is_chosen_and_say_why() -> None:
    """Y-04."""
    mother, tills = family(resident(), 6_000)
    rich, mother, made = tie(payer(9_000, status="suspended"), mother)

    plan = pay_with(SEVERAL, mother, [*tills, at_till(rich, made)], 1_000)

    assert [part.payer_id for part in plan.payers] == [tills[0].situation.person.id]
    assert rules(plan.reasons) == ["payer_status_not_normal"]


def test_equal_balances_go_to_the_earliest_bound() -> None:
    """Y-04: here both were bound at one instant, so the lowest id decides."""
    mother, tills = family(resident(), 5_000, 5_000)

    plan = pay_with(SEVERAL, mother, tills[::-1], 1_000)

    assert plan.payers[0].relation_id == tills[0].relation.id


@pytest.mark.parametrize(
    ("selection", "parts"),
    [
        ("cascade_by_balance", [3_000, 2_000]),
        ("cascade_members_order", [1_000, 3_000, 1_000]),
        ("cascade_payers_order", [2_000, 3_000]),
    ],
)
def test_a_cascade_asks_one_after_the_other(selection: str, parts: list[int]) -> None:
    mother, tills = family(resident(), 1_000, 3_000, 2_000)

    assert given(pay_with({**SEVERAL, "payer_selection": selection}, mother, tills, 5_000)) == parts


def test_a_cascade_that_cannot_cover_everything_gives_nothing_where_the_city_says_so() -> None:
    mother, tills = family(resident(), 1_000, 3_000)
    choices = {**SEVERAL, "payer_selection": "cascade_by_balance", "when_short": "all_or_nothing"}

    assert given(pay_with(choices, mother, tills, 4_000)) == [3_000, 1_000]
    assert given(pay_with(choices, mother, tills, 4_001)) == []


def test_a_cascade_skips_whom_the_cap_stops_and_says_so() -> None:
    mother = resident()
    capped, mother, first = tie(payer(9_000), mother, members_order=0, monthly_cap_fen=500)
    free, mother, second = tie(payer(9_000), mother, members_order=1)
    choices = {**SEVERAL, "payer_selection": "cascade_members_order"}

    plan = pay_with(choices, mother, [at_till(capped, first), at_till(free, second)], 1_000)

    assert [part.relation_id for part in plan.payers] == [second.id]
    assert rules(plan.reasons) == ["cap_exceeded"]


@pytest.mark.parametrize(
    ("own_fen", "parts", "told"),
    [(0, (0, 0, 10_000), ["cap_exceeded"]), (6_000, (6_000, 4_000, 0), []), (5_000, (5_000, 5_000, 0), [])],
)
def test_over_the_monthly_cap_the_payers_whole_part_is_refused(
    own_fen: int, parts: tuple[int, int, int], told: list[str]
) -> None:
    """Vector 8, mended: cap 500, 450 used."""
    paying, mother, made = tie(payer(90_000), situation(person(), current_fen=own_fen), monthly_cap_fen=50_000)

    plan = pay_with(SEVERAL, mother, [at_till(paying, made, spent_fen=45_000)], 10_000)

    assert split(plan) == parts
    assert rules(plan.reasons) == told


def test_a_cap_and_a_balance_that_are_both_too_small_are_both_told() -> None:
    paying, mother, made = tie(payer(4_000), resident(), monthly_cap_fen=5_000)

    plan = pay_with({**SEVERAL, "when_short": "all_or_nothing"}, mother, [at_till(paying, made)], 10_000)

    assert rules(plan.reasons) == ["payer_balance_insufficient", "cap_exceeded"]


def test_a_cap_of_the_city_holds_for_every_tie() -> None:
    mother, tills = family(resident(), 90_000, monthly_cap_fen=80_000)

    assert rules(pay_with({**SEVERAL, "monthly_cap_fen": 5_000}, mother, tills, 5_001).reasons) == ["cap_exceeded"]
    assert split(pay_with({**SEVERAL, "monthly_cap_fen": 5_000}, mother, tills, 5_000)) == (0, 5_000, 0)


def test_only_earlier_years_money_is_shared_where_the_city_says_so() -> None:
    """Vector 15: 1000, of it 60 from earlier years, bill 100 → 60 / cash 40."""
    paying, mother, made = tie(situation(person(), current_fen=94_000, prior_fen=6_000), resident())

    plan = pay_with(
        {**SEVERAL, "payer_money": "previous_years", "open_account_required": False}, mother, [at_till(paying, made)], 10_000
    )

    assert split(plan) == (0, 6_000, 4_000)
    assert (plan.payers[0].current_year_fen, plan.payers[0].prior_year_fen) == (0, 6_000)


def test_a_payer_with_no_earlier_years_money_is_not_called_empty() -> None:
    mother, tills = family(resident(), 5_000)

    plan = pay_with({**SEVERAL, "payer_money": "previous_years"}, mother, tills, 1_000)

    assert rules(plan.reasons) == ["payer_nothing_shareable"]


@pytest.mark.parametrize(("balance_fen", "parts"), [(5_000, (0, 0, 1_000)), (5_400, (0, 400, 600)), (9_000, (0, 1_000, 0))])
def test_a_reserve_stays_with_the_payer(balance_fen: int, parts: tuple[int, int, int]) -> None:
    mother, tills = family(resident(), balance_fen)

    assert split(pay_with({**SEVERAL, "payer_money": "above_reserve", "reserve_fen": 5_000}, mother, tills, 1_000)) == parts


def test_the_family_waits_until_ones_own_account_is_empty_where_the_city_says_so() -> None:
    choices = {**SEVERAL, "own_first": "must_be_empty"}
    mother, tills = family(situation(person(), current_fen=100), 5_000)
    empty, others = family(situation(person()), 5_000)

    plan = pay_with(choices, mother, tills, 1_000)

    assert split(plan) == (100, 0, 900)
    assert rules(plan.reasons) == ["own_balance_not_empty"]
    assert split(pay_with(choices, empty, others, 1_000)) == (0, 1_000, 0)


def test_sharing_must_be_asked_for_where_the_city_says_so() -> None:
    """GD-31, GD-33."""
    mother, tills = family(resident(), 5_000)

    assert rules(pay_with({**SEVERAL, "trigger": "declared"}, mother, tills, 1_000).reasons) == ["not_declared"]
    assert split(pay_with({**SEVERAL, "trigger": "declared"}, mother, tills, 1_000, declares_mutual_aid=True)) == (0, 1_000, 0)


def test_a_city_may_let_a_suspended_employments_account_pay_its_owners_resident_costs() -> None:
    """HF-07, vector 6, Y-09."""
    from_both = situation(person("310", "suspended", more=person("390").insurances), current_fen=5_000)

    assert split(pay_with({**SEVERAL, "self_relation_allowed": True}, from_both, [], 2_000)) == (2_000, 0, 0)


def test_away_from_home_a_record_may_be_needed() -> None:
    """GD-39."""
    packs, far = shelf_with(**SEVERAL, nonlocal_requires_record=True), institution("pharmacy", ELSEWHERE)
    mother, tills = family(situation(person()), 5_000)
    recorded, others = family(situation(person(conditions=frozenset({"nonlocal_record"}))), 5_000)

    assert rules(pay(mother, tills, bill(1_000), far, packs).reasons) == ["nonlocal_not_supported"]
    assert split(pay(recorded, others, bill(1_000), far, packs)) == (0, 1_000, 0)


@pytest.mark.parametrize(
    ("payers_fen", "citys_fen", "whose"), [(3_000, 4_000, "payer"), (4_000, 3_000, "city"), (3_000, 3_000, "city")]
)
def test_the_smaller_cap_is_named_as_its_owners(payers_fen: int, citys_fen: int, whose: str) -> None:
    """What the city sets for everybody, no payer could raise."""
    mother, tills = family(resident(), 90_000, monthly_cap_fen=payers_fen)

    (told,) = pay_with({**SEVERAL, "monthly_cap_fen": citys_fen}, mother, tills, 3_001).reasons

    assert (told.rule, told.facts) == ("cap_exceeded", {"whose_cap": whose})
    assert told.owner == {"payer": "payer", "city": "agency"}[whose]


def test_in_a_province_that_pools_by_city_a_payer_who_moves_to_its_next_city_pays_no_more() -> None:
    """The tie remembers the city, not the province whose pack it was made under."""
    province = PackShelf([replace(city_with(**SEVERAL), code="370000")])
    here, gone = payer(), payer(region="370200")

    def told(paying: Situation) -> list[tuple[str, object]]:
        paying, mother, made = tie(paying, resident())
        return [(one.rule, one.facts.get("why")) for one in pay(mother, [at_till(paying, made)], 1_000, packs=province).reasons]

    assert told(here) == []
    assert told(gone) == [("out_of_pool_scope", "payer_moved")]

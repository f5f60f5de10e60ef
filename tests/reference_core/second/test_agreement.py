"""Two implementations that share no line of reasoning split every bill alike, to the coin and to the reason."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from reference_core.decisions.settlement.plan import plan_payment
from reference_core.vocabulary.facts import Plan
from tests.reference_core.second.case import Case
from tests.reference_core.second.families import NOW, cases
from tests.reference_core.second.how_many import many_cases
from tests.reference_core.second.naive import CURRENT, PRIOR, Outcome, settle

Split = tuple[tuple[int, int], dict[str, tuple[int, int]], int, set[str], set[str]]


def years(coins: list[str]) -> tuple[int, int]:
    counted = Counter(coins)
    return counted[CURRENT], counted[PRIOR]


def as_planned(plan: Plan) -> Split:
    parts = {part.relation_id: (part.current_year_fen, part.prior_year_fen) for part in plan.payers}
    own = plan.own_current_year_fen, plan.own_prior_year_fen
    return own, parts, plan.cash_fen, {one.rule for one in plan.reasons}, {one.rule for one in plan.refused}


def as_counted(outcome: Outcome) -> Split:
    parts = {name: years(coins) for name, coins in outcome.payers.items()}
    return years(outcome.own), parts, outcome.cash, outcome.said, outcome.refused


@many_cases
@given(cases)
def test_both_implementations_split_the_bill_alike_and_give_the_same_reasons(case: Case) -> None:
    plan = plan_payment(case.shelf, case.bill, case.where, case.member, case.tills, now=NOW)

    assert as_planned(plan) == as_counted(settle(case))

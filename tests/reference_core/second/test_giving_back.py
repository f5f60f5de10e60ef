"""A refund is the payment backwards: whole or in parts, it ends with every balance as it was."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_core.decisions.settlement.plan import RefundExceedsPaid, plan_payment, plan_refund
from reference_core.vocabulary.facts import PaidParts, PayerPart, Plan
from tests.reference_core.second.case import Case
from tests.reference_core.second.families import NOW, cases
from tests.reference_core.second.how_many import many_cases
from tests.reference_core.second.naive import settle
from tests.reference_core.second.naive_refund import Coin, counted, pick_up, row_of_coins

Balances = Counter[Coin]
CHANCES = st.randoms(use_true_random=True)


def paid_in(case: Case) -> PaidParts:
    plan: Plan = plan_payment(case.shelf, case.bill, case.where, case.member, case.tills, now=NOW)
    return PaidParts(plan.own_current_year_fen, plan.own_prior_year_fen, plan.payers, plan.cash_fen, plan.buckets_order)


def in_parts(paid: PaidParts, chance: Random) -> list[PaidParts]:
    """Refunds of random amounts until nothing is left."""
    refunds: list[PaidParts] = []
    while left := paid.total_fen - sum(one.total_fen for one in refunds):
        refunds.append(plan_refund(paid, together(refunds), chance.choice([None, 1, left, chance.randint(1, left)])))
    return refunds


def together(refunds: list[PaidParts]) -> PaidParts:
    """All refunds so far as one."""
    by_tie: dict[str, PayerPart] = {}
    for part in (part for one in refunds for part in one.payers):
        known = by_tie.get(part.relation_id, PayerPart(part.payer_id, part.relation_id, 0, 0))
        current, prior = known.current_year_fen + part.current_year_fen, known.prior_year_fen + part.prior_year_fen
        by_tie[part.relation_id] = PayerPart(part.payer_id, part.relation_id, current, prior)
    return PaidParts(
        sum(one.own_current_year_fen for one in refunds),
        sum(one.own_prior_year_fen for one in refunds),
        tuple(by_tie.values()),
        sum(one.cash_fen for one in refunds),
    )


@many_cases
@given(cases, CHANCES)
def test_refunds_pick_up_the_coins_from_the_end_of_the_row_and_leave_none(case: Case, chance: Random) -> None:
    paid = paid_in(case)
    row = row_of_coins(settle(case))

    for refund in in_parts(paid, chance):
        row, picked_up = pick_up(row, refund.total_fen)
        assert counted(refund) == picked_up

    assert row == []


@many_cases
@given(cases, CHANCES)
def test_a_payment_and_its_refunds_leave_every_balance_as_it_was(case: Case, chance: Random) -> None:
    balances: Balances = Counter({("own", "current"): case.member.balance.current_year_fen})
    balances["own", "prior"] = case.member.balance.prior_year_fen
    for till in case.tills:
        balances[till.relation.id, "current"] = till.situation.balance.current_year_fen
        balances[till.relation.id, "prior"] = till.situation.balance.prior_year_fen
    before = Counter(balances)
    paid = paid_in(case)

    balances.subtract(counted(paid))
    for refund in in_parts(paid, chance):
        balances.update(counted(refund))
    balances["cash", ""] = 0

    assert balances == before


@many_cases
@given(cases, CHANCES)
def test_more_than_was_paid_is_never_given_back(case: Case, chance: Random) -> None:
    paid = paid_in(case)
    already = plan_refund(paid, PaidParts(), chance.randint(0, paid.total_fen))

    with pytest.raises(RefundExceedsPaid):
        plan_refund(paid, already, paid.total_fen - already.total_fen + 1)

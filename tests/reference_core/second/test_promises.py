"""What holds for every city, family and bill, whatever else is decided."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reference_core.decisions.settlement.plan import plan_payment
from reference_core.vocabulary.facts import PayerAtTill, PayerPart, Plan
from tests.reference_core.second.case import Case
from tests.reference_core.second.families import NOW, cases
from tests.reference_core.second.how_many import many_cases


def planned(case: Case) -> Plan:
    return plan_payment(case.shelf, case.bill, case.where, case.member, case.tills, now=NOW)


def paying(case: Case, plan: Plan) -> list[tuple[PayerAtTill, PayerPart]]:
    by_tie = {till.relation.id: till for till in case.tills}
    return [(by_tie[part.relation_id], part) for part in plan.payers]


def from_no_account_fen(case: Case) -> int:
    """What the city excludes; where no city is asked, more than that is paid by nobody."""
    return sum(fen for category, fen in case.bill.by_category if category in case.pack.excluded_expenses)


@many_cases
@given(cases)
def test_the_parts_add_up_to_the_bill_and_nothing_outside_the_policy_leaves_an_account(case: Case) -> None:
    plan = planned(case)

    assert plan.own_fen + sum(part.paid_fen for part in plan.payers) + plan.cash_fen == case.bill.bill_fen - case.bill.fund_fen
    assert plan.cash_fen >= from_no_account_fen(case)


@many_cases
@given(cases)
def test_no_account_goes_below_zero_in_any_year_nor_below_the_reserve(case: Case) -> None:
    plan = planned(case)

    own = case.member.balance
    assert 0 <= plan.own_current_year_fen <= own.current_year_fen
    assert 0 <= plan.own_prior_year_fen <= own.prior_year_fen
    for till, part in paying(case, plan):
        before = till.situation.balance
        assert 0 <= part.current_year_fen <= before.current_year_fen
        assert 0 <= part.prior_year_fen <= before.prior_year_fen
        assert before.total_fen - part.paid_fen >= (case.pack.reserve_fen or 0)
        assert case.pack.payer_money != "previous_years" or part.current_year_fen == 0


@many_cases
@given(cases)
def test_nobody_pays_whom_the_city_forbids_or_whose_tie_is_not_in_force(case: Case) -> None:
    pack = case.pack

    for till, _part in paying(case, planned(case)):
        payer, tie = till.situation, till.relation
        assert tie.status(NOW) == "active"
        assert tie.ends_on is None or tie.ends_on >= NOW.date()
        assert tie.scopes is None or "resident_premium" not in tie.scopes
        assert payer.person.died_on is None or payer.person.died_on > NOW.date()
        assert payer.account_opened or not pack.open_account_required
        assert any(one.insutype in pack.payer_insutypes and one.status in pack.payer_statuses for one in payer.person.insurances)
        assert not payer.person.conditions & {*pack.payer_excluded, "account_closed"}


@many_cases
@given(cases)
def test_no_cap_of_the_month_is_ever_passed(case: Case) -> None:
    for till, part in paying(case, planned(case)):
        for cap in (case.pack.monthly_cap_fen, till.relation.monthly_cap_fen):
            assert cap is None or till.spent_this_month_fen + part.paid_fen <= cap


@many_cases
@given(cases)
def test_the_city_decides_how_many_pay_and_whether_a_part_is_enough(case: Case) -> None:
    plan = planned(case)

    if not case.pack.payer_selection.startswith("cascade"):
        assert len(plan.payers) <= 1
    if case.pack.when_short == "all_or_nothing" and plan.payers:
        assert plan.cash_fen == from_no_account_fen(case)
    if case.pack.own_first == "must_be_empty" and plan.payers:
        assert plan.own_fen == 0


@many_cases
@given(cases, st.randoms(use_true_random=True))
def test_a_preview_equals_the_payment_and_the_order_of_the_payers_does_not_matter(case: Case, chance: Random) -> None:
    shuffled = tuple(chance.sample(case.tills, len(case.tills)))

    preview = planned(case)

    assert planned(case) == preview
    assert plan_payment(case.shelf, case.bill, case.where, case.member, shuffled, now=NOW) == preview


@many_cases
@given(cases)
def test_wherever_cash_is_left_to_pay_some_reason_says_why(case: Case) -> None:
    plan = planned(case)

    if plan.cash_fen:
        assert plan.reasons or plan.refused
    for reason in (*plan.reasons, *plan.refused):
        assert "payer-" not in reason.text + reason.next_step
        assert "payer-" not in str(reason.facts)

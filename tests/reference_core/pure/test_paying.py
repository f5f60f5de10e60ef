"""How a bill is divided, and what the till says wherever the family's money was not used."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from groundwork.clock import CHINA
from reference_core.decisions.settlement.plan import plan_payment
from reference_core.packs.shelf import PackShelf
from reference_core.vocabulary.facts import Bill, Insurance, Plan, Relation, Situation
from tests.reference_core.pure.family import (
    CHILDBIRTH,
    CHRONIC,
    CITY,
    COUNTY,
    ELSEWHERE,
    INPATIENT,
    LINYI,
    NOW,
    OUTPATIENT,
    PHARMACY,
    SHELF,
    at_till,
    bill,
    institution,
    pay,
    payer,
    person,
    resident,
    rules,
    shared,
    shelf_with,
    situation,
    split,
    tie,
)


def employee(own_fen: int = 0) -> Situation:
    return situation(person(), current_fen=own_fen)


@pytest.mark.parametrize(
    ("payer_fen", "parts", "told"),
    [
        (7_000, (3_000, 7_000, 0), []),
        (5_000, (3_000, 0, 7_000), ["payer_balance_insufficient"]),
        (6_999, (3_000, 0, 7_000), ["payer_balance_insufficient"]),
    ],
)
def test_own_money_first_then_the_payers_all_or_nothing(payer_fen: int, parts: tuple[int, int, int], told: list[str]) -> None:
    """LY-11, LY-23, Y-03, vector 13."""
    plan = shared(employee(3_000), payer(payer_fen), 10_000)

    assert split(plan) == parts
    assert rules(plan.reasons) == told


def test_an_empty_payer_is_named_as_empty() -> None:
    """NH-17."""
    assert rules(shared(resident(), payer(0), 1_000).reasons) == ["payer_balance_zero"]


def test_while_ones_own_money_suffices_nobody_else_is_asked() -> None:
    """LY-23."""
    plan = shared(employee(10_000), payer(status="suspended"), 10_000)

    assert split(plan) == (10_000, 0, 0)
    assert plan.reasons == ()


def test_a_payers_own_purchase_needs_no_sharing() -> None:
    plan = pay(payer(5_000), [], 3_000)

    assert split(plan) == (3_000, 0, 0)
    assert plan.reasons == ()


@pytest.mark.parametrize(
    ("kind", "level", "med_type"),
    [
        ("hospital", 3, OUTPATIENT),
        ("hospital", 3, CHRONIC),
        ("hospital", 2, INPATIENT),
        ("hospital", 3, CHILDBIRTH),
        ("primary_care", 1, OUTPATIENT),
        ("pharmacy", 1, PHARMACY),
        ("pharmacy", 1, OUTPATIENT),
    ],
)
def test_an_employed_member_is_paid_for_in_hospitals_and_pharmacies(kind: str, level: int, med_type: str) -> None:
    """LY-24, LY-25."""
    assert split(shared(employee(), payer(), bill(2_000, med_type), institution(kind, level=level))) == (0, 2_000, 0)


@pytest.mark.parametrize(
    ("kind", "level", "med_type", "is_shared"),
    [
        ("hospital", 3, OUTPATIENT, False),
        ("hospital", 2, OUTPATIENT, False),
        ("hospital", 1, OUTPATIENT, True),
        ("primary_care", 1, OUTPATIENT, True),
        ("hospital", 3, INPATIENT, True),
        ("hospital", 3, CHILDBIRTH, True),
        ("hospital", 3, CHRONIC, False),
        ("pharmacy", 1, PHARMACY, True),
        ("hospital", 1, PHARMACY, False),
    ],
)
def test_a_resident_is_paid_for_in_bed_in_pharmacies_and_at_primary_level(
    kind: str, level: int, med_type: str, is_shared: bool
) -> None:
    """LY-29…LY-31, vector 14."""
    plan = shared(resident(), payer(), bill(2_000, med_type), institution(kind, level=level))

    assert split(plan) == ((0, 2_000, 0) if is_shared else (0, 0, 2_000))
    assert rules(plan.reasons) == ([] if is_shared else ["scope_not_allowed"])


def test_the_reason_names_the_institutions_that_would_do() -> None:
    told = shared(resident(), payer(), bill(2_000, OUTPATIENT), institution("hospital", level=3)).reasons[0]

    assert told.facts["why"] == "institution"
    assert "社区卫生服务中心" in told.text
    assert told.source == "LY-30, LY-28, LY-43"


@pytest.mark.parametrize(("kind", "med_type"), [("pharmacy", PHARMACY), ("hospital", INPATIENT), ("primary_care", OUTPATIENT)])
def test_residents_are_paid_for_inside_the_city_only_and_employees_beyond(kind: str, med_type: str) -> None:
    """LY-29, LY-31; LY-24 states no such limit."""
    far = institution(kind, ELSEWHERE)

    plan = shared(resident(), payer(), bill(2_000, med_type), far)

    assert [(reason.rule, reason.facts["why"]) for reason in plan.reasons] == [("scope_not_allowed", "place")]
    assert split(shared(employee(), payer(), bill(2_000, med_type), far)) == (0, 2_000, 0)
    assert split(shared(resident(region=COUNTY), payer(), bill(2_000, med_type), institution(kind))) == (0, 2_000, 0)


def test_an_institution_without_the_one_card_function_takes_own_money_only() -> None:
    """LY-43."""
    plan = shared(employee(1_000), payer(), 3_000, institution(capabilities=()))

    assert split(plan) == (1_000, 0, 2_000)
    assert [(reason.rule, reason.facts["capability"]) for reason in plan.reasons] == [("institution_not_enabled", ("一卡通行",))]


@pytest.mark.parametrize("kind", ["social_card", "id_card"])
def test_a_residents_card_does_not_share_and_an_employees_does(kind: str) -> None:
    """LY-28, Y-17."""
    plan = shared(resident(), payer(), bill(2_000, credential_kind=kind))

    assert split(plan) == (0, 0, 2_000)
    assert rules(plan.reasons) == ["credential_not_accepted"]
    assert split(shared(employee(), payer(), bill(2_000, credential_kind=kind))) == (0, 2_000, 0)


def test_what_lies_outside_the_policy_is_cash_from_nobodys_account() -> None:
    """LY-44, LY-45, Y-02."""
    plan = shared(
        employee(500),
        payer(),
        bill(2_000, OUTPATIENT, outside_policy_fen=9_000, excluded=frozenset({"checkup"})),
        institution("hospital"),
    )

    assert split(plan) == (500, 1_500, 9_000)
    assert [(reason.rule, reason.facts["categories"]) for reason in plan.reasons] == [("expense_excluded", ("健康体检",))]


def test_what_a_city_does_not_exclude_accounts_pay_like_covered_things() -> None:
    """X-26: cities differ in what no account may pay; the pool's part stays what the till said."""
    lenient = shelf_with(excluded_expenses=("fitness", "other"))
    basket = bill(
        2_000,
        OUTPATIENT,
        outside_policy_fen=9_000,
        excluded=frozenset({"checkup", "fitness"}),
        by_category=(("checkup", 8_000), ("fitness", 1_000)),
    )
    only_a_checkup = replace(basket, policy_self_fen=0, outside_policy_fen=8_000, by_category=(("checkup", 8_000),))
    paying, helped, made = tie(payer(), employee(500))

    def paid(what: Bill, packs: PackShelf) -> Plan:
        return pay(helped, [at_till(paying, made)], what, institution("hospital"), packs)

    plan = paid(basket, lenient)

    assert split(plan) == (500, 9_500, 1_000)
    assert [(reason.rule, reason.facts["categories"]) for reason in plan.reasons] == [("expense_excluded", ("体育健身",))]
    assert split(paid(only_a_checkup, lenient)) == (500, 7_500, 0)
    assert split(paid(basket, SHELF)) == (500, 1_500, 9_000)
    assert split(paid(only_a_checkup, SHELF)) == (0, 0, 8_000)


@pytest.mark.parametrize("category", ["public_health", "fitness", "checkup", "wellness", "other"])
def test_a_basket_of_nothing_but_excluded_things_is_refused(category: str) -> None:
    """LY-45."""
    plan = shared(resident(), payer(), bill(0, outside_policy_fen=9_000, excluded=frozenset({category})))

    assert rules(plan.refused) == ["expense_excluded"]
    assert split(plan) == (0, 0, 9_000)


def test_a_basket_that_the_pool_pays_in_part_is_not_refused() -> None:
    plan = shared(resident(), payer(), bill(0, fund_fen=100, outside_policy_fen=9_000, excluded=frozenset({"other"})))

    assert plan.refused == ()
    assert split(plan) == (0, 0, 9_000)


@pytest.mark.parametrize(("kind", "med_type"), [("pharmacy", INPATIENT), ("insurer", OUTPATIENT)])
def test_what_an_institution_cannot_do_at_all_is_refused(kind: str, med_type: str) -> None:
    plan = shared(resident(), payer(), bill(2_000, med_type), institution(kind))

    assert rules(plan.refused) == ["service_not_at_this_institution"]


def test_what_the_pool_pays_stays_as_told_whoever_pays_the_rest() -> None:
    """LY-33, LY-34: no benefit of the payer passes on, and the fund's part is never touched."""
    asked = bill(30_000, INPATIENT, fund_fen=70_000)

    plan = shared(resident(), payer(), asked, institution("hospital"))

    assert asked.bill_fen == 100_000
    assert split(plan) == (0, 30_000, 0)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"status": "suspended"}, "payer_status_not_normal"),
        ({"status": "frozen"}, "payer_status_not_normal"),
        ({"status": "transferred_out"}, "payer_excluded_class"),
        ({"conditions": frozenset({"long_term_nonlocal"})}, "payer_excluded_class"),
        ({"conditions": frozenset({"account_closed"})}, "payer_excluded_class"),
        ({"region": ELSEWHERE}, "out_of_pool_scope"),
        ({"insutype": "390"}, "payer_not_employee_insured"),
        ({"died_on": NOW.date()}, "person_died"),
    ],
)
def test_what_became_of_the_payer_since_is_asked_again_at_the_till(facts: dict[str, Any], rule: str) -> None:
    """LY-07…LY-10, LY-42, Y-07, vector 9."""
    paying = payer(**facts)

    plan = shared(resident(), paying, 1_000)

    assert split(plan) == (0, 0, 1_000)
    assert rules(plan.reasons) == [rule]
    assert paying.person.id not in str(plan.reasons)


def test_a_payers_voucher_is_not_asked_for_at_the_till() -> None:
    """LY-12 is a condition of opening and binding."""
    assert split(shared(resident(), payer(voucher_active=False), 1_000)) == (0, 1_000, 0)


@pytest.mark.parametrize(
    ("member", "told"),
    [
        (resident(status="arrears"), ["member_status_abnormal"]),
        (resident(died_on=NOW.date()), ["person_died"]),
        (situation(person(None)), ["member_not_insured"]),
    ],
)
def test_what_became_of_the_member_since_is_asked_again_too(member: Situation, told: list[str]) -> None:
    """LY-05."""
    assert rules(shared(member, payer(), 1_000).reasons) == told


def test_a_member_who_moved_to_a_place_without_a_pack_shares_nothing_but_keeps_own_money() -> None:
    """Y-07: nobody's rules are borrowed."""
    moved = situation(person(region="440100"), current_fen=400)

    plan = shared(moved, payer(), 1_000)

    assert split(plan) == (400, 0, 600)
    assert rules(plan.reasons) == ["region_not_served"]


def test_both_moved_together_and_the_old_tie_is_still_not_used() -> None:
    """Y-07: a tie belongs to the place where it was made."""
    plan = shared(resident(), payer(), 1_000, region="130100")

    assert {reason.facts["why"] for reason in plan.reasons} == {"payer_moved", "member_moved"}


def test_who_was_never_added_learns_that_showing_a_code_is_not_sharing() -> None:
    """NH-15."""
    plan = pay(resident(), [], 1_000)

    assert rules(plan.reasons) == ["not_mutual_aid"]
    assert "亲情账户" in plan.reasons[0].text


def test_who_was_removed_learns_that_the_tie_has_ended() -> None:
    """LY-22, LY-65."""
    _, mother, made = tie(payer(), resident())

    plan = pay(replace(mother, as_member=(replace(made, ended_at=NOW),)), [], 1_000)

    assert rules(plan.reasons) == ["relation_ended"]


def test_an_old_tie_is_not_mentioned_while_another_pays() -> None:
    old, mother, ended = tie(payer(), resident())
    gone = replace(ended, ended_at=NOW - timedelta(days=1))
    new, mother, made = tie(payer(), replace(mother, as_member=(gone,)))

    plan = pay(mother, [at_till(old, gone), at_till(new, made)], 1_000)

    assert split(plan) == (0, 1_000, 0)
    assert plan.reasons == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"effective_from": NOW + timedelta(days=1)}, "not_yet_effective"),
        ({"needs_review": True}, "not_yet_effective"),
        ({"needs_acceptance": True}, "not_yet_effective"),
        ({"suspended_at": NOW}, "relation_suspended"),
        ({"disputed_at": NOW}, "relation_disputed"),
        ({"ends_on": NOW.date() - timedelta(days=1)}, "relation_expired"),
        ({"scopes": frozenset({"outpatient"})}, "scope_not_allowed"),
    ],
)
def test_a_tie_that_is_not_in_force_says_why(changes: dict[str, Any], rule: str) -> None:
    """GD-38, vector 7."""
    plan = shared(resident(), payer(), 1_000, **changes)

    assert split(plan) == (0, 0, 1_000)
    assert rules(plan.reasons) == [rule]


def test_the_last_day_of_a_tie_still_pays() -> None:
    assert split(shared(resident(), payer(), 1_000, ends_on=NOW.date())) == (0, 1_000, 0)


def test_every_reason_is_told_at_the_till_too() -> None:
    plan = shared(
        resident(),
        payer(status="suspended"),
        bill(2_000, credential_kind="id_card"),
        institution("pharmacy", ELSEWHERE, capabilities=()),
    )

    assert rules(plan.reasons) == [
        "payer_status_not_normal",
        "scope_not_allowed",
        "institution_not_enabled",
        "credential_not_accepted",
    ]


def test_money_goes_one_way_only() -> None:
    """LY-19: the son's purchase finds no payer in his mother."""
    son, mother, _ = tie(payer(1_000), employee(500_000))

    assert split(pay(son, [], 6_000)) == (1_000, 0, 5_000)
    assert mother.balance.total_fen == 500_000


def test_ones_own_money_is_usable_whatever_bars_it_from_sharing() -> None:
    for facts in ({"conditions": frozenset({"long_term_nonlocal"})}, {"status": "suspended"}, {"region": ELSEWHERE}):
        assert split(pay(payer(5_000, **facts), [], 2_000)) == (2_000, 0, 0)


@pytest.mark.parametrize(
    "facts",
    [{"status": "frozen"}, {"status": "transferred_out"}, {"conditions": frozenset({"account_closed"})}, {"died_on": NOW.date()}],
)
def test_an_account_that_is_frozen_gone_or_closed_pays_not_even_for_its_owner(facts: dict[str, Any]) -> None:
    assert split(pay(payer(5_000, **facts), [], 2_000)) == (0, 0, 2_000)


def test_a_resident_cannot_spend_the_account_of_a_suspended_employment_here() -> None:
    """Vector 6."""
    both = situation(person("310", "suspended", more=[Insurance("390", "normal", CITY)]), current_fen=5_000)

    plan = pay(both, [], 2_000)

    assert split(plan) == (0, 0, 2_000)
    assert set(rules(plan.reasons)) == {"self_relation_not_allowed", "not_mutual_aid"}


def test_ones_own_spending_takes_this_years_money_before_earlier_years() -> None:
    """Y-12."""
    plan = pay(situation(person(), current_fen=300, prior_fen=1_000), [], 500)

    assert (plan.own_current_year_fen, plan.own_prior_year_fen) == (300, 200)


def test_a_plan_names_whose_balance_it_emptied_or_found_too_small() -> None:
    short, exact, ample = payer(500), payer(1_000), payer(5_000)

    for paying, noted in ((short, True), (exact, True), (ample, False), (payer(0), True)):
        plan = shared(resident(), paying, 1_000)
        assert (paying.person.id in plan.exact_balances) is noted

    emptied = employee(400)
    assert emptied.person.id in pay(emptied, [], 1_000).exact_balances
    assert pay(employee(5_000), [], 1_000).exact_balances == frozenset()


def test_the_day_of_the_act_in_china_decides_which_version_holds() -> None:
    """30 June 2021, 17:00 in London is already 1 July in China, when the pack begins."""
    mother = resident()
    paying, mother, made = tie(payer(), mother, bound_at=NOW - timedelta(days=3000), effective_from=NOW - timedelta(days=3000))
    before, after = datetime(2021, 6, 30, 23, 59, tzinfo=CHINA), datetime(2021, 7, 1, tzinfo=CHINA)

    for now, told in ((before, ["region_not_served"]), (after, [])):
        plan = plan_payment(SHELF, bill(1_000), institution(), mother, [at_till(paying, made)], now=now)
        assert rules(plan.reasons) == told


def test_the_order_in_which_facts_arrive_does_not_matter() -> None:
    mother, tills = resident(), []
    made: Relation
    for facts in ({"status": "suspended"}, {"region": ELSEWHERE}, dict[str, Any]()):
        paying, mother, made = tie(payer(**facts), mother)
        tills.append(at_till(paying, made))

    assert pay(mother, tills, 1_000) == pay(mother, tills[::-1], 1_000)
    assert LINYI.payer_selection == "only_one"

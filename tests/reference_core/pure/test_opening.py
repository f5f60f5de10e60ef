"""Who may open sharing, and every reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reference_core.decisions.rules.verdicts import may_add, may_open, may_remove
from reference_core.vocabulary.facts import Insurance
from tests.reference_core.pure.family import CITY, LINYI, NOW, city_with, payer, person, resident, rules, situation, tie


def test_an_employee_insured_normally_may_open() -> None:
    """LY-03, LY-49, LY-59."""
    assert may_open(LINYI, situation(), NOW).allowed


@pytest.mark.parametrize("insutype", ["390", "340", "510", None])
def test_who_has_no_employee_insurance_cannot_open(insutype: str | None) -> None:
    """LY-03."""
    assert "payer_not_employee_insured" in rules(may_open(LINYI, situation(person(insutype)), NOW))


@pytest.mark.parametrize("status", ["suspended", "arrears", "frozen", "terminated"])
def test_an_insurance_that_is_not_in_order_bars_opening(status: str) -> None:
    """LY-03, LY-07."""
    told = may_open(LINYI, situation(person(status=status)), NOW)

    assert rules(told) == ["payer_status_not_normal"]
    assert told.reasons[0].source == "LY-03, LY-07"


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ({"status": "transferred_out"}, "LY-08"),
        ({"conditions": frozenset({"retired_cadre"})}, "LY-09"),
        ({"conditions": frozenset({"preferential"})}, "LY-09"),
        ({"conditions": frozenset({"long_term_nonlocal"})}, "LY-10"),
    ],
)
def test_each_excluded_class_is_named_with_its_own_paragraph(facts: dict[str, Any], source: str) -> None:
    """LY-08…LY-10, vector 9."""
    told = may_open(LINYI, situation(person(**facts)), NOW)

    assert [(reason.rule, reason.source) for reason in told.reasons] == [("payer_excluded_class", source)]


def test_an_insurance_for_retired_cadres_counts_as_that_class() -> None:
    """LY-09: the kind of insurance says it as well as the condition."""
    told = may_open(LINYI, situation(person(more=[Insurance("340", "normal", CITY)])), NOW)

    assert rules(told) == ["payer_excluded_class"]


def test_a_city_that_does_not_name_long_absence_lets_it_open() -> None:
    """Vector 9: silence is no exclusion."""
    away = situation(person(conditions=frozenset({"long_term_nonlocal"})))

    assert may_open(city_with(payer_excluded=()), away, NOW).allowed


def test_a_closed_account_can_be_shared_nowhere() -> None:
    closed = situation(person(conditions=frozenset({"account_closed"})))

    assert rules(may_open(city_with(payer_excluded=()), closed, NOW)) == ["payer_excluded_class"]


def test_the_payers_own_voucher_must_be_active_first() -> None:
    """LY-06, LY-12."""
    asleep = situation(person(voucher_active=False))

    assert rules(may_open(LINYI, asleep, NOW)) == ["voucher_not_activated"]
    assert may_open(LINYI, asleep, NOW).reasons[0].owner == "me"
    assert may_open(city_with(payer_voucher_required=False), asleep, NOW).allowed


def test_every_reason_is_told_and_those_that_settle_it_come_first() -> None:
    wife = situation(
        person(status="suspended", voucher_active=False, conditions=frozenset({"retired_cadre", "long_term_nonlocal"}))
    )

    told = rules(may_open(LINYI, wife, NOW))

    assert told == ["payer_excluded_class", "payer_excluded_class", "payer_status_not_normal", "voucher_not_activated"]


def test_a_bound_member_cannot_open_and_can_once_the_tie_has_ended() -> None:
    """LY-21, Y-06."""
    _, bound, made = tie(payer(), situation())

    assert rules(may_open(LINYI, bound, NOW)) == ["role_conflict"]
    ended = replace(made, ended_at=NOW - timedelta(seconds=1))
    assert may_open(LINYI, replace(bound, as_member=(ended,)), NOW).allowed


def test_roles_may_be_mixed_where_a_city_says_so() -> None:
    _, bound, _ = tie(payer(), situation())

    assert may_open(city_with(role_exclusive=False), bound, NOW).allowed


def test_an_account_opens_once() -> None:
    assert rules(may_open(LINYI, payer(), NOW)) == ["account_already_open"]


def test_a_city_without_opening_says_that_none_is_needed() -> None:
    assert rules(may_open(city_with(open_account_required=False), situation(), NOW)) == ["account_opening_not_needed"]


def test_the_dead_open_nothing_from_the_day_of_death() -> None:
    dead = situation(person(died_on=NOW.date()))
    dies_tomorrow = situation(person(died_on=NOW.date() + timedelta(days=1)))

    assert rules(may_open(LINYI, dead, NOW)) == ["person_died"]
    assert may_open(LINYI, dies_tomorrow, NOW).allowed


def test_a_place_without_a_pack_is_named_as_such_and_nothing_else_is_said() -> None:
    suspended = situation(person(status="suspended"))

    assert rules(may_open(None, suspended, NOW)) == rules(may_add(None, suspended, NOW)) == ["region_not_served"]


def test_adding_needs_an_open_account_and_asks_everything_that_opening_asks() -> None:
    """LY-49, LY-60."""
    assert rules(may_add(LINYI, situation(), NOW)) == ["account_not_opened"]
    assert set(rules(may_add(LINYI, situation(person(status="arrears", voucher_active=False)), NOW))) == {
        "payer_status_not_normal",
        "voucher_not_activated",
        "account_not_opened",
    }
    assert may_add(LINYI, payer(), NOW).allowed


def test_adding_needs_no_opening_where_the_city_has_none() -> None:
    assert may_add(city_with(open_account_required=False), situation(), NOW).allowed


def test_a_full_list_is_said_before_anybody_is_named() -> None:
    eight = payer()
    for _ in range(8):
        eight, _, _ = tie(eight, resident())

    assert rules(may_add(city_with(max_members_per_payer=8), eight, NOW)) == ["max_members_exceeded"]
    assert may_add(city_with(max_members_per_payer=9), eight, NOW).allowed
    assert may_add(LINYI, eight, NOW).allowed


def test_removing_needs_somebody_to_remove() -> None:
    """LY-22."""
    bound, _, _ = tie(payer(), resident())

    assert rules(may_remove(LINYI, payer(), NOW)) == ["no_members"]
    assert may_remove(LINYI, bound, NOW).allowed
    assert may_remove(None, bound, NOW).allowed

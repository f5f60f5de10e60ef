"""The random cities are real ones: a pack in a file could make each of their choices, and none is left out."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reference_core.decisions.settlement.plan import plan_payment
from reference_core.packs.schema_payment import PaymentRules
from reference_core.packs.schema_people import PeopleRules
from reference_core.packs.shelf import load_packs
from tests.reference_core.second.choices import choices, pack_file, pack_of
from tests.reference_core.second.families import NOW, draw_case

AT_THE_TILL = {
    "account": {"payer_account_not_open", "self_relation_not_allowed", "own_balance_not_empty"},
    "payer": {"payer_not_employee_insured", "payer_status_not_normal", "payer_excluded_class", "person_died"},
    "member": {"member_not_insured", "member_status_abnormal", "member_excluded_class", "region_not_served"},
    "tie": {
        "not_mutual_aid",
        "relation_ended",
        "relation_expired",
        "relation_suspended",
        "relation_disputed",
        "not_yet_effective",
    },
    "place": {
        "scope_not_allowed",
        "institution_not_enabled",
        "credential_not_accepted",
        "nonlocal_not_supported",
        "not_declared",
    },
    "money": {"payer_balance_zero", "payer_nothing_shareable", "payer_balance_insufficient", "cap_exceeded"},
    "bill": {"expense_excluded", "service_not_at_this_institution"},
    "pool": {"out_of_pool_scope"},
}


def decided(pack: Any) -> dict[str, Any]:
    names = [field.name for group in (PeopleRules, PaymentRules) for field in fields(group)]
    lines = [{**asdict(line), "source": ""} for line in pack.scenes]
    return {**{name: getattr(pack, name) for name in (*names, "open_account_required", "monthly_cap_fen")}, "scenes": lines}


@pytest.mark.parametrize("seed", range(30))
def test_a_file_with_the_same_choices_is_accepted_and_becomes_the_same_city(tmp_path: Path, seed: int) -> None:
    drawn = choices(Random(seed))  # noqa: S311 - a seed that repeats is the point
    file = tmp_path / "city.yaml"
    file.write_text(pack_file(drawn), encoding="utf-8")

    (loaded,) = load_packs([file]).regions(NOW.date())

    assert decided(loaded) == decided(pack_of(drawn))


def test_every_parameter_about_people_and_payment_is_drawn() -> None:
    drawn = choices(Random(1))  # noqa: S311 - a seed that repeats is the point

    known = {field.name for group in (PeopleRules, PaymentRules) for field in fields(group)}
    assert known <= set(drawn)


def test_every_choice_of_a_word_is_drawn_sooner_or_later() -> None:
    """Nobody would notice a choice that no random city makes."""
    cities = [choices(Random(seed)) for seed in range(300)]  # noqa: S311 - seeds that repeat are the point

    for field in fields(PaymentRules):
        assert len({str(city[field.name]) for city in cities}) > 1, field.name
    for name, words in {"payer_selection": 5, "payer_money": 3, "when_short": 2, "own_first": 2, "member_pool_scope": 3}.items():
        assert len({city[name] for city in cities}) == words, name


@pytest.mark.parametrize("about", sorted(AT_THE_TILL))
def test_the_random_cases_reach_every_reason_that_a_till_can_give(about: str) -> None:
    """Without this the agreement of two implementations could be an agreement about nothing."""
    told: set[str] = set()
    for seed in range(1_500):
        case = draw_case(Random(seed))  # noqa: S311 - a seed that repeats is the point
        plan = plan_payment(case.shelf, case.bill, case.where, case.member, case.tills, now=NOW)
        told |= {reason.rule for reason in (*plan.reasons, *plan.refused)}
        if told >= AT_THE_TILL[about]:
            break

    assert told >= AT_THE_TILL[about]


def test_in_a_fifth_of_the_random_cases_somebody_elses_money_flows_and_in_some_of_several_people() -> None:
    payers = []
    for seed in range(1_000):
        case = draw_case(Random(seed))  # noqa: S311 - a seed that repeats is the point
        payers.append(len(plan_payment(case.shelf, case.bill, case.where, case.member, case.tills, now=NOW).payers))

    assert sum(count > 0 for count in payers) > 150
    assert max(payers) >= 3

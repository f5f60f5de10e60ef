"""Nobody mends one thing only to learn of the next: whatever is wrong is told at once, the most useful first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reference_core.decisions.rules.verdicts import may_bind, may_open
from reference_core.vocabulary.facts import Reason
from reference_core.vocabulary.reason_catalogue import entry_of
from tests.reference_core.pure.family import (
    ELSEWHERE,
    LINYI,
    NOW,
    bill,
    city_with,
    institution,
    payer,
    person,
    resident,
    situation,
    tie,
)
from tests.reference_core.refusals.paying import at_the_till

# What is wrong with a person, the facts that make it so, and the reason that tells it. None of them touches another.
PAYER_TROUBLES: dict[str, dict[str, Any]] = {
    "person_died": {"died_on": NOW.date()},
    "payer_status_not_normal": {"status": "suspended"},
    "payer_excluded_class": {"conditions": frozenset({"preferential"})},
    "voucher_not_activated": {"voucher_active": False},
}
MEMBER_TROUBLES: dict[str, dict[str, Any]] = {
    "person_died": {"died_on": NOW.date()},
    "member_status_abnormal": {"status": "arrears"},
    "member_excluded_class": {"conditions": frozenset({"nonlocal_record"})},
    "out_of_pool_scope": {"region": ELSEWHERE},
    "relation_sex_mismatch": {"sex": "male"},
    "voucher_not_activated": {"voucher_active": False},
}
VISIT_TROUBLES: dict[str, dict[str, Any]] = {
    "institution_not_enabled": {"where": institution(capabilities=())},
    "credential_not_accepted": {"asked": bill(1_000, credential_kind="id_card")},
    "not_declared": {"trigger": "declared"},
    "payer_status_not_normal": {"paying": payer(status="frozen")},
    "relation_suspended": {"relation": {"suspended_at": NOW - timedelta(days=1)}},
    "member_status_abnormal": {"member": resident(status="arrears")},
}


def some_of(troubles: dict[str, dict[str, Any]]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(troubles)), unique=True)


def facts_of(troubles: dict[str, dict[str, Any]], chosen: list[str]) -> dict[str, Any]:
    return {name: value for trouble in chosen for name, value in troubles[trouble].items()}


def ranks(reasons: tuple[Reason, ...]) -> list[int]:
    return [entry_of(reason.rule).rank for reason in reasons]


@given(some_of(PAYER_TROUBLES))
def test_everything_that_is_wrong_with_a_payer_is_told_and_nothing_else(chosen: list[str]) -> None:
    told = may_open(LINYI, situation(person(**facts_of(PAYER_TROUBLES, chosen))), NOW).reasons

    assert sorted(reason.rule for reason in told) == sorted(chosen)
    assert ranks(told) == sorted(ranks(told))


@given(some_of(PAYER_TROUBLES), some_of(MEMBER_TROUBLES), st.booleans())
def test_what_is_wrong_with_payer_member_and_tie_is_told_together(mine: list[str], hers: list[str], bound: bool) -> None:
    member = resident(**facts_of(MEMBER_TROUBLES, hers))
    member = tie(payer(), member)[1] if bound else member
    strict = city_with(member_excluded=("nonlocal_record",))

    told = may_bind(strict, payer(**facts_of(PAYER_TROUBLES, mine)), member, "mother", NOW).reasons

    assert sorted(reason.rule for reason in told) == sorted([*mine, *hers, *(["member_already_bound"] if bound else [])])
    assert ranks(told) == sorted(ranks(told))


@given(some_of(VISIT_TROUBLES))
def test_a_till_tells_every_reason_against_the_visit_the_tie_and_the_payer(chosen: list[str]) -> None:
    told = at_the_till(**facts_of(VISIT_TROUBLES, chosen))

    assert sorted(reason.rule for reason in told) == sorted(chosen)
    assert ranks(told) == sorted(ranks(told))


def test_what_settles_the_matter_for_good_comes_before_what_the_reader_can_mend() -> None:
    _, mother, _ = tie(payer(), resident(voucher_active=False, died_on=NOW.date()))

    told = may_bind(LINYI, replace(payer(), account_opened=False), mother, "mother", NOW).reasons

    assert [reason.rule for reason in told] == [
        "person_died",
        "member_already_bound",
        "account_not_opened",
        "voucher_not_activated",
    ]

"""Refusals that a payer meets when naming the relative to be added."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reference_core.decisions.rules.verdicts import may_bind, may_bind_at_counter
from reference_core.packs.schema_people import CONDITIONS
from reference_core.vocabulary.facts import Insurance, Situation, Verdict
from tests.reference_core.pure.family import CITY, ELSEWHERE, LINYI, NOW, payer, person, resident, situation, tie
from tests.reference_core.refusals.case import Refusal

_STATUSES = ("suspended", "arrears", "frozen", "transferred_out", "terminated")


def _adds(member: Situation | None, word: str = "mother", by: Situation | None = None, **choices: Any) -> Verdict:
    return may_bind(replace(LINYI, **choices), by or payer(), member, word, NOW)


def _adds_herself() -> Verdict:
    herself = payer(sex="female")
    return _adds(herself, "mother", by=herself)


def _adds_again() -> Verdict:
    son, mother, _ = tie(payer(), resident())
    return _adds(mother, by=son)


def _adds_soon_after_an_end() -> Verdict:
    _, mother, made = tie(payer(), resident())
    free = replace(mother, as_member=(replace(made, ended_at=NOW - timedelta(days=1)),))
    return _adds(free, rebind_wait_days=30)


def _adds_a_second_spouse() -> Verdict:
    married, _, _ = tie(payer(), resident(), "spouse")
    return _adds(resident(), "spouse", by=married, relation_quotas={"spouse": 1})


def _comes_to_a_counter_that_is_none() -> Verdict:
    return may_bind_at_counter(replace(LINYI, offline_supported=False), payer(), resident(), "mother", NOW)


def _excluded(condition: str) -> Refusal:
    bad = frozenset({condition})
    return Refusal("member_excluded_class", condition, lambda: _adds(resident(conditions=bad), member_excluded=CONDITIONS))


def _has_not_paid() -> Verdict:
    person_held = person(None, more=[Insurance("390", "normal", CITY, NOW.year - 1)], sex="female")
    return _adds(situation(person_held), resident_current_year_paid=True)


def _out_of_order(status: str) -> Refusal:
    return Refusal("member_status_abnormal", status, lambda: _adds(resident(status=status)))


REFUSALS = (
    Refusal("member_not_found", "", lambda: _adds(None)),
    Refusal("person_died", "member", lambda: _adds(resident(died_on=NOW.date()))),
    Refusal("member_is_payer", "", _adds_herself),
    *map(_excluded, CONDITIONS),
    Refusal("member_not_insured", "", lambda: _adds(situation(person(None, sex="female")))),
    *map(_out_of_order, _STATUSES),
    Refusal("member_status_abnormal", "unpaid_this_year", _has_not_paid),
    Refusal("out_of_pool_scope", "apart", lambda: _adds(resident(region=ELSEWHERE))),
    Refusal("role_conflict", "member", lambda: _adds(tie(payer(sex="female"), resident())[0])),
    Refusal("member_already_bound", "by_you", _adds_again),
    Refusal("member_already_bound", "by_others", lambda: _adds(tie(payer(), resident())[1])),
    Refusal("rebind_too_soon", "", _adds_soon_after_an_end),
    Refusal("relation_not_allowed", "", lambda: _adds(resident(), "older_sister")),
    Refusal("relation_sex_mismatch", "", lambda: _adds(resident(), "father")),
    Refusal("relation_quota_exceeded", "", _adds_a_second_spouse),
    Refusal("counter_not_offered", "", _comes_to_a_counter_that_is_none),
    Refusal("voucher_not_activated", "member", lambda: _adds(resident(voucher_active=False))),
)

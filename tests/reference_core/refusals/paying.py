"""Refusals that a till tells: why the family's money did not pay, or why nothing could be settled here at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reference_core.vocabulary.facts import Bill, Institution, Insurance, Reason, Situation
from tests.reference_core.pure.family import (
    CITY,
    ELSEWHERE,
    INPATIENT,
    NOW,
    OUTPATIENT,
    at_till,
    bill,
    institution,
    pay,
    payer,
    person,
    resident,
    shelf_with,
    situation,
    tie,
)
from tests.reference_core.refusals.case import Refusal

TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)


def at_the_till(
    paying: Situation | None = None,
    member: Situation | None = None,
    asked: Bill | int = 1_000,
    where: Institution | None = None,
    relation: dict[str, Any] | None = None,
    **city: Any,
) -> tuple[Reason, ...]:
    """One payer, one member, one bill; only what is given differs from a payment that would pass."""
    son, mother, made = tie(paying or payer(), member or resident(), **(relation or {}))
    plan = pay(mother, [at_till(son, made)], asked, where, shelf_with(**city))
    return (*plan.refused, *plan.reasons)


def _stranger() -> tuple[Reason, ...]:
    return pay(resident(), [], 1_000).reasons


def _over_the_cap(of_payer: int | None, of_city: int | None) -> tuple[Reason, ...]:
    return at_the_till(relation={"monthly_cap_fen": of_payer}, monthly_cap_fen=of_city)


def _shows_a_card(card: str) -> tuple[Reason, ...]:
    return at_the_till(member=resident(card=card), asked=bill(1_000, credential_kind="social_card"))


def _over_the_cap_away() -> tuple[Reason, ...]:
    paying, mother, made = tie(payer(), situation(person(sex="female")))
    used = replace(at_till(paying, made), spent_by_region=((CITY, 500), (ELSEWHERE, 500)))
    return pay(mother, [used], 600, institution(region=ELSEWHERE), shelf_with(nonlocal_cap_fen=1_000)).reasons


def _with_money_left() -> tuple[Reason, ...]:
    return at_the_till(member=situation(person(), current_fen=1), own_first="must_be_empty")


def _from_a_stopped_insurance() -> tuple[Reason, ...]:
    both = person("310", "suspended", more=[Insurance("390", "normal", CITY)])
    return at_the_till(payer(0), situation(both, current_fen=5_000))


def _in_a_hospital(**facts: Any) -> dict[str, Any]:
    return {"asked": bill(1_000, OUTPATIENT), "where": institution("hospital", level=3, **facts)}


_AWAITED: dict[str, dict[str, Any]] = {
    "under_review": {"effective_from": None, "needs_review": True},
    "awaiting_acceptance": {"effective_from": None, "needs_acceptance": True},
    "not_yet_effective": {"effective_from": TOMORROW},
}


def _not_yet(why: str) -> Refusal:
    return Refusal("not_yet_effective", why, lambda: at_the_till(relation=_AWAITED[why]))


REFUSALS = (
    Refusal("person_died", "payer", lambda: at_the_till(payer(died_on=NOW.date()))),
    Refusal("payer_not_employee_insured", "payer", lambda: at_the_till(payer(insutype="390"))),
    Refusal("out_of_pool_scope", "payer_moved", lambda: at_the_till(payer(region=ELSEWHERE))),
    Refusal(
        "out_of_pool_scope", "member_moved", lambda: at_the_till(relation={"region": ELSEWHERE}, payer_pool_scope="province")
    ),
    Refusal("payer_account_not_open", "", lambda: at_the_till(replace(payer(), account_opened=False))),
    Refusal("scope_not_allowed", "scene", lambda: at_the_till(asked=bill(1_000, "14"), where=institution("hospital"))),
    Refusal("scope_not_allowed", "institution", lambda: at_the_till(**_in_a_hospital())),
    Refusal("scope_not_allowed", "place", lambda: at_the_till(where=institution(region=ELSEWHERE))),
    Refusal("scope_not_allowed", "chosen", lambda: at_the_till(relation={"scopes": frozenset({"inpatient"})})),
    Refusal("card_reported_lost", "", lambda: _shows_a_card("reported_lost")),
    Refusal("card_not_activated", "", lambda: _shows_a_card("not_activated")),
    Refusal("card_blocked_by_bank", "", lambda: _shows_a_card("blocked_by_bank")),
    Refusal("institution_system_outdated", "", lambda: at_the_till(where=institution(system="outdated"))),
    Refusal("institution_not_enabled", "", lambda: at_the_till(where=institution(capabilities=()))),
    Refusal("service_not_at_this_institution", "", lambda: at_the_till(asked=bill(1_000, INPATIENT))),
    Refusal(
        "nonlocal_not_supported", "", lambda: at_the_till(where=institution(region=ELSEWHERE), nonlocal_requires_record=True)
    ),
    Refusal("credential_not_accepted", "", lambda: at_the_till(asked=bill(1_000, credential_kind="id_card"))),
    Refusal("not_declared", "", lambda: at_the_till(trigger="declared")),
    Refusal("not_mutual_aid", "", _stranger),
    Refusal("relation_ended", "", lambda: at_the_till(relation={"ended_at": YESTERDAY})),
    Refusal("relation_expired", "", lambda: at_the_till(relation={"ends_on": YESTERDAY.date()})),
    *map(_not_yet, _AWAITED),
    Refusal("relation_suspended", "", lambda: at_the_till(relation={"suspended_at": YESTERDAY})),
    Refusal("relation_disputed", "", lambda: at_the_till(relation={"disputed_at": YESTERDAY})),
    Refusal("payer_balance_zero", "", lambda: at_the_till(payer(0))),
    Refusal("payer_nothing_shareable", "previous_years", lambda: at_the_till(payer_money="previous_years")),
    Refusal("payer_nothing_shareable", "above_reserve", lambda: at_the_till(payer_money="above_reserve", reserve_fen=100_000)),
    Refusal("payer_balance_insufficient", "all_or_nothing", lambda: at_the_till(payer(999))),
    Refusal("payer_balance_insufficient", "partial_then_cash", lambda: at_the_till(payer(999), when_short="partial_then_cash")),
    Refusal("cap_exceeded", "payer", lambda: _over_the_cap(of_payer=998, of_city=999)),
    Refusal("cap_exceeded", "away", _over_the_cap_away),
    Refusal("cap_exceeded", "city", lambda: _over_the_cap(of_payer=999, of_city=998)),
    Refusal("own_balance_not_empty", "", _with_money_left),
    Refusal("self_relation_not_allowed", "", _from_a_stopped_insurance),
    Refusal("expense_excluded", "", lambda: at_the_till(asked=bill(0, outside_policy_fen=9, excluded=frozenset({"checkup"})))),
)

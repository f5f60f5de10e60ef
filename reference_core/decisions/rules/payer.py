"""Checks on the one whose money is shared. Each gives reasons of one kind, and none looks at what another found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from groundwork.clock import china
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.people import conditions_of, cooling_until, payer_insurance, standing
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Person, Reason, Situation


def alive(pack: Pack, payer: Situation, now: datetime, who: str = "me") -> Iterator[Reason]:
    if is_dead(payer.person, now):
        yield explain(pack, "person_died", who=who)


def insured(pack: Pack, payer: Situation, _now: datetime, who: str = "me") -> Iterator[Reason]:
    if payer_insurance(pack, payer.person) is None:
        yield explain(pack, "payer_not_employee_insured", "payer_insutypes", who=who)


def in_order(pack: Pack, payer: Situation, _now: datetime, who: str = "me") -> Iterator[Reason]:
    """The insurance's state. A state that the city names as an exclusion is told as that, once."""
    insurance = payer_insurance(pack, payer.person)
    if insurance is None or insurance.status in pack.payer_statuses or insurance.status in pack.payer_excluded:
        return
    yield explain(pack, "payer_status_not_normal", "payer_statuses", who=who, status=insurance.status)


def not_excluded(pack: Pack, payer: Situation, _now: datetime, who: str = "me") -> Iterator[Reason]:
    """One reason for each exclusion that applies; a closed account has nothing to share anywhere."""
    conditions = conditions_of(payer.person, payer_insurance(pack, payer.person))
    for condition in sorted(conditions & {*pack.payer_excluded, "account_closed"}):
        yield explain(pack, "payer_excluded_class", f"payer_excluded.{condition}", who=who, condition=condition)


def voucher_active(pack: Pack, payer: Situation, _now: datetime) -> Iterator[Reason]:
    if pack.payer_voucher_required and not payer.person.voucher_active:
        yield explain(pack, "voucher_not_activated", "payer_voucher_required", who="me")


def cooled(pack: Pack, payer: Situation, now: datetime, who: str = "me") -> Iterator[Reason]:
    """Whose voucher a helper activated waits before money may leave the account: nobody is farmed for it overnight."""
    until = cooling_until(pack, payer.person, now)
    if until is not None:
        yield explain(pack, "voucher_cooling", "voucher_cooling_days", who=who, until=until.isoformat())


def not_a_member(pack: Pack, payer: Situation, now: datetime) -> Iterator[Reason]:
    """Exclusivity begins with the first tie that stands (Y-06), not with opening."""
    if pack.role_exclusive and standing(payer.as_member, now):
        yield explain(pack, "role_conflict", "role_exclusive", who="me")


def opening_wanted(pack: Pack, _payer: Situation, _now: datetime) -> Iterator[Reason]:
    if not pack.open_account_required:
        yield explain(pack, "account_opening_not_needed", "open_account_required")


def not_yet_open(pack: Pack, payer: Situation, _now: datetime) -> Iterator[Reason]:
    if pack.open_account_required and payer.account_opened:
        yield explain(pack, "account_already_open", "open_account_required")


def opened(pack: Pack, payer: Situation, _now: datetime) -> Iterator[Reason]:
    if pack.open_account_required and not payer.account_opened:
        yield explain(pack, "account_not_opened", "open_account_required")


def room_for_one_more(pack: Pack, payer: Situation, now: datetime) -> Iterator[Reason]:
    limit = pack.max_members_per_payer
    if limit is not None and len(standing(payer.as_payer, now)) >= limit:
        yield explain(pack, "max_members_exceeded", "max_members_per_payer", limit=limit)


def is_dead(person: Person, now: datetime) -> bool:
    """From the day of death on."""
    return person.died_on is not None and person.died_on <= china(now).date()

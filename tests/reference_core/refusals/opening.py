"""Refusals that a person meets before anybody else is named: about their own insurance, account and city."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_core.decisions.rules.verdicts import may_add, may_end, may_open, may_remove, may_transfer_out
from reference_core.packs.schema_people import CONDITIONS
from reference_core.vocabulary.facts import Situation, Verdict
from tests.reference_core.pure.family import LINYI, NOW, city_with, payer, person, resident, situation, tie
from tests.reference_core.refusals.case import Refusal

_STATUSES = ("suspended", "arrears", "frozen", "transferred_out", "terminated")


def _opens(**facts: Any) -> Verdict:
    return may_open(city_with(payer_excluded=CONDITIONS), situation(person(**facts)), NOW)


def _excluded(condition: str) -> Refusal:
    return Refusal("payer_excluded_class", condition, lambda: _opens(conditions=frozenset({condition})))


def _out_of_order(status: str) -> Refusal:
    return Refusal("payer_status_not_normal", status, lambda: may_open(city_with(payer_excluded=()), _with(status), NOW))


def _with(status: str) -> Situation:
    return situation(person(status=status))


def _leaves(role: str) -> Verdict:
    paying, mother, _ = tie(payer(), resident())
    return may_transfer_out(LINYI, paying if role == "payer" else mother, NOW)


def _ends(by: str, ended: bool = False) -> Verdict:
    paying, mother, made = tie(payer(), resident())
    who = {"payer": paying.person.id, "member": mother.person.id}.get(by, by)
    made = replace(made, ended_at=NOW) if ended else made
    return may_end(city_with(ended_by=("payer",)), made, who, NOW)


REFUSALS = (
    Refusal("region_not_served", "", lambda: may_open(None, payer(), NOW)),
    Refusal("person_died", "me", lambda: _opens(died_on=NOW.date())),
    Refusal("payer_not_employee_insured", "me", lambda: may_open(LINYI, resident(), NOW)),
    *map(_excluded, CONDITIONS),
    *map(_out_of_order, _STATUSES),
    Refusal("role_conflict", "me", lambda: may_add(LINYI, tie(payer(), payer())[1], NOW)),
    Refusal("voucher_not_activated", "me", lambda: _opens(voucher_active=False)),
    Refusal("account_already_open", "", lambda: may_open(LINYI, payer(), NOW)),
    Refusal("account_opening_not_needed", "", lambda: may_open(city_with(open_account_required=False), payer(), NOW)),
    Refusal("account_not_opened", "", lambda: may_add(LINYI, situation(), NOW)),
    Refusal("max_members_exceeded", "", lambda: may_add(city_with(max_members_per_payer=1), tie(payer(), resident())[0], NOW)),
    Refusal("no_members", "", lambda: may_remove(LINYI, payer(), NOW)),
    Refusal("not_your_relation", "", lambda: _ends("somebody else")),
    Refusal("only_payer_may_end", "", lambda: _ends("member")),
    Refusal("relation_ended", "", lambda: _ends("payer", ended=True)),
    Refusal("must_unbind_before_transfer", "payer", lambda: _leaves("payer")),
    Refusal("must_unbind_before_transfer", "member", lambda: _leaves("member")),
)

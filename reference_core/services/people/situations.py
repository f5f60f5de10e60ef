"""Reads what the core knows of people into the immutable facts that decisions rest on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reference_core.db import Tx
from reference_core.problems import NotFound
from reference_core.vocabulary.facts import Balance, Institution, Insurance, Person, Relation, Situation

_MOMENTS = ("bound_at", "effective_from", "ended_at", "suspended_at", "disputed_at", "reviewed_at", "accepted_at")
_DAYS = ("starts_on", "ends_on")


def read_situation(tx: Tx, person_id: str, now: datetime) -> Situation | None:
    """Everything a rule may ask about one person, in one query; `None` for a stranger."""
    return read_situations(tx, (person_id,), now).get(person_id)


def situation_of(tx: Tx, person_id: str, now: datetime) -> Situation:
    """The same where the person is known to be; raises `NotFound` for an id that nobody has."""
    situation = read_situation(tx, person_id, now)
    if situation is None:
        raise NotFound
    return situation


def read_situations(tx: Tx, person_ids: tuple[str, ...], now: datetime) -> dict[str, Situation]:
    """The same for several people at once, by id; strangers are left out."""
    found = tx.execute(
        "SELECT core.person_facts(p.id) AS facts, core.balance_of(p.id, %s) AS balance FROM core.people p "
        "WHERE p.id = ANY (%s::uuid[])",
        [now.year, list(person_ids)],
    ).fetchall()
    return {row["facts"]["person"]["id"]: to_situation(row["facts"], row["balance"]) for row in found}


def to_situation(facts: dict[str, Any], balance: dict[str, int]) -> Situation:
    """The situation that `core.person_facts` and `core.balance_of` describe."""
    return Situation(
        person=_person(facts),
        account_opened=facts["account_opened"],
        balance=Balance(**balance),
        as_payer=tuple(to_relation(tie) for tie in facts["as_payer"]),
        as_member=tuple(to_relation(tie) for tie in facts["as_member"]),
    )


def to_relation(tie: dict[str, Any]) -> Relation:
    """The relation that `core.relation_facts` describes."""
    return Relation(
        **{name: value for name, value in tie.items() if name not in {*_MOMENTS, *_DAYS, "scopes"}},
        **{name: _moment(tie[name]) for name in _MOMENTS},  # type: ignore[arg-type]  # bound_at is never null
        **{name: _day(tie[name]) for name in _DAYS},  # type: ignore[arg-type]  # mypy cannot tell which field each name is
        scopes=None if tie["scopes"] is None else frozenset(tie["scopes"]),
    )


def to_institution(facts: dict[str, Any]) -> Institution:
    """The institution that `core.institution_facts` describes."""
    return Institution(**{**facts, "capabilities": frozenset(facts["capabilities"])})


def _person(facts: dict[str, Any]) -> Person:
    person = facts["person"]
    return Person(
        id=person["id"],
        sex=person["sex"],
        born=date.fromisoformat(person["born"]),
        region=person["region"],
        insurances=tuple(Insurance(**insurance) for insurance in facts["insurances"]),
        conditions=frozenset(person["conditions"]),
        voucher_active=person["voucher_active"],
        died_on=_day(person["died_on"]),
        card=person["card"],
        voucher_suspended=person["voucher_suspended"],
        voucher_activated_at=_moment(person["voucher_activated_at"]),
        voucher_checked=person["voucher_checked"],
        voucher_by_helper=person["voucher_by_helper"],
    )


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)

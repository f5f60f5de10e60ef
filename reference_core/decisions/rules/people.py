"""What the checks ask about people: which insurance counts, where it is held, which ties stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from groundwork.clock import china
from reference_core.decisions.reasons import explain
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Insurance, Person, Reason, Relation

# Which of several insurances speaks for a person where no city has been asked yet.
_GENERAL_ORDER = ("310", "390", "510", "340")


def insured_region(person: Person) -> str:
    """Where a person is insured, and so whose rules hold for them; where they live if they are not."""
    insurance = best_insurance(person, _GENERAL_ORDER)
    return insurance.region if insurance else person.region


def best_insurance(person: Person, insutypes: Sequence[str]) -> Insurance | None:
    """The insurance that counts: a normal one before any other, then by the order of `insutypes`."""
    held = [insurance for insurance in person.insurances if insurance.insutype in insutypes]
    return min(held, key=lambda one: (one.status != "normal", insutypes.index(one.insutype)), default=None)


def payer_insurance(pack: Pack, person: Person) -> Insurance | None:
    """The insurance whose personal account this person could share."""
    return best_insurance(person, pack.payer_insutypes)


def payer_region(pack: Pack, person: Person) -> str:
    """Where the account is that this person shares; they may be helped elsewhere under another insurance."""
    insurance = payer_insurance(pack, person)
    return insurance.region if insurance else person.region


def member_insurance(pack: Pack, person: Person) -> Insurance | None:
    """The insurance under which this person could be helped."""
    return best_insurance(person, pack.member_insutypes)


def conditions_of(person: Person, insurance: Insurance | None) -> frozenset[str]:
    """Everything that a city may rule out, also where the state or kind of an insurance says it."""
    found = set(person.conditions)
    if insurance is not None and insurance.status == "transferred_out":
        found.add("transferred_out")
    if any(one.insutype == "340" for one in person.insurances):
        found.add("retired_cadre")
    return frozenset(found)


def explain_end(pack: Pack | None, tie: Relation, now: datetime) -> Reason:
    """Why nothing more can be done about a tie that ended, or whose end is settled for a later day."""
    if tie.ended_at is None or not tie.stands(now):
        return explain(pack, "relation_ended", "ended_by")
    return explain(pack, "end_already_settled", ends_day=china(tie.ended_at).date().isoformat())


def standing(relations: Sequence[Relation], now: datetime) -> tuple[Relation, ...]:
    """The ties that exist at all, in force or on their way."""
    return tuple(relation for relation in relations if relation.stands(now))


def cooling_until(pack: Pack, person: Person, now: datetime) -> date | None:
    """The first day of money rights after a helper activated somebody's voucher, while that day is still ahead."""
    if not person.voucher_by_helper or person.voucher_activated_at is None:
        return None
    until = china(person.voucher_activated_at).date() + timedelta(days=pack.voucher_cooling_days)
    return until if china(now).date() < until else None

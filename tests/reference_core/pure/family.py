"""People, ties, tills and packs made up for tests of the pure rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from groundwork.clock import CHINA
from reference_core.decisions.settlement.plan import plan_payment
from reference_core.packs.shelf import Pack, PackShelf, load_packs
from reference_core.vocabulary import kinship
from reference_core.vocabulary.facts import (
    Balance,
    Bill,
    Institution,
    Insurance,
    PayerAtTill,
    Person,
    Plan,
    Reason,
    Relation,
    Situation,
    Verdict,
)

REGIONS = Path(__file__).parents[3] / "reference_core" / "regions"
SHELF = load_packs([REGIONS / "371300.yaml"])
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=CHINA)
CITY, COUNTY, ELSEWHERE = "371300", "371321", "379900"
OUTPATIENT, CHRONIC, INPATIENT, PHARMACY, CHILDBIRTH = "11", "14", "21", "41", "52"
LINYI = next(pack for pack in SHELF.regions(NOW.date()) if pack.code == CITY)
_numbers = itertools.count(1)


def person(
    insutype: str | None = "310",
    status: str = "normal",
    region: str = CITY,
    more: Iterable[Insurance] = (),
    **facts: Any,
) -> Person:
    """Somebody insured once (or not at all), fit for everything unless told otherwise."""
    held = (Insurance(insutype, status, region),) if insutype else ()
    given = {"sex": "male", "born": date(1985, 3, 2), "voucher_active": True, **facts}
    return Person(id=f"p{next(_numbers):04}", region=region, insurances=(*held, *more), **given)


def situation(
    who: Person | None = None, current_fen: int = 0, prior_fen: int = 0, opened: bool = False, **ties: Any
) -> Situation:
    return Situation(who or person(), opened, Balance(prior_fen, current_fen), **ties)


def payer(current_fen: int = 100_000, **facts: Any) -> Situation:
    """An employee who has opened sharing."""
    return situation(person(**facts), current_fen=current_fen, opened=True)


def resident(**facts: Any) -> Situation:
    return situation(person("390", **{"sex": "female", "born": date(1957, 11, 20), **facts}))


def relation(payer_id: str, member_id: str, word: str = "mother", **facts: Any) -> Relation:
    given = {"region": CITY, "bound_at": NOW - timedelta(days=30), "effective_from": NOW - timedelta(days=30), **facts}
    return Relation(f"r{next(_numbers):04}", payer_id, member_id, kinship.code_of(word), **given)


def tie(paying: Situation, member: Situation, word: str = "mother", **facts: Any) -> tuple[Situation, Situation, Relation]:
    """Both people once the tie is made."""
    made = relation(paying.person.id, member.person.id, word, **facts)
    return replace(paying, as_payer=(*paying.as_payer, made)), replace(member, as_member=(*member.as_member, made)), made


def at_till(paying: Situation, made: Relation, spent_fen: int = 0) -> PayerAtTill:
    return PayerAtTill(paying, made, spent_fen)


def institution(
    kind: str = "pharmacy",
    region: str = CITY,
    level: int = 1,
    capabilities: Iterable[str] = ("one_card",),
    system: str = "current",
) -> Institution:
    return Institution("i1", "机构", region, kind, level, frozenset(capabilities), system)


def bill(policy_fen: int, med_type: str = PHARMACY, **facts: Any) -> Bill:
    return Bill(med_type, policy_fen, **facts)


def pay(
    member: Situation, payers: Iterable[PayerAtTill], what: Bill | int, where: Institution | None = None, packs: PackShelf = SHELF
) -> Plan:
    asked = bill(what) if isinstance(what, int) else what
    return plan_payment(packs, asked, where or institution(), member, tuple(payers), now=NOW)


def shared(paid_for: Situation, paying: Situation, what: Bill | int, where: Institution | None = None, **facts: Any) -> Plan:
    """Bind the two as mother and payer, then pay."""
    paying, paid_for, made = tie(paying, paid_for, **facts)
    return pay(paid_for, [at_till(paying, made)], what, where)


def split(plan: Plan) -> tuple[int, int, int]:
    return plan.own_fen, sum(part.paid_fen for part in plan.payers), plan.cash_fen


def rules(told: Verdict | Iterable[Reason]) -> list[str]:
    return [reason.rule for reason in (told.reasons if isinstance(told, Verdict) else told)]


def city_with(**choices: Any) -> Pack:
    """A city like the first one but for these choices."""
    return replace(LINYI, **choices)


def shelf_with(**choices: Any) -> PackShelf:
    return PackShelf([city_with(**choices)])

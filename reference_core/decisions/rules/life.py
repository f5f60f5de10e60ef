"""What becomes of ties when life happens to one of their people, as each tie's own city says: pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reference_core.decisions.rules.people import member_insurance, payer_insurance
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.admdvs import same_pool
from reference_core.vocabulary.facts import Insurance, Person, Relation, Situation

PackOf = Callable[[str], Pack | None]


@dataclass(frozen=True, slots=True)
class Consequence:
    """One tie to be ended (with its reason), suspended or resumed."""

    tie: Relation
    what: str
    reason: str = ""


def consequences(pack_of: PackOf, before: Person, after: Situation) -> tuple[Consequence, ...]:
    """At most one for each tie, an end before anything else. A death ends nothing by itself: nothing is shared any more."""
    found: dict[str, Consequence] = {}
    for ties, follow in ((after.as_payer, _for_payer), (after.as_member, _for_member)):
        for tie in ties:
            pack = pack_of(tie.region)
            if pack is not None and tie.ended_at is None:
                found |= {one.tie.id: one for one in follow(pack, tie, before, after.person) if one.tie.id not in found}
    return tuple(found.values())


def _for_payer(pack: Pack, tie: Relation, before: Person, after: Person) -> Iterator[Consequence]:
    was, held = payer_insurance(pack, before), payer_insurance(pack, after)
    if "account_closed" in after.conditions - before.conditions and pack.on_account_closed == "ends":
        yield Consequence(tie, "end", "account_closed")
    elif pack.on_payer_transfer == "ends" and _left(pack, pack.payer_pool_scope, tie, was, held):
        yield Consequence(tie, "end", "payer_transferred")
    elif _frozen(held):
        yield from _when_frozen(pack, tie)
    elif _frozen(was) and not _frozen(held) and tie.suspended_at is not None and pack.on_payer_unfrozen == "resumes":
        yield Consequence(tie, "resume")


def _when_frozen(pack: Pack, tie: Relation) -> Iterator[Consequence]:
    if pack.on_payer_frozen == "ends":
        yield Consequence(tie, "end", "payer_frozen")
    elif pack.on_payer_frozen == "suspends" and tie.suspended_at is None:
        yield Consequence(tie, "suspend")


def _for_member(pack: Pack, tie: Relation, before: Person, after: Person) -> Iterator[Consequence]:
    was, held = member_insurance(pack, before), member_insurance(pack, after)
    if pack.on_member_transfer == "ends" and _left(pack, pack.member_pool_scope, tie, was, held):
        yield Consequence(tie, "end", "member_transferred")


def _left(pack: Pack, scope: str, tie: Relation, was: Insurance | None, held: Insurance | None) -> bool:
    """Whether the insurance has just left the pool in which the tie was made."""
    return _away(pack, scope, tie, held) and not _away(pack, scope, tie, was)


def _away(pack: Pack, scope: str, tie: Relation, held: Insurance | None) -> bool:
    if held is None:
        return False
    here = same_pool(scope, tie.region, held.region, pack.city_digits, pack.separate_pools)
    return held.status == "transferred_out" or not here


def _frozen(held: Insurance | None) -> bool:
    return held is not None and held.status == "frozen"

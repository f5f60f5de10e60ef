"""Random families, bills and institutions: small amounts, so that purses run dry, and few places, so that they meet.

Hypothesis draws the chance, Python's own generator the case: drawn one by one, a hundred independent choices would bar nearly
every payment and cost a hundred times the payment itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from groundwork.clock import CHINA
from reference_core.packs.schema_people import CONDITIONS, STATUSES
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Balance, Bill, Institution, Insurance, PayerAtTill, Person, Relation, Situation
from tests.reference_core.second.case import Case
from tests.reference_core.second.choices import choices, mostly, pack_of
from tests.reference_core.second.naive_objections import VISITS

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=CHINA)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
HOME = "371300"

_REGIONS = ("371321", "370200", "130100")
_COINS = (0, 0, 5, 15, 20, 40, 60, 80)
_IN_FORCE: tuple[dict[str, Any], ...] = (
    {},
    {"effective_from": NOW},
    {"ended_at": TOMORROW},
    {"needs_review": True, "needs_acceptance": True, "reviewed_at": YESTERDAY, "accepted_at": YESTERDAY},
    {"ends_on": NOW.date()},
    {"scopes": frozenset(VISITS.values())},
)
_NOT_IN_FORCE: tuple[dict[str, Any], ...] = (
    {"ended_at": YESTERDAY},
    {"ended_at": NOW},
    {"effective_from": None, "needs_review": True},
    {"effective_from": None, "needs_acceptance": True, "needs_review": True, "reviewed_at": YESTERDAY},
    {"needs_acceptance": True, "needs_review": True, "reviewed_at": YESTERDAY},
    {"effective_from": TOMORROW},
    {"suspended_at": YESTERDAY},
    {"disputed_at": YESTERDAY},
    {"ends_on": YESTERDAY.date()},
    {"scopes": frozenset({"resident_premium"})},
)
_MED_TYPES = {scene: code for code, scene in VISITS.items()}


def draw_case(chance: Random) -> Case:
    """Troubles come in all densities: none, so that money flows; few, so that each decides alone; many at once."""
    pack = pack_of(choices(chance), mostly(chance, HOME, "370000"))
    odds = chance.choice([1, 0.97, 0.97, 0.85])
    member = _situation(chance, odds, "member", pack.member_insutypes, pack.member_statuses)
    bill, where = _visit(chance, odds, pack, member)
    family = tuple(_till(chance, odds, pack, place) for place in range(mostly(chance, chance.randint(1, 4), 0, odds=0.9)))
    return Case(pack, bill, where, member, family, NOW)


cases = st.randoms(use_true_random=True).map(draw_case)


def _situation(chance: Random, odds: float, name: str, kinds: tuple[str, ...], statuses: tuple[str, ...]) -> Situation:
    person = Person(
        id=name,
        sex="female",
        born=date(1985, 3, 2),
        region=HOME,
        insurances=_insurances(chance, odds, kinds, statuses),
        conditions=frozenset(mostly(chance, (), *((one,) for one in CONDITIONS), odds=odds)),
        voucher_active=True,
        card=mostly(chance, "in_use", "not_activated", "reported_lost", "blocked_by_bank", odds=odds),
        died_on=mostly(chance, TOMORROW.date(), NOW.date(), YESTERDAY.date(), odds=odds),
    )
    balance = Balance(chance.choice(_COINS), chance.choice(_COINS))
    return Situation(person, mostly(chance, True, False, odds=odds), balance)


def _insurances(chance: Random, odds: float, kinds: tuple[str, ...], statuses: tuple[str, ...]) -> tuple[Insurance, ...]:
    usual = chance.choice([kind for kind in kinds if kind != "340"])
    held = mostly(chance, (usual,), (), ("340",), ("510",), ("390", "310"), ("310", "390"), odds=odds)
    if chance.random() < 0.15:
        held = tuple(dict.fromkeys((*held, "310", "390")))
    usual_status = mostly(chance, "normal", *statuses)
    return tuple(
        Insurance(
            kind,
            mostly(chance, usual_status, *STATUSES, odds=odds),
            mostly(chance, HOME, *_REGIONS, odds=odds),
            mostly(chance, None, NOW.year, NOW.year + 1, NOW.year - 1, odds=odds),
        )
        for kind in held
    )


def _till(chance: Random, odds: float, pack: Pack, place: int) -> PayerAtTill:
    payer = _situation(chance, odds, f"payer-{place}", pack.payer_insutypes, pack.payer_statuses)
    state = mostly(chance, chance.choice(_IN_FORCE), *_NOT_IN_FORCE, odds=odds)
    facts: dict[str, Any] = {"effective_from": YESTERDAY, **state}
    tie = Relation(
        id=f"tie-{place}",
        payer_id=payer.person.id,
        member_id="member",
        kinship="52",
        region=mostly(chance, HOME, *_REGIONS, odds=odds),
        bound_at=NOW - timedelta(days=chance.randint(2, 4)),
        monthly_cap_fen=chance.choice([None, None, None, 10, 50]),
        payers_order=chance.randint(0, 2),
        members_order=chance.randint(0, 2),
        **facts,
    )
    used = tuple((region, chance.choice([5, 30])) for region in (HOME, *_REGIONS) if chance.random() < 0.3)
    return PayerAtTill(payer, tie, chance.choice([0, 0, 10, 30]), used)


def _visit(chance: Random, odds: float, pack: Pack, member: Situation) -> tuple[Bill, Institution]:
    """Most of the time what the city pays for such a member, at an institution that can bill it."""
    held = {one.insutype for one in member.person.insurances}
    known = [rule.scene for rule in pack.scenes if held & set(rule.insutypes)] or list(VISITS.values())
    scene = mostly(chance, chance.choice(known), *VISITS.values(), odds=odds)
    usual = "pharmacy" if scene == "pharmacy" else chance.choice(["hospital", "primary_care"])
    kind = mostly(chance, usual, "hospital", "primary_care", "pharmacy", "insurer", odds=odds)
    policy_self_fen, outside_fen = chance.choice([0, 1, 20, 35, 60, 90, 120]), chance.choice([0, 0, 0, 7])
    bill = Bill(
        med_type=_MED_TYPES[scene],
        policy_self_fen=policy_self_fen,
        outside_policy_fen=outside_fen,
        by_category=(("checkup", outside_fen),) if outside_fen else (),
        fund_fen=chance.choice([0, 9]),
        excluded=frozenset({"checkup"}),
        credential_kind=mostly(chance, "voucher", "social_card", "id_card", odds=odds),
        declares_mutual_aid=mostly(chance, True, False, odds=odds),
    )
    capabilities = mostly(chance, ("one_card", "family"), ("one_card",), (), odds=odds)
    region = mostly(chance, HOME, *_REGIONS, odds=odds)
    system = mostly(chance, "current", "outdated", odds=odds)
    return bill, Institution("i1", "机构", region, kind, chance.randint(1, 3), frozenset(capabilities), system)

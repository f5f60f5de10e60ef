"""Plans how a bill is paid and how a payment is given back: pure, the same for a preview and for the payment itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundwork.clock import china
from reference_core.decisions.reasons import explain, in_order
from reference_core.decisions.rules.payer import is_dead
from reference_core.decisions.rules.people import best_insurance, insured_region, member_insurance
from reference_core.decisions.settlement.payers import look_at
from reference_core.decisions.settlement.scene import Visit, barriers
from reference_core.decisions.settlement.split import Split, divide, take
from reference_core.packs.schema_payment import PaymentRules
from reference_core.packs.shelf import Pack, PackShelf
from reference_core.vocabulary.facts import (
    Balance,
    Bill,
    Institution,
    PaidParts,
    PayerAtTill,
    PayerPart,
    Person,
    Plan,
    Reason,
    Situation,
)
from reference_core.vocabulary.med_types import EXPENSE_LABELS, SCENE_LABELS, can_serve, scene_of

_NO_MONEY = Balance()
# Where no city is asked, one's own money still pays as these say.
_WITHOUT_A_CITY = PaymentRules()
_ACCOUNT_INSUTYPES = ("310",)
# What a card says of itself that pays nothing at all, not even from its own account: somebody else may be holding it.
_UNFIT_CARDS = {
    "reported_lost": "card_reported_lost",
    "not_activated": "card_not_activated",
    "blocked_by_bank": "card_blocked_by_bank",
}


class RefundExceedsPaid(ValueError):
    """More was asked back than is left of what was paid."""


@dataclass(frozen=True, slots=True)
class _Own:
    """The member's own money: what may be spent here, whether there is an account at all, whether only a rule bars it."""

    usable: Balance = _NO_MONEY
    has_account: bool = False
    barred_by_city: bool = False


def plan_payment(
    packs: PackShelf, bill: Bill, institution: Institution, member: Situation, payers: Sequence[PayerAtTill], *, now: datetime
) -> Plan:
    """Own account, then the family's, then cash; with every reason why the family's did not pay what it could have."""
    pack = packs.find(insured_region(member.person), china(now).date())
    bill = _as_the_city_sees(pack, bill)
    refused = _refusals(pack, bill, institution, member.person)
    if refused:
        return Plan(0, 0, (), bill.bill_fen - bill.fund_fen, refused=refused)
    own = _own_money(pack, member, now)
    own_fen = min(own.usable.total_fen, bill.policy_self_fen)
    rest_fen = bill.policy_self_fen - own_fen
    split = _share(pack, Visit(pack, bill, institution, member, now) if pack else None, payers, own, rest_fen)
    if rest_fen and own.has_account:
        split.exact.add(member.person.id)
    order = (pack or _WITHOUT_A_CITY).buckets_order
    current_fen, prior_fen = take(own.usable, own_fen, order)
    return Plan(
        own_current_year_fen=current_fen,
        own_prior_year_fen=prior_fen,
        payers=tuple(split.parts),
        cash_fen=rest_fen - split.paid_fen + bill.outside_policy_fen,
        reasons=in_order([*split.reasons, *_cash_only(pack, bill)]),
        exact_balances=frozenset(split.exact),
        buckets_order=order,
    )


def refundable_fen(paid: PaidParts, already: PaidParts) -> int:
    """What is left to give back."""
    return paid.total_fen - already.total_fen


def plan_refund(paid: PaidParts, already: PaidParts, amount_fen: int | None) -> PaidParts:
    """What goes back to which source, the last paid first: cash, the payers backwards, one's own account.

    `None` gives back all that is left. Inside an account the bucket that was emptied last is filled first.
    """
    left_fen = refundable_fen(paid, already) if amount_fen is None else amount_fen
    if left_fen < 0 or left_fen > refundable_fen(paid, already):
        raise RefundExceedsPaid
    returned = {part.relation_id: part for part in already.payers}
    cash_fen, left_fen = _give_back(left_fen, paid.cash_fen - already.cash_fen)
    payers: list[PayerPart] = []
    for part in reversed(paid.payers):
        before = returned.get(part.relation_id, PayerPart(part.payer_id, part.relation_id, 0, 0))
        owed = Balance(part.prior_year_fen - before.prior_year_fen, part.current_year_fen - before.current_year_fen)
        current_fen, prior_fen, left_fen = _refill(left_fen, owed, paid.buckets_order)
        if current_fen + prior_fen:
            payers.append(PayerPart(part.payer_id, part.relation_id, current_fen, prior_fen))
    owed = Balance(paid.own_prior_year_fen - already.own_prior_year_fen, paid.own_current_year_fen - already.own_current_year_fen)
    current_fen, prior_fen, left_fen = _refill(left_fen, owed, paid.buckets_order)
    return PaidParts(current_fen, prior_fen, tuple(payers), cash_fen, paid.buckets_order)


def _refusals(pack: Pack | None, bill: Bill, institution: Institution, patient: Person) -> tuple[Reason, ...]:
    """Why nothing at all may be settled here; money is never a cause."""
    reasons: list[Reason] = []
    scene = scene_of(bill.med_type, institution.kind)
    if not can_serve(institution.kind, scene):
        reasons.append(explain(pack, "service_not_at_this_institution", scene=SCENE_LABELS[scene]))
    if bill.credential_kind == "social_card" and patient.card in _UNFIT_CARDS:
        reasons.append(explain(pack, _UNFIT_CARDS[patient.card]))
    if bill.outside_policy_fen == bill.bill_fen > 0:
        reasons += _cash_only(pack, bill)
    return in_order(reasons)


def _as_the_city_sees(pack: Pack | None, bill: Bill) -> Bill:
    """What the city does not exclude is as good as covered: the pool pays nothing of it, accounts may."""
    allowed = [(category, fen) for category, fen in bill.by_category if pack and category not in pack.excluded_expenses]
    allowed_fen = sum(fen for _, fen in allowed)
    return replace(
        bill,
        policy_self_fen=bill.policy_self_fen + allowed_fen,
        outside_policy_fen=bill.outside_policy_fen - allowed_fen,
        excluded=bill.excluded - {category for category, _ in allowed},
        by_category=(),
    )


def _cash_only(pack: Pack | None, bill: Bill) -> list[Reason]:
    if not bill.outside_policy_fen:
        return []
    labels = tuple(EXPENSE_LABELS.get(category, category) for category in sorted(bill.excluded))
    return [explain(pack, "expense_excluded", "excluded_expenses", categories=labels)]


def _own_money(pack: Pack | None, member: Situation, now: datetime) -> _Own:
    """One's own account pays whatever bars it from being shared, unless it is closed, frozen, gone or its owner is."""
    person = member.person
    insurance = best_insurance(person, pack.payer_insutypes if pack else _ACCOUNT_INSUTYPES)
    statuses = (pack or _WITHOUT_A_CITY).own_statuses
    if insurance is None or insurance.status not in statuses or "account_closed" in person.conditions or is_dead(person, now):
        return _Own()
    helped_by = member_insurance(pack, person) if pack else None
    if pack and helped_by and helped_by.insutype not in pack.payer_insutypes and not pack.self_relation_allowed:
        return _Own(barred_by_city=member.balance.total_fen > 0)
    return _Own(member.balance, has_account=True)


def _share(pack: Pack | None, visit: Visit | None, payers: Sequence[PayerAtTill], own: _Own, rest_fen: int) -> Split:
    if rest_fen == 0:
        return Split()
    if pack is None or visit is None:
        return Split(reasons=[explain(None, "region_not_served")])
    split = _ask_payers(pack, visit, payers, own, rest_fen)
    if own.barred_by_city and split.paid_fen < rest_fen:
        split.reasons.append(explain(pack, "self_relation_not_allowed", "self_relation_allowed"))
    return split


def _ask_payers(pack: Pack, visit: Visit, payers: Sequence[PayerAtTill], own: _Own, rest_fen: int) -> Split:
    tied = [payer for payer in payers if payer.relation.stands(visit.now)]
    if not tied:
        once = bool(payers) or bool(visit.member.as_member)
        return Split(reasons=[explain(pack, "relation_ended", "ended_by") if once else explain(pack, "not_mutual_aid")])
    candidates = [look_at(visit, payer) for payer in tied]
    in_the_way = list(barriers(visit))
    if pack.own_first == "must_be_empty" and own.usable.total_fen > 0:
        in_the_way.append(explain(pack, "own_balance_not_empty", "own_first"))
    if in_the_way:
        return Split(reasons=[*in_the_way, *(reason for one in candidates for reason in one.reasons)])
    return divide(pack, rest_fen, candidates)


def _give_back(left_fen: int, owed_fen: int) -> tuple[int, int]:
    back_fen = min(left_fen, owed_fen)
    return back_fen, left_fen - back_fen


def _refill(left_fen: int, owed: Balance, order: str) -> tuple[int, int, int]:
    """What comes back as this year's and as prior years' money, and what is left to give back elsewhere."""
    if order == "prior_first":
        current_fen, left_fen = _give_back(left_fen, owed.current_year_fen)
        prior_fen, left_fen = _give_back(left_fen, owed.prior_year_fen)
    else:
        prior_fen, left_fen = _give_back(left_fen, owed.prior_year_fen)
        current_fen, left_fen = _give_back(left_fen, owed.current_year_fen)
    return current_fen, prior_fen, left_fen

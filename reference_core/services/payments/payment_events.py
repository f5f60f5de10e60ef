"""What a payment or a refund tells those whom it concerns: ids and figures for the feed, never names."""

from __future__ import annotations

from typing import Any

from reference_core.decisions.rules.changes import cap_in_force_fen
from reference_core.parts import Core
from reference_core.services.notices.events import Event
from reference_core.services.payments.payment_plans import Planned
from reference_core.vocabulary.facts import PayerAtTill

# A cap is near when this much of a hundred is used.
_NEAR_PERCENT = 80


def payment_events(core: Core, planned: Planned, settlement_id: str) -> list[Event]:
    """One for each person concerned; who did not pay learns nothing of the visit."""
    plan = planned.plan
    about = {"settlement_id": settlement_id, **_place(planned)}
    figures = {"own_fen": plan.own_fen, "payer_fen": sum(part.paid_fen for part in plan.payers), "cash_fen": plan.cash_fen}
    events = [Event("payment_settled", planned.member_id, {**about, **figures, "role": "member"})]
    for part in plan.payers:
        paid = {"role": "payer", "relation_id": part.relation_id, "paid_fen": part.paid_fen}
        events.append(Event("payment_settled", part.payer_id, {**about, **paid}))
        payer = next(one for one in planned.payers if one.relation.id == part.relation_id)
        events += [*_cap_events(core, planned, payer, part.paid_fen), *_balance_events(core, planned, payer, part.paid_fen)]
    if plan.reasons:
        events.append(Event("payment_refused_sharing", planned.member_id, {**about, "rules": _rules(planned.plan.reasons)}))
    return events


def refusal_event(planned: Planned) -> Event:
    """Nothing could be settled at all."""
    return Event("payment_refused", planned.member_id, {**_place(planned), "rules": _rules(planned.plan.refused)})


def _place(planned: Planned) -> dict[str, Any]:
    return {"institution_id": planned.institution_id, "place_kind": planned.view["basis"]["institution"]["kind"]}


def _rules(reasons: Any) -> list[str]:
    return [reason.rule for reason in reasons]


def _cap_events(core: Core, planned: Planned, payer: PayerAtTill, paid_fen: int) -> list[Event]:
    """To both sides, when this payment brings what is used near the month's cap, or up to it."""
    tie = payer.relation
    cap_fen = cap_in_force_fen(core.pack(tie.region, planned.at), tie)
    if cap_fen is None:
        return []
    kind = cap_crossed(payer.spent_this_month_fen, payer.spent_this_month_fen + paid_fen, cap_fen)
    data = {"relation_id": tie.id, "spent_fen": payer.spent_this_month_fen + paid_fen, "cap_fen": cap_fen}
    sides = ((tie.payer_id, "payer"), (tie.member_id, "member"))
    return [Event(kind, person_id, {**data, "role": role}) for person_id, role in sides] if kind else []


def cap_crossed(before_fen: int, after_fen: int, cap_fen: int) -> str | None:
    """Which mark lies between what was used before and what is used now; the higher one where both do."""
    if before_fen < cap_fen <= after_fen:
        return "cap_reached"
    near_fen = -(-cap_fen * _NEAR_PERCENT // 100)
    return "cap_near" if before_fen < near_fen <= after_fen else None


def _balance_events(core: Core, planned: Planned, payer: PayerAtTill, paid_fen: int) -> list[Event]:
    """To whoever's city advises to keep a reserve, when this payment goes below it."""
    pack = core.home_pack(payer.situation, planned.at)
    reserve_fen = pack.advice_reserve_fen if pack else None
    before_fen = payer.situation.balance.total_fen
    if reserve_fen is None or not before_fen - paid_fen < reserve_fen <= before_fen:
        return []
    data = {"balance_fen": before_fen - paid_fen, "reserve_fen": reserve_fen}
    return [Event("balance_low", payer.situation.person.id, data)]

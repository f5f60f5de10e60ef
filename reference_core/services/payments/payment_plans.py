"""Plans a payment from the facts that one query read: the same for a till and for a payment that is only imagined."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from groundwork.masking import mask_name
from reference_core.db import Row
from reference_core.decisions.settlement.plan import plan_payment
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services.people.people import open_name
from reference_core.services.people.situations import to_institution, to_situation
from reference_core.vocabulary.facts import Bill, PayerAtTill, Plan, Situation


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan with everything it rests on."""

    at: datetime
    institution_id: str
    bill: Bill
    member_id: str
    view: Row
    payers: tuple[PayerAtTill, ...]
    plan: Plan
    names_masked: dict[str, str]


def facts_asked(core: Core, institution_id: str, now: datetime) -> dict[str, Any]:
    """What `core.payment_facts` has to be told."""
    return {
        "institution_id": institution_id,
        "at": now.isoformat(),
        "year": now.year,
        "month_start": month_start(now),
        "count_all": core.packs.counts_months(now.date()),
    }


def plan_from(core: Core, institution_id: str, bill: Bill, view: Row, now: datetime) -> Planned:
    """The plan for this bill; raises `NotFound` where nobody knows the institution."""
    basis, balances = view["basis"], view["balances"]
    if basis["institution"] is None:
        raise NotFound
    member_id = basis["member"]["person"]["id"]
    payers = tuple(_payer(one, balances) for one in basis["payers"])
    member = to_situation(basis["member"], balances[member_id])
    plan = plan_payment(core.packs, bill, to_institution(basis["institution"]), member, payers, now=now)
    names = {one: mask_name(open_name(core.keys, one, bytes.fromhex(sealed))) for one, sealed in view["names"].items()}
    return Planned(now, institution_id, bill, member_id, view, payers, plan, names)


def answer_of(planned: Planned, settlement_id: str | None) -> Row:
    """What a till is answered; without an id nothing was settled."""
    bill, plan = planned.bill, planned.plan
    return {
        "settlement_id": settlement_id,
        "status": "settled" if settlement_id else "presettled",
        "bill_fen": bill.bill_fen,
        "fund_fen": bill.fund_fen,
        "own_fen": plan.own_fen,
        "payers": [{"name_masked": planned.names_masked[part.payer_id], "paid_fen": part.paid_fen} for part in plan.payers],
        "cash_fen": plan.cash_fen,
        "reasons": [asdict(reason) for reason in plan.reasons],
    }


def month_start(now: datetime) -> str:
    """When the month began, as the database is told."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).isoformat()


def _payer(one: Row, balances: dict[str, dict[str, int]]) -> PayerAtTill:
    situation: Situation = to_situation(one["facts"], balances[one["facts"]["person"]["id"]])
    relation = next(tie for tie in situation.as_payer if tie.id == one["relation_id"])
    return PayerAtTill(situation, relation, one["spent_this_month_fen"], tuple(sorted(one["spent_by_region"].items())))

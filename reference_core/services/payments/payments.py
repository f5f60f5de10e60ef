"""A payment: facts in one query, a plan without locks, one server-side call that checks the facts and moves the money."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once, recall, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound, Refused, TryAgain, VoucherCodeUnknown
from reference_core.services.notices import events
from reference_core.services.payments.bills import read_bill
from reference_core.services.payments.credentials import check_holder, credential_prints, wrong_since
from reference_core.services.payments.payment_events import payment_events, refusal_event
from reference_core.services.payments.payment_plans import Planned, answer_of, facts_asked, month_start, plan_from
from reference_core.services.vouchers.far_reads import check_near
from reference_core.services.vouchers.vouchers import tie_code
from reference_core.vocabulary.facts import Bill

# Somebody else's payment made the plan stale: plan anew so often before asking the till to try again.
_PLANS_MAX = 5


def settle(core: Core, institution_id: str, asked: Row, scope: Scope) -> Answer:
    """Settle a bill once per key; raises `TryAgain` when the facts changed under every plan."""
    bill = read_bill(asked)
    for _ in range(_PLANS_MAX):
        view, now = _look(core, institution_id, asked, scope)
        if view.get("remembered"):
            return recall(view["remembered"], scope)
        planned = _plan(core, institution_id, asked, bill=bill, view=view, now=now)
        if planned.plan.refused:
            return _refuse(core, scope, planned)
        order = _order(core, planned, scope)
        said = (core.db.one("SELECT core.settle(%s) AS said", [Jsonb(order)]) or {})["said"]
        if said["outcome"] == "settled":
            return Answer(200, order["answer"])
        if said["outcome"] == "remembered":  # pragma: no cover  # the same key won between look and act, which no test can order
            return recall(said["remembered"], scope)
    raise TryAgain


def presettle(core: Core, institution_id: str, asked: Row) -> Row:
    """What settling would answer now; a code shown for it is kept for this institution."""
    bill = read_bill(asked)
    view, now = _look(core, institution_id, asked, None)
    planned = _plan(core, institution_id, asked, bill=bill, view=view, now=now)
    if planned.plan.refused:
        raise Refused(planned.plan.refused)
    code = view["holder"].get("code_print")
    if code is not None and not tie_code(core, code, institution_id):
        raise VoucherCodeUnknown
    return answer_of(planned, None)


def _look(core: Core, institution_id: str, asked: Row, scope: Scope | None) -> tuple[Row, datetime]:
    now = core.now()
    credential = asked["credential"]
    question = {
        **facts_asked(core, institution_id, now),
        "scope": scope.as_json() if scope else None,
        "wrong_since": wrong_since(core, now).isoformat(),
        "credential_kind": credential["kind"],
        "prints": credential_prints(core, credential["kind"], credential["value"]),
    }
    found = core.db.one("SELECT core.payment_view(%s) AS view", [Jsonb(question)]) or {}
    return found["view"], now


def _plan(core: Core, institution_id: str, asked: Row, *, bill: Bill, view: Row, now: datetime) -> Planned:
    basis = view["basis"]
    if basis["institution"] is None:
        raise NotFound
    check_holder(core, institution_id, asked["credential"]["kind"], view, now)
    check_near(core, view["holder"], basis["institution"], now)
    return plan_from(core, institution_id, bill, view, now)


def _refuse(core: Core, scope: Scope, planned: Planned) -> Answer:
    def work(tx: Tx) -> Answer:
        events.record(tx, planned.at, refusal_event(planned))
        return refusal(planned.plan.refused)

    return once(core.db, scope, planned.at, work)


def _order(core: Core, planned: Planned, scope: Scope) -> Row:
    """All that the posting call is told; it decides nothing but whether the plan's facts still hold."""
    settlement_id, plan, now = new_id(), planned.plan, planned.at
    return {
        "scope": scope.as_json(),
        "status": 200,
        "answer": answer_of(planned, settlement_id),
        "at": now.isoformat(),
        "year": now.year,
        "month_start": month_start(now),
        "count_all": core.packs.counts_months(now.date()),
        "basis": planned.view["basis"],
        "legs": _legs(planned),
        "exact": {person: planned.view["balances"][person] for person in plan.exact_balances},
        "code_print": planned.view["holder"].get("code_print"),
        "settlement": _settlement(planned, settlement_id),
        "events": [event.as_json() for event in payment_events(core, planned, settlement_id)],
    }


def _settlement(planned: Planned, settlement_id: str) -> Row:
    bill, plan = planned.bill, planned.plan
    return {
        "id": settlement_id,
        "institution_id": planned.institution_id,
        "member_id": planned.member_id,
        "credential_kind": bill.credential_kind,
        "med_type": bill.med_type,
        "bill_fen": bill.bill_fen,
        "fund_fen": bill.fund_fen,
        "own_fen": plan.own_fen,
        "payer_fen": sum(part.paid_fen for part in plan.payers),
        "cash_fen": plan.cash_fen,
        "reasons": [asdict(reason) for reason in plan.reasons],
    }


def _legs(planned: Planned) -> list[Row]:
    """Each source in the order of payment, and inside an account the year first that is spent first."""
    plan = planned.plan
    legs = [_leg("own", planned.member_id, None, plan.own_current_year_fen, plan.own_prior_year_fen)]
    legs += [_leg("payer", part.payer_id, part.relation_id, part.current_year_fen, part.prior_year_fen) for part in plan.payers]
    if plan.buckets_order == "prior_first":
        legs = [half for leg in legs for half in ({**leg, "current_year_fen": 0}, {**leg, "prior_year_fen": 0})]
    return [leg for leg in legs if leg["current_year_fen"] or leg["prior_year_fen"]]


def _leg(source: str, person_id: str, relation_id: str | None, current_fen: int, prior_fen: int) -> Row:
    return {
        "source": source,
        "person_id": person_id,
        "relation_id": relation_id,
        "current_year_fen": current_fen,
        "prior_year_fen": prior_fen,
    }

"""A payment that is only imagined: planned like a till's from the same facts, told to each side as far as it is theirs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from reference_core.db import Row
from reference_core.decisions.rules.people import insured_region
from reference_core.decisions.settlement.imagined import Giver, givers, own_part, own_reasons
from reference_core.decisions.settlement.plan import plan_payment
from reference_core.parts import Core
from reference_core.problems import NotFound, Refused
from reference_core.services.payments.bills import read_bill
from reference_core.services.payments.payment_plans import Planned, answer_of, facts_asked, plan_from
from reference_core.services.people.situations import to_institution, to_situation
from reference_core.vocabulary.facts import Plan, Reason

_MYSELF = "self"


def preview(core: Core, person_id: str, asked: dict[str, Any]) -> Row:
    """What a till would answer now, without an id; raises `Refused` where it would refuse, `NotFound` for a stranger."""
    now, member = core.now(), asked["member"]
    bill = read_bill({**asked, "credential": {"kind": "voucher"}})
    member_id = person_id if member == _MYSELF else _member_of(core, person_id, member, now)
    found = core.db.one(
        "SELECT core.payment_facts(%s, %s) AS view", [member_id, Jsonb(facts_asked(core, asked["institution"], now))]
    )
    planned = plan_from(core, asked["institution"], bill, (found or {})["view"], now)
    if planned.plan.refused:
        raise Refused(planned.plan.refused)
    return _as_member(core, planned) if member == _MYSELF else _as_payer(core, planned, person_id)


def _member_of(core: Core, payer_id: str, relation_id: str, now: datetime) -> str:
    tie = core.db.one(
        "SELECT member_id::text AS member_id FROM core.relations "
        "WHERE id = %s AND payer_id = %s AND (ended_at IS NULL OR ended_at > %s)",
        [relation_id, payer_id, now],
    )
    if tie is None:
        raise NotFound
    return str(tie["member_id"])


def _as_member(core: Core, planned: Planned) -> Row:
    situation = to_situation(planned.view["basis"]["member"], planned.view["balances"][planned.member_id])
    ties = sum(payer.relation.stands(planned.at) for payer in planned.payers)
    paying = givers(core.pack(insured_region(situation.person), planned.at), planned.plan, ties)
    return {**_told(planned, paying, planned.plan.reasons, None), "own_fen": planned.plan.own_fen}


def _as_payer(core: Core, planned: Planned, payer_id: str) -> Row:
    reasons = own_reasons(planned.plan.reasons, _alone(core, planned, payer_id).reasons)
    hidden = {"own_fen": None, "cash_fen": None}
    return {**_told(planned, own_part(planned.plan, payer_id), reasons, payer_id), **hidden}


def _alone(core: Core, planned: Planned, payer_id: str) -> Plan:
    """The same bill if nobody else shared their money with this member."""
    basis = planned.view["basis"]
    member = to_situation(basis["member"], planned.view["balances"][planned.member_id])
    mine = [payer for payer in planned.payers if payer.situation.person.id == payer_id]
    return plan_payment(core.packs, planned.bill, to_institution(basis["institution"]), member, mine, now=planned.at)


def _told(planned: Planned, paying: tuple[Giver, ...], reasons: tuple[Reason, ...], me: str | None) -> Row:
    told = answer_of(planned, None)
    del told["settlement_id"]
    payers = [
        {
            "name_masked": planned.names_masked[one.person_id],
            "is_me": one.person_id == me,
            "paid_fen": one.paid_fen,
            "why": one.why,
        }
        for one in paying
    ]
    return {**told, "payers": payers, "reasons": [asdict(reason) for reason in reasons]}

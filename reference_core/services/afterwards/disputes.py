"""«Not me»: somebody disputes a payment; the ties behind it stop at once, and the counter decides what goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.disputing import ties_to_freeze, what_follows
from reference_core.decisions.reasons import explain
from reference_core.decisions.settlement.plan import RefundExceedsPaid
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import Refused
from reference_core.services.afterwards import dispute_rows
from reference_core.services.afterwards.dispute_rows import Dispute
from reference_core.services.afterwards.record_rows import read_record
from reference_core.services.payments.refunds import refund_within
from reference_core.services.people import people
from reference_core.services.people.situations import read_situation
from reference_core.services.relations.ties import Ending, end_tie, hold_tie


def open_dispute(core: Core, person_id: str, settlement_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Open a case and freeze the ties; raises `NotFound` where the payment is none of this person's."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        record = read_record(tx, person_id, settlement_id)
        paid_by = frozenset(part["person_id"] for part in record["parts"] if part["source"] == "payer")
        people.lock_people(tx, sorted({record["member_id"], person_id, *paid_by}))
        known = tx.execute(
            "SELECT FROM core.disputes WHERE settlement_id = %s AND opened_by = %s", [settlement_id, person_id]
        ).fetchone()
        if known is not None:
            return refusal([_explain(core, tx, person_id, "dispute_already_opened", now)])
        member = read_situation(tx, record["member_id"], now)
        ties = ties_to_freeze(member.as_member if member else (), paid_by, person_id, now)
        ids = tuple(tie.id for tie in ties)
        dispute = Dispute(new_id(), settlement_id, person_id, record["member_id"], ids, None)
        _keep(core, tx, dispute, asked.get("reason"), now)
        return Answer(201, {"id": dispute.id, "status": "open"})

    return once(core.db, scope, now, work)


def _keep(core: Core, tx: Tx, dispute: Dispute, reason: str | None, now: datetime) -> None:
    sealed = people.seal(core.keys, f"dispute:{dispute.id}", dispute.opened_by, reason)
    tx.execute(
        "INSERT INTO core.disputes (id, settlement_id, opened_by, reason_sealed, opened_at, relation_ids) "
        "VALUES (%s, %s, %s, %s, %s, %s::uuid[])",
        [dispute.id, dispute.settlement_id, dispute.opened_by, sealed, now, list(dispute.relation_ids)],
    )
    dispute_rows.freeze(tx, dispute.relation_ids, now)
    dispute_rows.step(tx, dispute.id, now, "opened", *(("frozen",) if dispute.relation_ids else ()))
    dispute_rows.tell(tx, dispute, "dispute_opened", now)


def decide(core: Core, dispute_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """A clerk decides: the money goes back the way it came, and the ties end, stay frozen or thaw; raises `NotFound`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        dispute = _hold(tx, dispute_id)
        if dispute.decision is not None:
            return refusal([_explain(core, tx, dispute.opened_by, "dispute_already_decided", now)])
        upheld = asked["decision"] == "upheld"
        try:
            back = _give_back(core, tx, dispute, asked.get("refund_fen"), scope=scope, now=now) if upheld else None
        except RefundExceedsPaid:
            # Raised, so that nothing of the decision is kept beside it.
            raise Refused([explain(None, "refund_exceeds_paid")]) from None
        follows = what_follows(asked["decision"], dispute.opened_by_payer, asked.get("tie"))
        _write_decision(tx, dispute, asked, back, now)
        dispute_rows.step(tx, dispute.id, now, asked["decision"], *(("refunded",) if back else ()))
        if dispute.relation_ids:
            _carry_out(tx, dispute, follows, now)
        why = {"because": asked["because"]} if asked.get("because") else {}
        dispute_rows.tell(tx, dispute, "dispute_decided", now, decision=asked["decision"], tie=follows, **why)
        return Answer(200, {"id": dispute.id, "status": asked["decision"], "returned": back and back["returned"]})

    return once(core.db, scope, now, work)


def _hold(tx: Tx, dispute_id: str) -> Dispute:
    """Lock the people first, as everybody does, and then read the case anew."""
    found = dispute_rows.read_dispute(tx, dispute_id)
    rows = tx.execute(
        "SELECT payer_id::text AS payer, member_id::text AS member FROM core.relations WHERE id = ANY (%s::uuid[])",
        [list(found.relation_ids)],
    ).fetchall()
    sides = {row[side] for row in rows for side in ("payer", "member")}
    people.lock_people(tx, sorted({found.opened_by, found.member_id, *sides}))
    return dispute_rows.read_dispute(tx, dispute_id, lock=True)


def _give_back(core: Core, tx: Tx, dispute: Dispute, amount_fen: int | None, *, scope: Scope, now: datetime) -> Row | None:
    if amount_fen == 0:
        return None
    own_scope = replace(scope, operation=f"{scope.operation} refund")
    return refund_within(core, tx, dispute.settlement_id, amount_fen, scope=own_scope, now=now)


def _write_decision(tx: Tx, dispute: Dispute, asked: dict[str, Any], back: Row | None, now: datetime) -> None:
    tx.execute(
        "UPDATE core.disputes SET decision = %s, because = %s, decided_at = %s, decided_by = %s, refund_id = %s WHERE id = %s",
        [asked["decision"], asked.get("because"), now, asked["operator"], back and back["refund_id"], dispute.id],
    )


def _carry_out(tx: Tx, dispute: Dispute, follows: str, now: datetime) -> None:
    if follows == "thawed":
        dispute_rows.thaw(tx, dispute.relation_ids)
    if follows == "tie_ended":
        for relation_id in dispute.relation_ids:
            tie = hold_tie(tx, relation_id).tie
            if tie.ended_at is None:
                end_tie(tx, tie, Ending("dispute_upheld", now, "agency"), now)
    dispute_rows.step(tx, dispute.id, now, follows)


def list_disputes(core: Core, person_id: str) -> list[Row]:
    """The cases that concern this person, with everything that happened in them."""
    with core.db.connection() as tx:
        return dispute_rows.list_of(tx, person_id)


def _explain(core: Core, tx: Tx, person_id: str, rule: str, now: datetime) -> Any:
    person = read_situation(tx, person_id, now)
    return explain(core.home_pack(person, now) if person else None, rule)

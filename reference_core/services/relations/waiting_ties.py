"""Ties that wait: for an agency's decision, for the member's or guardian's yes, and for a payer to wake them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from reference_core.db import Row, Tx
from reference_core.decisions.binding_terms import first_instant, outcome_of
from reference_core.decisions.rules.changes import acceptor_of, may_accept, may_accept_at_counter, may_reactivate, may_review
from reference_core.decisions.rules.review import UNSAID
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.people.situations import situation_of, to_relation
from reference_core.services.relations.demanded_answers import check_answers
from reference_core.services.relations.ties import Ending, end_tie, hold_tie, read_tie, tell_both
from reference_core.vocabulary.facts import Relation


@dataclass(frozen=True, slots=True)
class WaitingTie:
    """A tie that one person may accept, under the rules of the city that it was made in."""

    tie: Relation
    pack: Pack


def answer_offer(core: Core, person_id: str, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """The member, or the guardian who is the payer, accepts a tie or declines it."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        held = hold_tie(tx, relation_id, person_id)
        tie, pack = held.tie, core.pack(held.tie.region, now)
        verdict = may_accept(pack, tie, held.member_born, person_id, now)
        if pack is None or not verdict.allowed:
            return refusal(verdict.reasons)
        if asked["accepted"]:
            # A no gives nothing away: it needs no second look at who says it.
            check_answers(pack, "accept-relation", asked, now)
            _accept(tx, pack, tie, {"by": person_id, "verified_by": Jsonb(asked["verified_by"]), "now": now})
        else:
            end_tie(tx, tie, Ending("declined", now, _role(tie, person_id), person_id), now)
        return _how_it_stands(tx, relation_id, now)

    return once(core.db, scope, now, work)


def answer_at_counter(core: Core, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """A clerk writes down the answer of a member without a phone, or of a guardian who does not pay (Y-18)."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id).tie
        pack = core.pack(tie.region, now)
        verdict = may_accept_at_counter(pack, tie, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        seen = {"channel": "counter", "method": "in_person", "operator": asked["operator"], "at": now.isoformat()}
        if asked["accepted"]:
            _accept(tx, pack, tie, {"by": None, "verified_by": Jsonb(seen), "now": now})
        else:
            end_tie(tx, tie, Ending("declined", now, "agency"), now)
        return _how_it_stands(tx, relation_id, now)

    return once(core.db, scope, now, work)


def review(core: Core, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """An agency's clerk approves or rejects a tie; that days ran out decides nothing (Y-19)."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id).tie
        pack = core.pack(tie.region, now)
        verdict = may_review(pack, tie, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        approved = asked["decision"] == "approve"
        because = None if approved else asked["because"] or [UNSAID]
        effective_from = None if tie.needs_acceptance or not approved else _begins(pack, tie, now)
        tx.execute(
            "UPDATE core.relations SET reviewed_at = %s, reviewed_by = %s, effective_from = %s, rejected_because = %s "
            "WHERE id = %s",
            [now, asked["operator"], effective_from, because, relation_id],
        )
        waits = {"outcome": "awaiting_acceptance"} if approved and tie.needs_acceptance else {}
        why = {"rules": because} if because else {}
        tell_both(tx, tie, "relation_reviewed", now, decision=asked["decision"], **waits, **why)
        if not approved:
            end_tie(tx, tie, Ending("review_rejected", now, "agency"), now)
        return _how_it_stands(tx, relation_id, now)

    return once(core.db, scope, now, work)


def reactivate(core: Core, person_id: str, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """The payer wakes a tie that was suspended while the account was frozen."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id, person_id).tie
        if tie.payer_id != person_id:
            raise NotFound
        pack = core.pack(tie.region, now)
        verdict = may_reactivate(pack, tie, situation_of(tx, person_id, now), now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        check_answers(pack, "change-limit", asked, now)
        tx.execute("UPDATE core.relations SET suspended_at = NULL WHERE id = %s", [relation_id])
        tell_both(tx, tie, "relation_resumed", now)
        return _how_it_stands(tx, relation_id, now)

    return once(core.db, scope, now, work)


def waiting_for(core: Core, tx: Tx, person_id: str, now: datetime) -> tuple[WaitingTie, ...]:
    """The ties that wait for this person's yes, oldest first."""
    rows = tx.execute(
        "SELECT core.relation_facts(r) AS tie, m.born FROM core.relations r JOIN core.people m ON m.id = r.member_id "
        "WHERE %s IN (r.member_id, r.payer_id) AND r.needs_acceptance AND r.accepted_at IS NULL AND r.ended_at IS NULL "
        "ORDER BY r.bound_at, r.id",
        [person_id],
    ).fetchall()
    found = ((to_relation(row["tie"]), row["born"]) for row in rows)
    packed = ((tie, born, core.pack(tie.region, now)) for tie, born in found if tie.status(now) == "awaiting_acceptance")
    return tuple(WaitingTie(tie, pack) for tie, born, pack in packed if pack and acceptor_of(pack, tie, born, now) == person_id)


def _accept(tx: Tx, pack: Pack | None, tie: Relation, accepted: Row) -> None:
    tx.execute(
        "UPDATE core.relations SET accepted_at = %(now)s, accepted_by = %(by)s, accepted_verified_by = %(verified_by)s, "
        "effective_from = %(effective_from)s WHERE id = %(id)s",
        {**accepted, "effective_from": _begins(pack, tie, accepted["now"]), "id": tie.id},
    )
    tell_both(tx, tie, "relation_accepted", accepted["now"], accepted_by=_role(tie, accepted["by"]))


def _begins(pack: Pack | None, tie: Relation, now: datetime) -> datetime:
    return first_instant(pack, now, tie.starts_on) if pack else now


def _role(tie: Relation, person_id: str | None) -> str:
    if person_id is None:
        return "agency"
    return "member" if person_id == tie.member_id else "payer"


def _how_it_stands(tx: Tx, relation_id: str, now: datetime) -> Answer:
    tie = read_tie(tx, relation_id).tie
    status = tie.status(now)
    waits = outcome_of(status == "under_review", status == "awaiting_acceptance")
    body = {"id": tie.id, "status": status, "effective_from": moment_json(tie.effective_from), "outcome": waits}
    return Answer(200, body)

"""How much and what for: limits that a payer sets on a tie, and the end of it all when the account is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import Fault
from reference_core.decisions.rules.changes import cap_in_force_fen, changeable, may_change_tie, may_close
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotFound
from reference_core.services.notices import events
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of
from reference_core.services.relations import payer_requests
from reference_core.services.relations.demanded_answers import check_answers, faults_in
from reference_core.services.relations.ties import Ending, end_tie, hold_tie, read_tie, tell_both
from reference_core.vocabulary.facts import Relation, Situation

_LIMITS = ("monthly_cap_fen", "scopes")


def change_limits(core: Core, person_id: str, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Set or lift what the payer may limit; less than was spent this month simply leaves no room."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id, person_id).tie
        if tie.payer_id != person_id:
            raise NotFound
        pack = core.pack(tie.region, now)
        verdict = may_change_tie(pack, tie, now)
        if pack is None or not verdict.allowed:
            return refusal(verdict.reasons)
        faults = _faults(pack, asked, situation_of(tx, person_id, now), now)
        if faults:
            raise InvalidAnswers(fields=faults)
        tx.execute(
            "UPDATE core.relations SET monthly_cap_fen = %(monthly_cap_fen)s, scopes = %(scopes)s WHERE id = %(id)s",
            {**_limits_after(tie, asked), "id": tie.id},
        )
        changed = read_tie(tx, relation_id).tie
        if _has_more_room(pack, tie, changed):
            payer_requests.limit_was_raised(tx, tie.id, now)
        tell_both(tx, tie, "relation_limits_changed", now)
        return Answer(200, {**_limits_json(pack, changed), "status": tie.status(now), "outcome": "done"})

    return once(core.db, scope, now, work)


def close_account(core: Core, person_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Close the shared account: every standing tie ends with it, the money stays its owner's."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.lock_people(tx, [person_id])
        situation = situation_of(tx, person_id, now)
        pack = core.home_pack(situation, now)
        verdict = may_close(pack, situation, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        check_answers(pack, "close-account", asked, now)
        for tie in changeable(situation, now):
            end_tie(tx, tie, Ending("account_closed", now, "payer", person_id), now)
        tx.execute(
            "UPDATE core.mutual_aid_accounts SET closed_at = %s WHERE person_id = %s AND closed_at IS NULL", [now, person_id]
        )
        events.record(tx, now, events.Event("account_closed", person_id, {}))
        return Answer(200, {"status": "closed", "outcome": "done"})

    return once(core.db, scope, now, work)


def _faults(pack: Pack, asked: Row, payer: Situation, now: datetime) -> dict[str, Fault]:
    """A limit that is left out stays and one that is null is lifted, so neither can be missing."""
    found = faults_in(pack, "change-limit", asked, payer, now)
    return {name: fault for name, fault in found.items() if name not in _LIMITS or asked.get(name) is not None}


def _limits_after(tie: Relation, asked: Row) -> Row:
    cap_fen = asked.get("monthly_cap_fen", tie.monthly_cap_fen)
    scopes = asked["scopes"] if "scopes" in asked else list(tie.scopes or ())
    return {"monthly_cap_fen": cap_fen or None, "scopes": scopes or None}


def _has_more_room(pack: Pack, before: Relation, after: Relation) -> bool:
    was_fen, is_fen = cap_in_force_fen(pack, before), cap_in_force_fen(pack, after)
    return was_fen is not None and (is_fen is None or is_fen > was_fen)


def _limits_json(pack: Pack, tie: Relation) -> Row:
    scopes = sorted(tie.scopes) if tie.scopes is not None else None
    return {"id": tie.id, "monthly_cap_fen": cap_in_force_fen(pack, tie), "scopes": scopes}

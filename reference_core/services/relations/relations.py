"""Mutual-aid ties as either side meets them: ended by who may, listed with what was spent, never deleted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.binding_terms import ReviewDays, takes_effect
from reference_core.decisions.rules.changes import cap_in_force_fen
from reference_core.decisions.rules.people import standing
from reference_core.decisions.rules.review import why_declined, why_turned_down
from reference_core.decisions.rules.verdicts import may_end
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of, to_relation
from reference_core.services.relations.binding import review_json
from reference_core.services.relations.demanded_answers import check_answers
from reference_core.services.relations.ties import Ending, end_tie, hold_tie
from reference_core.vocabulary.facts import Relation
from reference_core.vocabulary.kinship import word_of
from reference_core.vocabulary.med_types import SCENE_LABELS

# Long enough to hear of it and to mend what was missing.
_A_NO_IS_SHOWN = timedelta(days=30)


def end(core: Core, person_id: str, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """End a tie; its payer always may, its member where the pack lets members leave, anybody else finds nothing."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = hold_tie(tx, relation_id, person_id).tie
        pack = core.pack(tie.region, now)
        if person_id != tie.payer_id and not (pack and "member" in pack.ended_by):
            raise NotFound
        verdict = may_end(pack, tie, person_id, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        role = "payer" if person_id == tie.payer_id else "member"
        check_answers(pack, "remove-member" if role == "payer" else "leave-relation", asked, now)
        ended_at = takes_effect(pack.end_effect if pack else "at_once", now)
        end_tie(tx, tie, Ending(asked.get("reason") or f"ended_by_{role}", ended_at, role, person_id), now)
        return Answer(200, {"id": tie.id, "status": "ended", "ended_at": moment_json(ended_at), "outcome": "done"})

    return once(core.db, scope, now, work)


def end_for_ward(core: Core, payer_id: str, ward_id: str, scope: Scope) -> Answer:
    """End at once what a guardian pays for a child for whom they no longer speak, whatever the city says of ends; raises
    `NotFound`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.lock_people(tx, [payer_id, ward_id])
        ties = standing(situation_of(tx, payer_id, now).as_payer, now)
        tie = next((one for one in ties if one.member_id == ward_id and one.ended_at is None), None)
        if tie is None:
            raise NotFound
        end_tie(tx, tie, Ending("consent_withdrawn", now, "payer", payer_id), now)
        return Answer(200, {"id": tie.id, "status": "ended", "ended_at": moment_json(now), "outcome": "done"})

    return once(core.db, scope, now, work)


def list_ties(core: Core, person_id: str, role: str) -> list[Row]:
    """Whom this person helps (`payer`), or whose money this person may use (`member`); what has ended is history."""
    now = core.now()
    mine, theirs = ("payer_id", "member_id") if role == "payer" else ("member_id", "payer_id")
    with core.db.connection() as tx:
        rows = _read_ties(tx, mine, person_id, now)
        rows += _read_turned_down(tx, person_id, now) if role == "payer" else []
        names = people.masked_names(tx, core.keys, [row["tie"][theirs] for row in rows])
    ties = [(to_relation(row["tie"]), names[row["tie"][theirs]], row) for row in rows]
    return [_tie_json(core, tie, name, row, now) for tie, name, row in ties]


def _read_ties(tx: Tx, mine: str, person_id: str, now: datetime) -> list[Row]:
    month_start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return tx.execute(
        "SELECT core.relation_facts(r) AS tie, core.spent_in_month(r.id, %s) AS spent_fen, "  # noqa: S608  # two known columns
        "r.review_due_from, r.review_due_by, r.review_due_assumed FROM core.relations r "
        f"WHERE r.{mine} = %s AND (r.ended_at IS NULL OR r.ended_at > %s) ORDER BY r.bound_at, r.id",
        [month_start, person_id, now],
    ).fetchall()


def _read_turned_down(tx: Tx, payer_id: str, now: datetime) -> list[Row]:
    """What an agency or the relative said no to lately, until the payer asks again for the same relative."""
    return tx.execute(
        "SELECT core.relation_facts(r) AS tie, 0 AS spent_fen, r.rejected_because FROM core.relations r "
        "WHERE r.payer_id = %s AND r.end_reason IN ('review_rejected', 'declined') AND r.ended_at BETWEEN %s AND %s "
        "AND NOT EXISTS (SELECT FROM core.relations later WHERE later.payer_id = r.payer_id "
        "AND later.member_id = r.member_id AND later.bound_at > r.bound_at) ORDER BY r.bound_at, r.id",
        [payer_id, now - _A_NO_IS_SHOWN, now],
    ).fetchall()


def _why_turned_down(core: Core, tie: Relation, row: Row) -> list[Row]:
    if "rejected_because" not in row or tie.ended_at is None:
        return []
    pack = core.pack(tie.region, tie.ended_at)
    reasons = why_declined(pack) if tie.end_reason == "declined" else why_turned_down(pack, row["rejected_because"] or ())
    return [asdict(reason) for reason in reasons]


def _tie_json(core: Core, tie: Relation, name_masked: str, row: Row, now: datetime) -> Row:
    pack = core.pack(tie.region, now)
    shown = {
        "id": tie.id,
        "name_masked": name_masked,
        "relation": word_of(tie.kinship),
        "status": tie.status(now),
        "effective_from": moment_json(tie.effective_from),
        "spent_this_month_fen": row["spent_fen"],
        "reasons": _why_turned_down(core, tie, row),
    }
    chosen: Row = {
        "monthly_cap_fen": cap_in_force_fen(pack, tie),
        "scopes": sorted(tie.scopes) if tie.scopes is not None else None,
        "uses": [SCENE_LABELS[scene] for scene in sorted(tie.scopes)] if tie.scopes else None,
        "starts_on": tie.starts_on.isoformat() if tie.starts_on else None,
        "ends_on": tie.ends_on.isoformat() if tie.ends_on else None,
        "ended_at": moment_json(tie.ended_at),
        "review": _review(row, now) if shown["status"] == "under_review" else None,
    }
    return shown | {name: value for name, value in chosen.items() if value is not None}


def _review(row: Row, now: datetime) -> Row:
    return review_json(ReviewDays(row["review_due_from"], row["review_due_by"], row["review_due_assumed"]), now)

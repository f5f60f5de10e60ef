"""Leaving somebody's account: which ties a member could leave, and whether the city lets them (Y-15)."""

from __future__ import annotations

from datetime import datetime

from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.verdicts import may_end
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Relation, Situation, Verdict

LEAVE = "leave-relation"


def leavable(member: Situation, now: datetime) -> tuple[Relation, ...]:
    """The ties by which this person uses somebody's money, whose end is not settled yet."""
    return tuple(tie for tie in member.as_member if tie.stands(now) and tie.ended_at is None)


def may_leave_any(pack: Pack | None, member: Situation, now: datetime) -> Verdict:
    """Is there a tie that this person could leave? Where only payers end ties, a request to them is the way."""
    ties = leavable(member, now)
    return may_end(pack, ties[0], member.person.id, now) if ties else verdict_of([explain(pack, "no_payers")])

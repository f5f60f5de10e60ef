"""May a tie that was made be accepted, changed, woken or reviewed, and may the account behind it be closed? All pure."""

from __future__ import annotations

from datetime import date, datetime

from groundwork.ages import has_turned
from groundwork.clock import china
from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.people import explain_end, payer_insurance, standing
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Relation, Situation, Verdict
from reference_core.vocabulary.kinship import word_of

_CHILDREN = ("son", "daughter")


def may_change(pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    """Is there anybody whose limits this person could change?"""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    if "change-limit" not in pack.flows:
        return verdict_of([explain(pack, "act_not_offered")])
    return Verdict() if changeable(payer, now) else verdict_of([explain(pack, "no_limits_to_change")])


def changeable(payer: Situation, now: datetime) -> tuple[Relation, ...]:
    """The ties of a payer that stand and have no end settled yet."""
    return tuple(tie for tie in standing(payer.as_payer, now) if tie.ended_at is None)


def may_change_tie(pack: Pack | None, tie: Relation, now: datetime) -> Verdict:
    """May the limits of this tie be changed by its payer?"""
    if pack is None or "change-limit" not in pack.flows:
        return verdict_of([explain(pack, "act_not_offered")])
    if tie.ended_at is not None:
        return verdict_of([explain_end(pack, tie, now)])
    return Verdict()


def cap_in_force_fen(pack: Pack | None, tie: Relation) -> int | None:
    """The lower of the payer's own cap and the one that the city sets today, whenever the tie was made."""
    caps = [cap for cap in (tie.monthly_cap_fen, pack.monthly_cap_fen if pack else None) if cap is not None]
    return min(caps, default=None)


def may_close(pack: Pack | None, payer: Situation, _now: datetime) -> Verdict:
    """May this person close their shared account? Members never stand in the way: their ties end with it."""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    if "close-account" not in pack.flows:
        return verdict_of([explain(pack, "act_not_offered")])
    return Verdict() if payer.account_opened else verdict_of([explain(pack, "no_account_to_close", "open_account_required")])


def acceptor_of(pack: Pack, tie: Relation, member_born: date, now: datetime) -> str | None:
    """Who accepts on a phone: a grown member, else a parent who is the payer; nobody where the guardian is unknown (Y-18)."""
    if has_turned(member_born, pack.acceptance_min_age, china(now).date()):
        return tie.member_id
    return tie.payer_id if word_of(tie.kinship) in _CHILDREN else None


def may_accept(pack: Pack | None, tie: Relation, member_born: date, by_person_id: str, now: datetime) -> Verdict:
    """May this person accept or decline this tie?"""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    reasons = [*may_accept_at_counter(pack, tie, now).reasons]
    if not has_turned(member_born, pack.acceptance_min_age, china(now).date()):
        if acceptor_of(pack, tie, member_born, now) != by_person_id:
            reasons.append(explain(pack, "guardian_must_accept", "acceptance_min_age", age=pack.acceptance_min_age))
    elif by_person_id != tie.member_id:
        reasons.append(explain(pack, "only_member_may_accept"))
    return verdict_of(reasons)


def may_accept_at_counter(pack: Pack | None, tie: Relation, now: datetime) -> Verdict:
    """May a clerk write down what a member or guardian says, whoever the guardian is?"""
    status = tie.status(now)
    if status == "under_review":
        return verdict_of([explain(pack, "still_under_review", "review_workdays")])
    return Verdict() if status == "awaiting_acceptance" else verdict_of([explain(pack, "not_awaiting_acceptance")])


def may_accept_any(pack: Pack | None, waiting: int) -> Verdict:
    """Is there anything that this person could accept?"""
    return Verdict() if waiting else verdict_of([explain(pack, "nothing_to_accept")])


def may_reactivate(pack: Pack | None, tie: Relation, payer: Situation, now: datetime) -> Verdict:
    """May the payer wake a tie that slept while the account was frozen?"""
    if tie.status(now) != "suspended":
        return verdict_of([explain(pack, "relation_not_suspended")])
    insurance = payer_insurance(pack, payer.person) if pack else None
    if insurance is not None and insurance.status == "frozen":
        return verdict_of([explain(pack, "payer_still_frozen", "on_payer_frozen")])
    return Verdict()


def may_review(pack: Pack | None, tie: Relation, now: datetime) -> Verdict:
    """Is this tie still waiting for an agency's decision?"""
    return Verdict() if tie.status(now) == "under_review" else verdict_of([explain(pack, "review_not_open")])

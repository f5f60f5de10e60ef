"""Waking ties that slept while the payer's account was frozen: who may, which, and the screens for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.changes import may_reactivate
from reference_core.packs.common import flow_of
from reference_core.packs.schema_texts import FlowText
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Relation, Situation, Verdict

WAKE = "reactivate-relation"


def sleeping(payer: Situation, now: datetime) -> tuple[Relation, ...]:
    """The ties of a payer that are suspended."""
    return tuple(tie for tie in payer.as_payer if tie.status(now) == "suspended")


def may_wake_any(pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    """Is there a tie that this payer could wake?"""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    ties = sleeping(payer, now)
    return may_reactivate(pack, ties[0], payer, now) if ties else verdict_of([explain(pack, "relation_not_suspended")])


def wakes_by_hand(pack: Pack | None) -> bool:
    """Whether ties stay asleep in this city until somebody wakes them."""
    return pack is not None and pack.on_payer_unfrozen == "reactivate"


def waking_flow(pack: Pack) -> FlowText | None:
    """The screens, with the camera only where this city wants it for changes."""
    flow = flow_of(pack, WAKE)
    if flow is None or "change" in pack.real_person_on:
        return flow
    return replace(flow, steps=tuple(step for step in flow.steps if all(one.name != "real_person" for one in step.questions)))

"""Carries out what life's events mean for somebody's ties, in the transaction in which they are reported."""

from __future__ import annotations

from datetime import datetime

from reference_core.db import Tx
from reference_core.decisions.rules.life import Consequence, consequences
from reference_core.parts import Core
from reference_core.services.relations.ties import Ending, end_tie, tell_both
from reference_core.vocabulary.facts import Situation


def follow(core: Core, tx: Tx, before: Situation, after: Situation, now: datetime) -> None:
    """End, suspend and resume what the change from `before` to `after` asks for; the person must be locked."""
    for one in consequences(lambda region: core.pack(region, now), before.person, after):
        _carry_out(tx, one, now)


def _carry_out(tx: Tx, one: Consequence, now: datetime) -> None:
    if one.what == "end":
        end_tie(tx, one.tie, Ending(one.reason, now, "life_event"), now)
        return
    suspended_at = now if one.what == "suspend" else None
    tx.execute("UPDATE core.relations SET suspended_at = %s WHERE id = %s", [suspended_at, one.tie.id])
    tell_both(tx, one.tie, "relation_suspended" if suspended_at else "relation_resumed", now)

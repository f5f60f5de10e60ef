"""When a new tie takes effect and an ended one stops, by the pack: pure dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from groundwork.clock import CHINA
from reference_core.packs import Pack


@dataclass(frozen=True, slots=True)
class BindingTerms:
    """How a tie begins; `effective_from` is `None` while review or acceptance is awaited."""

    needs_review: bool
    needs_acceptance: bool
    effective_from: datetime | None

    @property
    def outcome(self) -> str:
        """What the person who asked is told."""
        if self.needs_review:
            return "under_review"
        return "awaiting_acceptance" if self.needs_acceptance else "done"


def binding_terms(pack: Pack, now: datetime) -> BindingTerms:
    """How a tie made on the phone now would begin."""
    needs_review = pack.review_workdays is not None
    waits = needs_review or pack.acceptance_required
    return BindingTerms(needs_review, pack.acceptance_required, None if waits else takes_effect(pack.effect_online, now))


def takes_effect(effect: str, now: datetime) -> datetime:
    """The instant that `at_once`, `next_day` or `next_month` means now."""
    today = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
    if effect == "next_day":
        return today + timedelta(days=1)
    if effect == "next_month":
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return now

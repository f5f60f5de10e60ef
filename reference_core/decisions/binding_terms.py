"""When a new tie takes effect and an ended one stops, by the pack: pure dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from groundwork.clock import CHINA, china
from reference_core.decisions.working_days import working_day_after
from reference_core.packs.shelf import Pack


@dataclass(frozen=True, slots=True)
class ReviewDays:
    """Between which days an agency should decide; `assumed` where the calendar of a year is not known yet."""

    due_from: date
    due_by: date
    assumed: bool


@dataclass(frozen=True, slots=True)
class BindingTerms:
    """How a tie begins; `effective_from` is `None` while review or acceptance is awaited."""

    needs_review: bool
    needs_acceptance: bool
    effective_from: datetime | None
    review: ReviewDays | None = None

    @property
    def outcome(self) -> str:
        """What the person who asked is told."""
        return outcome_of(self.needs_review, self.needs_acceptance)


def binding_terms(pack: Pack, now: datetime, starts_on: date | None = None) -> BindingTerms:
    """How a tie made on the phone now would begin."""
    needs_review = pack.review_workdays is not None
    waits = needs_review or pack.acceptance_required
    effective_from = None if waits else first_instant(pack, now, starts_on)
    return BindingTerms(needs_review, pack.acceptance_required, effective_from, _review_days(pack, now))


def counter_terms(pack: Pack, now: datetime, starts_on: date | None = None) -> BindingTerms:
    """How a tie made at a counter begins: the clerk has seen both sides' papers, so nobody is waited for (Y-18)."""
    return BindingTerms(False, False, _not_before(takes_effect(pack.effect_offline, now), starts_on))


def outcome_of(awaits_review: bool, awaits_acceptance: bool) -> str:
    """How far a tie has come: the agency looks first, then the member is asked."""
    if awaits_review:
        return "under_review"
    return "awaiting_acceptance" if awaits_acceptance else "done"


def first_instant(pack: Pack, now: datetime, starts_on: date | None) -> datetime:
    """From when a tie that waits for nobody any more is in force: as the city says, and not before the day chosen."""
    return _not_before(takes_effect(pack.effect_online, now), starts_on)


def _not_before(instant: datetime, starts_on: date | None) -> datetime:
    return instant if starts_on is None else max(instant, midnight(starts_on))


def takes_effect(effect: str, now: datetime) -> datetime:
    """The instant that `at_once`, `next_day` or `next_month` means now; a chosen day is added by whoever knows it."""
    today = midnight(china(now).date())
    if effect == "next_day":
        return today + timedelta(days=1)
    if effect == "next_month":
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return now


def midnight(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(day, time(), CHINA)


def _review_days(pack: Pack, now: datetime) -> ReviewDays | None:
    if pack.review_workdays is None:
        return None
    shortest, longest = pack.review_workdays
    today = china(now).date()
    first, last = working_day_after(today, shortest), working_day_after(today, longest)
    return ReviewDays(first.day, last.day, last.assumed)

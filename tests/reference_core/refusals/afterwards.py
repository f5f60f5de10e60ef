"""Refusals that people meet once a tie is made: accepting, changing, waking and reviewing it, and closing the account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from reference_core.decisions.flow_plans.leaving import may_leave_any
from reference_core.decisions.rules.changes import (
    may_accept,
    may_accept_any,
    may_change,
    may_change_tie,
    may_close,
    may_reactivate,
    may_review,
)
from reference_core.decisions.rules.review import REVIEW_REASONS, why_declined, why_turned_down
from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.facts import Relation, Verdict
from tests.reference_core.pure.family import LINYI, NOW, REGIONS, payer, relation, situation
from tests.reference_core.refusals.case import Refusal

# The city that asks for acceptance, review and waking; nobody is insured there in these cases.
_STRICT: Pack = load_packs([REGIONS / "guide-003.yaml"]).versions("guide-003")[-1]
_GROWN_UP, _CHILD = date(1985, 3, 2), date(2015, 3, 2)


def _tie(**facts: Any) -> Relation:
    return relation("payer", "member", **facts)


def _waiting(**facts: Any) -> Relation:
    return _tie(needs_acceptance=True, effective_from=None, **facts)


def _accepts(tie: Relation, born: date = _GROWN_UP, by: str = "member") -> Verdict:
    return may_accept(_STRICT, tie, born, by, NOW)


def _wakes(tie: Relation, status: str) -> Verdict:
    return may_reactivate(_STRICT, tie, payer(status=status), NOW)


def _turned_down(rule: str) -> Refusal:
    return Refusal(rule, "", lambda: why_turned_down(_STRICT, [rule]))


REFUSALS = (
    Refusal("no_payers", "", lambda: may_leave_any(_STRICT, situation(), NOW)),
    Refusal("act_not_offered", "", lambda: may_change(LINYI, payer(), NOW)),
    Refusal("no_account_to_close", "", lambda: may_close(_STRICT, situation(), NOW)),
    Refusal("no_limits_to_change", "", lambda: may_change(_STRICT, payer(), NOW)),
    Refusal("end_already_settled", "", lambda: may_change_tie(_STRICT, _tie(ended_at=NOW + timedelta(days=1)), NOW)),
    Refusal("still_under_review", "", lambda: _accepts(_waiting(needs_review=True))),
    Refusal("nothing_to_accept", "", lambda: may_accept_any(_STRICT, 0)),
    Refusal("not_awaiting_acceptance", "", lambda: _accepts(_tie())),
    Refusal("guardian_must_accept", "", lambda: _accepts(_waiting(), born=_CHILD)),
    Refusal("only_member_may_accept", "", lambda: _accepts(_waiting(), by="payer")),
    Refusal("relation_not_suspended", "", lambda: _wakes(_tie(), "normal")),
    Refusal("payer_still_frozen", "", lambda: _wakes(_tie(suspended_at=NOW - timedelta(days=1)), "frozen")),
    *map(_turned_down, REVIEW_REASONS),
    Refusal("relation_declined", "", lambda: why_declined(_STRICT)),
    Refusal("review_not_open", "", lambda: may_review(_STRICT, _tie(), NOW)),
)

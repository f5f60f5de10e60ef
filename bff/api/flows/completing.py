"""Carries out the end of a flow once, and says how it ended, also where the reply was lost the first time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.api.flows.answering import Answering
from bff.api.flows.effects import Outcome, carry_out, core_keys
from bff.api.flows.outcomes import remembered_outcome, settle_identity, told_outcome
from bff.api.flows.state import FlowState, View
from bff.errors import Fault, FlowNotStarted, InvalidAnswers, RuleRefusal, StepOutOfOrder, TextChanged
from bff.flows import engine


class Completing:
    """The end of one caller's one flow."""

    def __init__(self, at: FlowState) -> None:
        self._at, self._answering = at, Answering(at)

    def complete(self, key: str) -> tuple[dict[str, Any], Outcome]:
        """Carry the flow out; the answer, and what it does to the caller's session."""
        kept = self._at.parts.answers.load(self._at.place)
        if kept is None:
            return self._settle_without_answers(key)
        try:
            view = self._at.open(kept)
            self._refuse_incomplete(view)
        except RuleRefusal as refusal:
            return self._end_reached_before(key, refusal)
        given = engine.given_fields(view.plan, view.answers)
        effect = self._at.flow.effect({**given, "purpose": self._at.asked.get("purpose")} if self._at.flow.own_plan else given)
        core_key = core_keys(self._at.parts, self._at.session, self._at.flow.name, key)[0]
        try:
            outcome = carry_out(self._at.parts, self._at.session, effect, core_key)
        except TextChanged:
            # The pack changed a moment ago: planned anew, the consent's step is open again.
            self._at.open(kept)
            raise
        except InvalidAnswers as fault:
            self._reopen(view, fault.extra["fields"])
            raise
        self._at.parts.answers.drop(self._at.place)
        return told_outcome(view.plan, outcome), outcome

    @staticmethod
    def _refuse_incomplete(view: View) -> None:
        standing = engine.standing_step(view.plan, view.answers)
        if standing is None:
            return
        if standing.refusal:
            raise RuleRefusal(reasons=standing.refusal)
        raise TextChanged if engine.has_stale_consent(standing, view.answers) else StepOutOfOrder

    def _reopen(self, view: View, faults: Mapping[str, Fault]) -> None:
        """Ask the step anew whose answers the core does not take in the end: a look into the camera that is too long ago,
        or a photo that is gone. Were only the faulty answer dropped, an optional one would be passed by unseen."""
        faulty = next((step for step in view.plan.steps if any(step.field_named(name) for name in faults)), None)
        if faulty is None:
            return
        view.answers = {name: given for name, given in view.answers.items() if name != faulty.name}
        view.drawn, view.faults = faulty, faults
        self._answering.show_next(view, {faulty.name: None})

    def _settle_without_answers(self, key: str) -> tuple[dict[str, Any], Outcome]:
        if self._at.flow.for_strangers:
            outcome = settle_identity(self._at.parts, self._at.session)
            return told_outcome(self._at.plan({}), outcome), outcome
        outcome = remembered_outcome(self._at.parts, self._at.session, self._at.flow.name, key)
        return told_outcome(self._at.plan({}), outcome), outcome

    def _end_reached_before(self, key: str, refusal: RuleRefusal) -> tuple[dict[str, Any], Outcome]:
        """What is refused now may be what this key has done, where the reply was lost. Raises the refusal if it is not."""
        if self._at.flow.own_plan is not None:
            raise refusal
        try:
            outcome = remembered_outcome(self._at.parts, self._at.session, self._at.flow.name, key)
        except FlowNotStarted:
            raise refusal from None
        self._at.parts.answers.drop(self._at.place)
        return told_outcome(self._at.plan({}), outcome), outcome

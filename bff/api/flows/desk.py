"""Serves one caller's one flow: where they stand, what they answer, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.api.context import Parts
from bff.api.flows.agreeing import withdraw_all
from bff.api.flows.answering import Answering
from bff.api.flows.completing import Completing
from bff.api.flows.effects import Outcome
from bff.api.flows.state import FlowState
from bff.flows import engine
from bff.store.answers import Kept
from bff.store.sessions import Session


class FlowDesk:
    """One caller at one flow. Every error that it raises carries the screen to draw now."""

    def __init__(self, parts: Parts, session: Session, name: str) -> None:
        self._at = FlowState(parts, session, name)
        self._answering = Answering(self._at)

    def start(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Begin, or go on where one was; answers that came along are taken as a PUT of so much of the step that asks them."""
        with self._at.drawing():
            given = self._at.set_out_for(given)
            view = self._at.open(self._at.load_or_nothing() or Kept("", {}))
            if not view.kept.version:
                view.kept = self._at.parts.answers.save(self._at.place, None, {})
            if given:
                step = engine.step_that_asks(view.plan, set(given))
                if self._at.flow.own_plan is not None:
                    # The city judges answers in any order; ours would reach a channel before anybody agreed to it.
                    engine.open_step(view.plan, view.answers, step.name)
                return self._answering.answer(view, step, given, step.asking_only(given))
            return self._answering.show_next(view)

    def look(self) -> dict[str, Any]:
        """The current screen; nothing is begun by looking."""
        with self._at.drawing():
            view = self._at.open(self._at.load())
            return self._at.draw(view, engine.standing_step(view.plan, view.answers))

    def look_at(self, name: str) -> dict[str, Any]:
        """An earlier step, or the current one, with its answers."""
        with self._at.drawing():
            view = self._at.open(self._at.load())
            return self._at.draw(view, engine.open_step(view.plan, view.answers, name))

    def answer(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Keep one step's answers and return the next screen."""
        with self._at.drawing():
            view = self._at.open(self._at.load())
            step = engine.open_step(view.plan, view.answers, name)
            return self._answering.answer(view, step, given, step)

    def form(self) -> bytes:
        """The paper that the flow wants signed, with what was answered so far."""
        with self._at.drawing():
            view = self._at.open(self._at.load())
            engine.form_step(view.plan, view.answers)
            return self._at.parts.core.form(self._at.person_id(), self._at.flow.name, engine.told_answers(view.answers))

    def give_up(self) -> None:
        """Forget everything; a flow that was not begun is given up already. Who is not known yet refuses all consents so."""
        if self._at.session.person_id is None and self._at.session.agreed:
            withdraw_all(self._at.parts, self._at.session)
        self._at.parts.answers.drop(self._at.place)

    def complete(self, key: str) -> tuple[dict[str, Any], Outcome]:
        """Carry the flow out; the answer, and what it does to the caller's session."""
        with self._at.drawing():
            return Completing(self._at).complete(key)

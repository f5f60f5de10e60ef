"""What is known of one caller's one flow while a request runs: the answers loaded, today's plan, and the screen to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bff.api.context import Parts
from bff.api.flows.agreeing import open_texts, refuse_without_consent
from bff.api.flows.camera import CHECK, Camera, shown_check
from bff.api.flows.own import ASKED, asks_nothing, set_out, standing_of, still_agreed
from bff.errors import BffError, Fault, FlowChanged, FlowExpired, FlowNotStarted, IdentityRequired, RuleRefusal
from bff.flows import engine
from bff.flows.catalogue import IDENTITY_KNOWN, find_flow
from bff.flows.plan import Plan, Step, read_plan
from bff.flows.verify_identity import LOOK
from bff.store.answers import Kept, Place
from bff.store.sessions import Session


@dataclass(slots=True)
class View:
    """What is known while one request runs; an error is drawn from it."""

    plan: Plan
    answers: engine.Answers
    kept: Kept
    drawn: Step | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)


class FlowState:
    """One caller at one flow. Whatever is raised while `drawing` carries the screen to draw now."""

    def __init__(self, parts: Parts, session: Session, name: str) -> None:
        self.parts, self.session, self.flow = parts, session, find_flow(name)
        if not self.flow.for_strangers:
            self.person_id()
        if self.flow.own_plan is None:
            refuse_without_consent(session, self.today)
        self.asked: Mapping[str, Any] = {}
        self.place = Place(session.owner, name)
        self.camera = Camera(parts, session, self.flow.activates)
        self.view: View | None = None

    @property
    def today(self) -> date:
        return self.parts.clock.now().date()

    def load(self) -> Kept:
        kept = self.parts.answers.load(self.place)
        if kept is None:
            raise FlowNotStarted
        return kept

    def set_out_for(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Settle what a flow of our own is begun for; another purpose starts it anew. The answers that are left."""
        if self.flow.own_plan is None:
            return given
        asked, rest = set_out(self.session, self.flow.name, given, self.today)
        kept = self.load_or_nothing()
        if kept is None or (kept.steps.get(ASKED) or {}).get("purpose") != asked["purpose"]:
            if self.flow.for_strangers and asks_nothing(standing_of(self.session, asked, {}, self.today)):
                raise RuleRefusal(reasons=[IDENTITY_KNOWN])
            self.parts.answers.save(self.place, kept, {ASKED: asked, CHECK: None, LOOK: None})
        return rest

    def load_or_nothing(self) -> Kept | None:
        try:
            return self.parts.answers.load(self.place)
        except FlowExpired:
            return None

    def open(self, kept: Kept) -> View:
        """What the caller is asked today, with the answers that still count. Raises `RuleRefusal` if they may not go on."""
        self.asked = kept.steps.get(ASKED) or {}
        answers = self.standing({name: value for name, value in kept.steps.items() if name not in (ASKED, CHECK)})
        plan = self.plan(answers)
        if plan.reasons:
            raise RuleRefusal(reasons=plan.reasons, screen=engine.closed_screen(plan))
        answers = self.camera.proven_answers(plan, answers)
        self.view = View(plan, answers, kept, engine.standing_step(plan, answers))
        return self.view

    def standing(self, answers: engine.Answers) -> engine.Answers:
        """The answers without those to a text of ours that was taken back."""
        return still_agreed(self.session, answers) if self.flow.own_plan is not None else answers

    def plan(self, answers: engine.Answers) -> Plan:
        if self.flow.own_plan is not None:
            plan = self._judged(self.flow.own_plan(standing_of(self.session, self.asked, answers, self.today)))
            self.camera.refuse_where_none(plan)
            return plan
        plan = self.parts.core.plan(self.person_id(), self.flow.name, engine.told_answers(answers), read_plan)
        return self.camera.where_it_can(plan, answers)

    def _judged(self, plan: Plan) -> Plan:
        """A plan of our own, with what the core has against it; before somebody agreed, nobody is asked."""
        if not self.flow.judged_by_core or open_texts(self.session, self.today):
            return plan
        return replace(plan, reasons=self.parts.core.may_delete(self.person_id()).reasons)

    def person_id(self) -> str:
        """Who acts. Raises `IdentityRequired` before they have shown who they are."""
        if self.session.person_id is None:
            raise IdentityRequired
        return self.session.person_id

    def draw(self, view: View, step: Step | None, *, in_error: bool = False) -> dict[str, Any]:
        kept: Mapping[str, Any] | None = view.kept.steps.get(CHECK)
        live = kept is not None and step is not None and self.camera.is_live(kept, view.plan, view.answers, step)
        return engine.screen(
            view.plan,
            view.answers,
            step,
            check=shown_check(kept) if live and kept is not None else None,
            faults=view.faults,
            in_error=in_error,
            complete_label=view.plan.complete_label or self.flow.complete_label,
            acts_for=self.flow.acts_for,
        )

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Give every error the screen to draw now, as far as we know it."""
        try:
            yield
        except BffError as error:
            if "screen" not in error.extra:
                error.extra["screen"] = self._error_screen(error)
            raise

    def _error_screen(self, error: BffError) -> dict[str, Any]:
        if isinstance(error, FlowChanged):
            self._look_again()
        if self.view is None:
            return engine.closed_screen(Plan(self.flow.name, self.flow.title, ()))
        return self.draw(self.view, self.view.drawn, in_error=True)

    def _look_again(self) -> None:
        """Somebody else wrote in between, so what we know is out of date."""
        self.view = None
        with suppress(BffError):
            self.open(self.load())

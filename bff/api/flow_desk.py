"""Serves one caller's one flow: loads what is known, asks the engine where they stand, keeps answers, carries out the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from bff.api.agreeing import agree, agreed_in, refuse_without_consent, withdraw_all
from bff.api.camera import CHECK, Camera, shown_check
from bff.api.context import Parts
from bff.api.effects import Outcome, carry_out, core_keys
from bff.api.outcomes import remembered_outcome, settle_identity, told_outcome
from bff.api.own_flows import ASKED, asks_nothing, set_out, standing_of, still_agreed
from bff.api.phones import with_phones
from bff.errors import (
    BffError,
    CheckUnknown,
    Fault,
    FlowChanged,
    FlowExpired,
    FlowNotStarted,
    IdentityRequired,
    InvalidAnswers,
    RuleRefusal,
    StepOutOfOrder,
    TextChanged,
)
from bff.flows import engine
from bff.flows.catalogue import IDENTITY_KNOWN, find_flow
from bff.flows.consents import missing
from bff.flows.fields import LookTaken, check_step
from bff.flows.plan import Plan, Step, read_plan
from bff.flows.verify_identity import LOOK
from bff.store.answers import Kept, Place
from bff.store.sessions import Session


@dataclass(slots=True)
class _View:
    """What is known while one request runs; an error is drawn from it."""

    plan: Plan
    answers: engine.Answers
    kept: Kept
    drawn: Step | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)


class FlowDesk:
    """One caller at one flow. Every error that it raises carries the screen to draw now."""

    def __init__(self, parts: Parts, session: Session, name: str) -> None:
        self._parts, self._session, self._flow = parts, session, find_flow(name)
        if session.person_id is None and not self._flow.for_strangers:
            raise IdentityRequired
        if self._flow.own_plan is None:
            refuse_without_consent(session)
        self._asked: Mapping[str, Any] = {}
        self._place = Place(session.owner, name)
        self._camera = Camera(parts, session, self._flow.activates)
        self._view: _View | None = None

    def start(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Begin, or go on where one was; answers that came along are taken as a PUT of so much of the step that asks them."""
        with self._drawing():
            given = self._set_out(given)
            view = self._open(self._load_or_nothing() or Kept("", {}))
            if not view.kept.version:
                view.kept = self._parts.answers.save(self._place, None, {})
            if given:
                step = engine.step_that_asks(view.plan, set(given))
                if self._flow.own_plan is not None:
                    # The city judges answers in any order; ours would reach a channel before anybody agreed to it.
                    engine.open_step(view.plan, view.answers, step.name)
                return self._answer(view, step, given, step.asking_only(given))
            return self._show_next(view)

    def look(self) -> dict[str, Any]:
        """The current screen; nothing is begun by looking."""
        with self._drawing():
            view = self._open(self._load())
            return self._draw(view, engine.standing_step(view.plan, view.answers))

    def look_at(self, name: str) -> dict[str, Any]:
        """An earlier step, or the current one, with its answers."""
        with self._drawing():
            view = self._open(self._load())
            return self._draw(view, engine.open_step(view.plan, view.answers, name))

    def answer(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Keep one step's answers and return the next screen."""
        with self._drawing():
            view = self._open(self._load())
            step = engine.open_step(view.plan, view.answers, name)
            return self._answer(view, step, given, step)

    def form(self) -> bytes:
        """The paper that the flow wants signed, with what was answered so far."""
        with self._drawing():
            view = self._open(self._load())
            engine.form_step(view.plan, view.answers)
            return self._parts.core.form(self._person_id(), self._flow.name, engine.told_answers(view.answers))

    def give_up(self) -> None:
        """Forget everything; a flow that was not begun is given up already. Who is not known yet refuses all consents so."""
        if self._session.person_id is None and self._session.agreed:
            withdraw_all(self._parts, self._session)
        self._parts.answers.drop(self._place)

    def complete(self, key: str) -> tuple[dict[str, Any], Outcome]:
        """Carry the flow out; the answer, and what it does to the caller's session."""
        with self._drawing():
            kept = self._parts.answers.load(self._place)
            if kept is None:
                return self._settle_without_answers(key)
            view = self._open(kept)
            self._refuse_incomplete(view)
            given = engine.given_fields(view.plan, view.answers)
            effect = self._flow.effect({**given, "purpose": self._asked.get("purpose")} if self._flow.own_plan else given)
            core_key = core_keys(self._parts, self._session, self._flow.name, key)[0]
            try:
                outcome = carry_out(self._parts, self._session, effect, core_key)
            except TextChanged:
                # The pack changed a moment ago: planned anew, the consent's step is open again.
                self._open(kept)
                raise
            except InvalidAnswers as fault:
                self._reopen(view, fault.extra["fields"])
                raise
            self._parts.answers.drop(self._place)
            return told_outcome(view.plan, outcome), outcome

    # Loading and planning

    def _load(self) -> Kept:
        kept = self._parts.answers.load(self._place)
        if kept is None:
            raise FlowNotStarted
        return kept

    def _set_out(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Settle what a flow of our own is begun for; another purpose starts it anew. The answers that are left."""
        if self._flow.own_plan is None:
            return given
        asked, rest = set_out(self._session, self._flow.name, given)
        kept = self._load_or_nothing()
        if kept is None or (kept.steps.get(ASKED) or {}).get("purpose") != asked["purpose"]:
            if self._flow.for_strangers and asks_nothing(standing_of(self._session, asked)):
                raise RuleRefusal(reasons=[IDENTITY_KNOWN])
            self._parts.answers.save(self._place, kept, {ASKED: asked, CHECK: None, LOOK: None})
        return rest

    def _load_or_nothing(self) -> Kept | None:
        try:
            return self._parts.answers.load(self._place)
        except FlowExpired:
            return None

    def _open(self, kept: Kept) -> _View:
        """What the caller is asked today, with the answers that still count. Raises `RuleRefusal` if they may not go on."""
        self._asked = kept.steps.get(ASKED) or {}
        answers = {name: value for name, value in kept.steps.items() if name not in (ASKED, CHECK)}
        if self._flow.own_plan is not None:
            answers = still_agreed(self._session, answers)
        plan = self._plan(answers)
        if plan.reasons:
            raise RuleRefusal(reasons=plan.reasons, screen=engine.closed_screen(plan))
        answers = self._camera.proven_answers(plan, answers)
        self._view = _View(plan, answers, kept, engine.standing_step(plan, answers))
        return self._view

    def _plan(self, answers: engine.Answers) -> Plan:
        if self._flow.own_plan is not None:
            return self._judged(self._flow.own_plan(standing_of(self._session, self._asked)))
        plan = self._parts.core.plan(self._person_id(), self._flow.name, engine.told_answers(answers), read_plan)
        return self._camera.where_it_can(plan, answers)

    def _judged(self, plan: Plan) -> Plan:
        """A plan of our own, with what the core has against it; before somebody agreed, nobody is asked."""
        if not self._flow.judged_by_core or missing(self._session.agreed):
            return plan
        return replace(plan, reasons=self._parts.core.may_delete(self._person_id()).reasons)

    def _person_id(self) -> str:
        if self._session.person_id is None:
            raise IdentityRequired
        return self._session.person_id

    # Answering

    def _answer(self, view: _View, step: Step, given: Mapping[str, Any], asked: Step) -> dict[str, Any]:
        """Keep the answers to `asked`, which is the step or a part of it; what was answered of the rest stays."""
        view.drawn = step
        earlier = view.answers.get(step.name, {})
        try:
            checked = check_step(asked, given, earlier, self._parts.clock.now().date())
            checked = with_phones(self._parts, self._session, checked, earlier)
            checked = self._with_check(view, asked, checked)
        except InvalidAnswers as fault:
            view.faults = fault.extra["fields"]
            raise
        rest = {} if asked == step else {name: value for name, value in earlier.items() if not asked.field_named(name)}
        consent = agreed_in(step.name, checked) if self._flow.own_plan else None
        if consent is not None:
            self._session = agree(self._parts, self._session, consent)
        bound = engine.bind_confirmations(view.plan, view.answers, step, {**rest, **checked})
        return self._keep(view, asked, bound)

    def _keep(self, view: _View, step: Step, bound: Mapping[str, Any]) -> dict[str, Any]:
        """Let the plan judge the answers, keep them if they hold, and show what comes next. What the step did not ask
        is no fault yet."""
        answers = {**view.answers, step.name: bound}
        plan = self._plan(answers)
        judged = plan.step(step.name)
        if judged is not None:
            self._refuse_faulty(view, judged, step)
        answers = self._camera.proven_answers(plan, answers)
        after = _View(plan, answers, view.kept)
        return self._show_next(after, {step.name: bound})

    @staticmethod
    def _refuse_faulty(view: _View, judged: Step, asked: Step) -> None:
        faults = {name: fault for name, fault in judged.faults.items() if asked.field_named(name) or not judged.field_named(name)}
        if faults:
            view.faults = faults
            raise InvalidAnswers(fields=faults)
        if judged.refusal:
            raise RuleRefusal(reasons=judged.refusal)

    def _show_next(self, view: _View, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin a check if the next step is the first to show one, save what changed, and draw."""
        step = engine.standing_step(view.plan, view.answers)
        check = self._check_for(view, step)
        changes = {**(changed or {})}
        if check != view.kept.steps.get(CHECK):
            changes[CHECK] = check
        if changes:
            view.kept = self._parts.answers.save(self._place, view.kept, changes)
        return self._draw(view, step)

    def _check_for(self, view: _View, step: Step | None) -> Mapping[str, Any] | None:
        if step is None or step.real_person is None:
            return None
        kept: Mapping[str, Any] | None = view.kept.steps.get(CHECK)
        if self._camera.is_live(kept, view.plan, view.answers, step):
            return kept
        return self._camera.begin(view.plan, view.answers, step)

    def _with_check(self, view: _View, step: Step, checked: dict[str, Any]) -> dict[str, Any]:
        """The result of the check in place of its id. When it gave none, a fresh one is begun for the next try."""
        name = step.real_person.name if step.real_person else ""
        taken = checked.get(name)
        if not isinstance(taken, LookTaken):
            # Nothing was asked or said, or an earlier look still holds.
            return checked
        kept = view.kept.steps.get(CHECK)
        try:
            return {**checked, name: self._camera.finish(kept, taken, view.plan, view.answers, step)}
        except (CheckUnknown, InvalidAnswers):
            self._begin_afresh(view, kept, taken.check_id)
            raise

    def _begin_afresh(self, view: _View, kept: Mapping[str, Any] | None, check_id: str) -> None:
        standing = engine.standing_step(view.plan, view.answers)
        view.drawn = standing
        if kept is not None and kept["id"] == check_id:
            # This one was used up: it must not be shown again.
            view.kept = Kept(view.kept.version, {name: value for name, value in view.kept.steps.items() if name != CHECK})
        self._show_next(view)

    # Completing

    @staticmethod
    def _refuse_incomplete(view: _View) -> None:
        standing = engine.standing_step(view.plan, view.answers)
        if standing is None:
            return
        if standing.refusal:
            raise RuleRefusal(reasons=standing.refusal)
        raise TextChanged if engine.has_stale_consent(standing, view.answers) else StepOutOfOrder

    def _reopen(self, view: _View, faults: Mapping[str, Fault]) -> None:
        """Ask the step anew whose answers the core does not take in the end: a look into the camera that is too long ago,
        or a photo that is gone. Were only the faulty answer dropped, an optional one would be passed by unseen."""
        faulty = next((step for step in view.plan.steps if any(step.field_named(name) for name in faults)), None)
        if faulty is None:
            return
        view.answers = {name: given for name, given in view.answers.items() if name != faulty.name}
        view.drawn, view.faults = faulty, faults
        self._show_next(view, {faulty.name: None})

    def _settle_without_answers(self, key: str) -> tuple[dict[str, Any], Outcome]:
        if self._flow.for_strangers:
            outcome = settle_identity(self._parts, self._session)
            return told_outcome(self._plan({}), outcome), outcome
        outcome = remembered_outcome(self._parts, self._session, self._flow.name, key)
        return told_outcome(self._plan({}), outcome), outcome

    # Drawing

    def _draw(self, view: _View, step: Step | None, *, in_error: bool = False) -> dict[str, Any]:
        kept: Mapping[str, Any] | None = view.kept.steps.get(CHECK)
        live = kept is not None and step is not None and self._camera.is_live(kept, view.plan, view.answers, step)
        return engine.screen(
            view.plan,
            view.answers,
            step,
            check=shown_check(kept) if live and kept is not None else None,
            faults=view.faults,
            in_error=in_error,
            complete_label=view.plan.complete_label or self._flow.complete_label,
            acts_for=self._flow.acts_for,
        )

    @contextmanager
    def _drawing(self) -> Iterator[None]:
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
        if self._view is None:
            return engine.closed_screen(Plan(self._flow.name, self._flow.title, ()))
        return self._draw(self._view, self._view.drawn, in_error=True)

    def _look_again(self) -> None:
        """Somebody else wrote in between, so what we know is out of date."""
        self._view = None
        with suppress(BffError):
            self._open(self._load())

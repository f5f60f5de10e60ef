"""Takes the answers to one step: checked, proven by the camera, judged by the plan, kept; and shows what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.api.flows.agreeing import agree, agreed_in, speak_anew
from bff.api.flows.camera import CHECK
from bff.api.flows.phones import with_phones
from bff.api.flows.state import FlowState, View
from bff.errors import CheckUnknown, InvalidAnswers, RuleRefusal
from bff.flows import engine
from bff.flows.consents import GUARDIANS
from bff.flows.fields import LookTaken, check_step
from bff.flows.plan import Step
from bff.store.answers import Kept


class Answering:
    """The answers of one caller to one flow."""

    def __init__(self, at: FlowState) -> None:
        self._at = at

    def answer(self, view: View, step: Step, given: Mapping[str, Any], asked: Step) -> dict[str, Any]:
        """Keep the answers to `asked`, which is the step or a part of it; what was answered of the rest stays."""
        view.drawn = step
        earlier = view.answers.get(step.name, {})
        try:
            checked = check_step(asked, given, earlier, self._at.today)
            checked = with_phones(self._at.parts, self._at.session, checked, earlier)
            checked = self._with_check(view, asked, checked)
        except InvalidAnswers as fault:
            view.faults = fault.extra["fields"]
            raise
        rest = {} if asked == step else {name: value for name, value in earlier.items() if not asked.field_named(name)}
        if self._names_another(earlier, checked):
            self._at.session = speak_anew(self._at.parts, self._at.session)
        consent = agreed_in(step.name, checked) if self._at.flow.own_plan else None
        if consent is not None:
            self._at.session = agree(self._at.parts, self._at.session, consent)
        bound = engine.bind_confirmations(view.plan, view.answers, step, {**rest, **checked})
        return self._keep(view, asked, bound)

    def _names_another(self, earlier: Mapping[str, Any], checked: Mapping[str, Any]) -> bool:
        """Whether somebody who is not known yet says that they are another than the child for whom a guardian spoke."""
        named = checked.get("id_number")
        spoken = self._at.flow.for_strangers and GUARDIANS.text_hash in self._at.session.agreed
        return spoken and named is not None and named != earlier.get("id_number")

    def _keep(self, view: View, step: Step, bound: Mapping[str, Any]) -> dict[str, Any]:
        """Let the plan judge the answers, keep them if they hold, and show what comes next. What the step did not ask
        is no fault yet."""
        answers = self._at.standing({**view.answers, step.name: bound})
        plan = self._at.plan(answers)
        judged = plan.step(step.name)
        if judged is not None:
            self._refuse_faulty(view, judged, step)
        answers = self._at.camera.proven_answers(plan, answers)
        after = View(plan, answers, view.kept)
        return self.show_next(after, {step.name: bound})

    @staticmethod
    def _refuse_faulty(view: View, judged: Step, asked: Step) -> None:
        faults = {name: fault for name, fault in judged.faults.items() if asked.field_named(name) or not judged.field_named(name)}
        if faults:
            view.faults = faults
            raise InvalidAnswers(fields=faults)
        if judged.refusal:
            raise RuleRefusal(reasons=judged.refusal)

    def show_next(self, view: View, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin a check if the next step is the first to show one, save what changed, and draw."""
        step = engine.standing_step(view.plan, view.answers)
        check = self._check_for(view, step)
        changes = {**(changed or {})}
        if check != view.kept.steps.get(CHECK):
            changes[CHECK] = check
        if changes:
            view.kept = self._at.parts.answers.save(self._at.place, view.kept, changes)
        return self._at.draw(view, step)

    def _check_for(self, view: View, step: Step | None) -> Mapping[str, Any] | None:
        if step is None or step.real_person is None:
            return None
        kept: Mapping[str, Any] | None = view.kept.steps.get(CHECK)
        if self._at.camera.is_live(kept, view.plan, view.answers, step):
            return kept
        return self._at.camera.begin(view.plan, view.answers, step)

    def _with_check(self, view: View, step: Step, checked: dict[str, Any]) -> dict[str, Any]:
        """The result of the check in place of its id. When it gave none, a fresh one is begun for the next try."""
        name = step.real_person.name if step.real_person else ""
        taken = checked.get(name)
        if not isinstance(taken, LookTaken):
            # Nothing was asked or said, or an earlier look still holds.
            return checked
        kept = view.kept.steps.get(CHECK)
        try:
            return {**checked, name: self._at.camera.finish(kept, taken, view.plan, view.answers, step)}
        except (CheckUnknown, InvalidAnswers):
            self._begin_afresh(view, kept, taken.check_id)
            raise

    def _begin_afresh(self, view: View, kept: Mapping[str, Any] | None, check_id: str) -> None:
        standing = engine.standing_step(view.plan, view.answers)
        view.drawn = standing
        if kept is not None and kept["id"] == check_id:
            # This one was used up: it must not be shown again.
            view.kept = Kept(view.kept.version, {name: value for name, value in view.kept.steps.items() if name != CHECK})
        self.show_next(view)

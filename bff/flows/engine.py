"""How any flow moves: where a person stands is worked out from their answers and never stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bff.errors import Fault, NotFound, StepOutOfOrder
from bff.flows.fields import SENSITIVE, told_value
from bff.flows.plan import Field, Plan, Step

Answers = Mapping[str, Mapping[str, Any]]


def standing_step(plan: Plan, answers: Answers) -> Step | None:
    """The first step whose answers are missing or no longer hold; `None` when nothing is left to ask."""
    return next((step for step in plan.steps if not is_answered(plan, answers, step)), None)


def is_answered(plan: Plan, answers: Answers, step: Step) -> bool:
    """Whether the answers for this step still hold today."""
    if step.name not in answers or step.faults or step.refusal:
        return False
    summed_up = _sum_up(plan, answers, step, answers[step.name])
    return all(_holds(field, answers[step.name].get(field.name), summed_up) for field in step.fields)


def has_stale_consent(step: Step, answers: Answers) -> bool:
    """Whether a text of this step was agreed to that is no longer the text of the day."""
    kept = answers.get(step.name, {})
    return any(field.kind == "consent" and kept.get(field.name) not in (None, field.text_hash) for field in step.fields)


def open_step(plan: Plan, answers: Answers, name: str) -> Step:
    """A step that may be looked at or answered now. Raises `NotFound` or `StepOutOfOrder`."""
    step = plan.step(name)
    if step is None:
        raise NotFound
    standing = standing_step(plan, answers)
    if standing is not None and _position(plan, step) > _position(plan, standing):
        raise StepOutOfOrder
    return step


def form_step(plan: Plan, answers: Answers) -> Step:
    """The step that wants a form back, once all that is printed on it is answered. Raises `NotFound` or `StepOutOfOrder`."""
    wanted = next((step for step in plan.steps if any(field.form for field in step.fields)), None)
    if wanted is None:
        raise NotFound
    return open_step(plan, answers, wanted.name)


def step_that_asks(plan: Plan, names: set[str]) -> Step:
    """The step that asks all these fields, for answers that came along with the start. Raises `NotFound`."""
    for step in plan.steps:
        if names <= {field.name for field in step.fields}:
            return step
    raise NotFound


def answers_before(plan: Plan, answers: Answers, step: Step) -> dict[str, Mapping[str, Any]]:
    """What was answered on the way to `step`, which a real-person check is bound to."""
    earlier = plan.steps[: _position(plan, step)]
    return {one.name: answers[one.name] for one in earlier if one.name in answers}


def bind_confirmations(plan: Plan, answers: Answers, step: Step, checked: Mapping[str, Any]) -> dict[str, Any]:
    """The step's answers with what was confirmed just now tied to what it stands for, so that it falls when that changes."""
    summed_up = _sum_up(plan, answers, step, checked)
    return {name: summed_up if value is True else value for name, value in checked.items()}


def given_fields(plan: Plan, answers: Answers) -> dict[str, Any]:
    """All answers of the flow by field: one question has one name wherever it is asked.

    A value that a field came with counts as its answer, unless it may be masked.
    """
    known = {
        field.name: field.value
        for step in plan.steps
        for field in step.fields
        if field.value is not None and field.kind not in SENSITIVE
    }
    return known | {name: value for step in plan.steps for name, value in answers.get(step.name, {}).items()}


def told_answers(answers: Answers) -> dict[str, dict[str, Any]]:
    """The answers as the core is told them."""
    return {step: {name: told_value(kept) for name, kept in given.items()} for step, given in answers.items()}


def screen(
    plan: Plan,
    answers: Answers,
    step: Step | None,
    *,
    check: Mapping[str, Any] | None = None,
    faults: Mapping[str, Fault] | None = None,
    in_error: bool = False,
    complete_label: str = "确认提交",
    acts_for: str | None = None,
) -> dict[str, Any]:
    """What to draw now. Inside an error, names, numbers and phones that were typed are left out."""
    kept = _still_meant(plan, answers, step) if step else {}
    shown = faults or {name: fault for name, fault in (step.faults if step else {}).items() if name in kept}
    text = step.text if step else ("都填好了，请确认后提交。",)
    title = step.title if step else plan.title
    return {
        "flow": plan.flow,
        "step": step.name if step else None,
        "title": title,
        "text": list(text),
        "speech": (step.speech if step else "") or "。".join((title, *text)),
        "fields": [
            {**_drawn(field, kept, check, shown, in_error), **_form_of(plan, field)} for field in (step.fields if step else ())
        ],
        "actions": _actions(plan, step, complete_label),
        "progress": _progress(plan, answers, step),
        **_instead(step),
        **_acting_for(plan, answers, acts_for),
    }


def closed_screen(plan: Plan) -> dict[str, Any]:
    """What to draw of a flow that cannot be started: its name and the way out."""
    return {
        "flow": plan.flow,
        "step": None,
        "title": plan.title,
        "text": [],
        "speech": plan.title,
        "fields": [],
        "actions": [_GIVE_UP],
        "progress": {"done": 0, "total": len(plan.steps), "upcoming": [step.title for step in plan.steps]},
    }


_FORM_ADDRESS = "/api/v1/flows/{flow}/form"
_CONFIRMATIONS = frozenset({"confirm", "summary"})
_GIVE_UP = {"name": "give_up", "label": "放弃办理"}


def _acting_for(plan: Plan, answers: Answers, acts_for: str | None) -> dict[str, str]:
    """Whom this is about, in the words of the option that was chosen, once it was."""
    chosen = {given[acts_for] for given in answers.values() if acts_for in given} if acts_for else set()
    options = (option for step in plan.steps for field in step.fields if field.name == acts_for for option in field.options)
    label = next((option.label for option in options if option.value in chosen), None)
    return {"acting_for": label} if label else {}


def _position(plan: Plan, step: Step) -> int:
    return [one.name for one in plan.steps].index(step.name)


def _holds(field: Field, kept: Any, summed_up: Mapping[str, str]) -> bool:
    if kept is None:
        # Who lets a choice stand has answered with it; who never saw it has not.
        unseen = field.kind == "choice" and field.value is not None
        return not unseen and (field.value is not None or not field.required)
    if field.kind in _CONFIRMATIONS:
        return bool(kept == summed_up)
    if field.kind == "consent":
        return bool(kept == field.text_hash)
    return True


def _sum_up(plan: Plan, answers: Answers, step: Step, given: Mapping[str, Any]) -> dict[str, str]:
    """What a confirmation stands for: a short form of all that was answered before it and beside it."""
    beside = {field.name: given.get(field.name) for field in step.fields if field.kind not in _CONFIRMATIONS}
    written = json.dumps([answers_before(plan, answers, step), beside], sort_keys=True)
    return {"summed_up": hashlib.sha256(written.encode()).hexdigest()}


def _still_meant(plan: Plan, answers: Answers, step: Step) -> dict[str, Any]:
    """The step's answers to draw: without what was confirmed for other answers, so that nobody passes it by unseen."""
    kept = answers.get(step.name, {})
    summed_up = _sum_up(plan, answers, step, kept)
    fallen = {field.name for field in step.fields if field.kind in _CONFIRMATIONS}
    return {name: value for name, value in kept.items() if name not in fallen or value == summed_up}


def _drawn(
    field: Field,
    kept: Mapping[str, Any],
    check: Mapping[str, Any] | None,
    faults: Mapping[str, Fault],
    in_error: bool,
) -> dict[str, Any]:
    drawn: dict[str, Any] = {"name": field.name, "kind": field.kind, "label": field.label, "required": field.required}
    if field.hint:
        drawn["hint"] = field.hint
    if field.kind == "choice":
        drawn["options"] = [{key: part for key, part in asdict(one).items() if part} for one in field.options]
        drawn["multiple"] = field.multiple
    if field.kind == "consent":
        drawn["text"], drawn["text_hash"] = list(field.text), field.text_hash
    if field.kind == "summary" or field.items:
        shown = [item for item in field.items if not (in_error and item.private)]
        drawn["items"] = [{"label": item.label, "value": item.value} for item in shown]
    value = told_value(kept[field.name]) if field.name in kept else field.value
    if value is not None and field.kind != "secret" and not (in_error and field.kind in SENSITIVE):
        drawn["value"] = value
    if field.kind == "real_person" and check is not None:
        drawn["check"] = dict(check)
    if field.about:
        drawn["about"] = field.about
    if field.name in faults:
        drawn["error"] = asdict(faults[field.name])
    return drawn


def _instead(step: Step | None) -> dict[str, Any]:
    """The flows that somebody may have meant, where the step knows of any."""
    return {"instead": [{"flow": one.flow, "title": one.title} for one in step.instead]} if step and step.instead else {}


def _form_of(plan: Plan, field: Field) -> dict[str, Any]:
    """Where the paper to sign is, filled in with what was answered."""
    return {"form": {"title": field.form, "href": _FORM_ADDRESS.format(flow=plan.flow)}} if field.form else {}


def _actions(plan: Plan, step: Step | None, complete_label: str) -> list[dict[str, str]]:
    forward = {"name": "next", "label": "下一步"} if step else {"name": "complete", "label": complete_label}
    earlier = plan.steps[: _position(plan, step)] if step else plan.steps
    back = [{"name": "back", "label": "上一步", "step": earlier[-1].name}] if earlier else []
    return [forward, *back, _GIVE_UP]


def _progress(plan: Plan, answers: Answers, step: Step | None) -> dict[str, Any]:
    after = plan.steps[_position(plan, step) + 1 :] if step else ()
    return {
        "done": sum(is_answered(plan, answers, one) for one in plan.steps),
        "total": len(plan.steps),
        "upcoming": [one.title for one in after],
    }

"""Asks whoever adds a child below fourteen for a guardian's word, where the city's own screens ask for no agreement."""

from __future__ import annotations

from dataclasses import replace

from reference_core.decisions.flow_plans.context import Drawing
from reference_core.packs.common import common_texts
from reference_core.packs.schema_texts import FlowText, StepText

NAMING = frozenset({"name", "id_number", "relation"})
_STEP = "guardians_word"


def last_naming_step(flow: FlowText) -> StepText:
    """The last step that helps to name the relative."""
    return [step for step in flow.steps if NAMING & {question.name for question in step.questions}][-1]


def asking_guardian(drawing: Drawing) -> Drawing:
    """The flow with that question, once the child is named; elsewhere the text to agree to has the word in it."""
    flow = drawing.flow
    asks = any(question.name == "agree" for step in flow.steps for question in step.questions)
    if drawing.name != "add-member" or asks or not drawing.names_child:
        return drawing
    place = flow.steps.index(last_naming_step(flow)) + 1
    return replace(drawing, flow=replace(flow, steps=(*flow.steps[:place], _asked(), *flow.steps[place:])))


def _asked() -> StepText:
    """The same screen as in the list of vouchers, for another text."""
    consent = next(step for step in common_texts().flows["activate-relative"].steps if step.step == "consent")
    return replace(consent, step=_STEP)

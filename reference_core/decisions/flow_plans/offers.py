"""The offer of help as a question: whoever is asked may say no, and then nothing else is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reference_core.packs.schema_texts import FieldText, FlowText, StepText

ANSWER = "accepted"
ACCEPT, DECLINE = "accept", "decline"
ANSWERS = {ACCEPT: "接受", DECLINE: "不接受"}
_OFFER = StepText(
    step="offer",
    title="您愿意接受吗",
    paragraphs=(
        "有家人想把医保个人账户给您或您的孩子用。",
        "可以接受，也可以不接受。不接受的，您自己的待遇不变，对方会知道您没有接受。",
    ),
    speech="有家人想把医保个人账户给您或您的孩子用。请选择接受还是不接受。",
    questions=(FieldText("member", "谁的"), FieldText(ANSWER, "您的答复")),
)
_DECLINED = "已经告诉对方您没有接受，这份共济不会开始。"
_DECLINE_LABEL = "确认不接受"


@dataclass(frozen=True, slots=True)
class OfferFlow:
    """The flow for one answer; `complete_label` says no where that is the answer."""

    flow: FlowText
    complete_label: str | None = None


def answering(flow: FlowText, answers: Mapping[str, Mapping[str, Any]]) -> OfferFlow:
    """The city's flow behind the question itself; a no ends it there."""
    asked = _asking(flow)
    if not any(given.get(ANSWER) == DECLINE for given in answers.values()):
        return OfferFlow(asked)
    place = next(place for place, step in enumerate(asked.steps) if _asks(step, ANSWER))
    return OfferFlow(replace(asked, steps=asked.steps[: place + 1], done_text=_DECLINED, next=()), _DECLINE_LABEL)


def _asking(flow: FlowText) -> FlowText:
    """With the question in a step of its own in front, where the city does not put it itself."""
    if any(_asks(step, ANSWER) for step in flow.steps):
        return flow
    return replace(flow, steps=(_OFFER, *(_without_member(step) for step in flow.steps)))


def _asks(step: StepText, name: str) -> bool:
    return any(question.name == name for question in step.questions)


def _without_member(step: StepText) -> StepText:
    return replace(step, questions=tuple(question for question in step.questions if question.name != "member"))

"""The offer of help as a question: asked in front, or where the city puts it; a no ends the flow there."""

from __future__ import annotations

from dataclasses import replace

from reference_core.decisions.flow_plans_offers import answering
from reference_core.packs.schema_texts import FieldText, FlowText
from reference_core.packs.shelf import load_packs
from tests.reference_core.pure.family import REGIONS

FLOW = load_packs([REGIONS]).versions("guide-003")[-1].flows["accept-relation"]


def names(flow: FlowText) -> list[list[str]]:
    return [[question.name for question in step.questions] for step in flow.steps]


def test_the_question_stands_in_front_of_what_the_city_shows() -> None:
    assert names(answering(FLOW, {}).flow) == [["member", "accepted"], *names(FLOW)]
    assert answering(FLOW, {"offer": {"accepted": "accept"}}).complete_label is None


def test_a_no_ends_there_in_words_of_its_own() -> None:
    said = answering(FLOW, {"offer": {"accepted": "decline"}})

    assert names(said.flow) == [["member", "accepted"]]
    assert said.flow.done_text != FLOW.done_text
    assert said.flow.next == ()
    assert said.complete_label is not None


def test_a_city_may_put_the_question_where_and_how_it_likes() -> None:
    look, *rest = FLOW.steps
    own = replace(FLOW, steps=(replace(look, questions=(FieldText("accepted", "要不要"),)), *rest))

    assert names(answering(own, {}).flow) == [["accepted"], ["real_person"]]
    assert names(answering(own, {"look": {"accepted": "decline"}}).flow) == [["accepted"]]


def test_who_is_meant_is_asked_once() -> None:
    look, *rest = FLOW.steps
    own = replace(FLOW, steps=(replace(look, questions=(FieldText("member", "谁"), *look.questions)), *rest))

    assert names(answering(own, {}).flow) == [["member", "accepted"], *names(FLOW)]

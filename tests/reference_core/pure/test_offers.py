"""Questions that the core asks where a city left them open: take the offer or not, and which tie is meant."""

from __future__ import annotations

from dataclasses import replace

from reference_core.decisions.flow_plans.context import FlowFacts, ShownMember
from reference_core.decisions.flow_plans.offers import answering
from reference_core.decisions.flow_plans.plans import plan_flow
from reference_core.packs.schema_texts import FieldText, FlowText, StepText
from reference_core.packs.shelf import load_packs
from tests.reference_core.pure.family import LINYI, NOW, REGIONS, payer, resident, tie

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


def test_whose_limit_is_meant_is_asked_first_where_the_city_left_it_open() -> None:
    paying, _, made = tie(payer(), resident())
    shown = FlowFacts(paying, "*一舟", "371***", members=(ShownMember(made.id, "**兰", "mother"),))
    limit = StepText("limit", "改额度", (), "", (FieldText("monthly_cap_fen", "每月"),))
    flow = FlowText("改额度", "改好了。", (limit, StepText("sure", "确认", (), "", ())), (), "LY-01")
    open_city = replace(LINYI, flows={**LINYI.flows, "change-limit": flow})

    first, second = plan_flow("change-limit", open_city, shown, {}, NOW)["steps"]

    assert [(one["name"], one.get("options")) for one in first["fields"]] == [
        ("member", [{"value": made.id, "label": "母亲 **兰"}]),
        ("monthly_cap_fen", None),
    ]
    assert second["fields"] == []

"""How a flow moves: where a person stands is worked out from the answers, and the screen follows from that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bff.errors import NotFound, StepOutOfOrder
from bff.flows import engine
from bff.flows.plan import Field, Item, NextFlow, Option, Plan, Step
from tests.bff.flows.plans import ANSWERS, EXPLAIN, FAULT, PLAN, PLEDGE, REASON, SURE, WHO, with_step


def confirmed() -> dict[str, Any]:
    """All answers of the plan, the summary confirmed for what stands before it."""
    return {**ANSWERS, "sure": engine.bind_confirmations(PLAN, ANSWERS, SURE, {"summary": True})}


def standing(plan: Plan, answers: engine.Answers) -> str | None:
    step = engine.standing_step(plan, answers)
    return step.name if step else None


def test_a_person_stands_at_the_first_step_that_is_not_answered() -> None:
    assert standing(PLAN, {}) == "explain"
    assert standing(PLAN, {"explain": {}}) == "pledge"
    assert standing(PLAN, ANSWERS) == "sure"
    assert standing(PLAN, confirmed()) is None


def test_a_gap_is_where_a_person_stands_whatever_comes_after() -> None:
    assert standing(PLAN, {"explain": {}, "who": ANSWERS["who"]}) == "pledge"


def test_a_fault_or_refusal_of_the_plan_brings_a_person_back() -> None:
    assert standing(with_step(PLAN, replace(WHO, faults={"relation": FAULT})), confirmed()) == "who"
    assert standing(with_step(PLAN, replace(WHO, refusal=(REASON,))), confirmed()) == "who"


def test_a_consent_to_an_older_text_is_no_consent() -> None:
    renewed = replace(PLEDGE, fields=(replace(PLEDGE.fields[0], text_hash="b" * 64),))

    assert standing(with_step(PLAN, renewed), confirmed()) == "pledge"
    assert engine.has_stale_consent(renewed, confirmed())
    assert not engine.has_stale_consent(PLEDGE, confirmed())
    assert not engine.has_stale_consent(renewed, {})


def test_a_summary_stands_only_for_what_was_answered_before_it() -> None:
    """Whoever changes the member has not confirmed the new one."""
    changed = {**confirmed(), "who": {**ANSWERS["who"], "name": "王强"}}

    assert standing(PLAN, changed) == "sure"


def test_what_was_confirmed_for_somebody_else_is_not_drawn_as_confirmed() -> None:
    """A field with a value may be left out of the answers, and this one must not be."""
    changed = {**confirmed(), "who": {**ANSWERS["who"], "name": "王强"}}

    assert "value" not in engine.screen(PLAN, changed, SURE)["fields"][0]
    assert engine.screen(PLAN, confirmed(), SURE)["fields"][0]["value"] is True


def test_an_earlier_confirmation_that_comes_along_unsaid_is_not_made_good_again() -> None:
    changed = {**confirmed(), "who": {**ANSWERS["who"], "name": "王强"}}
    bound = engine.bind_confirmations(PLAN, changed, SURE, changed["sure"])

    assert standing(PLAN, {**changed, "sure": bound}) == "sure"


def test_a_number_confirmed_once_more_falls_when_the_number_changes() -> None:
    again = Step("again", "再次核对", (Field("confirm_id_number", "confirm", "号码无误"),))
    plan = Plan("add-member", "添加", (WHO, again))
    answers = {"who": ANSWERS["who"]}
    bound = {**answers, "again": engine.bind_confirmations(plan, answers, again, {"confirm_id_number": True})}

    assert standing(plan, bound) is None
    assert standing(plan, {**bound, "who": {**ANSWERS["who"], "name": "王强"}}) == "again"


def test_a_confirmation_falls_too_when_what_was_answered_beside_it_changes() -> None:
    look = Step("look", "看看", (Field("member", "choice", "家人"), Field("summary", "summary", "我接受")))
    plan = Plan("accept-relation", "接受", (look,))
    bound = engine.bind_confirmations(plan, {}, look, {"member": "r1", "summary": True})

    assert standing(plan, {"look": bound}) is None
    assert standing(plan, {"look": {**bound, "member": "r2"}}) == "look"


def test_a_fault_of_what_nobody_answered_yet_is_not_drawn() -> None:
    faulty = replace(WHO, faults={"relation": FAULT})

    drawn = engine.screen(with_step(PLAN, faulty), {**ANSWERS, "who": {"name": "王芳"}}, faulty)

    assert not any("error" in one for one in drawn["fields"])


def test_a_secret_is_never_drawn_nor_told() -> None:
    step = Step("passcode", "密码", (Field("passcode", "secret", "密码"),))
    plan = Plan("f", "t", (step,))
    answers = {"passcode": {"passcode": {"secret": "135790"}}}

    assert standing(plan, answers) is None
    for in_error in (False, True):
        assert "value" not in engine.screen(plan, answers, step, in_error=in_error)["fields"][0]
    assert engine.told_answers(answers) == {"passcode": {"passcode": True}}


def test_a_value_that_came_with_a_field_counts_as_its_answer_unless_it_may_be_masked() -> None:
    cap, phone = Field("monthly_cap_fen", "money", "额度", value=30_000), Field("phone", "phone", "手机", value="138****1234")
    plan = Plan("f", "t", (Step("limit", "额度", (cap, phone)),))

    assert engine.given_fields(plan, {"limit": {}}) == {"monthly_cap_fen": 30_000}
    assert engine.given_fields(plan, {"limit": {"monthly_cap_fen": None}}) == {"monthly_cap_fen": None}


def test_later_answers_stay_when_an_earlier_one_is_given_again_unchanged() -> None:
    assert standing(PLAN, {**confirmed(), "pledge": dict(ANSWERS["pledge"])}) is None


def test_a_new_required_question_opens_an_answered_step_again() -> None:
    grown = replace(WHO, fields=(*WHO.fields, Field("reason", "text", "原因")))
    with_value = replace(WHO, fields=(*WHO.fields, Field("reason", "text", "原因", value="无")))

    assert standing(with_step(PLAN, grown), ANSWERS) == "who"
    assert standing(with_step(PLAN, with_value), ANSWERS) == "sure"


def test_only_steps_up_to_where_one_stands_may_be_opened() -> None:
    answers: engine.Answers = {"explain": {}}

    assert engine.open_step(PLAN, answers, "explain") is EXPLAIN
    assert engine.open_step(PLAN, answers, "pledge") is PLEDGE
    with pytest.raises(StepOutOfOrder):
        engine.open_step(PLAN, answers, "who")
    with pytest.raises(NotFound):
        engine.open_step(PLAN, answers, "nowhere")
    assert engine.open_step(PLAN, confirmed(), "sure") is SURE


def test_a_form_is_fetched_on_the_step_that_wants_it_back_once_one_stands_there() -> None:
    signed = replace(SURE, fields=(Field("signed_form", "photo", "签好的表", form="申请表"),))

    assert engine.form_step(with_step(PLAN, signed), ANSWERS) is signed
    with pytest.raises(StepOutOfOrder):
        engine.form_step(with_step(PLAN, signed), {"explain": {}})
    with pytest.raises(NotFound):
        engine.form_step(PLAN, ANSWERS)


def test_answers_that_come_with_the_start_go_to_the_step_that_asks_them() -> None:
    assert engine.step_that_asks(PLAN, {"name", "relation"}) is WHO
    with pytest.raises(NotFound):
        engine.step_that_asks(PLAN, {"name", "agree"})


def test_the_core_is_told_answers_without_what_is_kept_beside_them() -> None:
    told = engine.told_answers(confirmed())

    assert told["who"]["phone"] == "13800001234"
    assert told["sure"] == {"summary": True}
    assert told["explain"] == {}


def test_one_question_has_one_name_wherever_it_is_asked() -> None:
    assert engine.given_fields(PLAN, ANSWERS)["relation"] == "mother"
    assert engine.given_fields(Plan("f", "t", (EXPLAIN,)), ANSWERS) == {}


def test_a_screen_shows_the_step_its_way_on_and_how_far_one_is() -> None:
    drawn = engine.screen(PLAN, {"explain": {}}, PLEDGE)

    assert (drawn["flow"], drawn["step"], drawn["title"]) == ("add-member", "pledge", "承诺")
    assert drawn["fields"][0]["text_hash"] == PLEDGE.fields[0].text_hash
    assert [action["name"] for action in drawn["actions"]] == ["next", "back", "give_up"]
    assert drawn["progress"] == {"done": 1, "total": 4, "upcoming": ["是谁", "核对"]}


def test_the_first_step_has_no_way_back_and_speaks_its_own_words() -> None:
    drawn = engine.screen(PLAN, {}, EXPLAIN)

    assert [action["name"] for action in drawn["actions"]] == ["next", "give_up"]
    assert drawn["speech"] == "请听说明。"
    assert drawn["text"] == ["第一段", "第二段"]


def test_a_step_without_speech_is_read_out_by_its_title_and_text() -> None:
    assert engine.screen(PLAN, {}, replace(EXPLAIN, speech=""))["speech"] == "说明。第一段。第二段"


def test_when_nothing_is_left_to_ask_the_screen_offers_to_complete() -> None:
    drawn = engine.screen(PLAN, confirmed(), None, complete_label="立即开户")

    assert drawn["step"] is None
    assert drawn["fields"] == []
    assert drawn["actions"][0] == {"name": "complete", "label": "立即开户"}
    assert drawn["progress"]["done"] == drawn["progress"]["total"] == 4


def test_an_earlier_step_is_drawn_with_what_was_answered() -> None:
    fields = {one["name"]: one for one in engine.screen(PLAN, ANSWERS, WHO)["fields"]}

    assert fields["name"]["value"] == "王芳"
    assert fields["phone"]["value"] == "13800001234"
    assert fields["relation"]["options"][1] == {"value": "father", "label": "父亲", "disabled": True, "reason": "已满"}


def test_inside_an_error_names_numbers_and_phones_are_left_out() -> None:
    drawn = engine.screen(PLAN, ANSWERS, WHO, faults={"name": FAULT}, in_error=True)
    fields = {one["name"]: one for one in drawn["fields"]}

    assert "王芳" not in str(drawn)
    assert "13800001234" not in str(drawn)
    assert fields["relation"]["value"] == "mother"
    assert fields["name"]["error"]["code"] == "not_offered"


def test_a_fault_that_the_plan_found_is_drawn_on_its_field() -> None:
    faulty = replace(WHO, faults={"relation": FAULT})
    drawn = engine.screen(with_step(PLAN, faulty), ANSWERS, faulty)

    assert next(one for one in drawn["fields"] if one["name"] == "relation")["error"]["remedy"] == "请重新选择。"


def test_a_check_is_drawn_on_the_field_that_asks_for_it() -> None:
    camera = Step("camera", "本人", (Field("real_person", "real_person", "核验"),))
    plan = Plan("f", "t", (camera,))

    assert engine.screen(plan, {}, camera, check={"id": "c1"})["fields"][0]["check"] == {"id": "c1"}
    assert "check" not in engine.screen(plan, {}, camera)["fields"][0]


def test_a_flow_that_cannot_start_offers_only_the_way_out() -> None:
    drawn = engine.closed_screen(PLAN)

    assert drawn["step"] is None
    assert [action["name"] for action in drawn["actions"]] == ["give_up"]
    assert drawn["progress"]["done"] == 0


@pytest.mark.parametrize("kind", ["summary", "confirm"])
def test_what_was_typed_is_shown_in_full_to_be_confirmed_and_never_inside_an_error(kind: str) -> None:
    """HF-28, Y-10."""
    items = (Item("姓名", "林秀兰", private=True), Item("参保地", "某市"))
    again = Step("again", "再看一次", (Field("confirm_id_number", kind, "没有错", items=items),))
    plan = Plan("add-member", "添加", (again,))

    shown = engine.screen(plan, {}, again)["fields"][0]["items"]
    in_error = engine.screen(plan, {}, again, in_error=True)["fields"][0]["items"]

    assert shown == [{"label": "姓名", "value": "林秀兰"}, {"label": "参保地", "value": "某市"}]
    assert in_error == [{"label": "参保地", "value": "某市"}]


def test_a_screen_tells_whose_look_it_is_and_what_else_may_be_meant() -> None:
    look = Step("proof", "核验", (Field("real_person", "real_person", "看镜头", required=False, about="relative"),))
    first = replace(EXPLAIN, instead=(NextFlow("add-member", "添加家人"),))
    plan = Plan("activate-relative", "亲情账户", (first, look))

    assert engine.screen(plan, {}, first)["instead"] == [{"flow": "add-member", "title": "添加家人"}]
    drawn = engine.screen(plan, {}, look)
    assert drawn["fields"][0]["about"] == "relative"
    assert "instead" not in drawn


def test_a_screen_says_for_whom_one_acts_from_the_moment_that_was_chosen() -> None:
    relation = Field("relation", "choice", "关系", options=(Option("mother", "母亲"), Option("son", "儿子")))
    plan = Plan("activate-relative", "亲情账户", (Step("who", "谁", (relation,)),))

    before = engine.screen(plan, {}, plan.steps[0], acts_for="relation")
    after = engine.screen(plan, {"who": {"relation": "mother"}}, None, acts_for="relation")

    assert "acting_for" not in before
    assert after["acting_for"] == "母亲"
    assert "acting_for" not in engine.screen(plan, {"who": {"relation": "mother"}}, None)


def test_the_way_back_names_the_step_that_it_leads_to() -> None:
    back = next(action for action in engine.screen(PLAN, ANSWERS, WHO)["actions"] if action["name"] == "back")

    assert back["step"] == "pledge"
    assert all(action["name"] != "back" for action in engine.screen(PLAN, {}, EXPLAIN)["actions"])

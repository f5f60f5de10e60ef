"""The screens of a flow, filled in for one person and judged by the rules that decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reference_core.decisions.flow_plans.context import FlowFacts, ShownMember
from reference_core.decisions.flow_plans.plans import named_relative, offer_flows, plan_flow
from reference_core.packs.schema_texts import FieldText, FlowText, StepText, SummaryItem
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Situation
from tests.reference_core.pure.family import LINYI, NOW, city_with, payer, person, resident, situation, tie

MOTHERS_NUMBER = "371399195711200021"
HERS = {"name": "林秀兰", "id_number": MOTHERS_NUMBER, "region": "371300", "relation": "mother"}


def about(who: Situation | None = None, **facts: Any) -> FlowFacts:
    given = {"phone_masked": "138****1234", "card_number_masked": "****8765", **facts}
    return FlowFacts(who or situation(current_fen=12_345, prior_fen=100), "**明", "371***********0011", **given)


def plan(
    flow: str, who: FlowFacts | None = None, answers: dict[str, Any] | None = None, pack: Pack | None = LINYI
) -> dict[str, Any]:
    return plan_flow(flow, pack, who or about(), answers or {}, NOW)


def step(planned: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in planned["steps"] if one["step"] == name)
    return found


def field(drawn: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in drawn["fields"] if one["name"] == name)
    return found


def rules(verdict: dict[str, Any]) -> list[str]:
    return [reason["rule"] for reason in verdict["reasons"]]


def test_opening_explains_then_asks_for_the_pledge_then_shows_ones_own_data() -> None:
    """LY-53, LY-58."""
    planned = plan("open-account")

    assert [one["step"] for one in planned["steps"]] == ["explain", "pledge", "details"]
    assert (planned["region"], planned["pack_version"], planned["verdict"]["allowed"]) == ("371300", "ly-1", True)
    assert planned["next"] == [{"flow": "add-member", "title": "添加家人"}]
    assert all(one["title"] and one["text"] and one["speech"] for one in planned["steps"])
    assert step(planned, "explain")["fields"] == []


def test_the_pledge_carries_its_clauses_and_the_hash_that_one_agrees_to() -> None:
    """LY-54…LY-57."""
    agree = field(step(plan("open-account"), "pledge"), "agree")

    assert (agree["kind"], agree["required"], len(agree["text"])) == ("consent", True, 4)
    assert agree["text_hash"] == LINYI.pledges["open-account"].text_hash


def test_the_opening_form_asks_for_the_phone_and_shows_the_rest_masked() -> None:
    """LY-58: name, number, place, card and balance are shown; the phone is mandatory."""
    details = step(plan("open-account"), "details")

    assert field(details, "phone") == {
        "name": "phone",
        "kind": "phone",
        "label": "手机号码",
        "required": True,
        "hint": "有人用您的账户时，我们通过它通知您",
        "value": "138****1234",
    }
    shown = {item["label"]: item["value"] for item in field(details, "summary")["items"]}
    assert shown == {
        "姓名": "**明",
        "身份证号": "371***********0011",
        "参保地": "临沂市",
        "社保卡号": "****8765",
        "账户余额": "124.45 元",
    }


def test_what_is_not_known_is_said_to_be_so() -> None:
    details = step(plan("open-account", about(phone_masked=None, card_number_masked=None)), "details")

    assert "value" not in field(details, "phone")
    assert {"label": "社保卡号", "value": "未登记"} in field(details, "summary")["items"]


def test_adding_asks_one_form_with_the_citys_relatives() -> None:
    """LY-61, LY-63."""
    form = step(plan("add-member", about(payer())), "member")

    assert [(one["name"], one["kind"], one["required"]) for one in form["fields"]] == [
        ("name", "name", True),
        ("id_number", "id_number", True),
        ("region", "choice", True),
        ("relation", "choice", True),
        ("phone", "phone", False),
    ]
    assert [option["value"] for option in field(form, "relation")["options"]] == ["spouse", "father", "mother", "son", "daughter"]
    assert field(form, "region")["value"] == "371300"
    assert "value" not in field(form, "phone")


def test_a_full_relation_is_shown_disabled_with_the_reason() -> None:
    """Y-11."""
    family, _, _ = tie(payer(), resident(sex="female"), "spouse")
    form = step(plan("add-member", about(family), pack=city_with(relation_quotas={"spouse": 1})), "member")

    options = {option["value"]: option for option in field(form, "relation")["options"]}

    assert options["spouse"]["disabled"] is True
    assert options["spouse"]["reason"] == "同时最多添加 1 位配偶，您已经加满了。"
    assert "disabled" not in options["mother"]


def test_a_group_is_full_only_when_everybody_in_it_is_there() -> None:
    grouped = city_with(relations=("spouse", "parent", "child"), relation_quotas={"father": 1, "mother": 1})
    with_mother, _, _ = tie(payer(), resident(), "mother")
    with_both, _, _ = tie(with_mother, resident(sex="male"), "father")

    def parent(who: Situation) -> dict[str, Any]:
        options = field(step(plan("add-member", about(who), pack=grouped), "member"), "relation")["options"]
        return next(dict(option) for option in options if option["value"] == "parent")

    assert "disabled" not in parent(with_mother)
    assert parent(with_both)["disabled"] is True


def test_relatives_that_contradict_the_sex_are_left_out_where_the_city_filters() -> None:
    """HF-24; by the number as typed, so that nobody learns from the picker whether somebody was found."""
    filtering, typed = city_with(relation_filter_by_sex=True), {"member": {"id_number": MOTHERS_NUMBER}}
    for facts in (about(payer(), looked_up=True, candidate=resident()), about(payer(), looked_up=True)):
        form = step(plan("add-member", facts, typed, filtering), "member")

        assert [option["value"] for option in field(form, "relation")["options"]] == ["spouse", "mother", "daughter"]
    assert len(field(step(plan("add-member", about(payer()), pack=filtering), "member"), "relation")["options"]) == 5


def test_a_step_may_count_who_is_added_and_how_many_may_be() -> None:
    """HB-05."""
    member = LINYI.flows["add-member"].steps[0]
    counting = replace(member, paragraphs=("已有 {members} 位。",), speech="{members} 位，共 {limit} 位。")
    city = city_with(max_members_per_payer=8, flows={"add-member": replace(LINYI.flows["add-member"], steps=(counting,))})

    drawn = step(plan("add-member", about(tie(payer(), resident())[0]), pack=city), "member")

    assert (drawn["text"][0], drawn["speech"]) == ("已有 1 位。", "1 位，共 8 位。")


def test_name_and_number_stand_in_full_where_they_are_confirmed_and_are_marked_as_private() -> None:
    """Y-10: as typed, with outer spaces and a small x set right."""
    again = StepText("again", "再看一次", ("请核对。",), "请核对。", (FieldText("confirm_id_number", "没有错"),))
    add = LINYI.flows["add-member"]
    city = city_with(second_confirmation=True, flows={"add-member": replace(add, steps=(*add.steps, again))})

    def items(answers: dict[str, Any]) -> Any:
        return field(step(plan("add-member", about(payer()), answers, city), "again"), "confirm_id_number")["items"]

    assert items({"member": {**HERS, "name": " 林秀兰 ", "id_number": f" {MOTHERS_NUMBER} "}}) == [
        {"label": "姓名", "value": "林秀兰", "private": True},
        {"label": "证件号码", "value": MOTHERS_NUMBER, "private": True},
    ]
    assert [item["value"] for item in items({})] == ["未登记", "未登记"]


def test_an_unanswered_step_has_neither_faults_nor_a_refusal() -> None:
    assert all("faults" not in one and "refusal" not in one for one in plan("add-member", about(payer()))["steps"])


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"name": ""}, {"name": "required"}),
        ({"name": "x" * 51}, {"name": "name_invalid"}),
        ({"name": "<script>"}, {"name": "name_invalid"}),
        ({"name": 7}, {"name": "name_invalid"}),
        ({"id_number": "1"}, {"id_number": "id_number_length"}),
        ({"id_number": "371399195711200020"}, {"id_number": "id_number_check"}),
        ({"id_number": 3}, {"id_number": "id_number_length"}),
        ({"relation": "godmother"}, {"relation": "not_offered"}),
        ({"relation": ["mother"]}, {"relation": "not_offered"}),
        ({"region": "110000"}, {"region": "not_offered"}),
        ({"phone": "12345"}, {"phone": "phone_invalid"}),
        ({"phone": "138****1234"}, {"phone": "phone_invalid"}),
        ({"name": None, "relation": None}, {"name": "required", "relation": "required"}),
        ({"phone": "13900001234"}, {}),
        ({"phone": {"channel_code": "c"}}, {}),
        ({"region": None}, {}),
        ({"name": " 买买提·阿不都 "}, {}),
        ({"id_number": f" {MOTHERS_NUMBER} "}, {}),
    ],
)
def test_answers_are_judged_field_by_field_and_never_repeated(changes: dict[str, Any], faults: dict[str, str]) -> None:
    form = step(plan("add-member", about(payer()), {"member": {**HERS, **changes}}), "member")

    assert {name: fault["code"] for name, fault in form.get("faults", {}).items()} == faults
    for name, fault in form.get("faults", {}).items():
        assert fault["text"]
        assert fault["remedy"]
        typed = str(changes[name] or "")
        assert len(typed) < 3 or typed not in str(fault)


@pytest.mark.parametrize(("typed", "code"), [("0" * 64, "text_changed"), (True, "text_changed"), (None, "required")])
def test_one_agrees_to_the_text_of_the_day_and_to_nothing_else(typed: object, code: str) -> None:
    planned = plan("open-account", answers={"explain": {}, "pledge": {"agree": typed}})

    assert step(planned, "pledge")["faults"]["agree"]["code"] == code
    agreed = plan("open-account", answers={"pledge": {"agree": LINYI.pledges["open-account"].text_hash}})
    assert "faults" not in step(agreed, "pledge")


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"summary": True}, set()),
        ({"summary": True, "phone": "138****1234"}, set()),
        ({"summary": True, "phone": "13900001234"}, set()),
        ({"summary": False}, {"summary"}),
        ({"summary": "true", "phone": "1"}, {"summary", "phone"}),
        ({}, {"summary"}),
    ],
)
def test_ones_own_data_are_confirmed_and_a_known_phone_need_not_be_typed(given: dict[str, Any], faults: set[str]) -> None:
    assert set(step(plan("open-account", answers={"details": given}), "details").get("faults", {})) == faults
    assert "phone" in step(plan("open-account", about(phone_masked=None), {"details": {"summary": True}}), "details")["faults"]


def test_of_whoever_is_chosen_from_the_other_list_nothing_else_is_judged() -> None:
    """The client may send back the masked number that it was shown."""
    listed = (ShownMember("v1", "**兰", "mother", id_number_masked="3713**********0021"),)
    given = {"relative": "v1", "name": "**兰", "id_number": "3713**********0021", "region": "371300", "relation": "mother"}

    by_choice = step(plan("add-member", about(payer(), listed=listed), {"member": given}), "member")
    by_hand = step(plan("add-member", about(payer(), listed=listed), {"member": {**given, "relative": "v2"}}), "member")

    assert "faults" not in by_choice
    assert set(by_hand["faults"]) >= {"name", "id_number"}


def test_a_relative_who_may_not_be_added_is_refused_with_every_reason() -> None:
    facts = about(payer(), looked_up=True, candidate=resident(status="arrears", voucher_active=False))

    form = step(plan("add-member", facts, {"member": {**HERS, "relation": "older_sister"}}), "member")

    assert not form["refusal"]["allowed"]
    assert rules(form["refusal"]) == ["member_status_abnormal", "relation_not_allowed", "voucher_not_activated"]


def test_a_relative_who_is_not_found_gives_one_reason_and_one_who_fits_gives_none() -> None:
    """Y-16."""
    nobody = plan("add-member", about(payer(), looked_up=True), {"member": HERS})
    mother = plan("add-member", about(payer(), looked_up=True, candidate=resident()), {"member": HERS})

    assert rules(step(nobody, "member")["refusal"]) == ["member_not_found"]
    assert "refusal" not in step(mother, "member")


def test_faults_come_before_refusals_and_nothing_is_refused_that_was_not_looked_up() -> None:
    faulty = plan("add-member", about(payer(), looked_up=True), {"member": {**HERS, "phone": "1"}})
    unasked = plan("add-member", about(payer()), {"member": HERS})

    assert "refusal" not in step(faulty, "member")
    assert "refusal" not in step(unasked, "member")


def test_removing_offers_ones_members_and_then_shows_the_chosen_one() -> None:
    """LY-64, LY-65."""
    family, _, _ = tie(payer(), resident())
    facts = about(family, members=(ShownMember("m1", "**兰", "mother"), ShownMember("m2", "*强", "son")))

    planned = plan("remove-member", facts, {"member": {"member": "m1"}})

    assert field(step(planned, "member"), "member")["options"] == [
        {"value": "m1", "label": "母亲 **兰"},
        {"value": "m2", "label": "儿子 *强"},
    ]
    assert field(step(planned, "confirm"), "summary")["items"] == [
        {"label": "家人", "value": "**兰"},
        {"label": "关系", "value": "母亲"},
    ]
    assert "faults" not in step(planned, "member")


def test_somebody_elses_member_cannot_be_chosen() -> None:
    planned = plan("remove-member", answers={"member": {"member": "m9"}})

    assert step(planned, "member")["faults"]["member"]["code"] == "not_offered"
    assert rules(planned["verdict"]) == ["no_members"]


def test_whether_a_flow_may_be_opened_is_said_with_every_reason() -> None:
    wife = about(situation(person(status="suspended", voucher_active=False)))

    assert rules(plan("open-account", wife)["verdict"]) == ["payer_status_not_normal", "voucher_not_activated"]
    assert "account_not_opened" in rules(plan("add-member", wife)["verdict"])


def test_a_place_without_a_pack_has_no_steps_and_says_so() -> None:
    planned = plan("open-account", pack=None)

    assert (planned["steps"], planned["region"], planned["title"]) == ([], None, "开通家庭共济")
    assert rules(planned["verdict"]) == ["region_not_served"]


def test_a_city_without_opening_has_no_such_steps() -> None:
    without = replace(
        city_with(open_account_required=False), flows={name: LINYI.flows[name] for name in ("add-member", "remove-member")}
    )

    planned = plan("open-account", pack=without)

    assert planned["steps"] == []
    assert rules(planned["verdict"]) == ["account_opening_not_needed"]


def test_a_city_that_has_not_such_a_flow_refuses_it_by_name_to_whoever_else_might() -> None:
    paying, _, _ = tie(payer(), resident())
    without = replace(LINYI, flows={name: flow for name, flow in LINYI.flows.items() if name != "remove-member"})

    planned = plan("remove-member", about(paying), pack=without)

    assert rules(plan("remove-member", about(paying))["verdict"]) == []
    assert (rules(planned["verdict"]), planned["steps"]) == (["act_not_offered"], [])


def test_every_flow_is_offered_with_whether_it_can_start() -> None:
    offers = {
        offer["name"]: (offer["can_start"], [reason["rule"] for reason in offer["reasons"]])
        for offer in offer_flows(LINYI, situation(), NOW)
    }

    assert offers == {
        "open-account": (True, []),
        "add-member": (False, ["account_not_opened"]),
        "remove-member": (False, ["no_members"]),
    }


def test_the_relative_in_the_answers_is_read_from_whichever_step_asked() -> None:
    found = named_relative({"who": {"name": " 林秀兰 "}, "number": {"id_number": MOTHERS_NUMBER.lower()}}, NOW)

    assert found is not None
    assert (found.name, found.id_number, found.cert_type) == ("林秀兰", MOTHERS_NUMBER, "01")
    assert named_relative({"member": {**HERS, "id_number": "1"}}, NOW) is None
    assert named_relative({"member": {"name": "林秀兰"}}, NOW) is None
    assert named_relative({}, NOW) is None


def test_a_flow_of_several_steps_refuses_on_the_last_that_helps_to_name_the_relative() -> None:
    """A city that asks number and name first and the relation later; then shows what it understood."""
    who = StepText("who", "家人", ("一",), "一", (FieldText("id_number", "号码"), FieldText("name", "姓名")))
    kin = StepText("kin", "关系", ("二",), "二", (FieldText("relation", "关系"),))
    items = tuple(SummaryItem(show, show) for show in ("member", "relation", "shareable", "phone", "region"))
    check = StepText("check", "确认", ("三",), "三", (FieldText("summary", "确认", items=items),))
    city = city_with(flows={**LINYI.flows, "add-member": FlowText("添加", "好了", (who, kin, check), (), "assumed: 试")})
    answers = {"who": {"name": "林秀兰", "id_number": MOTHERS_NUMBER}, "kin": {"relation": "mother"}}

    planned = plan("add-member", about(payer(current_fen=500), looked_up=True), answers, city)

    assert "refusal" not in step(planned, "who")
    assert rules(step(planned, "kin")["refusal"]) == ["member_not_found"]
    shown = [item["value"] for item in field(step(planned, "check"), "summary")["items"]]
    assert shown == ["**兰", "母亲", "5.00 元", "138****1234", "临沂市"]


def test_scopes_and_certificates_are_offered_where_a_city_asks() -> None:
    asks = StepText("more", "更多", ("一",), "一", (FieldText("scopes", "用途"), FieldText("cert_type", "证件")))
    city = city_with(flows={**LINYI.flows, "add-member": FlowText("添加", "好了", (asks,), (), "assumed: 试")})

    drawn = step(plan("add-member", about(payer()), pack=city), "more")

    assert {"value": "pharmacy", "label": "药店购药"} in field(drawn, "scopes")["options"]
    assert field(drawn, "scopes")["multiple"] is True
    assert field(drawn, "cert_type")["value"] == "01"


def test_nobody_is_born_tomorrow() -> None:
    assert date(2026, 3, 2) == NOW.date()
    assert named_relative({"member": {**HERS, "id_number": "371399202603030019"}}, NOW) is None

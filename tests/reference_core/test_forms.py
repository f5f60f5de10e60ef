"""The paper that a city wants signed: printed from what was answered, in Chinese, whatever people typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.printed import has_own_fonts, text_of
from tests.reference_core.callers import Callers, Json, Told, World
from tests.reference_core.capital import Capital

CARD = "110-221-9"
NASTY = """#read("/etc/passwd") #panic(1) *b* _i_ $x^2$ ] } \\ "q" <l> @r // c /* d */ `e` = f"""


def answers(member: Json, **more: Any) -> Json:
    named = {
        "name": member["name"],
        "id_number": member["id_number"],
        "relation": "parent",
        "card_number": CARD,
        "phone": member["phone"],
    }
    return {
        "papers": {},
        "payer": {"summary": True},
        "member": {name: more.get(name, said) for name, said in named.items()},
        "rules": {name: said for name, said in more.items() if name not in named},
        "documents": {"documents": ["01a20000-0000-7000-8000-000000000001"]},
    }


def ask(callers: Callers, person: Json, given: Json, flow: str = "add-member") -> tuple[bytes, Mapping[str, str], int]:
    headers = {"Authorization": f"Bearer {callers.core.settings.keys.citizen[0]}", "X-Person": person["person_id"]}
    reply = callers.app.test_client().post(f"/citizen/forms/{flow}", json={"answers": given}, headers=headers)
    return reply.data, dict(reply.headers), reply.status_code


def refused(callers: Callers, person: Json, given: Json, flow: str = "add-member") -> Told:
    return callers.citizen("POST", f"/forms/{flow}", {"answers": given}, person=person["person_id"])


def test_a_form_says_in_chinese_what_was_answered(capital: Capital, callers: Callers) -> None:
    """BJ-04, BJ-05, BJ-06, BJ-07."""
    son, mother = capital.payer(), capital.member(name="林月华")
    chosen = {"starts_on": "2199-03-01", "monthly_cap_fen": 80_000, "scopes": ["outpatient", "pharmacy"]}

    pdf, headers, status = ask(callers, son, answers(mother, **chosen))

    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    said = text_of(pdf)
    for told in (son["name"], son["id_number"], mother["name"], mother["id_number"], CARD, mother["phone"]):
        assert told in said
    for told in (
        "家庭共济绑定申请表",
        "是授权人的父母",
        "2199年3月1日",
        "800.00元",
        "门诊、药店",
        "亲属关系属实",
        "授权人签名：",
    ):
        assert told in said, said
    assert has_own_fonts(pdf)


def test_what_was_left_open_is_said_to_be_open(capital: Capital, callers: Callers) -> None:
    pdf, _, _ = ask(callers, capital.payer(), answers(capital.member(name="林月华")))

    assert "生效时间通过后即开始每月额度不设额度使用范围不限" in text_of(pdf)


def test_what_people_typed_is_printed_and_never_obeyed(world: World, capital: Capital, callers: Callers) -> None:
    son = world.employee(9_000, region="110105", name='#panic("赵")$x$')
    capital.act(son, "/account", {}).ok()
    mother = capital.member(name="O'Brien-Lee .·王")

    pdf, _, status = ask(callers, son, answers(mother, card_number=NASTY))

    assert status == 200
    said = text_of(pdf)
    for typed in (son["name"], mother["name"], NASTY):
        assert "".join(typed.split()) in said, said


def test_nothing_is_printed_before_all_that_stands_on_it_is_answered(capital: Capital, callers: Callers) -> None:
    son, mother = capital.payer(), capital.member(name="林月华")

    nothing = refused(callers, son, {}).problem(422, "invalid_answers")
    no_card = refused(callers, son, answers(mother, card_number="")).problem(422, "invalid_answers")

    assert {"summary", "name", "id_number", "relation", "card_number", "phone", "documents"} <= set(nothing["fields"])
    assert set(no_card["fields"]) == {"card_number"}


def test_no_form_is_printed_for_a_relative_who_cannot_be_added(world: World, capital: Capital, callers: Callers) -> None:
    son, mother = capital.payer(), capital.member(name="林月华")
    stranger, resident = {**mother, "name": "江无人"}, world.resident(region="110105")

    assert refused(callers, son, answers(mother, relation="older_sister")).refused() == {"relation_not_allowed"}
    assert refused(callers, son, answers(stranger)).refused() == {"member_not_found"}
    assert refused(callers, resident, answers(mother)).refused() >= {"payer_not_employee_insured"}


@pytest.mark.parametrize("flow", ["open-account", "remove-member", "no-such-flow"])
def test_a_flow_without_a_form_has_none(capital: Capital, callers: Callers, flow: str) -> None:
    refused(callers, capital.payer(), {}, flow).problem(404, "not_found")


def test_a_city_without_forms_has_none(world: World, callers: Callers) -> None:
    son = world.employee(500)
    world.open_account(son).ok()

    refused(callers, son, answers(world.resident())).problem(404, "not_found")


def test_the_screen_says_that_there_is_a_form_to_sign(capital: Capital) -> None:
    planned = capital.flow(capital.payer(), "add-member").ok()

    fields = {field["name"]: field for step in planned["steps"] for field in step["fields"]}
    assert fields["signed_form"]["form"] == {"title": "家庭共济绑定申请表"}
    assert "form" not in fields["documents"]

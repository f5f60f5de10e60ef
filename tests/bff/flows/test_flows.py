"""The flows: how a plan of the core becomes steps, and the effect that each flow's answers ask for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from bff.errors import NotFound
from bff.flows.catalogue import FLOWS, find_flow
from bff.flows.consents import ALL_TEXTS, GENERAL, REQUIRED, SENSITIVE, Consent, missing
from bff.flows.flow import (
    AcceptRelation,
    ActivateRelative,
    ActivateVoucher,
    BecomePerson,
    BindMember,
    ChangeLimit,
    CloseAccount,
    EndRelation,
    OpenAccount,
    Renew,
    Standing,
    StepUp,
)
from bff.flows.plan import read_plan
from bff.flows.verify_identity import PURPOSES, VERIFY_IDENTITY
from bff.flows.verify_identity import plan as verifying
from groundwork.reading import Reading, Unreadable

REASON: dict[str, Any] = {
    **dict.fromkeys(("rule", "text", "source", "owner", "next_step"), "r"),
    "facts": {},
    "effective_from": None,
    "cashier_code": "ABC123",
}


def told(**changes: Any) -> dict[str, Any]:
    """A plan as the core tells it."""
    agree = {"name": "agree", "kind": "consent", "label": "同意", "required": True, "text": ["一", "二"], "text_hash": "f" * 64}
    step = {"step": "pledge", "title": "承诺", "text": ["读"], "speech": "请读", "fields": [agree]}
    plan = {
        "flow": "open-account",
        "title": "开通",
        "verdict": {"allowed": True, "reasons": []},
        "steps": [step],
        "done_text": "好了",
        "next": [{"flow": "add-member", "title": "添加"}],
    }
    return {**plan, **changes}


def with_field(**field: Any) -> dict[str, Any]:
    step = {**told()["steps"][0], "fields": [{"name": "x", "kind": "text", "label": "l", "required": True, **field}]}
    return told(steps=[step])


def test_a_plan_of_the_core_becomes_steps() -> None:
    plan = read_plan(Reading.of(told()))

    assert plan.steps[0].fields[0].text == ("一", "二")
    assert plan.done_text == ("好了",)
    assert plan.next[0].flow == "add-member"
    assert plan.reasons == ()


def test_faults_and_refusals_are_read_with_their_step() -> None:
    step = {
        **told()["steps"][0],
        "faults": {"agree": {"code": "c", "text": "t", "remedy": "r"}},
        "refusal": {"allowed": False, "reasons": [REASON]},
    }
    plan = read_plan(Reading.of(told(steps=[step], verdict={"allowed": False, "reasons": [REASON]})))

    assert plan.steps[0].faults["agree"].code == "c"
    assert plan.steps[0].refusal[0].rule == "r"
    assert plan.reasons[0].cashier_code == "ABC123"


def test_options_items_and_values_are_read_with_their_field() -> None:
    options = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙", "disabled": True, "reason": "满"}]
    field = with_field(kind="choice", options=options, multiple=True, value="a", hint="h")
    asked = read_plan(Reading.of(field)).steps[0].fields[0]

    assert asked.options[1].reason == "满"
    assert (asked.multiple, asked.value, asked.hint) == (True, "a", "h")
    summary = read_plan(Reading.of(with_field(kind="summary", items=[{"label": "l", "value": "v"}]))).steps[0].fields[0]
    assert summary.items[0].value == "v"


@pytest.mark.parametrize(
    "broken",
    [
        told(steps=None),
        told(flow=7),
        told(verdict={"allowed": True, "reasons": [REASON]}),
        told(verdict={"allowed": False, "reasons": []}),
        told(steps=[{"step": "x"}]),
        with_field(kind="hologram"),
        with_field(kind="consent"),
        with_field(required="yes"),
        with_field(kind="real_person", about="neighbour"),
        told(steps=[{**told()["steps"][0], "instead": [{"flow": "add-member"}]}]),
        with_field(options=[{"value": 1, "label": "x"}]),
        with_field(options="all"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_whole(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_plan(Reading.of(broken))


def test_every_flow_goes_by_its_own_name() -> None:
    assert {name: flow.name for name, flow in FLOWS.items()} == {name: name for name in FLOWS}
    assert find_flow("open-account").title
    with pytest.raises(NotFound):
        find_flow("no-such-flow")


def test_verifying_asks_for_both_consents_apart_then_who_then_the_camera() -> None:
    plan = verifying(Standing(known=False, consents=REQUIRED))

    assert [step.name for step in plan.steps] == ["privacy", "sensitive", "who", "real_person"]
    for step, consent in zip(plan.steps, (GENERAL, SENSITIVE), strict=False):
        assert [(field.name, field.kind, field.text_hash) for field in step.fields] == [("agree", "consent", consent.text_hash)]
    assert [field.kind for field in plan.steps[2].fields] == ["name", "id_number", "phone"]
    assert plan.steps[3].real_person is not None
    assert all(step.speech for step in plan.steps)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_who_is_known_is_asked_for_one_act_to_look_and_nothing_else(purpose: str) -> None:
    assert [step.name for step in verifying(Standing(known=True, consents=(), purpose=purpose)).steps] == ["real_person"]


def test_who_is_known_is_asked_again_for_what_they_no_longer_agree_to_before_they_look() -> None:
    told = verifying(Standing(known=True, consents=(SENSITIVE,), purpose="show_relative_code"))

    assert [step.name for step in told.steps] == ["sensitive", "real_person"]
    assert [step.name for step in verifying(Standing(known=True, consents=(GENERAL,))).steps] == ["privacy"]


@pytest.mark.parametrize("consent", ALL_TEXTS, ids=lambda consent: consent.purpose)
def test_a_consents_hash_is_that_of_its_words(consent: Consent) -> None:
    """So a text with one character changed is another text, and everybody is asked again."""
    assert consent.text_hash == hashlib.sha256("\n".join(consent.text).encode()).hexdigest()
    changed = replace(consent, text=(*consent.text[:-1], consent.text[-1] + "。"))
    assert missing([GENERAL.text_hash, SENSITIVE.text_hash], guarded=False) == ()
    assert changed.text_hash not in [one.text_hash for one in ALL_TEXTS]
    others = [one.text_hash for one in ALL_TEXTS if one is not consent]
    assert missing([*others, changed.text_hash], guarded=True) == (consent,)


def test_verifying_for_one_act_ends_with_a_proof_for_it_and_without_one_with_nothing() -> None:
    assert VERIFY_IDENTITY.effect({"real_person": CHECK, "purpose": "show_relative_code"}) == StepUp("show_relative_code", CHECK)
    assert VERIFY_IDENTITY.effect({"purpose": None}) == Renew()


def test_verifying_ends_with_becoming_the_person() -> None:
    given: dict[str, Any] = {
        "agree": SENSITIVE.text_hash,
        "name": "王芳",
        "id_number": "n",
        "phone": {"number": "138", "verified": True},
        "real_person": {"check_id": "c", "channel": "wechat", "method": "face", "at": "now"},
    }

    effect = VERIFY_IDENTITY.effect(given)

    assert effect == BecomePerson("王芳", "n", "138", True, given["real_person"])


def test_opening_ends_with_the_pledge_and_a_phone_where_one_was_given() -> None:
    assert FLOWS["open-account"].effect({"agree": "h", "phone": {"number": "138", "verified": False}}) == OpenAccount("h", "138")
    assert FLOWS["open-account"].effect({"phone": {"number": "138", "verified": True}}) == OpenAccount(None, "138", True)
    assert FLOWS["open-account"].effect({"agree": "h"}) == OpenAccount("h", None)


NAMED = {"name": "王芳", "id_number": "n", "cert_type": "01"}


def test_adding_ends_with_binding_the_relative() -> None:
    given = {"name": "王芳", "id_number": "n", "relation": "mother"}

    assert FLOWS["add-member"].effect(given) == BindMember(NAMED, "mother", None, None)
    assert FLOWS["add-member"].effect({**given, "cert_type": "02", "agree": "h"}) == BindMember(
        {**NAMED, "cert_type": "02"}, "mother", None, "h"
    )


def test_whoever_is_chosen_from_the_list_of_vouchers_is_not_named_again() -> None:
    given = {"relative": "voucher-1", "relation": "mother"}

    assert FLOWS["add-member"].effect(given) == BindMember({"relative": "voucher-1"}, "mother", None, None)


def test_adding_hands_on_every_term_that_the_city_asked() -> None:
    terms = {
        "monthly_cap_fen": 50_000,
        "scopes": ["outpatient"],
        "starts_on": "2026-04-01",
        "ends_on": "2026-12-31",
        "documents": ["u1"],
        "signed_form": ["u2"],
        "card_number": "A1",
    }
    kept = {"passcode": {"secret": "135790"}, "confirm_id_number": {"summed_up": "h"}}

    effect = FLOWS["add-member"].effect({"name": "王芳", "id_number": "n", "relation": "mother", **terms, **kept})

    assert isinstance(effect, BindMember)
    assert effect.terms == {**terms, "passcode": "135790", "confirm_id_number": True}
    assert "135790" not in repr(effect)


def test_a_term_that_was_left_out_or_taken_back_is_not_handed_on() -> None:
    given = {"name": "王芳", "id_number": "n", "relation": "mother", "cert_type": None, "monthly_cap_fen": None}

    assert FLOWS["add-member"].effect(given) == BindMember(NAMED, "mother", None, None, {})


CHECK = {"check_id": "c", "channel": "wechat", "method": "face", "at": "now"}


@pytest.mark.parametrize("flow", [name for name in FLOWS if name != "verify-identity"])
def test_the_look_into_the_camera_goes_with_whatever_it_was_for(flow: str) -> None:
    given = {"name": "王芳", "id_number": "n", "relation": "mother", "member": "r1", "real_person": CHECK}

    assert getattr(FLOWS[flow].effect(given), "check") == CHECK  # noqa: B009  # not every effect has one


def test_accepting_names_the_relation_that_was_chosen() -> None:
    assert FLOWS["accept-relation"].effect({"member": "r1"}) == AcceptRelation("r1")


def test_only_limits_that_were_asked_change_and_an_emptied_one_is_lifted() -> None:
    change = FLOWS["change-limit"].effect

    assert change({"member": "r1", "monthly_cap_fen": 50_000}) == ChangeLimit("r1", {"monthly_cap_fen": 50_000})
    assert change({"member": "r1", "monthly_cap_fen": None}) == ChangeLimit("r1", {"monthly_cap_fen": None})
    assert change({"member": "r1", "scopes": ["pharmacy"]}) == ChangeLimit("r1", {"scopes": ["pharmacy"]})


def test_closing_asks_for_nothing_more() -> None:
    assert FLOWS["close-account"].effect({"summary": {"summed_up": "h"}}) == CloseAccount()


def test_removing_ends_the_relation_that_was_chosen() -> None:
    assert FLOWS["remove-member"].effect({"member": "r1"}) == EndRelation("r1", None)


def test_a_look_may_be_the_relatives_and_a_step_may_name_what_else_was_meant() -> None:
    step = with_field(kind="real_person", about="relative")["steps"][0]
    plan = read_plan(Reading.of(told(steps=[{**step, "instead": [{"flow": "add-member", "title": "添加"}]}])))

    assert plan.steps[0].fields[0].about == "relative"
    assert [one.flow for one in plan.steps[0].instead] == ["add-member"]


def test_activating_ones_own_voucher_hands_on_the_bank_card() -> None:
    effect = FLOWS["activate-voucher"].effect({"bank_card": "6200000000000001", "member": ["k1"]})

    assert effect == ActivateVoucher(bank_card="6200000000000001", helpers=("k1",))
    assert "6200" not in repr(effect)


def test_activating_for_a_relative_names_them_and_how_they_are_known() -> None:
    who = {"name": "王芳", "id_number": "n", "cert_type": "01", "relation": "grandmother"}
    effect = FLOWS["activate-relative"].effect

    assert effect({**who, "agree": "h", "real_person": CHECK}) == ActivateRelative(
        relative=who, agree="h", bank_card=None, other_way=None, check=CHECK
    )
    counter = {"at_counter": {"summed_up": "h"}, "on_own_phone": None, "bank_card": None, "real_person": None}
    assert effect({**who, **counter}) == ActivateRelative(relative=who, agree=None, bank_card=None, other_way="at_counter")
    assert "王芳" not in repr(effect(who))


def test_a_relative_who_is_a_member_already_need_not_be_named_again() -> None:
    effect = FLOWS["activate-relative"].effect({"member": "r1", "on_own_phone": {"summed_up": "h"}})

    assert effect == ActivateRelative(relative={"member": "r1"}, agree=None, bank_card=None, other_way="on_own_phone")

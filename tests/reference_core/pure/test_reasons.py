"""The catalogue of reasons: what is said, to whom, by whom it can be mended, and the code on a slip."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reference_core.decisions import reasons
from reference_core.decisions.reasons import explain, in_order, verdict_of
from reference_core.packs.schema_texts import ReasonText
from reference_core.vocabulary.reason_catalogue import (
    OWNERS,
    cashier_code,
    decode,
    entry_of,
    known_rules,
    names_in,
    read_catalogue,
)
from tests.reference_core.pure.family import LINYI, city_with

RULES = sorted(known_rules())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODE = Path(reasons.__file__).parent.parent


@pytest.mark.parametrize("rule", RULES)
def test_every_reason_says_what_is_wrong_who_mends_it_and_what_to_do(rule: str) -> None:
    for wording in entry_of(rule).wordings.values():
        for said in (wording.text, wording.clerk, wording.next_step):
            assert CHINESE.search(said)
            assert "系统繁忙" not in said
            assert "绑定人" not in said
        assert wording.owner in OWNERS


@pytest.mark.parametrize("rule", RULES)
def test_every_code_has_six_characters_and_decodes_to_its_reason(rule: str) -> None:
    code = cashier_code(rule)

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", code)
    for typed in (code, f" {code.lower()} ", code.replace("0", "O").replace("1", "I")):
        found = decode(typed)
        assert found is not None
        assert found.rule == rule


def test_a_code_that_means_nothing_decodes_to_nothing() -> None:
    assert decode("UUUUUU") is None
    assert decode("") is None


def test_codes_on_old_slips_keep_their_meaning() -> None:
    """A code follows from the identifier alone; these are printed on slips."""
    assert [cashier_code(rule) for rule in ("role_conflict", "payer_excluded_class", "voucher_not_activated")] == [
        "8YZHF3",
        "KCMNB5",
        "KX5T5A",
    ]


def test_the_codes_catalogue_names_what_rules_md_names() -> None:
    """The identifiers of states and errors that binding and payment use are there, in lower case."""
    named = [
        "payer_not_employee_insured",
        "payer_status_not_normal",
        "payer_excluded_class",
        "member_not_insured",
        "member_status_abnormal",
        "out_of_pool_scope",
        "relation_not_allowed",
        "relation_quota_exceeded",
        "max_members_exceeded",
        "member_already_bound",
        "role_conflict",
        "voucher_not_activated",
        "not_yet_effective",
        "payer_balance_zero",
        "payer_balance_insufficient",
        "cap_exceeded",
        "scope_not_allowed",
        "expense_excluded",
        "nonlocal_not_supported",
        "institution_not_enabled",
        "must_unbind_before_transfer",
        "account_already_open",
        "account_not_opened",
        "member_not_found",
        "relation_ended",
        "not_mutual_aid",
        "credential_not_accepted",
        "region_not_served",
        "member_is_payer",
        "identity_name_differs",
        "refund_exceeds_paid",
    ]

    assert set(named) <= known_rules()


@pytest.mark.parametrize("rule", RULES)
def test_some_code_gives_every_reason(rule: str) -> None:
    """A reason that nothing ever gives is a promise nobody keeps; relation_… is put together from a state."""
    sources = "\n".join(file.read_text(encoding="utf-8") for file in CODE.glob("**/*.py"))

    assert f'"{rule}"' in sources or rule in ("relation_suspended", "relation_disputed")


def test_facts_stand_in_the_text_and_beside_it() -> None:
    told = explain(LINYI, "relation_quota_exceeded", "relation_quotas", relation="配偶", limit=1)

    assert told.text == "同时最多添加 1 位配偶，您已经加满了。"
    assert told.facts == {"relation": "配偶", "limit": 1}
    assert (told.source, told.effective_from, told.owner) == ("unknown", "2021-07-01", "me")


@pytest.mark.parametrize("facts", [{}, {"relation": "配偶"}, {"relation": "配偶", "limit": 1, "name": "某某"}])
def test_a_reason_shows_exactly_the_facts_that_it_declares(facts: dict[str, Any]) -> None:
    """So that no name can slip into one."""
    with pytest.raises(ValueError, match="relation_quota_exceeded shows exactly"):
        explain(LINYI, "relation_quota_exceeded", **facts)


def test_a_city_words_its_own_hotline_place_and_text() -> None:
    own = city_with(
        name="某市",
        words=replace(LINYI.words, hotline="0000-1", counter="政务大厅"),
        reason_texts={
            "member_not_insured": ReasonText(
                text="{city}还没有这位家人的参保记录。", next_step="请到{counter}，或拨打 {hotline}。"
            )
        },
    )

    told = explain(own, "member_not_insured", "member_insutypes")

    assert (told.text, told.next_step) == ("某市还没有这位家人的参保记录。", "请到政务大厅，或拨打 0000-1。")
    assert told.source == "LY-05"


def test_without_a_city_the_common_words_hold_and_no_day_is_claimed() -> None:
    told = explain(None, "region_not_served")

    assert "12393" in told.next_step
    assert told.effective_from is None


@pytest.mark.parametrize("rule", ["no_members", "relation_disputed", "payer_balance_zero", "not_mutual_aid"])
def test_a_reason_that_follows_from_no_value_of_the_city_says_where_it_comes_from(rule: str) -> None:
    assert explain(LINYI, rule).source


def test_reasons_are_told_once_and_in_the_catalogues_order_whatever_order_they_are_found_in() -> None:
    found = [explain(LINYI, "payer_balance_zero"), explain(LINYI, "person_died", who="me"), explain(LINYI, "payer_balance_zero")]

    assert [reason.rule for reason in in_order(found)] == ["person_died", "payer_balance_zero"]
    assert in_order(found) == in_order(found[::-1])
    alike = [explain(LINYI, "not_declared"), explain(LINYI, "no_members")]
    assert [reason.rule for reason in in_order(alike)] == ["no_members", "not_declared"]


def test_a_verdict_allows_exactly_when_there_is_no_reason() -> None:
    assert verdict_of([]).allowed
    assert not verdict_of([explain(LINYI, "no_members")]).allowed


def test_a_texts_facts_are_those_in_braces() -> None:
    assert names_in("{city}的{limit}位") == {"city", "limit"}


ENTRY = "{rule}:\n  {more}text: 不行。\n  clerk: 不行。\n  owner: {owner}\n  next_step: {step}\n"


def entry(rule: str = "some_rule", owner: str = "me", step: str = "请稍候。", more: str = "") -> str:
    return ENTRY.format(rule=rule, owner=owner, step=step, more=more)


def rules_with_one_code() -> tuple[str, str]:
    """Two identifiers whose codes of thirty bits are the same."""
    seen: dict[str, str] = {}
    for number in range(1_000_000):
        rule = f"rule_{number}"
        if (code := cashier_code(rule)) in seen:
            return seen[code], rule
        seen[code] = rule
    raise AssertionError("no two of a million identifiers share a code")


def test_a_catalogue_in_which_two_reasons_share_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="share a cashier code; rename one"):
        read_catalogue("".join(map(entry, rules_with_one_code())))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (entry(owner="somebody"), "unknown owner somebody"),
        (entry(step="请找 {clerk}。"), "names ['clerk'], which is not among its facts"),
        (
            "some_rule:\n  by: who\n  owner: me\n  cases:\n    me: {text: 不行。, clerk: 不行。, next_step: 请稍候。}\n",
            "the fact who that tells its cases apart is not among its facts",
        ),
    ],
)
def test_an_entry_of_the_catalogue_that_cannot_be_right_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"some_rule: {re.escape(told)}"):
        read_catalogue(text)

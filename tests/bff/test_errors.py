"""Errors: one tree, one wire shape, Chinese words for people, and a page that lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bff.error_docs import PAGE, main, page
from bff.errors import BffError, Fault, InvalidAnswers, Reason, RuleRefusal, TryAgain, every_error, nameable, problem
from bff.flows.faults import FAULTS
from bff.money import yuan

CHINESE = re.compile("[一-鿿]")


def test_the_page_of_errors_is_what_the_code_says_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bff.error_docs`"


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    main(tmp_path / "errors.md")

    assert (tmp_path / "errors.md").read_text(encoding="utf-8") == page()


def test_every_code_and_every_field_fault_stands_on_the_page() -> None:
    written = PAGE.read_text(encoding="utf-8")

    for error in every_error():
        assert f"| {error.status} | `{error.code}` |" in written
    for code in FAULTS:
        assert f"| `{code}` |" in written


def test_the_codes_that_clients_were_promised_exist() -> None:
    promised = {
        "not_signed_in", "identity_required", "key_missing", "key_malformed", "key_reused", "in_progress", "key_spent",
        "not_found", "step_out_of_order", "flow_not_started", "flow_changed", "flow_expired", "check_pending",
        "check_expired", "invalid_answers", "refused", "text_changed", "malformed_body", "unknown_field",
        "body_too_large", "unsupported_media_type", "too_many_requests", "core_unavailable", "outcome_unknown",
        "store_unavailable", "identity_conflict",
    }  # fmt: skip

    assert promised <= {error.code for error in every_error()}


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in every_error()]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.code)
def test_every_error_speaks_chinese_and_never_says_the_system_is_busy(error: type[BffError]) -> None:
    told = problem(error())

    assert set(told) == {"type", "title", "status", "code", "detail", "retry"}
    assert CHINESE.search(told["title"])
    assert CHINESE.search(told["detail"])
    assert "系统繁忙" not in told["title"] + told["detail"]
    assert told["retry"] == issubclass(error, TryAgain)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.code)
def test_every_field_fault_says_what_is_wrong_and_what_to_do(fault: Fault) -> None:
    assert CHINESE.search(fault.text)
    assert CHINESE.search(fault.remedy)
    assert fault.text != fault.remedy


def test_a_problem_carries_fields_reasons_and_screen_in_one_shape() -> None:
    reason = Reason("a_rule", "字", {"limit": 1}, "LY-01", None, "me", "步", "ABC123")

    invalid = problem(InvalidAnswers(fields={"name": Fault("c", "t", "r")}, screen={"step": "who"}))
    refused = problem(RuleRefusal(reasons=[reason]))

    assert invalid["fields"] == {"name": {"code": "c", "text": "t", "remedy": "r"}}
    assert invalid["screen"] == {"step": "who"}
    assert refused["reasons"][0]["cashier_code"] == "ABC123"
    assert refused["reasons"][0]["facts"] == {"limit": 1}


def test_an_error_says_nothing_but_its_code_when_it_is_printed() -> None:
    assert str(InvalidAnswers("为某人写的话")) == "invalid_answers"


@pytest.mark.parametrize("name", ["371399198503020011", "a" * 41, "<script>", "名字", "", 7])
def test_a_field_with_a_strange_name_is_not_repeated(name: object) -> None:
    assert nameable(name) == "?"


def test_a_field_with_a_plain_name_is_named() -> None:
    assert nameable("shoe_size") == "shoe_size"


@pytest.mark.parametrize(("fen", "written"), [(0, "0.00"), (5, "0.05"), (12_850, "128.50"), (-12_850, "-128.50"), (100, "1.00")])
def test_fen_are_written_as_yuan(fen: int, written: str) -> None:
    assert yuan(fen) == written

"""The page of rules: complete, in step with packs and tests, and every difference between the texts accounted for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dev.rule_evidence import (
    ROOT,
    Contradiction,
    Row,
    bundled_packs,
    find_parameters,
    find_tests,
    read_contradictions,
    read_rows,
    rules_in,
    uncovered,
)
from dev.rule_page import PAGE, main, rule_page
from reference_core.packs.schema import PARAMETERS, PackSchema, VersionSchema
from reference_core.packs.schema_texts import WordsSchema
from reference_core.packs.shelf import Pack

ROWS_OF_EACH_TEXT = {"LY": 66, "NH": 21, "HB": 13, "XA": 25, "GD": 55, "BJ": 8, "HF": 36}
CONTRADICTIONS = read_contradictions()
PACKS = bundled_packs()
TESTS = find_tests()


def test_every_row_of_every_text_is_there_once_and_in_order() -> None:
    expected = [f"{text}-{number:02}" for text, count in ROWS_OF_EACH_TEXT.items() for number in range(1, count + 1)]

    assert [row.rule for row in read_rows()] == expected


def test_every_row_about_behaviour_has_a_test_or_a_reason_or_the_part_that_brings_it() -> None:
    assert uncovered(read_rows(), TESTS) == []


def test_a_row_about_behaviour_that_nothing_stands_for_is_named() -> None:
    rows = (
        Row("LY-98", "L", "says"),
        Row("LY-97", "I", "says"),
        Row("LY-96", "R", "says", reason="why"),
        Row("LY-95", "E", "says"),
    )

    assert uncovered(rows, {"LY-95": ["some test"]}) == ["LY-98"]


def test_no_row_is_open_that_a_test_already_names() -> None:
    """What was brought since is struck off the list of what is missing."""
    assert [row.rule for row in read_rows() if row.open and row.rule in TESTS] == []


def test_every_rule_that_a_pack_quotes_is_a_row() -> None:
    assert set(find_parameters(PACKS)) <= {row.rule for row in read_rows()}


def test_every_rule_that_a_test_names_is_a_row() -> None:
    assert set(TESTS) <= {row.rule for row in read_rows()}


def test_the_page_is_the_one_that_packs_and_tests_of_today_make() -> None:
    """Where this fails, say `python -m dev.rule_page`."""
    assert PAGE.read_text(encoding="utf-8") == rule_page()


def test_the_command_writes_the_page_and_is_content_when_nothing_is_missing(tmp_path: Path) -> None:
    assert main(tmp_path / "rules.md") == 0
    assert (tmp_path / "rules.md").read_text(encoding="utf-8") == rule_page()


def test_a_range_of_ids_stands_for_each_of_them() -> None:
    assert list(rules_in("see LY-07…LY-09, HF-31…33 and (XA-01); not ZZ-01, LY-1")) == [
        "LY-07",
        "LY-08",
        "LY-09",
        "HF-31",
        "XA-01",
    ]


def test_a_rule_is_found_in_a_docstring_and_in_comments_of_a_test_and_nowhere_else(tmp_path: Path) -> None:
    source = (
        '"""LY-01."""\n\nPLACE = "LY-02"\n\n'
        '# LY-03\ndef test_one() -> None:\n    """LY-04."""\n    # LY-05\n    assert "LY-06"\n\n\n'
        'def helper() -> None:\n    """LY-07."""\n'
    )
    (tmp_path / "test_some.py").write_text(source, encoding="utf-8")

    assert find_tests(tmp_path) == {rule: ["test_some.py::test_one"] for rule in ("LY-03", "LY-04", "LY-05")}


def test_an_open_letter_that_no_part_of_the_work_has_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text("LY-01: {kind: R, says: something, open: Z}\n", encoding="utf-8")

    with pytest.raises(ValueError, match="LY-01: open must be one of C, D, E, F"):
        read_rows(file)


def test_every_difference_between_the_texts_is_listed() -> None:
    assert [one.id for one in CONTRADICTIONS] == [f"X-{number:02}" for number in range(1, 39)]


@pytest.mark.parametrize("one", CONTRADICTIONS, ids=lambda one: one.id)
def test_a_difference_leads_to_parameters_that_exist_or_to_a_decision_that_names_it(one: Contradiction) -> None:
    assert one.parameters or one.decision
    for name in one.parameters:
        assert name in known_names(), name
    if one.decision:
        written = (ROOT / "docs" / "decisions" / one.decision).read_text(encoding="utf-8")
        assert re.search(rf"\*\*{one.id}\*\*", written)


@pytest.mark.parametrize("one", [one for one in CONTRADICTIONS if not one.decision], ids=lambda one: one.id)
def test_where_texts_differ_the_packs_state_different_values(one: Contradiction) -> None:
    """A parameter on which all cities agree has settled nothing."""
    assert any(len({str(stated(pack, name)) for pack in PACKS}) > 1 for name in one.parameters)


def known_names() -> set[str]:
    words = {f"words.{name}" for name in WordsSchema().fields}
    return {*PARAMETERS, *PackSchema().fields, *VersionSchema().fields, *words}


def stated(pack: Pack, name: str) -> Any:
    if name == "inherits":
        return pack.code
    return getattr(pack.words, name.removeprefix("words.")) if name.startswith("words.") else getattr(pack, name)

"""The page on adding a city keeps its word: its example is a whole pack, and it names what there is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from reference_core.check_packs import main
from reference_core.packs.schema import PARAMETERS, VersionSchema
from reference_core.packs.schema_forms import FORM_ITEMS
from reference_core.packs.schema_texts import FIELD_KINDS, FLOWS, SUMMARY_ITEMS
from reference_core.packs.shelf import load_packs

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-city.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
# Everything in the page's prose that is written like a key.
NAMED = set(re.findall(r"`([a-z_-]+)(?:: \w+)?`", PAGE.replace(EXAMPLE.group(0), "") if EXAMPLE else PAGE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert EXAMPLE is not None
    (tmp_path / "990200.yaml").write_text(EXAMPLE.group(1), encoding="utf-8")
    return tmp_path


def test_the_example_passes_the_check_beside_the_packs_that_are_there(folder: Path) -> None:
    assert main([str(folder)]) == 0


def test_the_example_serves_its_city(folder: Path) -> None:
    pack = load_packs([folder]).find("990203", date(2026, 1, 1))

    assert pack is not None
    assert (pack.max_members_per_payer, pack.source("max_members_per_payer")) == (3, "AB-03")
    assert pack.source("trigger") == "unknown"


def test_every_question_section_and_item_of_a_summary_is_on_the_page() -> None:
    known = {*FIELD_KINDS, *SUMMARY_ITEMS, *FORM_ITEMS, *VersionSchema().fields} - {"version"}

    assert known <= NAMED


def test_whatever_looks_like_a_parameter_on_the_page_is_one() -> None:
    flows, fields = set(FLOWS), set(FIELD_KINDS)
    explained = {*fields, *flows, *VersionSchema().fields, *SUMMARY_ITEMS, *FORM_ITEMS}
    looks = {name for name in NAMED if "_" in name} - explained

    assert looks - set(PARAMETERS) <= {"also_covers", "above_reserve", "next_step", "help_sources", "show_relative_code"}

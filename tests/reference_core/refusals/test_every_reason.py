"""No reason is a promise that nobody keeps: each of the catalogue, in each of its wordings, has a situation leading to it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from reference_core.decisions.reasons import explain
from reference_core.vocabulary.reason_catalogue import entry_of, known_rules
from tests.reference_core.pure.family import LINYI
from tests.reference_core.refusals.case import AtADoor, Refusal
from tests.reference_core.refusals.catalogue import AT_A_DOOR, REFUSALS

_ROOT = Path(__file__).parents[3]
_ORIGIN = re.compile(r"unknown|(assumed|unverified): .+|[A-Z]{1,2}-[0-9]{2}(, [A-Z]{1,2}-[0-9]{2})*")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_the_situation_leads_to_the_reason_in_its_wording_with_exactly_its_facts(refusal: Refusal) -> None:
    entry = entry_of(refusal.rule)

    told = [reason for reason in refusal.reasons() if reason.rule == refusal.rule]

    said = [str(reason.facts[entry.by]) if entry.by else "" for reason in told]
    assert refusal.wording in said
    for reason in told:
        assert set(reason.facts) == set(entry.facts)
        assert reason.text
        assert reason.next_step
        assert not {"{", "}"} & set(reason.text + reason.next_step)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_a_reason_says_from_which_day_the_citys_rule_holds_and_where_it_is_written(refusal: Refusal) -> None:
    """Rule ids, an assumption with its why, or plainly unknown; nothing where it follows from no rule of the city."""
    for reason in refusal.reasons():
        assert (reason.effective_from is None) == (reason.rule == "region_not_served")
        assert _ORIGIN.fullmatch(reason.source)


@pytest.mark.parametrize("rule", sorted(known_rules()))
def test_every_wording_of_every_reason_has_a_situation_here_or_a_journey_at_a_door(rule: str) -> None:
    """A new reason comes with its case in one of the files beside this one, or with the name of its journey."""
    shown = {refusal.wording for refusal in REFUSALS if refusal.rule == rule}
    at_a_door = any(door.rule == rule for door in AT_A_DOOR)

    assert at_a_door or shown == set(entry_of(rule).wordings)


def test_there_are_sixty_reasons_or_more_so_that_none_must_speak_for_two_causes() -> None:
    assert len(known_rules()) >= 60


@pytest.mark.parametrize("door", AT_A_DOOR, ids=lambda door: door.rule)
def test_the_journey_named_for_a_door_exists_and_meets_the_reason(door: AtADoor) -> None:
    file, _, name = door.test.partition("::")
    source = (_ROOT / file).read_text(encoding="utf-8")
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.name == name]

    assert len(found) == 1
    assert f'"{door.rule}"' in (ast.get_source_segment(source, found[0]) or "")


def test_a_fact_too_few_or_too_many_is_a_fault_of_the_code_that_explains() -> None:
    with pytest.raises(ValueError, match="max_members_exceeded shows exactly"):
        explain(LINYI, "max_members_exceeded")
    with pytest.raises(ValueError, match="no_members shows exactly"):
        explain(LINYI, "no_members", limit=3)

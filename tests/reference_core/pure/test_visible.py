"""Who sees what of a payment (Y-14, GD-42): every role against every field, and no other's money anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from reference_core.decisions.flow_plans.context import FlowFacts
from reference_core.decisions.flow_plans.plans import plan_flow
from reference_core.decisions.visible import HIDEABLE, role_of, told_beforehand, visible
from tests.reference_core.cities.town import Town
from tests.reference_core.pure.family import LINYI, NOW, payer

MEMBER, PAYER, OTHER, STRANGER = "member", "payer", "other-payer", "stranger"
OWN_FEN, PAYER_FEN, OTHER_FEN, CASH_FEN, FUND_FEN, AFTER_FEN = 1_000_001, 20_000_002, 300_000_003, 4_000_004, 50_005, 6_006
ALWAYS = {"id", "at", "member", "institution", "med_type", "purpose", "status"}
FIELDS = ALWAYS | {"bill_fen", "fund_fen", "own_fen", "payer_fen", "cash_fen", "payers", "balance_after_fen"}
# What a settlement may be kept with and nobody who paid for somebody else is ever to read.
SECRETS = {"items": ["阿司匹林"], "diagnosis": "I10", "credential_kind": "voucher", "reasons": ["member_excluded_class"]}
VIEWERS = {"member": MEMBER, "payer": PAYER, "nobody": STRANGER}
CHOICES = [frozenset(some) for size in range(len(HIDEABLE) + 1) for some in combinations(HIDEABLE, size)]
CITIES = ("371300", "340121", "610100", "130000", "110000")


def part(source: str, person_id: str | None, amount_fen: int) -> dict[str, Any]:
    return {"source": source, "person_id": person_id, "amount_fen": amount_fen}


def record(*, shared: bool = False) -> dict[str, Any]:
    """A payment by its member's own account, a payer, cash and, if `shared`, another payer."""
    parts = [part("own", MEMBER, OWN_FEN), part("payer", PAYER, PAYER_FEN)]
    parts += [part("payer", OTHER, OTHER_FEN)] if shared else []
    payer_fen = PAYER_FEN + (OTHER_FEN if shared else 0)
    return {
        **dict.fromkeys(ALWAYS, "told"),
        **SECRETS,
        "member_id": MEMBER,
        "parts": [*parts, part("cash", None, CASH_FEN)],
        "bill_fen": FUND_FEN + OWN_FEN + payer_fen + CASH_FEN,
        "fund_fen": FUND_FEN,
        "own_fen": OWN_FEN,
        "payer_fen": payer_fen,
        "cash_fen": CASH_FEN,
        "balance_after_fen": AFTER_FEN,
    }


def cell(role: str, field: str, allowed: frozenset[str], shared: bool) -> Any:
    """The matrix as it is meant, written down apart from the code: what this role reads in this field."""
    kept = record(shared=shared)
    if role == "member":
        both = [{"person_id": PAYER, "paid_fen": PAYER_FEN}, {"person_id": OTHER, "paid_fen": OTHER_FEN}]
        return {**kept, "payers": both[: 2 if shared else 1]}[field]
    if field in HIDEABLE:
        hidden = field not in allowed or (field == "bill_fen" and shared)
        return None if hidden else kept[field]
    return {**kept, "payers": [{"person_id": PAYER, "paid_fen": PAYER_FEN}], "payer_fen": PAYER_FEN}[field]


@pytest.mark.parametrize("shared", [False, True], ids=["one payer", "two payers"])
@pytest.mark.parametrize("allowed", CHOICES, ids=lambda allowed: "+".join(sorted(allowed)) or "nothing")
@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("role", ["member", "payer"])
def test_each_role_reads_in_each_field_what_the_matrix_says(role: str, field: str, allowed: frozenset[str], shared: bool) -> None:
    pack = replace(LINYI, payer_sees=tuple(sorted(allowed)))

    seen = visible(record(shared=shared), VIEWERS[role], role, pack)

    assert seen is not None
    assert set(seen) == FIELDS
    assert seen[field] == cell(role, field, allowed, shared)


@pytest.mark.parametrize("region", CITIES)
def test_in_our_cities_a_payer_reads_the_bill_and_how_it_was_paid(region: str) -> None:
    """LY-65, GD-42; where a text is silent, the whole, since the face promises it."""
    seen = visible(record(), PAYER, "payer", Town(region).pack)

    assert seen is not None
    assert all(seen[name] is not None for name in ("bill_fen", "fund_fen", "own_fen", "cash_fen"))
    assert seen["payer_fen"] == PAYER_FEN


@pytest.mark.parametrize("allowed", CHOICES, ids=lambda allowed: "+".join(sorted(allowed)) or "nothing")
def test_a_payer_reads_nothing_of_another_payer_not_even_by_subtraction(allowed: frozenset[str]) -> None:
    pack = replace(LINYI, payer_sees=tuple(sorted(allowed)))

    seen = visible(record(shared=True), PAYER, "payer", pack)

    assert seen is not None
    written = json.dumps(seen)
    assert OTHER not in written
    figures = [value for value in seen.values() if isinstance(value, int)]
    sums = {sum(some) for size in range(len(figures) + 1) for some in combinations(figures, size)}
    reachable = {abs(one - another) for one in sums for another in sums}
    assert not {OTHER_FEN, PAYER_FEN + OTHER_FEN} & (reachable | sums)


@pytest.mark.parametrize("role", ["member", "payer"])
def test_nobody_reads_drugs_diagnosis_or_anything_else_that_is_kept_beside(role: str) -> None:
    seen = visible(record(), VIEWERS[role], role, LINYI)

    assert seen is not None
    assert not set(SECRETS) & set(seen)
    assert "阿司匹林" not in str(seen)


def test_who_paid_no_part_sees_nothing_at_all() -> None:
    assert role_of(record(), STRANGER) == "nobody"
    assert visible(record(), STRANGER, "nobody", LINYI) is None


def test_the_role_follows_from_the_record_and_not_from_the_asker() -> None:
    assert {viewer: role_of(record(), viewer) for viewer in (MEMBER, PAYER, OTHER, STRANGER)} == {
        MEMBER: "member",
        PAYER: "payer",
        OTHER: "nobody",
        STRANGER: "nobody",
    }


def test_the_balance_is_told_only_to_whose_account_it_is() -> None:
    helped = {**record(), "parts": [part("payer", PAYER, PAYER_FEN)]}

    as_member, as_payer = visible(helped, MEMBER, "member", LINYI), visible(helped, PAYER, "payer", LINYI)

    assert as_member is not None
    assert as_payer is not None
    assert (as_member["balance_after_fen"], as_payer["balance_after_fen"]) == (None, AFTER_FEN)


@pytest.mark.parametrize("reader", ["payer", "member"])
def test_what_will_be_seen_is_said_beforehand_as_the_city_has_it(reader: str) -> None:
    open_city, strict_city = LINYI, replace(LINYI, payer_sees=())

    told, told_strictly = told_beforehand(open_city, reader), told_beforehand(strict_city, reader)

    assert "费用总额" in told
    assert "费用总额" not in told_strictly
    for said in (told, told_strictly):
        assert "时间、机构、用途" in said
        assert "看不到" in said


def test_adding_somebody_begins_with_what_will_be_seen() -> None:
    drawn = plan_flow("add-member", LINYI, FlowFacts(payer(), "*一舟", "371***"), {}, NOW)

    first, *rest = drawn["steps"]
    assert told_beforehand(LINYI, "payer") in first["text"]
    assert all(told_beforehand(LINYI, "payer") not in step["text"] for step in rest)

"""Caps, scopes, days and photos that cannot be meant are faults of their field, each with its remedy."""

from __future__ import annotations

import pytest

from tests.reference_core.cities.town import Town
from tests.reference_core.pure.family import NOW

CAPITAL = Town("110000")
TODAY = NOW.date()


def fault(step: str, question: str, said: object) -> str | None:
    """The code of what is wrong with one answer, or nothing."""
    flow = CAPITAL.flow("add-member", CAPITAL.employee(), {step: {question: said}})
    told = next(one for one in flow["steps"] if one["step"] == step).get("faults", {}).get(question)
    return told["code"] if told else None


@pytest.mark.parametrize(
    ("said", "code"), [(0, "amount_invalid"), (-5, "amount_invalid"), (True, "amount_invalid"), (80_000, None)]
)
def test_a_cap_is_a_number_of_fen_above_nothing(said: object, code: str | None) -> None:
    """GD-19, BJ-06."""
    assert fault("rules", "monthly_cap_fen", said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["outpatient"], None),
        (["outpatient", "outpatient"], "not_offered"),
        (["spa"], "not_offered"),
        ("outpatient", "not_offered"),
    ],
)
def test_scopes_are_chosen_from_the_citys_list_once_each(said: object, code: str | None) -> None:
    """GD-20, BJ-06."""
    assert fault("rules", "scopes", said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [(TODAY.isoformat(), None), ("2020-01-01", "date_past"), ("2026-02-30", "date_invalid"), (7, "date_invalid")],
)
def test_sharing_may_begin_today_or_later(said: object, code: str | None) -> None:
    """GD-18, BJ-06."""
    assert fault("rules", "starts_on", said) == code


@pytest.mark.parametrize(
    ("said", "code"), [(["a"], None), ([], "required"), (["a"] * 99, "photos_invalid"), ([1], "photos_invalid")]
)
def test_photos_are_a_short_list_of_what_was_uploaded(said: object, code: str | None) -> None:
    """GD-21, GD-22."""
    assert fault("documents", "documents", said) == code

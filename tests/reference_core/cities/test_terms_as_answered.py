"""Caps, scopes, days and photos that cannot be meant are faults of their field, each with its remedy."""

from __future__ import annotations

import pytest

from reference_core.packs.shelf import load_packs
from tests.reference_core.cities.town import Town
from tests.reference_core.pure.family import NOW, REGIONS

CAPITAL = Town("110000")
# The same city, had it a highest cap and a last day to choose.
FIRST_DAY = "              - {name: starts_on, label: 从哪天开始"
LAST_DAY = "              - {name: ends_on, label: 到哪天为止, required: false}\n"
CAP = "      monthly_cap_selectable:"
MORE = "      monthly_cap_max_fen: {value: 100050, assumed: 想来如此}\n      end_selectable: {value: true, assumed: 想来如此}\n"


@pytest.fixture(scope="module")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("stricter")
    for file in REGIONS.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.stem == CAPITAL.region:
            text = text.replace(FIRST_DAY, LAST_DAY + FIRST_DAY, 1).replace(CAP, MORE + CAP, 1)
        (folder / file.name).write_text(text, encoding="utf-8")
    return Town(CAPITAL.region, load_packs([folder]))


TODAY = NOW.date()


def fault(step: str, question: str, said: object, town: Town = CAPITAL, **more: object) -> str | None:
    """The code of what is wrong with one answer, or nothing."""
    flow = town.flow("add-member", town.employee(), {step: {question: said, **more}})
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


@pytest.mark.parametrize(("said", "code"), [(100_050, None), (100_051, "amount_too_large")])
def test_a_cap_may_be_as_high_as_the_city_lets_it(stricter: Town, said: int, code: str | None) -> None:
    assert fault("rules", "monthly_cap_fen", said, stricter) == code


@pytest.mark.parametrize(
    ("said", "first", "code"),
    [
        ("2027-01-01", None, None),
        ("2027-01-01", "2027-01-01", None),
        ("2027-01-01", "2027-01-02", "date_past"),
        ("2026-03-01", None, "date_past"),
        (TODAY.isoformat(), "someday", None),
        ("2027-02-30", None, "date_invalid"),
    ],
)
def test_sharing_ends_no_earlier_than_it_begins(stricter: Town, said: str, first: str | None, code: str | None) -> None:
    assert fault("rules", "ends_on", said, stricter, **({"starts_on": first} if first else {})) == code

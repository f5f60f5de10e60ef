"""What a city advises whoever shares an account: only what its pack says, and only to whom it concerns."""

from __future__ import annotations

import pytest

from reference_core.decisions.spending_advice import advise_on_spending
from reference_core.vocabulary.facts import Situation
from tests.reference_core.pure.family import LINYI, city_with, payer, resident, situation, tie

THRIFTY = city_with(advice_reserve_fen=50_050, reminder_months=3)


def rules(person: Situation) -> list[str]:
    return [one.rule for one in advise_on_spending(THRIFTY, person)]


@pytest.mark.parametrize(("held_fen", "told"), [(50_049, ["low_reserve", "look_at_records"]), (50_050, ["look_at_records"])])
def test_below_the_reserve_one_is_advised_to_keep_some_money(held_fen: int, told: list[str]) -> None:
    assert rules(payer(held_fen)) == told


def test_both_years_count_toward_the_reserve() -> None:
    assert rules(situation(current_fen=50_000, prior_fen=50, opened=True)) == ["look_at_records"]


def test_advice_is_for_whoever_shares_an_account_or_could() -> None:
    unopened, _, _ = tie(situation(current_fen=100), resident())

    assert rules(situation(current_fen=100)) == []
    assert rules(resident()) == []
    assert rules(unopened) == ["low_reserve", "look_at_records"], "where nothing is opened the tie alone makes a payer"


def test_what_the_city_does_not_say_is_not_advised() -> None:
    assert advise_on_spending(LINYI, payer(0)) == ()
    assert advise_on_spending(None, payer(0)) == ()


def test_the_amount_and_the_months_stand_in_the_words() -> None:
    low, often = advise_on_spending(THRIFTY, payer(0))
    whole, monthly = advise_on_spending(city_with(advice_reserve_fen=50_000, reminder_months=1), payer(0))

    assert "500.50 元" in low.text
    assert "500 元" in whole.text
    assert "每 3 个月" in often.text
    assert "每个月" in monthly.text

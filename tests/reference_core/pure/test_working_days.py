"""Counting working days: by the official calendar where it is known, by weekdays where it is not, and saying which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from groundwork.clock import CHINA
from reference_core.decisions.binding_terms import ReviewDays, binding_terms, first_instant
from reference_core.decisions.working_days import WorkingDay, YearOverride, read_overrides, working_day_after
from tests.reference_core.pure.family import LINYI, city_with


@pytest.mark.parametrize(
    ("asked_at", "workdays", "due"),
    [
        (datetime(2024, 3, 1, 17, tzinfo=CHINA), (1, 3), (date(2024, 3, 4), date(2024, 3, 6))),
        (datetime(2024, 9, 27, 9, tzinfo=CHINA), (1, 3), (date(2024, 9, 29), date(2024, 10, 8))),
        (datetime(2024, 3, 1, 17, tzinfo=CHINA), (3, 5), (date(2024, 3, 6), date(2024, 3, 8))),
    ],
    ids=["over a weekend", "over a holiday with a make-up day", "three to five days"],
)
def test_a_review_is_due_between_two_working_days(asked_at: datetime, workdays: tuple[int, int], due: tuple[date, date]) -> None:
    """Vector 7."""
    pack = city_with(review_workdays=workdays, effect_online="after_review_and_acceptance")

    assert binding_terms(pack, asked_at).review == ReviewDays(*due, assumed=False)


def test_where_nobody_reviews_there_are_no_days() -> None:
    assert binding_terms(LINYI, datetime(2024, 3, 1, tzinfo=CHINA)).review is None


def test_a_year_that_nobody_published_counts_weekdays_and_says_so() -> None:
    new_years_eve = date(2098, 12, 31)

    assert working_day_after(new_years_eve, 1, {}) == WorkingDay(date(2099, 1, 1), assumed=True)
    assert working_day_after(new_years_eve, 2, {}) == WorkingDay(date(2099, 1, 2), assumed=True)
    assert working_day_after(new_years_eve, 3, {}) == WorkingDay(date(2099, 1, 5), assumed=True)


def test_a_year_written_down_by_hand_is_known() -> None:
    year = YearOverride(holidays=frozenset({date(2099, 1, 1)}), workdays=frozenset({date(2099, 1, 3)}))

    assert working_day_after(date(2098, 12, 31), 2, {2098: year, 2099: year}) == WorkingDay(date(2099, 1, 3), assumed=False)


def test_overrides_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "days.yaml"
    file.write_text("years: {2099: {holidays: [2099-01-01], workdays: [2099-01-03]}}", encoding="utf-8")

    assert read_overrides(file) == {2099: YearOverride(frozenset({date(2099, 1, 1)}), frozenset({date(2099, 1, 3)}))}
    assert isinstance(read_overrides(), dict)


def test_a_chosen_first_day_can_only_put_the_effect_off() -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=CHINA)
    next_month = replace(LINYI, effect_online="next_month")

    assert first_instant(LINYI, now, date(2026, 3, 9)) == datetime(2026, 3, 9, tzinfo=CHINA)
    assert first_instant(LINYI, now, date(2026, 3, 2)) == now
    assert first_instant(next_month, now, date(2026, 3, 9)) == datetime(2026, 4, 1, tzinfo=CHINA)

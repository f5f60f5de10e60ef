"""Counts working days by the official calendar of China; a year that nobody has published yet counts weekdays, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]  # the library ships no types
import yaml

OVERRIDES = Path(__file__).with_suffix(".yaml")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearOverride:
    """One year that the library lacks: weekdays that are free, weekend days that are worked."""

    holidays: frozenset[date]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day that was counted to; `assumed` where a year's calendar was not known on the way."""

    day: date
    assumed: bool


Overrides = Mapping[int, YearOverride]


def working_day_after(start: date, days: int, overrides: Overrides | None = None) -> WorkingDay:
    """The `days`-th working day after `start`, which itself never counts."""
    known = read_overrides() if overrides is None else overrides
    day, left, assumed = start, days, False
    while left > 0:
        day += timedelta(days=1)
        works, sure = _works(day, known)
        assumed = assumed or not sure
        left -= works
    return WorkingDay(day, assumed)


@cache
def read_overrides(file: Path = OVERRIDES) -> Overrides:
    """The years written down by hand."""
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        int(year): YearOverride(frozenset(said.get("holidays", ())), frozenset(said.get("workdays", ())))
        for year, said in written["years"].items()
    }


def _works(day: date, overrides: Overrides) -> tuple[bool, bool]:
    """Whether people work on that day, and whether that is known."""
    weekday = day.weekday() < _SATURDAY
    own = overrides.get(day.year)
    if own is not None:
        return day in own.workdays or (weekday and day not in own.holidays), True
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return weekday, False

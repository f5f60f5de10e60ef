"""Months and years as people name them, and the moments in China between which they lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.clock import CHINA


@dataclass(frozen=True, slots=True)
class Period:
    """From its first moment until just before `until`."""

    since: datetime
    until: datetime


def month_of(written: str) -> Period:
    """A month such as 2026-03; raises `ValueError` for any other text."""
    since = datetime.strptime(written, "%Y-%m").replace(tzinfo=CHINA)
    later = (since.year + 1, 1) if since.month == 12 else (since.year, since.month + 1)
    return Period(since, datetime(*later, 1, tzinfo=CHINA))


def year_of(year: int) -> Period:
    """A whole year."""
    return Period(datetime(year, 1, 1, tzinfo=CHINA), datetime(year + 1, 1, 1, tzinfo=CHINA))

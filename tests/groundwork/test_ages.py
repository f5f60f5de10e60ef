"""Ages to the day."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.ages import has_turned


@pytest.mark.parametrize(
    ("born", "today", "turned"),
    [
        (date(2010, 3, 2), date(2026, 3, 1), False),
        (date(2010, 3, 2), date(2026, 3, 2), True),
        (date(2012, 2, 29), date(2030, 2, 28), False),
        (date(2012, 2, 29), date(2030, 3, 1), True),
    ],
)
def test_one_has_an_age_from_the_birthday_on_and_leaplings_from_the_first_of_march(born: date, today: date, turned: bool) -> None:
    age = 16 if born.year == 2010 else 18

    assert has_turned(born, age, today) is turned

"""From which day activating a voucher needs a look at the person, to the day, in every city's pack."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from groundwork.clock import CHINA
from reference_core.decisions.rules.vouchers import check_is_due, is_minor, needs_check
from reference_core.packs.shelf import Pack, load_packs
from tests.reference_core.pure.family import REGIONS, city_with, person

PACKS = load_packs([REGIONS])
CITIES = [PACKS.versions(code)[-1] for code in PACKS.codes() if PACKS.versions(code) and code != "000000"]
# The one city whose text says "over sixteen" and means the day after.
NOT_INCLUSIVE = {"610100"}
BIRTHS = [date(2010, 6, 15), date(2012, 2, 29), date(2011, 12, 31), date(2010, 1, 1), date(2010, 3, 1)]


def sixteenth_birthday(born: date) -> date:
    """29 February has its birthday on 1 March where there is none."""
    try:
        return born.replace(year=born.year + 16)
    except ValueError:
        return date(born.year + 16, 3, 1)


@pytest.mark.parametrize("born", BIRTHS, ids=str)
@pytest.mark.parametrize("pack", CITIES, ids=lambda pack: pack.code)
def test_the_day_before_the_birthday_itself_and_the_day_after(pack: Pack, born: date) -> None:
    """Vector 10, X-18, LY-14, LY-15, XA-18: fifteen years and all days, exactly sixteen, sixteen and a day."""
    birthday, day = sixteenth_birthday(born), timedelta(days=1)

    asked = [needs_check(pack, born, birthday + ahead) for ahead in (-day, 0 * day, day)]

    assert asked == [False, pack.code not in NOT_INCLUSIVE, True]


def test_born_on_29_february_one_is_as_old_on_1_march() -> None:
    """2012 and seventeen years is 2029, which has no such day."""
    city, born = city_with(voucher_real_person_age=17), date(2012, 2, 29)

    assert [needs_check(city, born, date(2029, month, day)) for month, day in ((2, 28), (3, 1))] == [False, True]


def test_a_guardian_decides_until_the_eighteenth_birthday_begins_in_china() -> None:
    born = date(2008, 6, 15)

    assert is_minor(born, datetime(2026, 6, 14, 23, 59, tzinfo=CHINA))
    assert not is_minor(born, datetime(2026, 6, 15, 0, 0, tzinfo=CHINA))


def test_a_check_is_due_once_the_age_is_passed_and_only_of_those_nobody_saw() -> None:
    young = datetime(2025, 1, 1, 9, 0, tzinfo=CHINA)
    before, after = datetime(2026, 6, 14, 12, 0, tzinfo=CHINA), datetime(2026, 6, 15, 0, 1, tzinfo=CHINA)
    unseen = person(born=date(2010, 6, 15), voucher_activated_at=young)
    seen = person(born=date(2010, 6, 15), voucher_activated_at=young, voucher_checked=True)
    grown = person(voucher_activated_at=young)

    assert [check_is_due(city_with(), unseen, now) for now in (before, after)] == [False, True]
    assert [check_is_due(city_with(), one, after) for one in (seen, grown, person(voucher_active=False))] == [False] * 3

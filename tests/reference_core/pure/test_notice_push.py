"""Whether and where a notice is pushed, as a function of what its owner allowed and the hour."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from groundwork.clock import CHINA
from reference_core.decisions.notice_push import FRESH, Allowed, Push, Waiting, decide, end_of_quiet, try_again_at

NOON = datetime(2026, 3, 2, 12, tzinfo=CHINA)
NIGHT = (time(22), time(7))
WAITING = Waiting("payment", NOON + FRESH)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("channels", "stopped", "reachable", "goes_to"),
    [
        ({}, (), ("wechat", "alipay"), "wechat"),
        ({"wechat": False}, (), ("wechat", "alipay"), "alipay"),
        ({}, ("wechat",), ("wechat", "alipay"), "alipay"),
        ({}, (), ("wechat", "sms"), "wechat"),
        ({"wechat": False}, (), ("wechat", "sms"), None),
        ({"wechat": False, "sms": True}, (), ("wechat", "sms"), "sms"),
        ({"sms": True}, ("wechat", "sms"), ("wechat", "sms"), None),
        ({}, (), (), None),
    ],
)
def test_the_first_open_channel_carries_it_and_texts_only_where_they_were_asked_for(
    channels: dict[str, bool], stopped: tuple[str, ...], reachable: tuple[str, ...], goes_to: str | None
) -> None:
    waiting = Waiting("payment", NOON + FRESH, frozenset(stopped))

    push = decide(waiting, Allowed(channels=channels), reachable, NOON)

    assert push == (Push("pushing", goes_to) if goes_to else Push("not_allowed"))


def test_a_kind_that_was_switched_off_goes_nowhere() -> None:
    assert decide(WAITING, Allowed(kinds={"payment": False}), ("wechat",), NOON) == Push("not_allowed")


def test_what_is_older_than_a_quarter_of_an_hour_tells_nobody_anything_new() -> None:
    assert decide(WAITING, Allowed(), ("wechat",), NOON + FRESH) == Push("pushing", "wechat")
    assert decide(WAITING, Allowed(), ("wechat",), NOON + FRESH + timedelta(seconds=1)) == Push("not_delivered", "wechat")


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        (NIGHT, at(2, 21, 59), None),
        (NIGHT, at(2, 22), at(3, 7)),
        (NIGHT, at(2, 6, 59), at(2, 7)),
        (NIGHT, at(2, 7), None),
        ((time(12), time(14)), at(2, 13), at(2, 14)),
        ((time(12), time(14)), at(2, 14), None),
        (None, at(2, 23), None),
    ],
)
def test_quiet_hours_end_when_they_say_also_over_midnight(
    quiet: tuple[time, time] | None, now: datetime, ends: datetime | None
) -> None:
    assert end_of_quiet(quiet, now) == ends


def test_a_push_is_tried_again_ever_more_slowly_and_never_too_late() -> None:
    until = NOON + FRESH
    waits = [try_again_at(tries, until, NOON) for tries in range(12)]

    assert waits[:3] == [NOON + timedelta(seconds=seconds) for seconds in (5, 10, 20)]
    assert waits[-1] == NOON + timedelta(minutes=2)
    assert try_again_at(0, until, until) is None

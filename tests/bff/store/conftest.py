"""A real Redis, empty for each test, and a clock that tests may shift."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import redis

from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from dev.servers import RunningServer
from groundwork.chance import random_bytes
from groundwork.clock import Clock, write_offset
from groundwork.sealing import KeyRing

LIFETIMES = Lifetimes(
    session_idle_s=7200,
    session_absolute_s=43_200,
    replaced_token_s=60,
    step_up_s=600,
    answers_s=86_400,
    remembered_s=259_200,
    in_flight_s=60,
)


class ShiftedClock:
    """The clock of a test's world and the hand that moves it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.clock = Clock(file)

    def later(self, **span: float) -> None:
        write_offset(self._file, self.clock.offset() + timedelta(**span))


@pytest.fixture
def time(tmp_path: Path) -> ShiftedClock:
    return ShiftedClock(tmp_path / "clock.json")


@pytest.fixture
def clock(time: ShiftedClock) -> Clock:
    return time.clock


@pytest.fixture
def lifetimes() -> Lifetimes:
    return LIFETIMES


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing((("k1", random_bytes(32)),))


@pytest.fixture
def raw_redis(redis_server: RunningServer) -> redis.Redis:
    client = redis.Redis.from_url(redis_server.url)
    client.flushall()
    return client


@pytest.fixture
def door(redis_server: RunningServer, raw_redis: redis.Redis) -> RedisDoor:
    return RedisDoor(redis_server.url, timeout_s=2)

"""Signing in, channel tokens, and what happens when Redis does not answer: nobody gets in for free."""

from __future__ import annotations

import socket
import time as real_time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from bff.errors import LoginCodeInvalid, NotSignedIn, StoreUnavailable, TooManyRequests
from bff.settings import Lifetimes
from bff.store.answers import AnswerStore, Place
from bff.store.channel_tokens import ChannelTokens
from bff.store.door import RedisDoor
from bff.store.idempotency import IdempotencyStore
from bff.store.phone_codes import PhoneCodes
from bff.store.sessions import SessionStore
from bff.store.sign_ins import SignInGuard
from groundwork.chance import random_bytes
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.bff.store.conftest import ShiftedClock
from tests.bff.store.redis_content import everything


@pytest.fixture
def guard(door: RedisDoor, keys: KeyRing, clock: Clock) -> SignInGuard:
    return SignInGuard(door, keys, clock, most_per_minute=5)


def test_a_login_code_is_good_once(guard: SignInGuard) -> None:
    guard.claim("10.0.0.1", "wechat", "code-1")

    with pytest.raises(LoginCodeInvalid):
        guard.claim("10.0.0.2", "wechat", "code-1")
    guard.claim("10.0.0.1", "alipay", "code-1")


def test_of_many_who_send_one_login_code_at_once_one_gets_in(door: RedisDoor, keys: KeyRing, clock: Clock) -> None:
    guard = SignInGuard(door, keys, clock, most_per_minute=1000)

    def claim(_: int) -> bool:
        try:
            guard.claim("10.0.0.1", "wechat", "code-1")
        except LoginCodeInvalid:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(16))) == 1


def test_a_code_that_the_channel_never_judged_may_be_sent_again(guard: SignInGuard) -> None:
    guard.claim("10.0.0.1", "wechat", "code-1")
    guard.give_back("wechat", "code-1")

    guard.claim("10.0.0.1", "wechat", "code-1")


def test_one_place_may_try_so_often_in_a_minute(guard: SignInGuard, time: ShiftedClock) -> None:
    for number in range(5):
        guard.claim("10.0.0.1", "wechat", f"code-{number}")

    with pytest.raises(TooManyRequests) as limited:
        guard.claim("10.0.0.1", "wechat", "code-5")
    assert limited.value.retry_after_s
    guard.claim("10.0.0.2", "wechat", "code-6")
    time.later(seconds=60)
    guard.claim("10.0.0.1", "wechat", "code-7")


def test_neither_codes_nor_addresses_are_kept_in_clear(guard: SignInGuard, raw_redis: redis.Redis) -> None:
    guard.claim("10.0.0.1", "wechat", "a-login-code")

    assert b"a-login-code" not in everything(raw_redis)
    assert b"10.0.0.1" not in everything(raw_redis)


def test_a_channels_token_is_shared_sealed_and_ends(door: RedisDoor, keys: KeyRing, raw_redis: redis.Redis) -> None:
    tokens = ChannelTokens(door, keys)
    assert tokens.get("wechat") is None

    tokens.put("wechat", "an-access-token", ttl_s=60)

    assert ChannelTokens(door, keys).get("wechat") == "an-access-token"
    assert ChannelTokens(door, KeyRing((("k2", random_bytes(32)),))).get("wechat") is None
    assert b"an-access-token" not in everything(raw_redis)
    assert 0 < raw_redis.ttl("channel-token:wechat") <= 60


def test_a_lock_is_held_by_one_and_given_back_by_its_holder_only(door: RedisDoor, keys: KeyRing) -> None:
    tokens = ChannelTokens(door, keys)
    held = tokens.lock("wechat", ttl_s=5)
    assert held is not None

    assert tokens.lock("wechat", ttl_s=5) is None
    tokens.unlock("wechat", "not-the-holder")
    assert tokens.lock("wechat", ttl_s=5) is None
    tokens.unlock("wechat", held)
    assert tokens.lock("wechat", ttl_s=5) is not None


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


CALLS: dict[str, Callable[[RedisDoor, KeyRing, Clock, Lifetimes], object]] = {
    "signing in": lambda door, keys, clock, _: SignInGuard(door, keys, clock, 5).claim("a", "wechat", "c"),
    "opening a session": lambda door, keys, clock, lives: SessionStore(door, keys, clock, lives).open("t", "", "reads", 5),
    "listing sessions": lambda door, keys, clock, lives: SessionStore(door, keys, clock, lives).list("person:p"),
    "loading answers": lambda door, keys, clock, _: AnswerStore(door, keys, clock, 60).load(Place("person:p", "f")),
    "saving answers": lambda door, keys, clock, _: AnswerStore(door, keys, clock, 60).save(Place("person:p", "f"), None, {}),
    "taking a key": lambda door, keys, clock, lives: IdempotencyStore(door, keys, clock, lives).begin("o", "POST", "/", "k", ""),
    "taking a phone code": lambda door, _, __, ___: PhoneCodes(door).claim("p", "i"),
    "a channel's token": lambda door, keys, _, __: ChannelTokens(door, keys).get("wechat"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_without_redis_nothing_goes_through_and_the_error_says_that_nothing_was_done(
    call: Callable[[RedisDoor, KeyRing, Clock, Lifetimes], object], keys: KeyRing, clock: Clock, lifetimes: Lifetimes
) -> None:
    with pytest.raises(StoreUnavailable):
        call(RedisDoor(f"redis://127.0.0.1:{closed_port()}", timeout_s=1), keys, clock, lifetimes)


def test_a_redis_that_hangs_is_given_up_on_in_time_and_asked_only_once(keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> None:
    """A retried command would count or lock twice."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        door = RedisDoor(f"redis://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.3)
        began_s = real_time.monotonic()

        with pytest.raises(StoreUnavailable):
            SessionStore(door, keys, clock, lifetimes).open("t", "", "reads", 5)

    assert real_time.monotonic() - began_s < 1.5


def test_a_door_that_was_shut_opens_again_when_redis_is_back(
    door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes, raw_redis: redis.Redis
) -> None:
    store = SessionStore(door, keys, clock, lifetimes)
    with pytest.raises(NotSignedIn):
        store.open("t", "", "reads", 5)
    raw_redis.client_kill_filter(_type="normal", skipme=True)

    with pytest.raises(NotSignedIn):
        store.open("t", "", "reads", 5)
    assert door.answers()

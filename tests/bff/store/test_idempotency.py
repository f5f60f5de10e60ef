"""Keys: one effect and one answer for the same request, however often and however close together it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from bff.errors import InProgress, KeyReused, KeySpent
from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from bff.store.idempotency import Answered, IdempotencyStore, Running
from groundwork.chance import random_bytes
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.bff.store.conftest import ShiftedClock
from tests.bff.store.redis_content import everything

KEY = "a-key-of-the-client-1"
PATH = "/api/v1/flows/add-member/completion"


@pytest.fixture
def store(door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> IdempotencyStore:
    return IdempotencyStore(door, keys, clock, lifetimes)


def begin(
    store: IdempotencyStore, body: str = "{}", owner: str = "person:p1", path: str = PATH, key: str = KEY
) -> Running | Answered:
    return store.begin(owner, "POST", path, key, body)


def begun(store: IdempotencyStore) -> Running:
    running = begin(store)
    assert isinstance(running, Running)
    return running


def test_the_first_request_runs_and_the_same_one_meanwhile_waits(store: IdempotencyStore) -> None:
    begun(store)

    with pytest.raises(InProgress) as waiting:
        begin(store)
    assert waiting.value.retry_after_s == 1


def test_of_many_at_once_one_runs(store: IdempotencyStore) -> None:
    def ask(_: int) -> bool:
        try:
            return isinstance(begin(store), Running)
        except InProgress:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, range(16))) == 1


def test_the_same_request_again_gets_the_same_answer(store: IdempotencyStore) -> None:
    store.remember(begun(store), 422, {"code": "refused"})

    assert begin(store) == Answered(422, {"code": "refused"})


def test_the_same_key_with_another_body_is_refused_while_running_and_after(store: IdempotencyStore) -> None:
    running = begun(store)
    with pytest.raises(KeyReused):
        begin(store, body='{"answers":{}}')
    store.remember(running, 200, {})
    with pytest.raises(KeyReused):
        begin(store, body='{"answers":{}}')


@pytest.mark.parametrize("other", [{"owner": "person:p2"}, {"path": PATH + "s"}, {"key": KEY + "x"}])
def test_a_key_counts_for_one_person_one_path_and_itself(store: IdempotencyStore, other: dict[str, str]) -> None:
    begun(store)

    assert isinstance(begin(store, **other), Running)


def test_a_spent_key_tells_that_it_is_spent_and_nothing_else(store: IdempotencyStore, raw_redis: redis.Redis) -> None:
    store.spend(begun(store))

    with pytest.raises(KeySpent):
        begin(store)
    with pytest.raises(KeyReused):
        begin(store, body="other")


def test_an_answer_that_cannot_be_unsealed_any_more_counts_as_spent(store: IdempotencyStore, raw_redis: redis.Redis) -> None:
    """All we still know is that the key was used: doing it again is no way out."""
    running = begun(store)
    store.remember(running, 200, {"outcome": "done"})
    raw_redis.hset(running.name, "sealed", b"no seal of ours")

    with pytest.raises(KeySpent):
        begin(store)


def test_a_request_that_came_to_nothing_may_be_sent_again(store: IdempotencyStore) -> None:
    store.forget(begun(store))

    assert isinstance(begin(store), Running)


def test_a_marker_left_by_a_process_that_died_runs_out(store: IdempotencyStore, time: ShiftedClock) -> None:
    begun(store)
    time.later(seconds=61)

    assert isinstance(begin(store), Running)


def test_who_lost_the_marker_meanwhile_changes_nothing(store: IdempotencyStore, time: ShiftedClock) -> None:
    """A request that took longer than its marker must not answer for the one that runs now."""
    late = begun(store)
    time.later(seconds=61)
    begun(store)

    store.remember(late, 200, {"late": True})
    store.forget(late)

    with pytest.raises(InProgress):
        begin(store)


def test_an_answer_is_kept_for_three_days(store: IdempotencyStore, time: ShiftedClock) -> None:
    store.remember(begun(store), 200, {"outcome": "done"})
    time.later(hours=71)
    assert isinstance(begin(store), Answered)
    time.later(hours=2)

    assert isinstance(begin(store), Running)


def test_neither_key_nor_body_nor_answer_lies_in_redis_in_clear(store: IdempotencyStore, raw_redis: redis.Redis) -> None:
    running = begin(store, body='{"name":"somebody"}')
    assert isinstance(running, Running)
    store.remember(running, 200, {"name_masked": "secretive"})

    kept = everything(raw_redis)

    for secret in (b"somebody", b"secretive", KEY.encode(), b"p1"):
        assert secret not in kept


def test_bodies_compare_equal_across_a_change_of_keys_while_the_old_one_is_known(
    door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes, store: IdempotencyStore
) -> None:
    store.remember(begun(store), 200, {"outcome": "done"})
    retired = IdempotencyStore(door, KeyRing((("k2", random_bytes(32)),)), clock, lifetimes)

    assert isinstance(begin(store), Answered)
    assert isinstance(begin(retired), Running)

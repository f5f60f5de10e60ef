"""Answers of a flow: sealed for their place, written over what was read or not at all, gone after a while."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from bff.errors import FlowChanged, FlowExpired
from bff.store.answers import AnswerStore, Place
from bff.store.door import RedisDoor
from groundwork.chance import random_bytes
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.bff.store.conftest import ShiftedClock
from tests.bff.store.redis_content import everything

PLACE = Place("person:p1", "add-member")
MEMBER = {"name": "林月华", "id_number": "371399195711200021"}


@pytest.fixture
def store(door: RedisDoor, keys: KeyRing, clock: Clock) -> AnswerStore:
    return AnswerStore(door, keys, clock, life_s=86_400)


def test_what_was_saved_is_loaded_again(store: AnswerStore) -> None:
    begun = store.save(PLACE, None, {})
    saved = store.save(PLACE, begun, {"member": MEMBER, "#check": {"id": "c"}})

    assert store.load(PLACE) == saved
    assert saved.steps == {"member": MEMBER, "#check": {"id": "c"}}


def test_a_flow_that_nobody_began_is_not_there(store: AnswerStore) -> None:
    assert store.load(PLACE) is None


def test_a_step_that_is_dropped_is_gone(store: AnswerStore) -> None:
    kept = store.save(PLACE, None, {"member": MEMBER, "#check": {"id": "c"}})
    store.save(PLACE, kept, {"#check": None})

    loaded = store.load(PLACE)
    assert loaded is not None
    assert loaded.steps == {"member": MEMBER}


def test_the_second_of_two_writers_over_the_same_loses(store: AnswerStore) -> None:
    seen = store.save(PLACE, None, {})
    store.save(PLACE, seen, {"member": MEMBER})

    with pytest.raises(FlowChanged):
        store.save(PLACE, seen, {"member": {"name": "另一人"}})
    loaded = store.load(PLACE)
    assert loaded is not None
    assert loaded.steps["member"] == MEMBER


def test_of_many_writers_at_once_exactly_one_wins(store: AnswerStore) -> None:
    seen = store.save(PLACE, None, {})

    def write(number: int) -> bool:
        try:
            store.save(PLACE, seen, {"member": {"n": number}})
        except FlowChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(16))) == 1


def test_a_writer_who_missed_that_the_flow_was_given_up_and_begun_again_loses(store: AnswerStore) -> None:
    seen = store.save(PLACE, None, {})
    store.drop(PLACE)
    store.save(PLACE, None, {})

    with pytest.raises(FlowChanged):
        store.save(PLACE, seen, {"member": MEMBER})


def test_two_who_begin_at_once_begin_once(store: AnswerStore) -> None:
    store.save(PLACE, None, {})

    with pytest.raises(FlowChanged):
        store.save(PLACE, None, {})


def test_an_expired_flow_says_so_once_and_leaves_nothing(store: AnswerStore, time: ShiftedClock, raw_redis: redis.Redis) -> None:
    store.save(PLACE, None, {"member": MEMBER})
    time.later(seconds=86_401)

    with pytest.raises(FlowExpired):
        store.load(PLACE)
    assert store.load(PLACE) is None
    assert list(raw_redis.scan_iter()) == []


def test_each_answer_lengthens_the_flows_life(store: AnswerStore, time: ShiftedClock) -> None:
    kept = store.save(PLACE, None, {})
    time.later(hours=23)
    store.save(PLACE, kept, {"member": MEMBER})
    time.later(hours=23)

    assert store.load(PLACE) is not None


def test_a_new_beginning_takes_the_place_of_what_expired(store: AnswerStore, time: ShiftedClock) -> None:
    store.save(PLACE, None, {"member": MEMBER})
    time.later(seconds=86_401)

    begun = store.save(PLACE, None, {})

    assert store.load(PLACE) == begun
    assert begun.steps == {}


def test_a_late_writer_cannot_write_over_what_expired(store: AnswerStore, time: ShiftedClock) -> None:
    kept = store.save(PLACE, None, {})
    time.later(seconds=86_401)

    with pytest.raises(FlowChanged):
        store.save(PLACE, kept, {"member": MEMBER})


def test_nothing_that_was_answered_lies_in_redis_in_clear(store: AnswerStore, raw_redis: redis.Redis) -> None:
    store.save(PLACE, None, {"member": MEMBER})

    kept = everything(raw_redis)

    for secret in MEMBER.values():
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    "other", [Place("person:p2", "add-member"), Place("person:p1", "remove-member"), Place("person:p1", "add-member", "child-1")]
)
def test_an_answer_is_good_for_its_own_place_only(store: AnswerStore, raw_redis: redis.Redis, other: Place) -> None:
    """Whoever copies a sealed value elsewhere in Redis gets nothing for it."""
    store.save(PLACE, None, {"member": MEMBER})
    assert store.load(other) is None
    raw_redis.copy(PLACE.key, other.key)

    with pytest.raises(FlowExpired):
        store.load(other)


def test_an_answer_is_good_for_its_own_step_only(store: AnswerStore, raw_redis: redis.Redis) -> None:
    store.save(PLACE, None, {"member": MEMBER})
    sealed = raw_redis.hget(PLACE.key, "member")
    assert sealed is not None
    raw_redis.hset(PLACE.key, "confirm", sealed)

    with pytest.raises(FlowExpired):
        store.load(PLACE)


def test_answers_sealed_by_a_retired_key_are_as_good_as_expired(
    door: RedisDoor, keys: KeyRing, clock: Clock, store: AnswerStore
) -> None:
    store.save(PLACE, None, {"member": MEMBER})
    newer = ("k2", random_bytes(32))

    assert AnswerStore(door, KeyRing((newer, *keys.secrets)), clock, 60).load(PLACE) is not None
    with pytest.raises(FlowExpired):
        AnswerStore(door, KeyRing((newer,)), clock, 60).load(PLACE)


def test_the_flows_in_progress_are_those_begun_and_not_expired(store: AnswerStore, time: ShiftedClock) -> None:
    store.save(Place("person:p1", "open-account"), None, {})
    time.later(seconds=86_401)
    store.save(PLACE, None, {})
    places = [Place("person:p1", name) for name in ("open-account", "add-member", "remove-member")]

    assert store.in_progress(places) == {"add-member"}

"""Sessions: unguessable tokens of which only a hash is kept, ends judged by our clock, lists, revocation, replacement."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import redis

from bff.errors import NotSignedIn, TooManyRequests
from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from bff.store.sessions import Proof, Session, SessionStore
from groundwork.chance import new_id, random_bytes
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.bff.store.conftest import ShiftedClock
from tests.bff.store.redis_content import everything

REPEAT = "print-of-the-completion"


@pytest.fixture
def store(door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> SessionStore:
    return SessionStore(door, keys, clock, lifetimes)


def session(clock: Clock, **changes: object) -> Session:
    now = clock.now()
    made = Session(
        id=new_id(),
        channel="wechat",
        app_id="wx-app",
        subjects=(("open_id", "an-open-id-of-somebody"),),
        identity_id="identity-1",
        person_id=None,
        proof=None,
        started_at=now,
        ends_at=now + timedelta(hours=12),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def opens(store: SessionStore, token: str, repeat: str = "") -> Session:
    return store.open(token, repeat, "reads", 1000)


def test_a_token_opens_the_session_it_was_given_for(store: SessionStore, clock: Clock) -> None:
    made = session(clock, person_id="p1", proof=Proof("face", clock.now()))

    token = store.start(made)

    assert opens(store, token) == made
    assert len(token) >= 43


def test_only_the_hash_of_a_token_is_kept_and_nothing_of_the_person(
    store: SessionStore, clock: Clock, raw_redis: redis.Redis
) -> None:
    token = store.start(session(clock))

    kept = everything(raw_redis)

    assert token.encode() not in kept
    assert hashlib.sha256(token.encode()).hexdigest().encode() in kept
    assert b"an-open-id-of-somebody" not in kept


def test_an_unknown_token_opens_nothing(store: SessionStore) -> None:
    with pytest.raises(NotSignedIn):
        opens(store, "x" * 43)


def test_a_session_that_is_left_alone_ends(store: SessionStore, clock: Clock, time: ShiftedClock) -> None:
    token = store.start(session(clock))
    time.later(seconds=7_201)

    with pytest.raises(NotSignedIn):
        opens(store, token)


def test_a_session_that_is_used_lives_on_until_its_absolute_end(store: SessionStore, clock: Clock, time: ShiftedClock) -> None:
    token = store.start(session(clock))
    for _ in range(7):
        time.later(seconds=6_000)
        opens(store, token)
    time.later(seconds=1_300)

    with pytest.raises(NotSignedIn):
        opens(store, token)


def test_a_clock_that_is_put_back_neither_ends_nor_lengthens_a_session(
    store: SessionStore, clock: Clock, time: ShiftedClock
) -> None:
    token = store.start(session(clock))
    time.later(seconds=-3600)
    opens(store, token)
    time.later(seconds=3600 + 7_201)

    with pytest.raises(NotSignedIn):
        opens(store, token)


def test_a_revoked_session_opens_nothing_any_more(store: SessionStore, clock: Clock) -> None:
    made = session(clock)
    token = store.start(made)

    assert store.revoke(made.owner, made.id)
    assert not store.revoke(made.owner, made.id)
    with pytest.raises(NotSignedIn):
        opens(store, token)


def test_nobody_can_revoke_somebody_elses_session(store: SessionStore, clock: Clock) -> None:
    made = session(clock)
    token = store.start(made)

    assert not store.revoke("person:stranger", made.id)
    opens(store, token)


def test_sessions_are_listed_newest_first_and_only_while_they_live(store: SessionStore, clock: Clock, time: ShiftedClock) -> None:
    store.start(session(clock))
    time.later(seconds=7_201)
    older, newer = session(clock), session(clock, started_at=clock.now() + timedelta(seconds=1))
    store.start(older)
    store.start(newer)

    assert [live.session.id for live in store.list(older.owner)] == [newer.id, older.id]
    assert store.list("person:nobody") == []


def test_a_caller_may_ask_so_often_in_a_minute_and_no_more(store: SessionStore, clock: Clock, time: ShiftedClock) -> None:
    token = store.start(session(clock))
    for _ in range(3):
        store.open(token, "", "writes", 3)

    with pytest.raises(TooManyRequests) as limited:
        store.open(token, "", "writes", 3)
    assert 1 <= (limited.value.retry_after_s or 0) <= 60
    store.open(token, "", "reads", 3)
    time.later(seconds=60)
    store.open(token, "", "writes", 3)


def test_the_limit_holds_exactly_when_many_ask_at_once(store: SessionStore, clock: Clock) -> None:
    token = store.start(session(clock))

    def ask(_: int) -> bool:
        try:
            store.open(token, "", "burst", 10)
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        let_in = list(pool.map(ask, range(40)))

    # A minute may turn in between; then a second ten are let in.
    assert sum(let_in) in (10, 20)


def test_a_replaced_token_is_good_for_the_same_request_only_and_for_a_minute(
    store: SessionStore, clock: Clock, time: ShiftedClock
) -> None:
    before = session(clock)
    token = store.start(before)
    after = replace(before, person_id="p1", proof=Proof("face", clock.now()))

    store.replace(token, after, before.owner, REPEAT, "fresh-token")

    assert opens(store, "fresh-token").person_id == "p1"
    assert opens(store, token, REPEAT).person_id is None
    for other in ("", "print-of-another-request"):
        with pytest.raises(NotSignedIn):
            opens(store, token, other)
    time.later(seconds=61)
    with pytest.raises(NotSignedIn):
        opens(store, token, REPEAT)
    opens(store, "fresh-token")


def test_a_replaced_session_moves_to_its_new_owners_list(store: SessionStore, clock: Clock) -> None:
    before = session(clock)
    token = store.start(before)
    after = replace(before, person_id="p1")
    store.replace(token, after, before.owner, REPEAT, "fresh-token")

    assert store.list(before.owner) == []
    assert [live.session.id for live in store.list("person:p1")] == [before.id]
    assert store.revoke("person:p1", before.id)
    with pytest.raises(NotSignedIn):
        opens(store, "fresh-token")


def test_a_session_is_replaced_once(store: SessionStore, clock: Clock) -> None:
    before = session(clock)
    token = store.start(before)
    store.replace(token, replace(before, person_id="p1"), before.owner, REPEAT, "fresh-1")

    with pytest.raises(NotSignedIn):
        store.replace(token, replace(before, person_id="p1"), before.owner, REPEAT, "fresh-2")
    with pytest.raises(NotSignedIn):
        opens(store, "fresh-2")


def test_a_revoked_session_does_not_come_back_under_a_new_token(store: SessionStore, clock: Clock) -> None:
    before = session(clock)
    token = store.start(before)
    store.revoke(before.owner, before.id)

    with pytest.raises(NotSignedIn):
        store.replace(token, replace(before, person_id="p1"), before.owner, REPEAT, "fresh")
    with pytest.raises(NotSignedIn):
        opens(store, "fresh")


def test_a_record_sealed_by_an_older_key_still_opens_and_by_a_retired_one_not(
    door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes
) -> None:
    token = SessionStore(door, keys, clock, lifetimes).start(session(clock))
    newer = ("k2", random_bytes(32))

    rotated = SessionStore(door, KeyRing((newer, *keys.secrets)), clock, lifetimes)
    retired = SessionStore(door, KeyRing((newer,)), clock, lifetimes)

    opens(rotated, token)
    with pytest.raises(NotSignedIn):
        opens(retired, token)


def test_everything_in_redis_ends_by_itself(store: SessionStore, clock: Clock, raw_redis: redis.Redis) -> None:
    before = session(clock)
    token = store.start(before)
    opens(store, token)
    store.replace(token, replace(before, person_id="p1"), before.owner, REPEAT, "fresh-token")

    assert all(raw_redis.ttl(key) > 0 for key in raw_redis.scan_iter())

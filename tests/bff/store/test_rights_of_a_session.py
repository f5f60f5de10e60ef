"""What the holder of a session stands by and has proved: taken back at once everywhere, proved for one act and used once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import redis

from bff.errors import NotSignedIn
from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from bff.store.sessions import Proof, Session, SessionStore
from groundwork.chance import new_id, random_bytes
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.bff.store.conftest import ShiftedClock
from tests.bff.store.redis_content import everything

ONE, TWO = "1a" * 32, "2b" * 32
PURPOSE = "show_relative_code"


@pytest.fixture
def store(door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> SessionStore:
    return SessionStore(door, keys, clock, lifetimes)


def session(clock: Clock, **changes: object) -> Session:
    now = clock.now()
    made = Session(
        new_id(), "wechat", "wx", (("open_id", "o"),), "identity-1", "p1", Proof("login", now), now, now + timedelta(hours=12)
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def opens(store: SessionStore, token: str, repeat: str = "") -> Session:
    return store.open(token, repeat, "reads", 1000)


def seen(clock: Clock) -> Proof:
    return Proof("face", clock.now(), "the-check-of-this-look")


def test_what_is_taken_back_is_gone_from_every_session_of_its_owner_and_no_other(store: SessionStore, clock: Clock) -> None:
    mine = [store.start(session(clock, agreed=(ONE, TWO))) for _ in range(3)]
    theirs = store.start(session(clock, person_id="p2", agreed=(ONE, TWO)))

    store.disagree("person:p1", ONE)

    assert [opens(store, token).agreed for token in mine] == [(TWO,)] * 3
    assert opens(store, theirs).agreed == (ONE, TWO)


def test_what_is_agreed_holds_in_every_session_of_its_owner_once(store: SessionStore, clock: Clock) -> None:
    tokens = [store.start(session(clock, agreed=agreed)) for agreed in ((), (ONE,))]

    store.agree("person:p1", ONE)

    assert [opens(store, token).agreed for token in tokens] == [(ONE,)] * 2


def test_a_sign_in_that_was_under_way_does_not_bring_back_what_was_taken_back(store: SessionStore, clock: Clock) -> None:
    """The register said yes, then the consent was withdrawn, then the session began."""
    store.disagree("person:p1", ONE)

    late = store.start(session(clock, agreed=(ONE, TWO)))

    assert opens(store, late).agreed == (TWO,)
    store.agree("person:p1", ONE)
    assert opens(store, store.start(session(clock, agreed=(ONE, TWO)))).agreed == (ONE, TWO)


def test_a_new_token_stands_by_what_the_old_one_did(store: SessionStore, clock: Clock) -> None:
    made = session(clock, agreed=(ONE, TWO))
    token = store.start(made)
    store.disagree(made.owner, ONE)

    store.replace(token, made, made.owner, "repeat", "a-fresh-token")

    assert opens(store, "a-fresh-token").agreed == (TWO,)


def test_a_revoked_identity_ends_its_sessions_and_leaves_the_others(
    store: SessionStore, clock: Clock, time: ShiftedClock
) -> None:
    wechat, alipay = store.start(session(clock)), store.start(session(clock, identity_id="identity-2"))
    at = clock.now()
    time.later(seconds=1)
    later = store.start(session(clock))

    store.end_identity("person:p1", ["identity-1"], at)

    with pytest.raises(NotSignedIn):
        opens(store, wechat)
    assert opens(store, alipay).identity_id == "identity-2"
    assert opens(store, later).identity_id == "identity-1"


def test_a_sign_in_that_was_under_way_does_not_outlive_its_identity(store: SessionStore, clock: Clock) -> None:
    late = session(clock)
    store.end_identity("person:p1", ["identity-1"], clock.now())

    with pytest.raises(NotSignedIn):
        store.start(late)

    assert store.list("person:p1") == []


def test_a_proof_is_for_its_session_and_its_purpose_and_for_one_use(store: SessionStore, clock: Clock) -> None:
    mine, other, proof = session(clock), session(clock), seen(clock)
    store.give_step_up(mine, PURPOSE, proof)

    assert store.take_step_up(other, PURPOSE) is None
    assert store.take_step_up(mine, "use_code_far_away") is None
    assert store.take_step_up(mine, PURPOSE) == proof
    assert store.take_step_up(mine, PURPOSE) is None


def test_a_proof_goes_with_the_session_to_its_new_token(store: SessionStore, clock: Clock) -> None:
    made = session(clock)
    token = store.start(made)
    store.give_step_up(made, PURPOSE, seen(clock))

    store.replace(token, made, made.owner, "repeat", "a-fresh-token-2")

    assert store.take_step_up(opens(store, "a-fresh-token-2"), PURPOSE) is not None


def test_of_many_who_take_a_proof_at_once_one_gets_it(store: SessionStore, clock: Clock) -> None:
    made = session(clock)
    store.give_step_up(made, PURPOSE, seen(clock))

    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: store.take_step_up(made, PURPOSE), range(48)))

    assert sum(proof is not None for proof in taken) == 1


@pytest.mark.parametrize(("age_s", "good"), [(599, True), (600, False)])
def test_a_proof_is_good_for_ten_minutes(store: SessionStore, clock: Clock, time: ShiftedClock, age_s: int, good: bool) -> None:
    made = session(clock)
    store.give_step_up(made, PURPOSE, seen(clock))
    time.later(seconds=age_s)

    assert (store.take_step_up(made, PURPOSE) is not None) == good


def test_a_proof_is_kept_sealed(store: SessionStore, clock: Clock, raw_redis: redis.Redis) -> None:
    store.give_step_up(session(clock), PURPOSE, seen(clock))

    assert b"the-check-of-this-look" not in everything(raw_redis)


def test_a_proof_under_a_retired_key_is_none(store: SessionStore, door: RedisDoor, clock: Clock, lifetimes: Lifetimes) -> None:
    made = session(clock)
    store.give_step_up(made, PURPOSE, seen(clock))
    rotated = SessionStore(door, KeyRing((("k2", random_bytes(32)),)), clock, lifetimes)

    assert rotated.take_step_up(made, PURPOSE) is None


def test_a_retired_session_may_repeat_its_last_request_for_a_minute(
    store: SessionStore, clock: Clock, time: ShiftedClock
) -> None:
    made = session(clock)
    token = store.start(made)

    store.retire(token, made, "the-deletion")

    assert opens(store, token, "the-deletion").id == made.id
    assert store.list(made.owner) == []
    with pytest.raises(NotSignedIn):
        opens(store, token, "something-else")
    time.later(seconds=61)
    with pytest.raises(NotSignedIn):
        opens(store, token, "the-deletion")

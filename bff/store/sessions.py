"""Sessions: only a token's SHA-256 is kept; the record is sealed, and its ends are instants that our clock judges."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

import orjson

from bff.errors import NotSignedIn, TooManyRequests
from bff.settings import Lifetimes
from bff.store import session_scripts as scripts
from bff.store.door import RedisDoor
from groundwork.chance import new_secret
from groundwork.clock import CHINA, Clock
from groundwork.sealing import KeyRing, SealBroken

_MINUTE_S = 60
# What ended just now is remembered longer than a sign-in can be under way that began before.
_UNDER_WAY_S = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """How and when this session's person was last known to be the person: `face`, or `login` on an attached identity."""

    method: str
    at: datetime
    check_id: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Who holds a token. `subjects` are the channel's names for them, so a record is never stored in clear; `agreed` are
    the hashes of the texts that they stand by, as the register knew them last. Before `guarded_until` they are a child, for
    whom a guardian speaks."""

    id: str
    channel: str
    app_id: str
    subjects: tuple[tuple[str, str], ...]
    identity_id: str
    person_id: str | None
    proof: Proof | None
    started_at: datetime
    ends_at: datetime
    agreed: tuple[str, ...] = ()
    guarded_until: date | None = None

    def is_guarded(self, today: date) -> bool:
        """Whether a guardian speaks for them on that day."""
        return self.guarded_until is not None and today < self.guarded_until

    @property
    def owner(self) -> str:
        """Whose flows, keys and sessions these are: the citizen's once known, the channel identity's before."""
        return f"person:{self.person_id}" if self.person_id else f"identity:{self.identity_id}"


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session in its owner's list."""

    session: Session
    seen_at: datetime


class SessionStore:
    """Starts, opens, replaces, lists and ends sessions, and keeps what their holders stand by and proved for one act."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> None:
        self._door, self._keys, self._clock, self._lifetimes = door, keys, clock, lifetimes
        self._open, self._replace, self._revoke = map(door.script, (scripts.OPEN, scripts.REPLACE, scripts.REVOKE))
        self._retire, self._agree = map(door.script, (scripts.RETIRE, scripts.AGREE))

    def start(self, session: Session) -> str:
        """Keep a new session and return its token, which nobody can read back from here.

        Raises `NotSignedIn` where the identity's authorisation was revoked while the sign-in was under way.
        """
        token = new_secret(256)
        token_hash = _hash(token)
        record = {
            "sealed": self._seal(session, token_hash),
            "seen_at": session.started_at.timestamp(),
            "ends_at": session.ends_at.timestamp(),
            "agreed": "".join(f" {text_hash}" for text_hash in session.agreed),
        }
        with_grace_s = self._lifetimes.session_absolute_s + _MINUTE_S

        def keep(client: Any) -> None:
            with client.pipeline(transaction=True) as pipe:
                pipe.hset(_key(token_hash), mapping=record)
                pipe.expire(_key(token_hash), with_grace_s)
                pipe.hset(_index(session.owner), session.id, token_hash)
                pipe.expire(_index(session.owner), with_grace_s)
                pipe.execute()

        self._door.do(keep)
        self._catch_up(session)
        return token

    def open(self, token: str, repeat: str, limit: str, most: int) -> Session:
        """The session behind a token, counting this request against `limit`. Raises `NotSignedIn` or `TooManyRequests`.

        A replaced token opens only for the very request that replaced it, named by `repeat`.
        """
        token_hash, now_s = _hash(token), self._clock.now().timestamp()
        counter = f"limit:{limit}:{token_hash}:{int(now_s) // _MINUTE_S}"
        told = self._open([_key(token_hash), counter], [now_s, self._lifetimes.session_idle_s, repeat, most])
        if told[0] == b"limited":
            raise TooManyRequests(retry_after_s=_MINUTE_S - int(now_s) % _MINUTE_S)
        if told[0] != b"open":
            raise NotSignedIn
        return replace(self._unseal(told[1], token_hash), agreed=tuple(told[2].decode().split()))

    def replace(self, token: str, becomes: Session, was_owner: str, repeat: str, fresh: str) -> None:
        """Move a session to the token `fresh`; the old one may repeat `repeat` for a minute. Raises `NotSignedIn`."""
        old_hash, new_hash, now_s = _hash(token), _hash(fresh), self._clock.now().timestamp()
        done = self._replace(
            [_key(old_hash), _key(new_hash), _index(was_owner), _index(becomes.owner)],
            [
                now_s + self._lifetimes.replaced_token_s,
                repeat,
                self._seal(becomes, new_hash),
                now_s,
                self._lifetimes.session_absolute_s + _MINUTE_S,
                becomes.id,
                new_hash,
            ],
        )
        if not done:
            raise NotSignedIn

    def list(self, owner: str) -> list[LiveSession]:
        """The owner's sessions that are still alive, newest first."""
        kept = self._door.do(lambda client: cast("dict[bytes, bytes]", client.hgetall(_index(owner))))
        hashes = [token_hash.decode() for token_hash in kept.values()]
        if not hashes:
            return []

        def read(client: Any) -> list[list[bytes | None]]:
            with client.pipeline(transaction=False) as pipe:
                for token_hash in hashes:
                    pipe.hmget(_key(token_hash), ["sealed", "seen_at"])
                return list(pipe.execute())

        rows = zip(hashes, self._door.do(read), strict=True)
        listed = [
            LiveSession(self._unseal(sealed, token_hash), datetime.fromtimestamp(float(seen_at), CHINA))
            for token_hash, (sealed, seen_at) in rows
            if sealed is not None and seen_at is not None
        ]
        return sorted(filter(self._alive, listed), key=lambda live: live.session.started_at, reverse=True)

    def revoke(self, owner: str, session_id: str) -> bool:
        """End one of the owner's sessions; whether there was one."""
        return bool(self._revoke([_index(owner)], [session_id, _key("")]))

    def retire(self, token: str, session: Session, repeat: str) -> None:
        """End this session; for a minute its token may still repeat the one request that ended it."""
        until = self._clock.now().timestamp() + self._lifetimes.replaced_token_s
        self._retire([_key(_hash(token)), _index(session.owner)], [until, repeat, session.id])

    def end_identity(self, owner: str, identity_ids: Collection[str], at: datetime) -> None:
        """End the owner's sessions that came through these identities and had begun by `at`."""

        def mark(client: Any) -> None:
            for identity_id in identity_ids:
                client.set(_ended(identity_id), at.timestamp(), ex=_UNDER_WAY_S)

        self._door.do(mark)
        for live in self.list(owner):
            if live.session.identity_id in identity_ids and live.session.started_at <= at:
                self.revoke(owner, live.session.id)

    def agree(self, owner: str, text_hash: str) -> None:
        """All sessions of this owner stand by a text, from now on."""
        self._agree([_index(owner), _withdrawn(owner, text_hash)], [_key(""), text_hash, "stands"])

    def disagree(self, owner: str, text_hash: str) -> None:
        """No session of this owner stands by a text any more, on whichever copy of ours its next request arrives."""
        self._agree([_index(owner), _withdrawn(owner, text_hash)], [_key(""), text_hash, "withdrawn"])

    def give_step_up(self, session: Session, purpose: str, proof: Proof) -> None:
        """Let this session do one act of this purpose that asks for a fresh proof."""
        name, life_s = _step_up(session, purpose), self._lifetimes.step_up_s
        sealed = self._keys.seal(orjson.dumps(proof), name)
        self._door.do(lambda client: client.set(name, sealed, ex=life_s + _MINUTE_S))

    def take_step_up(self, session: Session, purpose: str) -> Proof | None:
        """The fresh proof for one act of this purpose, if there is one; whoever asks next finds none."""
        name = _step_up(session, purpose)
        sealed = self._door.do(lambda client: client.getdel(name))
        if not isinstance(sealed, bytes):
            return None
        try:
            proof = _proof(orjson.loads(self._keys.open(sealed, name)))
        except SealBroken:
            return None
        age_s = (self._clock.now() - proof.at).total_seconds()
        return proof if age_s < self._lifetimes.step_up_s else None

    def _catch_up(self, session: Session) -> None:
        """What was withdrawn or revoked between the register's word and this session's start holds for it too."""
        names = [_ended(session.identity_id), *(_withdrawn(session.owner, text_hash) for text_hash in session.agreed)]
        ended, *withdrawn = self._door.do(lambda client: cast("list[bytes | None]", client.mget(names)))
        for text_hash, mark in zip(session.agreed, withdrawn, strict=True):
            if mark is not None:
                self.disagree(session.owner, text_hash)
        if ended is not None and session.person_id and session.started_at.timestamp() <= float(ended):
            self.revoke(session.owner, session.id)
            raise NotSignedIn

    def _alive(self, live: LiveSession) -> bool:
        now = self._clock.now()
        return now < live.session.ends_at and (now - live.seen_at).total_seconds() < self._lifetimes.session_idle_s

    def _seal(self, session: Session, token_hash: str) -> bytes:
        return self._keys.seal(orjson.dumps(session), _key(token_hash))

    def _unseal(self, sealed: bytes, token_hash: str) -> Session:
        try:
            record = orjson.loads(self._keys.open(sealed, _key(token_hash)))
        except SealBroken:
            # Sealed by a key that was retired since: the person signs in again.
            raise NotSignedIn from None
        return _session(record)


def _proof(record: Mapping[str, Any]) -> Proof:
    return Proof(record["method"], datetime.fromisoformat(record["at"]), record.get("check_id"))


def _session(record: Mapping[str, Any]) -> Session:
    until = record.get("guarded_until")
    return Session(
        id=record["id"],
        channel=record["channel"],
        app_id=record["app_id"],
        subjects=tuple((kind, subject) for kind, subject in record["subjects"]),
        identity_id=record["identity_id"],
        person_id=record["person_id"],
        proof=_proof(record["proof"]) if record["proof"] else None,
        started_at=datetime.fromisoformat(record["started_at"]),
        ends_at=datetime.fromisoformat(record["ends_at"]),
        guarded_until=date.fromisoformat(until) if until else None,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token_hash: str) -> str:
    return f"session:{token_hash}"


def _index(owner: str) -> str:
    return f"sessions-of:{owner}"


def _withdrawn(owner: str, text_hash: str) -> str:
    return f"withdrawn:{owner}:{text_hash}"


def _ended(identity_id: str) -> str:
    return f"identity-ended:{identity_id}"


def _step_up(session: Session, purpose: str) -> str:
    return f"step-up:{session.id}:{purpose}"

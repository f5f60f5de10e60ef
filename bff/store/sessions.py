"""Sessions: only a token's SHA-256 is kept; the record is sealed, and its ends are instants that our clock judges."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import orjson

from bff.errors import NotSignedIn, TooManyRequests
from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from groundwork.chance import new_secret
from groundwork.clock import CHINA, Clock
from groundwork.sealing import KeyRing, SealBroken

_MINUTE_S = 60

# One trip per request: is the session alive, may it ask once more this minute, and it was seen now.
_OPEN = """
local kept = redis.call('HMGET', KEYS[1], 'sealed', 'seen_at', 'ends_at', 'replaced_until', 'repeat')
local now = tonumber(ARGV[1])
if not kept[1] or now >= tonumber(kept[3]) or now >= tonumber(kept[2]) + tonumber(ARGV[2]) then
  return {'unknown'}
end
if kept[4] and (now >= tonumber(kept[4]) or kept[5] ~= ARGV[3]) then
  return {'unknown'}
end
local asked = redis.call('INCR', KEYS[2])
if asked == 1 then
  redis.call('EXPIRE', KEYS[2], 120)
end
if asked > tonumber(ARGV[4]) then
  return {'limited'}
end
if now > tonumber(kept[2]) then
  redis.call('HSET', KEYS[1], 'seen_at', ARGV[1])
end
return {'open', kept[1]}
"""

# A session that was revoked or replaced meanwhile must not come back to life under a new token.
_REPLACE = """
local kept = redis.call('HMGET', KEYS[1], 'ends_at', 'replaced_until')
if not kept[1] or kept[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'replaced_until', ARGV[1], 'repeat', ARGV[2])
redis.call('EXPIRE', KEYS[1], 120)
redis.call('HSET', KEYS[2], 'sealed', ARGV[3], 'seen_at', ARGV[4], 'ends_at', kept[1])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('HDEL', KEYS[3], ARGV[6])
redis.call('HSET', KEYS[4], ARGV[6], ARGV[7])
redis.call('EXPIRE', KEYS[4], ARGV[5])
return 1
"""

_REVOKE = """
local token_hash = redis.call('HGET', KEYS[1], ARGV[1])
if not token_hash then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('DEL', ARGV[2] .. token_hash)
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """How and when this session's person was last known to be the person: `face`, or `login` on an attached identity."""

    method: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Who holds a token. `subjects` are the channel's names for them, so a record is never stored in clear."""

    id: str
    channel: str
    app_id: str
    subjects: tuple[tuple[str, str], ...]
    identity_id: str
    person_id: str | None
    proof: Proof | None
    started_at: datetime
    ends_at: datetime

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
    """Starts, opens, replaces, lists and revokes sessions."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> None:
        self._door, self._keys, self._clock, self._lifetimes = door, keys, clock, lifetimes
        self._open, self._replace, self._revoke = (door.script(lua) for lua in (_OPEN, _REPLACE, _REVOKE))

    def start(self, session: Session) -> str:
        """Keep a new session and return its token, which nobody can read back from here."""
        token = new_secret(256)
        token_hash = _hash(token)
        record = {
            "sealed": self._seal(session, token_hash),
            "seen_at": session.started_at.timestamp(),
            "ends_at": session.ends_at.timestamp(),
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
        return self._unseal(told[1], token_hash)

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


def _session(record: Mapping[str, Any]) -> Session:
    proof = record["proof"]
    return Session(
        id=record["id"],
        channel=record["channel"],
        app_id=record["app_id"],
        subjects=tuple((kind, subject) for kind, subject in record["subjects"]),
        identity_id=record["identity_id"],
        person_id=record["person_id"],
        proof=Proof(proof["method"], datetime.fromisoformat(proof["at"])) if proof else None,
        started_at=datetime.fromisoformat(record["started_at"]),
        ends_at=datetime.fromisoformat(record["ends_at"]),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token_hash: str) -> str:
    return f"session:{token_hash}"


def _index(owner: str) -> str:
    return f"sessions-of:{owner}"

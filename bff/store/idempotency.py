"""What was answered under an idempotency key, so that the same request sent twice has one effect and one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from bff.errors import InProgress, KeyReused, KeySpent
from bff.settings import Lifetimes
from bff.store.door import RedisDoor
from groundwork.chance import new_id
from groundwork.clock import Clock
from groundwork.sealing import KeyRing, SealBroken

# ARGV: now, marker, end of the marker, seconds Redis keeps it, then the body's prints, newest key first.
_BEGIN = """
local kept = redis.call('HMGET', KEYS[1], 'print', 'state', 'until', 'status', 'sealed')
if kept[1] and tonumber(ARGV[1]) < tonumber(kept[3]) then
  local same = false
  for position = 5, #ARGV do
    same = same or kept[1] == ARGV[position]
  end
  if not same then
    return {'reused'}
  end
  return {kept[2], kept[4], kept[5]}
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'print', ARGV[5], 'state', 'running', 'until', ARGV[3], 'marker', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {'begun'}
"""

# Only the request that set the marker may replace it or take it away.
_FINISH = """
if redis.call('HGET', KEYS[1], 'marker') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'until', ARGV[3], 'status', ARGV[5], 'sealed', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

_FORGET = """
if redis.call('HGET', KEYS[1], 'marker') ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """The remembered answer of an earlier request with this key."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Running:
    """Our marker on a key: the request is ours to carry out."""

    name: str
    marker: str


class IdempotencyStore:
    """Begins, finishes and forgets keys. Redis only speeds this up: the core remembers what it has done by itself."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock, lifetimes: Lifetimes) -> None:
        self._keys, self._clock, self._lifetimes = keys, clock, lifetimes
        self._begin, self._finish, self._forget = (door.script(lua) for lua in (_BEGIN, _FINISH, _FORGET))

    def begin(self, owner: str, method: str, path: str, key: str, body: str) -> Running | Answered:
        """Take the key, or the answer it already has. Raises `KeyReused`, `KeySpent` or `InProgress`."""
        name = f"idempotency:{self._keys.fingerprint('idempotency-key', owner, method, path, key)}"
        prints = self._keys.fingerprints("request-body", body)
        now_s, marker = self._clock.now().timestamp(), new_id()
        in_flight_s = self._lifetimes.in_flight_s
        told = self._begin([name], [now_s, marker, now_s + in_flight_s, in_flight_s, *prints])
        match told[0]:
            case b"begun":
                return Running(name, marker)
            case b"reused":
                raise KeyReused
            case b"spent":
                raise KeySpent
            case b"answered":
                return self._answered(name, told[1], told[2])
            case _:
                raise InProgress(retry_after_s=1)

    def remember(self, running: Running, status: int, body: Any) -> None:
        """Keep the answer for whoever sends the same again."""
        self._end(running, "answered", status, self._keys.seal(orjson.dumps(body), running.name))

    def spend(self, running: Running) -> None:
        """Keep only that the key was used: its answer must not be given twice."""
        self._end(running, "spent", 0, b"")

    def forget(self, running: Running) -> None:
        """Take our marker away: nothing worth remembering happened."""
        self._forget([running.name], [running.marker])

    def _end(self, running: Running, state: str, status: int, sealed: bytes) -> None:
        kept_s = self._lifetimes.remembered_s
        until = self._clock.now().timestamp() + kept_s
        self._finish([running.name], [running.marker, state, until, kept_s, status, sealed])

    def _answered(self, name: str, status: bytes, sealed: bytes) -> Answered:
        try:
            return Answered(int(status), orjson.loads(self._keys.open(sealed, name)))
        except SealBroken:
            # The answer's key was retired; that it was used once is all we still know.
            raise KeySpent from None

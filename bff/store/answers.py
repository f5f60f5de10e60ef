"""Answers of a flow in progress: each step sealed for its place, written by compare-and-set, gone after a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import orjson

from bff.errors import FlowChanged, FlowExpired
from bff.store.door import RedisDoor
from groundwork.chance import new_id
from groundwork.clock import Clock
from groundwork.sealing import KeyRing, SealBroken

_VERSION = b"version"
_EXPIRES_AT = b"expires_at"
# How much longer than its life Redis keeps a flow, so that we can say "expired" and not "never heard of it".
_GRACE_S = 3600

# Versions are random, so a writer who missed a whole give-up-and-start-again loses like any other.
_SAVE = """
local kept = redis.call('HMGET', KEYS[1], 'version', 'expires_at')
if kept[1] and tonumber(kept[2]) <= tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
  kept[1] = false
end
if (kept[1] or '') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'expires_at', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
local position = 6
while position < #ARGV do
  if ARGV[position + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[position])
  else
    redis.call('HSET', KEYS[1], ARGV[position], ARGV[position + 1])
  end
  position = position + 2
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose flow this is; `acting_for` is the relative that somebody acts for."""

    owner: str
    flow: str
    acting_for: str | None = None

    @property
    def key(self) -> str:
        return f"answers:{self.owner}:{self.flow}:{self.acting_for or 'self'}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one flow: a value for each step, and the version to save over."""

    version: str
    steps: Mapping[str, Any]


class AnswerStore:
    """Loads, saves and drops answers."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock, life_s: int) -> None:
        self._door, self._keys, self._clock, self._life_s = door, keys, clock, life_s
        self._save = door.script(_SAVE)

    def load(self, place: Place) -> Kept | None:
        """What is kept, or `None`. Raises `FlowExpired`, once: the rest is then gone."""
        fields: dict[bytes, bytes] = self._door.do(lambda client: cast("dict[bytes, bytes]", client.hgetall(place.key)))
        if not fields:
            return None
        if float(fields[_EXPIRES_AT]) <= self._clock.now().timestamp():
            self.drop(place)
            raise FlowExpired
        try:
            steps = {
                name.decode(): orjson.loads(self._keys.open(sealed, f"{place.key}:{name.decode()}"))
                for name, sealed in fields.items()
                if name not in (_VERSION, _EXPIRES_AT)
            }
        except SealBroken:
            # Sealed by a key that was retired since: nobody can read these answers again.
            self.drop(place)
            raise FlowExpired from None
        return Kept(fields[_VERSION].decode(), steps)

    def save(self, place: Place, over: Kept | None, changed: Mapping[str, Any]) -> Kept:
        """Write the steps in `changed` (`None` drops one) over what was loaded. Raises `FlowChanged` if it is no longer that."""
        now_s, version = self._clock.now().timestamp(), new_id()
        arguments: list[str | bytes | int | float] = [now_s, over.version if over else "", version, now_s + self._life_s]
        arguments.append(self._life_s + _GRACE_S)
        for step, value in changed.items():
            sealed = b"" if value is None else self._keys.seal(orjson.dumps(value), f"{place.key}:{step}")
            arguments += [step, sealed]
        if not self._save([place.key], arguments):
            raise FlowChanged
        merged = {**(over.steps if over else {}), **changed}
        return Kept(version, {step: value for step, value in merged.items() if value is not None})

    def drop(self, place: Place) -> None:
        """Forget the flow, whatever its state."""
        self._door.do(lambda client: client.delete(place.key))

    def in_progress(self, places: Sequence[Place]) -> set[str]:
        """The names of those flows that somebody has begun and not ended."""

        def read(client: Any) -> list[bytes | None]:
            with client.pipeline(transaction=False) as pipe:
                for place in places:
                    pipe.hget(place.key, "expires_at")
                return list(pipe.execute())

        return set(self._begun(places, self._door.do(read), self._clock.now()))

    @staticmethod
    def _begun(places: Sequence[Place], ends: Sequence[bytes | None], now: datetime) -> Iterable[str]:
        for place, ends_at in zip(places, ends, strict=True):
            if ends_at is not None and float(ends_at) > now.timestamp():
                yield place.flow

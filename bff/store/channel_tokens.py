"""Where a channel keeps its access token, sealed, so that all copies of the BFF share one and one alone fetches it."""

from __future__ import annotations

from bff.store.door import RedisDoor
from groundwork.chance import new_id
from groundwork.sealing import KeyRing, SealBroken

_UNLOCK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
"""


class ChannelTokens:
    """The `TokenCache` that channels are given. Its lives are the platform's own and run by real time."""

    def __init__(self, door: RedisDoor, keys: KeyRing) -> None:
        self._door, self._keys = door, keys
        self._unlock = door.script(_UNLOCK)

    def get(self, name: str) -> str | None:
        key = f"channel-token:{name}"
        sealed = self._door.do(lambda client: client.get(key))
        if not isinstance(sealed, bytes):
            return None
        try:
            return self._keys.open(sealed, key).decode()
        except SealBroken:
            return None

    def put(self, name: str, value: str, ttl_s: int) -> None:
        key = f"channel-token:{name}"
        sealed = self._keys.seal(value.encode(), key)
        self._door.do(lambda client: client.set(key, sealed, ex=ttl_s))

    def lock(self, name: str, ttl_s: int) -> str | None:
        token = new_id()
        taken = self._door.do(lambda client: client.set(f"channel-lock:{name}", token, nx=True, ex=ttl_s))
        return token if taken else None

    def unlock(self, name: str, token: str) -> None:
        self._unlock([f"channel-lock:{name}"], [token])

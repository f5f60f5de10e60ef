"""How often somebody may knock in a minute; without Redis nobody may, so the limit fails closed."""

from __future__ import annotations

from bff.errors import TooManyRequests
from bff.store.door import RedisDoor
from groundwork.clock import Clock
from groundwork.sealing import KeyRing

_MINUTE_S = 60

_COUNT = """
local asked = redis.call('INCR', KEYS[1])
if asked == 1 then
  redis.call('EXPIRE', KEYS[1], 120)
end
return asked
"""


class RateLimit:
    """Counts by the minute of our clock."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock) -> None:
        self._keys, self._clock = keys, clock
        self._count = door.script(_COUNT)

    def knock(self, what: str, address: str, most: int) -> None:
        """Count one knock from this address. Raises `TooManyRequests` above `most` in a minute."""
        now_s = int(self._clock.now().timestamp())
        counter = f"limit:{what}:{self._keys.fingerprint('address', address)}:{now_s // _MINUTE_S}"
        if self._count([counter], []) > most:
            raise TooManyRequests(retry_after_s=_MINUTE_S - now_s % _MINUTE_S)

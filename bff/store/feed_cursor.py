"""How far the feed is read. It only saves work: lost with Redis, everything is read anew and nothing is told twice."""

from __future__ import annotations

from bff.store.door import RedisDoor

_KEY = "feed-cursor"

# Two workers may overtake each other; the cursor never goes back.
_FORWARD = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) > known then
  redis.call('SET', KEYS[1], ARGV[1])
end
return 1
"""


class FeedCursor:
    """A position of the core's feed."""

    def __init__(self, door: RedisDoor) -> None:
        self._door = door
        self._forward = door.script(_FORWARD)

    def read(self) -> int:
        """Where to go on; 0 when nothing is known."""
        known = self._door.do(lambda client: client.get(_KEY))
        return int(known) if isinstance(known, bytes) and known.isdigit() else 0

    def write(self, position: int) -> None:
        """Everything up to here is in the register."""
        self._forward([_KEY], [position])

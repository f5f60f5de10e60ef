"""Guards the door to sign in: so many tries a minute from one place, and each login code once."""

from __future__ import annotations

from bff.errors import LoginCodeInvalid, TooManyRequests
from bff.store.door import RedisDoor
from groundwork.clock import Clock
from groundwork.sealing import KeyRing

_MINUTE_S = 60
# Channels let a login code live for at most a day; a second use within it is a replay.
_CODE_S = 24 * 3600

_CLAIM = """
local asked = redis.call('INCR', KEYS[1])
if asked == 1 then
  redis.call('EXPIRE', KEYS[1], 120)
end
if asked > tonumber(ARGV[1]) then
  return 'limited'
end
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[2]) then
  return 'claimed'
end
return 'used'
"""


class SignInGuard:
    """Claims login codes. When Redis does not answer nobody signs in: the limit fails closed."""

    def __init__(self, door: RedisDoor, keys: KeyRing, clock: Clock, most_per_minute: int) -> None:
        self._door, self._keys, self._clock, self._most = door, keys, clock, most_per_minute
        self._claim = door.script(_CLAIM)

    def claim(self, address: str, channel: str, login_code: str) -> None:
        """Take a login code for this request alone. Raises `TooManyRequests` or `LoginCodeInvalid`."""
        now_s = int(self._clock.now().timestamp())
        counter = f"limit:sign-ins:{self._keys.fingerprint('address', address)}:{now_s // _MINUTE_S}"
        told = self._claim([counter, self._code_key(channel, login_code)], [self._most, _CODE_S])
        if told == b"limited":
            raise TooManyRequests(retry_after_s=_MINUTE_S - now_s % _MINUTE_S)
        if told == b"used":
            raise LoginCodeInvalid

    def give_back(self, channel: str, login_code: str) -> None:
        """Let the same code be tried again, because the channel never judged it."""
        key = self._code_key(channel, login_code)
        self._door.do(lambda client: client.delete(key))

    def _code_key(self, channel: str, login_code: str) -> str:
        return f"login-code:{self._keys.fingerprint('login-code', channel, login_code)}"

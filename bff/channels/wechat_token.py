"""WeChat's access token, shared by all copies of the BFF: whoever finds none fetches it, everybody else waits for that one."""

from __future__ import annotations

import time
from collections.abc import Callable

from bff.channels.base import TokenCache
from bff.errors import ChannelUnavailable

# WeChat hands out the next token five minutes early, and both work until then.
_EARLY_S = 300
_LEAST_TTL_S = 60
_POLL_S = 0.05


class SharedToken:
    """The token named `name`; `fetch` asks WeChat for one and says for how many seconds it is good."""

    def __init__(self, name: str, cache: TokenCache, fetch: Callable[[], tuple[str, int]], fetch_limit_s: float) -> None:
        self._name = name
        self._cache = cache
        self._fetch = fetch
        # The lock outlives the longest fetch, so that nobody starts a second one beside it.
        self._lock_ttl_s = int(fetch_limit_s) + 3
        self._polls = int(self._lock_ttl_s / _POLL_S)

    def get(self) -> str:
        """The token of the day."""
        return self._cache.get(self._name) or self.replace(None)

    def replace(self, refused: str | None) -> str:
        """A token other than the one that WeChat refused; however many callers ask at once, one of them fetches."""
        for _ in range(self._polls):
            known = self._known(refused)
            if known is not None:
                return known
            lock = self._cache.lock(self._name, self._lock_ttl_s)
            if lock is not None:
                return self._replace_alone(refused, lock)
            time.sleep(_POLL_S)
        raise ChannelUnavailable

    def _replace_alone(self, refused: str | None, lock: str) -> str:
        try:
            # Somebody may have fetched between our look and our lock.
            return self._known(refused) or self._fetch_and_keep()
        finally:
            self._cache.unlock(self._name, lock)

    def _known(self, refused: str | None) -> str | None:
        known = self._cache.get(self._name)
        return known if known != refused else None

    def _fetch_and_keep(self) -> str:
        token, expires_in_s = self._fetch()
        self._cache.put(self._name, token, max(expires_in_s - _EARLY_S, _LEAST_TTL_S))
        return token

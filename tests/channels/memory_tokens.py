"""A `TokenCache` in this process's memory, for tests that are not about Redis."""

from __future__ import annotations

import threading
import uuid


class MemoryTokens:
    """Remembers values with the lives they were given, and who holds which lock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.lives_s: dict[str, int] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str, ttl_s: int) -> None:
        with self._guard:
            self.kept[name], self.lives_s[name] = value, ttl_s

    def lock(self, name: str, ttl_s: int) -> str | None:
        with self._guard:
            if name in self._locks:
                return None
            self._locks[name] = uuid.uuid4().hex
            return self._locks[name]

    def unlock(self, name: str, token: str) -> None:
        with self._guard:
            if self._locks.get(name) == token:
                del self._locks[name]

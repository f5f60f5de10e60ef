"""Codes that a platform hands to a phone: each good once and for a short while of real time."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from groundwork.chance import new_secret
from groundwork.clock import Clock

Owner = TypeVar("Owner")


class CodeUnknown(LookupError):
    """No such code, or its time is over."""


class CodeUsed(LookupError):
    """The code was good, once."""


@dataclass(slots=True)
class _Code(Generic[Owner]):
    owner: Owner
    expires_at: datetime
    used: bool = False


class OneTimeCodes(Generic[Owner]):
    """The codes of one kind; kept in memory only, so a restart forgets them as a short life would."""

    def __init__(self, clock: Clock, life_s: int) -> None:
        self._clock = clock
        self._life = timedelta(seconds=life_s)
        self._lock = threading.Lock()
        self._codes: dict[str, _Code[Owner]] = {}

    def issue(self, owner: Owner) -> str:
        """A fresh code for its owner."""
        now = self._clock.now()
        code = new_secret(192)
        with self._lock:
            self._codes = {known: about for known, about in self._codes.items() if about.expires_at > now}
            self._codes[code] = _Code(owner, now + self._life)
        return code

    def held_by(self, code: str) -> Owner:
        """The owner of a code that is still good; raises `CodeUnknown` or `CodeUsed`."""
        with self._lock:
            return self._good(code).owner

    def redeem(self, code: str) -> Owner:
        """Use a code up and return its owner; raises `CodeUnknown` or `CodeUsed`."""
        with self._lock:
            good = self._good(code)
            good.used = True
            return good.owner

    def _good(self, code: str) -> _Code[Owner]:
        known = self._codes.get(code)
        if known is None or known.expires_at <= self._clock.now():
            raise CodeUnknown
        if known.used:
            raise CodeUsed
        return known

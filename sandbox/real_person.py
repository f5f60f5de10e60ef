"""Real-person checks of both platforms: begun by a backend, ended by a look into the camera, read by the backend."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from groundwork.clock import Clock


class Outcome(Enum):
    """How the look into the camera ended."""

    WAITING = "waiting"
    PASSED = "passed"
    SOMEBODY_ELSE = "somebody_else"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: whom it names, until when it may be used, and what the platform bound it to."""

    id: str
    channel: str
    name: str
    id_number: str
    expires_at: datetime
    bound_to: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = Outcome.WAITING

    def expired(self, now: datetime) -> bool:
        return self.expires_at <= now


class CheckUnknown(LookupError):
    """No platform here began such a check."""


class CheckOver(LookupError):
    """The check has ended or its time is over."""


class Checks:
    """Every check of both platforms; kept in memory, since none outlives the hour."""

    def __init__(self, clock: Clock, life_s: int = 3600) -> None:
        self._clock = clock
        self.life_s = life_s
        self._lock = threading.Lock()
        self._checks: dict[str, Check] = {}

    def begin(self, check_id: str, channel: str, name: str, id_number: str, bound_to: Mapping[str, str]) -> Check:
        """Begin a check of the person named."""
        now = self._clock.now()
        check = Check(check_id, channel, name, id_number, now + timedelta(seconds=self.life_s), bound_to)
        with self._lock:
            # Expired checks stay for a day, so that a late question hears "expired" and not "unknown".
            self._checks = {known: one for known, one in self._checks.items() if one.expires_at > now - timedelta(days=1)}
            self._checks[check_id] = check
        return check

    def find(self, check_id: object, channel: str) -> Check | None:
        """The check of that id, if this platform began it."""
        with self._lock:
            check = self._checks.get(check_id) if isinstance(check_id, str) else None
        return check if check is not None and check.channel == channel else None

    def expired(self, check: Check) -> bool:
        """Whether a check's hour of real time is over."""
        return check.expired(self._clock.now())

    def look(self, check_id: str, name: str, id_number: str, passes: bool) -> Check:
        """Somebody looks into the camera; only the person whom the check names can pass."""
        with self._lock:
            check = self._checks.get(check_id)
            if check is None:
                raise CheckUnknown
            if check.outcome is not Outcome.WAITING or check.expired(self._clock.now()):
                raise CheckOver
            ended = replace(check, outcome=_outcome(check, name, id_number, passes))
            self._checks[check_id] = ended
            return ended


def _outcome(check: Check, name: str, id_number: str, passes: bool) -> Outcome:
    if (check.name, check.id_number) != (name, id_number):
        return Outcome.SOMEBODY_ELSE
    return Outcome.PASSED if passes else Outcome.GIVEN_UP

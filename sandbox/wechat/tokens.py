"""Stable access tokens (getStableAccessToken): one that stays while it lasts, replaced early or by force."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundwork.chance import new_secret
from groundwork.clock import Clock
from sandbox.wechat.errors import WechatError

LIFE_S = 7200
OVERLAP_S = 300
FORCED_APART_S = 30
FORCED_A_DAY = 20
_SHAPE = re.compile(r"[0-9A-Za-z_-]{20,512}")


@dataclass(slots=True)
class _Token:
    value: str
    expires_at: datetime
    replaced: bool = False


class Tokens:
    """The tokens of one app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: list[_Token] = []
        self._forced: list[datetime] = []

    def issue(self, force_refresh: bool) -> Mapping[str, Any]:
        """The app's token and the seconds that are left of it."""
        with self._lock:
            now = self._clock.now()
            self._tokens = [token for token in self._tokens if token.expires_at > now - timedelta(days=1)]
            latest = self._tokens[-1] if self._tokens else None
            if force_refresh and self._may_force(now):
                for token in self._tokens:
                    token.replaced = True
                latest = None
            if latest is None or latest.expires_at <= now + timedelta(seconds=OVERLAP_S):
                latest = _Token(new_secret(768), now + timedelta(seconds=LIFE_S))
                self._tokens.append(latest)
            return {"access_token": latest.value, "expires_in": int((latest.expires_at - now).total_seconds())}

    def _may_force(self, now: datetime) -> bool:
        """Whether a forced refresh refreshes at all; more than a day's share is an error."""
        self._forced = [moment for moment in self._forced if moment > now - timedelta(days=1)]
        if len(self._forced) >= FORCED_A_DAY:
            raise WechatError(45009)
        if self._forced and self._forced[-1] > now - timedelta(seconds=FORCED_APART_S):
            return False
        self._forced.append(now)
        return True

    def check(self, value: str | None) -> None:
        """Nothing if the token is good; raises `WechatError`."""
        if not value:
            raise WechatError(41001)
        if not _SHAPE.fullmatch(value):
            raise WechatError(40014)
        with self._lock:
            token = next((token for token in self._tokens if token.value == value), None)
        if token is None or token.replaced:
            raise WechatError(40001)
        if token.expires_at <= self._clock.now():
            raise WechatError(42001)

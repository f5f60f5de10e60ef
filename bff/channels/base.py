"""What may be asked of any channel: who is this, which phone is theirs, is it really them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """One name that a channel has for a person: `kind` is `open_id`, `user_id` or `union_id`; never one for another."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ChannelUser:
    """Who holds the phone, as the channel knows them; the first subject is the one its later calls ask for."""

    channel: str
    app_id: str
    subjects: tuple[Subject, ...]

    @property
    def subject(self) -> str:
        return self.subjects[0].subject


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Who a real-person check is about; `cert_type` is the national code, 01 the identity card."""

    name: str
    id_number: str
    cert_type: str = "01"


@dataclass(frozen=True, slots=True)
class Check:
    """A real-person check that was begun. `id` is the platform's own.

    `keep` is what `finish_check` needs later and the phone must not see; the caller keeps it sealed.
    """

    id: str
    channel: str
    expires_at: datetime
    url: str | None = None
    keep: Mapping[str, str] = field(default_factory=dict)


class CheckResult(Enum):
    """How a real-person check stands."""

    PASSED = "passed"
    PENDING = "pending"
    NOT_PASSED = "not_passed"
    EXPIRED = "expired"


class Channel(Protocol):
    """A platform that people come from. Every method may raise `ChannelUnavailable`, `ChannelMisconfigured`,
    `ChannelLimited` or `ChannelSignatureBad`; no error, log or URL of ours carries a secret or personal data."""

    name: str

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code, once. Raises `LoginCodeInvalid` or `LoginBlocked`."""
        ...

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """The phone that the platform vouches for, as 11 digits. Raises `PhoneCodeInvalid`."""
        ...

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """Begin a check that the person named is the one who looks into this user's camera."""
        ...

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask the platform how the check ended; only its own word counts, never the phone's."""
        ...


class TokenCache(Protocol):
    """Where a channel keeps its access token so that all copies of the BFF share one."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str, ttl_s: int) -> None: ...

    def lock(self, name: str, ttl_s: int) -> str | None:
        """Take the lock and return its token, or `None` if somebody holds it."""
        ...

    def unlock(self, name: str, token: str) -> None:
        """Give the lock back, only if `token` still holds it."""
        ...

"""What a phone can ask of its platform, and what happens on a platform by itself, in the same words for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.callbacks import Answered

EVENT_KINDS = ("authorisation_revoked", "user_information_modified", "subscription_changed", "subscription_refused")


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """Something that a person did in the platform's own settings; `template_ids` are those of the messages meant."""

    kind: str
    template_ids: tuple[str, ...] = ()
    deliveries: int = 1


class LoginSide(Protocol):
    """A platform as somebody meets it who signs in."""

    def login_code(self, id_number: str) -> str:
        """What `wx.login`, `my.getAuthCode` or a web page's sign-in gives this person."""
        ...


class PhoneSide(LoginSide, Protocol):
    """A platform as the phone meets it; the other side of the codes that a backend redeems."""

    def phone_code(self, id_number: str, phone: str) -> Any:
        """What the platform's button for phone numbers gives."""
        ...


class PushSide(Protocol):
    """A platform that tells the backend what a person did there."""

    def push(self, id_number: str, event: PlatformEvent) -> list[Answered]:
        """Tell the BFF, as often as the platform would; what it answered each time."""
        ...

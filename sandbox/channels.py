"""What a phone can ask of its platform, in the same words for both."""

from __future__ import annotations

from typing import Any, Protocol


class PhoneSide(Protocol):
    """A platform as the phone meets it; the other side of the codes that a backend redeems."""

    def login_code(self, id_number: str) -> str:
        """What `wx.login` or `my.getAuthCode` gives this person's phone."""
        ...

    def phone_code(self, id_number: str, phone: str) -> Any:
        """What the platform's button for phone numbers gives."""
        ...

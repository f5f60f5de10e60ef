"""A channel that offers nothing yet: what one inherits for whatever its platform cannot do, said in our own errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.channels.base import (
    ChannelUser,
    Check,
    CheckResult,
    Delivery,
    KinshipEntry,
    LinkKind,
    Message,
    NamedPerson,
    Push,
)
from bff.errors import CallbackRefused, ChannelMisconfigured, CheckNotPossible, PhoneCodeInvalid


class BareChannel:
    """Every method of a `Channel` but `identify`, without which there is none. None of these asks the platform anything."""

    activates = False

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """People write their number themselves."""
        raise PhoneCodeInvalid

    def can_check(self, person: NamedPerson) -> bool:
        """Nobody can look into a camera here."""
        return False

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """There is the bank card, or the counter."""
        raise CheckNotPossible

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Whichever check this is, it was not begun here."""
        return CheckResult.EXPIRED

    def begin_activation(self, user: ChannelUser, person: NamedPerson, helper: NamedPerson | None = None) -> Check:
        """There is the bank card, or the counter."""
        raise CheckNotPossible

    def finish_activation(self, user: ChannelUser, check: Check, brought: str | None = None) -> CheckResult:
        """Whichever check this is, it was not begun here."""
        return CheckResult.EXPIRED

    def kinship_list(self, user: ChannelUser) -> tuple[KinshipEntry, ...]:
        """This platform shows nobody's voucher."""
        return ()

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Nobody can be reached here."""
        return Delivery.STOP

    def make_link(self, page: str, link_id: str, kind: LinkKind = LinkKind.URL) -> str:
        """Whoever asks for a link here has set something up wrongly."""
        raise ChannelMisconfigured

    def is_text_allowed(self, user: ChannelUser, text: str) -> bool:
        """Nobody here tells us, so nothing is published."""
        return False

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        """Nothing is awaited from here."""
        raise CallbackRefused

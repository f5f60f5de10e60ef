"""Pushes notices, each at most once: the register marks it before the channel is called and is told the outcome after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bff.channels.base import ChannelUser, Delivery, Message, Sender, Subject
from bff.core_client.notices import DuePush, NoticeRegister
from bff.notice_kinds.catalogue import PUSH_CHANNELS, kind_named
from bff.notice_kinds.filling import channel_fields
from groundwork.chance import new_id
from groundwork.clock import Clock

_PAGE = "pages/notices/index"
# After an alert somebody has to mend something: one message in so long finds out whether it is mended.
_PAUSE = timedelta(minutes=5)
_log = structlog.get_logger()


class Pusher:
    """One worker's hands. A template that a channel finds fault with rests for a while, on that channel alone."""

    def __init__(self, register: NoticeRegister, senders: Mapping[str, Sender], clock: Clock) -> None:
        self._register, self._clock = register, clock
        self._senders = {name: senders[name] for name in PUSH_CHANNELS if name in senders}
        self._resting: dict[tuple[str, str], datetime] = {}

    def push(self) -> bool:
        """Push one notice that is due; whether there may be more."""
        claim = new_id()
        due, more = self._register.claim(claim, sorted(self._senders))
        if due is not None:
            outcome = self._send(due)
            self._register.settle(due.id, claim, outcome.value)
            _log.info("notice_pushed", kind=due.kind, channel=due.channel, outcome=outcome.value)
        return more

    def _send(self, due: DuePush) -> Delivery:
        kind, sender = kind_named(due.kind), self._senders[due.channel]
        if kind is None or not due.subjects:
            # Entered by another edition of this code, or for somebody who left while we claimed it.
            return Delivery.ALERT
        now, place = self._clock.now(), (due.channel, kind.template)
        if self._resting.get(place, now) > now:
            return Delivery.ALERT
        user = ChannelUser(due.channel, due.app_id, tuple(Subject(*one) for one in due.subjects))
        fields = channel_fields(kind, due.data, due.at)
        outcome = sender.send(user, Message(kind.template, fields, f"{_PAGE}?notice={due.id}"))
        if outcome is Delivery.ALERT:
            self._resting[place] = now + _PAUSE
        return outcome

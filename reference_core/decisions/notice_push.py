"""Whether a notice is pushed now, on which channel, later or not at all: a pure function of what its owner allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

# What is older than this tells nobody anything new on a locked screen; the inbox has it.
FRESH = timedelta(minutes=15)
# A text message takes somebody's number to one more company, so only for whoever asked for it.
BY_PHONE = "sms"
_ASKED_FIRST = frozenset({BY_PHONE})
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody allowed: by kind and by channel, and the hours that are to be quiet."""

    kinds: Mapping[str, bool] = field(default_factory=dict)
    channels: Mapping[str, bool] = field(default_factory=dict)
    quiet: tuple[time, time] | None = None

    def lets(self, channel: str) -> bool:
        """Yes unless they said no; of a channel that is asked for first, no unless they said yes."""
        return self.channels.get(channel, channel not in _ASKED_FIRST)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits to be pushed; `stopped` are the channels that said no to its template."""

    kind: str
    push_until: datetime
    stopped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Push:
    """What to do: `pushing` on `channel`, `pending` until `after`, `not_delivered` or `not_allowed`."""

    state: str
    channel: str | None = None
    after: datetime | None = None


def decide(notice: Waiting, allowed: Allowed, reachable: tuple[str, ...], now: datetime) -> Push:
    """What becomes of one push; `reachable` are the channels that know this person, the best first."""
    open_ones = (name for name in reachable if allowed.lets(name) and name not in notice.stopped)
    channel = next(open_ones, None)
    if channel is None or not allowed.kinds.get(notice.kind, True):
        return Push("not_allowed")
    if now > notice.push_until:
        return Push("not_delivered", channel)
    quiet_ends = end_of_quiet(allowed.quiet, now)
    return Push("pushing", channel) if quiet_ends is None else Push("pending", channel, quiet_ends)


def end_of_quiet(quiet: tuple[time, time] | None, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in, or `None`; they may run over midnight."""
    if quiet is None:
        return None
    start, end = quiet
    inside = start <= now.time() < end if start <= end else now.time() >= start or now.time() < end
    if not inside:
        return None
    today = now.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def try_again_at(tries: int, push_until: datetime, now: datetime) -> datetime | None:
    """When a push that the channel put off is tried again, or `None` once it would come too late."""
    wait = min(_FIRST_WAIT * 2 ** min(tries, 10), _LONGEST_WAIT)
    return now + wait if now + wait <= push_until else None

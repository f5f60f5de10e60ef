"""`python -m bff.worker`: follows the feed into people's inboxes and pushes to their channels until it is told to stop."""

from __future__ import annotations

import os
import signal
from datetime import date
from threading import Event

import structlog

from bff.api.context import Parts
from bff.app import join
from bff.errors import BffError
from bff.notices.feed import FeedFollower
from bff.notices.pushes import Pusher
from bff.settings import read_settings
from bff.store.feed_cursor import FeedCursor
from groundwork.logs import configure_logs, where_raised

# After a failure of somebody we depend on; long enough not to hammer them, short against the fifteen minutes of a push.
_AFTER_FAILURE_S = 1.0
# So many pushes between two looks at the feed, so that a burst keeps nobody's inbox waiting.
_PUSHES_AT_ONCE = 50
_log = structlog.get_logger()


class Worker:
    """Turns: read a page, push what is due, rest when there is neither."""

    def __init__(self, parts: Parts) -> None:
        self._clock, self._register = parts.clock, parts.notices
        self._follower = FeedFollower(parts.notices, FeedCursor(parts.door))
        self._pusher = Pusher(parts.notices, parts.senders, parts.clock)
        self._looked_ahead: date | None = None

    def turn(self) -> bool:
        """One page and some pushes; whether there is more to do at once."""
        self._look_ahead()
        read = self._follower.follow()
        more = True
        for _ in range(_PUSHES_AT_ONCE):
            more = self._pusher.push()
            if not more:
                break
        return bool(read) or more

    def catch_up(self) -> None:
        """Do all that there is to do now."""
        while self.turn():
            pass

    def run(self, stopping: Event, poll_s: float) -> None:
        """Work until `stopping`; whatever fails is tried again."""
        while not stopping.is_set():
            try:
                busy = self.turn()
            except BffError as failure:
                _log.warning("worker_waits", code=failure.code, where=where_raised(failure))
                stopping.wait(_AFTER_FAILURE_S)
            else:
                if not busy:
                    stopping.wait(poll_s)

    def _look_ahead(self) -> None:
        """Once a day the core is asked to tell what is coming; it tells each thing once, whoever asks."""
        today = self._clock.now().date()
        if self._looked_ahead != today:
            self._register.look_ahead()
            self._looked_ahead = today


def main() -> None:
    """Run as the environment describes it; SIGTERM and Ctrl-C end it between two pushes."""
    settings = read_settings(os.environ)
    configure_logs("worker")
    stopping = Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda _signal, _frame: stopping.set())
    Worker(join(settings)).run(stopping, settings.feed_poll_ms / 1000)


if __name__ == "__main__":
    main()

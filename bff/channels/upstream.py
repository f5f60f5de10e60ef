"""What every channel's HTTP has in common: where it may go, what is logged of a call, and what never is."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog

from groundwork.clock import Clock

_QUERY = re.compile(r"\?[^\s\"']*")
# These two print whole request lines when somebody turns their level down.
_TALKATIVE_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")


@dataclass(frozen=True, slots=True)
class Upstream:
    """A platform's server: its address, how long we wait for it, how many connections each copy of the BFF keeps open."""

    address: str
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 5.0
    pool_size: int = 16

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a channel's address must be an https URL")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise ValueError(f"a channel at {parts.hostname} must be spoken to over https; plain http is for loopback only")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("a channel's address must not carry credentials, a query or a fragment")
        if min(self.connect_timeout_s, self.read_timeout_s, self.pool_size) <= 0:
            raise ValueError("a channel's timeouts and pool size must be above zero")

    @property
    def timeouts_s(self) -> tuple[float, float]:
        """Connect and read, as HTTP clients want them."""
        return self.connect_timeout_s, self.read_timeout_s


@contextmanager
def logged_call(channel: str, endpoint: str, attempt: int = 1) -> Iterator[dict[str, Any]]:
    """Log one call to a platform when it is over; what may be told of the answer (`errcode`, `status`) goes into the dict."""
    told: dict[str, Any] = {"channel": channel, "endpoint": endpoint, "attempt": attempt, "outcome": "answered"}
    started = time.perf_counter()
    try:
        yield told
    except Exception as failure:
        told["outcome"] = type(failure).__name__
        raise
    finally:
        told["duration_ms"] = round((time.perf_counter() - started) * 1000)
        log = structlog.get_logger()
        (log.info if told["outcome"] == "answered" else log.warning)("channel_call", **told)


def alarm(event: str, channel: str, **told: Any) -> None:
    """Tell the people who run this that they must act; `told` has listed log fields only."""
    structlog.get_logger().error(event, channel=channel, **told)


def scrub_http_logs() -> None:
    """Cut the query out of whatever the HTTP libraries log: WeChat's contract puts the app secret and the login code there."""
    for name in _TALKATIVE_LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, _QueryScrubber) for known in logger.filters):
            logger.addFilter(_QueryScrubber())


def platform_now(clock: Clock) -> datetime:
    """The time in the platforms' world, which does not move when a developer shifts our clock."""
    return clock.now() - clock.offset()


class _QueryScrubber(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?...", record.getMessage()), ()
        return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

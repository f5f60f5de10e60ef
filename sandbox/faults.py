"""The faults that a player has ordered, and which of them strikes the next call.

A fault names an upstream and an endpoint of it:

- `wechat`: the path behind the base address, such as `sns/jscode2session`
- `alipay`: the method, such as `alipay.system.oauth.token`, or `my.getPhoneNumber`, which is the phone's own call; an error is
  named by its sub_code, by a bare code, or by both as `40004/SOMETHING_NEW`
- `sms`: `messages`, with a code of the gateway's
- `core`: the path, such as `/citizen/relations` or `/terminal/settlements`, with the HTTP method before it where that matters:
  `POST /citizen/relations`; `{…}` stands for one part of a path. Calls of the BFF and of the tills are struck, the registry
  calls that follow the player's own `POST /people` and the like are not.

`*` stands for anything, a missing endpoint for all of them, and the end of a name is enough (`jscode2session`, `oauth.token`).
Without `times` a fault stays until `DELETE /faults`; `rate` is the share of matching calls it strikes, drawn from `seed`, so
that the same seed strikes the same calls. Of several that match, the one ordered first strikes.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
import threading
from dataclasses import dataclass

UPSTREAMS = ("wechat", "alipay", "sms", "core")
KINDS = ("drop_reply", "delay", "refuse", "garbage", "error")


@dataclass(frozen=True, slots=True)
class Fault:
    """One order: what goes wrong, where, and how often."""

    upstream: str
    kind: str
    endpoint: str = "*"
    code: str | None = None
    delay_ms: int = 0
    times: int | None = None
    rate: float = 1.0
    seed: int = 0

    def matches(self, upstream: str, method: str, endpoint: str) -> bool:
        """Whether this call is one that the fault is meant for."""
        if upstream != self.upstream:
            return False
        wanted = re.sub(r"\{[^}]*\}", "*", self.endpoint)
        verb, space, rest = wanted.partition(" ")
        if space:
            if verb.upper() != method:
                return False
            wanted = rest
        name, wanted = endpoint.strip("/"), wanted.strip("/")
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in (wanted, f"*/{wanted}", f"*.{wanted}"))

    def falls(self, meeting: int) -> bool:
        """Whether the `meeting`-th matching call is struck; the same for the same seed."""
        drawn = hashlib.sha256(f"{self.seed}:{meeting}".encode()).digest()
        return int.from_bytes(drawn[:8]) / 2**64 < self.rate


@dataclass(slots=True)
class _Standing:
    fault: Fault
    met: int = 0
    struck: int = 0


class Faults:
    """The orders that stand, safe to ask from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: list[_Standing] = []

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._standing.append(_Standing(fault))

    def clear(self) -> None:
        with self._lock:
            self._standing.clear()

    def standing(self) -> list[tuple[Fault, int]]:
        """Every order with the number of calls that it has struck."""
        with self._lock:
            return [(one.fault, one.struck) for one in self._standing]

    def strike(self, upstream: str, method: str, endpoint: str) -> Fault | None:
        """The fault that hits this call, counted as used, or `None`."""
        with self._lock:
            return next((one.fault for one in self._standing if _strikes(one, upstream, method, endpoint)), None)


def _strikes(one: _Standing, upstream: str, method: str, endpoint: str) -> bool:
    used_up = one.fault.times is not None and one.struck >= one.fault.times
    if used_up or not one.fault.matches(upstream, method, endpoint):
        return False
    one.met += 1
    if not one.fault.falls(one.met):
        return False
    one.struck += 1
    return True

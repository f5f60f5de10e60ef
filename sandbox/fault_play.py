"""Plays a fault on one call: what still takes effect, and what the caller hears.

| kind | effect | the caller hears |
|---|---|---|
| `drop_reply` | as always | a reply that breaks off: more bytes promised than sent, then the connection is closed |
| `delay` | as always, after `delay_ms` | the true reply |
| `refuse` | none | the upstream's own way of saying that nothing was done (the core: 503 `try_again`; a platform: a bare 503) |
| `garbage` | as always | 200 with a page of HTML instead of the reply |
| `error` | none | the upstream's error of that `code` |
| `error` with `bad_signature`, `alipay` only | as always | the true reply under a wrong signature |
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from flask import Response

from sandbox.faults import Fault, Faults

Answer = Callable[[], Response]
FAULT_HEADER = "X-Sandbox-Fault"


class FaultPlay:
    """The faults of one upstream, with that upstream's own words for refusing and failing."""

    def __init__(self, faults: Faults, upstream: str, refuse: Answer, fail: Callable[[str | None, Answer], Response]) -> None:
        self._faults = faults
        self._upstream = upstream
        self._refuse = refuse
        self._fail = fail

    def around(self, method: str, endpoint: str, answer: Answer) -> Response:
        """The reply to one call, with the fault that strikes it, if any."""
        fault = self._faults.strike(self._upstream, method, endpoint)
        if fault is None:
            return answer()
        response = self._struck(fault, answer)
        response.headers[FAULT_HEADER] = fault.kind
        return response

    def _struck(self, fault: Fault, answer: Answer) -> Response:
        match fault.kind:
            case "delay":
                time.sleep(fault.delay_ms / 1000)
                return answer()
            case "drop_reply":
                answer()
                return broken_reply()
            case "garbage":
                answer()
                return Response("<html><body>502 Bad Gateway</body></html>", content_type="text/html")
            case "refuse":
                return self._refuse()
            case _:
                return self._fail(fault.code, answer)


def broken_reply() -> Response:
    """A reply that promises more than it sends, so that any server closes the connection on the caller."""

    def pieces() -> Iterator[bytes]:
        yield b"{"

    return Response(pieces(), content_type="application/json", headers={"Content-Length": "4096"})


def bare_refusal() -> Response:
    """503 without a word of the platform's protocol, as a front-end server says it."""
    return Response("Service Unavailable", 503, content_type="text/plain")

"""Speaks HTTP to the core: pooled, with timeouts, and clear about whether anything can have been done."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from flask import Response
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from groundwork.chance import new_id

_HOP_BY_HOP = ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding")
_KEPT_BACK = frozenset((*_HOP_BY_HOP, "upgrade", "content-length", "date", "host", "server"))
_ATTEMPTS = 3


class CoreUnreachable(Exception):
    """No connection to the core: nothing was done."""


class CoreSilent(Exception):
    """The core was asked and its reply was lost: it may have been done."""


@dataclass(frozen=True, slots=True)
class CoreAnswer:
    """What the core said, to be read or handed on."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def passed_on(self) -> Response:
        """The same answer for the sandbox's own caller."""
        response = Response(self.body, self.status)
        del response.headers["Content-Type"]
        response.headers.extend(self.headers)
        return response


class CoreClient:
    """One pool of connections to one core."""

    def __init__(self, core_url: str, read_timeout_s: float, connect_timeout_s: float = 2) -> None:
        self._core_url = core_url
        timeout = urllib3.Timeout(connect=connect_timeout_s, read=read_timeout_s)
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=timeout)

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> CoreAnswer:
        """One call, once; `path` carries its query. Raises `CoreUnreachable` or `CoreSilent`."""
        try:
            reply = self._http.request(
                method, self._core_url + path, body=body or None, headers=dict(headers), redirect=False, decode_content=False
            )
        except (NewConnectionError, ConnectTimeoutError):
            raise CoreUnreachable from None
        except HTTPError:
            raise CoreSilent from None
        return CoreAnswer(reply.status, end_to_end(reply.headers.items()), reply.data)


class Registry:
    """The core's registry door: people and life events, as an agency would report them."""

    def __init__(self, core: CoreClient, key: str) -> None:
        self._core = core
        self._key = key

    def report(self, path: str, facts: Mapping[str, Any]) -> CoreAnswer:
        """Report facts until the core has answered, under one key; raises as `CoreClient.call` after three attempts."""
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": new_id(), "Content-Type": "application/json"}
        body = json.dumps(facts, ensure_ascii=False).encode()
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._core.call("POST", path, headers, body)
            except (CoreUnreachable, CoreSilent):
                continue
        return self._core.call("POST", path, headers, body)

    def capabilities(self) -> list[str]:
        """Every capability that the core's packs ask of an institution; raises as `CoreClient.call`, or `CoreSilent`."""
        answer = self._core.call("GET", "/registry/capabilities", {"Authorization": f"Bearer {self._key}"})
        if not answer.ok:
            raise CoreSilent
        return list(answer.json()["items"])


def terminal_token(terminal_key: str, institution: str) -> str:
    """The bearer token of one institution's tills."""
    return f"{institution}.{hmac.new(terminal_key.encode(), institution.encode(), hashlib.sha256).hexdigest()}"


def end_to_end(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that a proxy hands on."""
    return tuple((name, value) for name, value in headers if name.lower() not in _KEPT_BACK)

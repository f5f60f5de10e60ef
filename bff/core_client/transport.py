"""Carries one call to the core and tells *nothing was done* from *it may have been done*."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
import structlog
import urllib3
from urllib3.connectionpool import connection_from_url
from urllib3.exceptions import ConnectTimeoutError, EmptyPoolError, HTTPError, NewConnectionError

from bff.core_client.problems import read_problem
from bff.errors import BffError, CoreUnavailable, OutcomeUnknown
from bff.settings import CoreSettings
from groundwork.chance import fraction
from groundwork.reading import Reading, Unreadable

T = TypeVar("T")
_log = structlog.get_logger()
_LONGEST_ANSWER = 4 * 1024 * 1024
_FIRST_WAIT_S = 0.05
_LONGEST_WAIT_S = 0.5
_CITIZEN_DOOR = "/citizen/"
_PDF = b"%PDF-"

# Headers that say where the request comes from which a call is made for.
Origin = Callable[[], Mapping[str, str]]


def unknown_origin() -> Mapping[str, str]:
    """Of somebody who calls on their own behalf."""
    return {}


@contextmanager
def broken_means(error: type[CoreUnavailable] | type[OutcomeUnknown]) -> Iterator[None]:
    """An answer that we cannot read is no answer."""
    try:
        yield
    except Unreadable as fault:
        raise error from fault


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is handed on: its media type and its bytes."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One question to the core. `route` is the path's template, for logs; a write always carries a `key`
    unless it is idempotent by nature."""

    method: str
    route: str
    path: str
    bearer: str = field(repr=False)
    person_id: str | None = None
    key: str | None = None
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    picture: Picture | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False


class _Broken(Exception):
    """The core said something that is no answer, or said it too late."""


class CoreTransport:
    """A pool of connections to the core. Every call ends before its deadline, retries included."""

    def __init__(self, settings: CoreSettings, origin: Origin) -> None:
        self._settings = settings
        self._origin = origin
        self._pool = connection_from_url(settings.url, maxsize=settings.connections, block=True)
        self._base = urllib3.util.parse_url(settings.url).path or ""

    def send(self, call: Call) -> Reading:
        """The core's answer, or the error that it means."""
        return self._until_answered(call, _read_json)

    def fetch(self, call: Call) -> bytes:
        """The same where the core answers with a document to print."""
        return self._until_answered(call, _read_pdf)

    def _until_answered(self, call: Call, read: Callable[[bytes], T]) -> T:
        """What `read` makes of the answer.

        Raises `CoreUnavailable` when nothing was done and `OutcomeUnknown` when a write may have been done; all
        calls may be repeated, since a write has its key, so both are raised only after the last try.
        """
        ends_at = time.monotonic() + self._settings.deadline_ms / 1000
        maybe_done, attempt = False, 0
        while True:
            attempt += 1
            try:
                return self._try_once(call, ends_at, read)
            except (CoreUnavailable, OutcomeUnknown) as fault:
                maybe_done = maybe_done or isinstance(fault, OutcomeUnknown)
                _log.warning("core_call_failed", endpoint=f"{call.method} {call.route}", attempt=attempt, outcome=fault.code)
                wait_s = fraction() * min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S)
                if attempt == self._settings.tries or time.monotonic() + wait_s >= ends_at:
                    break
                time.sleep(wait_s)
        # An earlier try may have reached the core even if the last one did not.
        raise OutcomeUnknown if maybe_done else CoreUnavailable

    def _try_once(self, call: Call, ends_at: float, read: Callable[[bytes], T]) -> T:
        try:
            status, body, retry_after_s = self._exchange(call, ends_at)
            if status in (HTTPStatus.OK, HTTPStatus.CREATED):
                return read(body)
            document = _read_json(body)
        except (NewConnectionError, ConnectTimeoutError, EmptyPoolError) as fault:
            # It never left.
            raise CoreUnavailable from fault
        except (HTTPError, _Broken) as fault:
            raise self._unsure(call) from fault
        try:
            error = read_problem(status, document, retry_after_s)
        except Unreadable as fault:
            raise self._unsure(call) from fault
        raise error or self._unsure(call)

    def _exchange(self, call: Call, ends_at: float) -> tuple[int, bytes, int | None]:
        settings = self._settings
        left_s = max(ends_at - time.monotonic(), 0.001)
        response = self._pool.urlopen(
            call.method,
            self._base + call.path + (f"?{urlencode(call.query)}" if call.query else ""),
            body=_written(call),
            headers={**_headers(call), **(self._origin() if call.route.startswith(_CITIZEN_DOOR) else {})},
            retries=False,
            redirect=False,
            timeout=urllib3.Timeout(
                connect=min(settings.connect_timeout_ms / 1000, left_s), read=min(settings.read_timeout_ms / 1000, left_s)
            ),
            pool_timeout=math.ceil(min(settings.connect_timeout_ms / 1000, left_s)),
            preload_content=False,
        )
        return response.status, _read_body(response, ends_at), _retry_after_s(response.headers)

    @staticmethod
    def _unsure(call: Call) -> BffError:
        return OutcomeUnknown() if call.writes else CoreUnavailable()


def _read_body(response: urllib3.BaseHTTPResponse, ends_at: float) -> bytes:
    read = bytearray()
    try:
        # The socket's own time limit starts anew with each read; a core that drips is stopped here.
        while chunk := response.read1(64 * 1024):
            read += chunk
            if len(read) > _LONGEST_ANSWER or time.monotonic() > ends_at:
                raise _Broken
    finally:
        # After a whole answer the connection is back in the pool already, and both calls do nothing.
        response.close()
        response.release_conn()
    return bytes(read)


def _read_json(body: bytes) -> Reading:
    try:
        return Reading.of(orjson.loads(body))
    except (orjson.JSONDecodeError, Unreadable) as fault:
        raise _Broken from fault


def _read_pdf(body: bytes) -> bytes:
    if not body.startswith(_PDF):
        raise _Broken
    return body


def _written(call: Call) -> bytes | None:
    if call.picture is not None:
        return call.picture.content
    return orjson.dumps(call.body) if call.body is not None else None


def _retry_after_s(headers: Mapping[str, str]) -> int | None:
    told = headers.get("Retry-After", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 8 else None


def _headers(call: Call) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {call.bearer}", "Accept": "application/json"}
    if call.picture is not None:
        headers["Content-Type"] = call.picture.media_type
    elif call.body is not None:
        headers["Content-Type"] = "application/json"
    if call.person_id:
        headers["X-Person"] = call.person_id
    if call.key:
        headers["Idempotency-Key"] = call.key
    return headers

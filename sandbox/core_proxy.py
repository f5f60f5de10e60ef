"""`/core/…`: the core as the BFF and the tills reach it, with the faults that a player ordered on the way.

When the core cannot be reached, the caller hears the core's own 503 `try_again`: nothing was done, as with a connection refused,
which a proxy that is up cannot play. When the core was asked and its reply was lost, the caller's reply breaks off too.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, request

from sandbox.core_client import CoreClient, CoreSilent, CoreUnreachable, end_to_end
from sandbox.fault_play import Answer, FaultPlay, broken_reply
from sandbox.faults import Faults
from sandbox.problems import Problem, core_unreachable, problem_response

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class CoreDoor:
    """The core behind the faults of the upstream `core`."""

    def __init__(self, core: CoreClient, faults: Faults) -> None:
        self._core = core
        self._play = FaultPlay(faults, "core", lambda: problem_response(core_unreachable()), _fail)

    def call(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Hand one call on and its answer back; `path` is as the core knows it, not yet quoted."""
        target = quote(path, safe="/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
        return self._play.around(method, path, lambda: self._ask(method, target, headers, body))

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        try:
            return self._core.call(method, target, headers, body).passed_on()
        except CoreUnreachable:
            return problem_response(core_unreachable())
        except CoreSilent:
            return broken_reply()


def core_proxy(door: CoreDoor) -> Blueprint:
    """The blueprint of `/core/…`."""
    face = Blueprint("core_proxy", __name__)

    @face.route("/core/<path:path>", methods=_METHODS)
    def pass_on(path: str) -> Response:
        query = request.query_string.decode("ascii", "replace")
        return door.call(request.method, f"/{path}", query, dict(end_to_end(request.headers.items())), request.get_data())

    return face


def _fail(code: str | None, _answer: Answer) -> Response:
    """`code` is an HTTP status from 400 to 599, or the code of a problem that is told with 500."""
    status = int(code) if code is not None and code.isdigit() and 400 <= int(code) <= 599 else 500
    name = "internal" if code is None or code == str(status) else code
    return problem_response(Problem(status, name, "核心系统出错了", "这是沙箱按要求给出的错误。", retry=status >= 500))

"""What every request goes through: its id, its log line, who asks, its body, and the headers of its answer."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from bff.api.access import check_access
from bff.api.bodies import MOST_BYTES, read_body
from bff.api.metrics import count_request
from bff.api.wire import OrjsonProvider
from groundwork.chance import new_id

_log = structlog.get_logger()
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}


def prepare_requests(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.json = OrjsonProvider(app)
    app.before_request(_begin)
    app.before_request(check_access)
    app.before_request(read_body)
    app.after_request(_finish)


def _begin() -> None:
    g.request_id = new_id()
    g.began_s = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    """One line for each request, with the route's template: an address may hold what must not be written down."""
    response.headers.update({name: value for name, value in _HEADERS.items() if name not in response.headers})
    response.headers["X-Request-Id"] = g.request_id
    route = request.url_rule.rule if request.url_rule else "unmatched"
    status, code, took_s = response.status_code, g.get("problem_code"), time.perf_counter() - g.began_s
    count_request(request.method, route, status, code, took_s)
    _log.info("request", method=request.method, route=route, status=status, code=code, duration_ms=round(took_s * 1000, 1))
    return response

"""Turns every error into the one wire shape, and the unforeseen into a plain apology whose cause only the log knows."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from bff.errors import (
    BffError,
    BodyTooLarge,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    UnsupportedMediaType,
    problem,
)
from groundwork.logs import where_raised

PROBLEM_TYPE = "application/problem+json"
_log = structlog.get_logger()
_OF_STATUS: dict[int, type[Refused]] = {
    400: MalformedBody,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
}


def register_problems(app: Flask) -> None:
    app.register_error_handler(BffError, problem_response)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, unforeseen)


def problem_response(error: BffError) -> Response:
    """The problem, with the headers that belong to it."""
    response = written_problem(problem(error), error.code)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def written_problem(told: dict[str, Any], code: str) -> Response:
    """A problem's response; on wish it travels as 200, since Alipay hands every status from 400 to its failure branch."""
    g.problem_code = code
    status = HTTPStatus.OK if request.headers.get("X-Problem-Status") == "200" else told["status"]
    return Response(orjson.dumps(told), status, mimetype=PROBLEM_TYPE)


def http_problem(error: HTTPException) -> Response:
    """What Flask or Werkzeug refuse by themselves; a redirect to the right spelling of an address does not come by here."""
    if error.code is None or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return unforeseen(error)
    response = problem_response(_OF_STATUS.get(error.code, MalformedBody)())
    valid = getattr(error, "valid_methods", None)
    if valid:
        response.headers["Allow"] = ", ".join(sorted(valid))
    return response


def unforeseen(error: Exception) -> Response:
    """A fault of ours: the log learns where it was raised and of what type, never what it said."""
    _log.error("unforeseen_error", where=where_raised(error), error_type=type(error).__name__)
    return problem_response(BffError())

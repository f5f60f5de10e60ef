"""What every door shares over HTTP: bodies, keys, answers, errors, one log line a request, and the OpenAPI wiring."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn, cast
from uuid import UUID

import marshmallow as ma
import orjson
import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask.json.provider import JSONProvider
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from groundwork.chance import new_id
from groundwork.logs import where_raised
from reference_core.field_faults import faults_of
from reference_core.idempotency import Answer, Scope, scope_of
from reference_core.origin import Asker, Origin
from reference_core.parts import Core
from reference_core.problems import (
    CoreError,
    Internal,
    KeyMissing,
    Malformed,
    MethodNotAllowed,
    NotFound,
    NotJson,
    TooLarge,
    UnknownField,
)

BODY_MAX_BYTES = 64 * 1024
PARTS = "reference_core"
# The worker asks these twice a second; as long as they answer they would only drown what somebody did.
_POLLED = frozenset({"/events", "/app/notices/claims"})
_KEY = re.compile(r"[\x21-\x7e]{16,200}")
_PRINT = re.compile(r"[0-9a-f]{16,128}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_PROBLEM_OF_STATUS: dict[int, type[CoreError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: NotJson,
}

View = Callable[..., Response]

# Made from a dictionary, since a class could not have a member called `fields`.
ProblemSchema = ma.Schema.from_dict(
    {
        "type": ma.fields.String(required=True),
        "title": ma.fields.String(required=True),
        "status": ma.fields.Integer(required=True),
        "code": ma.fields.String(required=True),
        "detail": ma.fields.String(required=True),
        "retry": ma.fields.Boolean(required=True),
        "fields": ma.fields.Dict(),
        "reasons": ma.fields.List(ma.fields.Dict()),
    },
    name="Problem",
)


class OrjsonProvider(JSONProvider):
    """JSON as UTF-8 in the order it was made."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return orjson.loads(s)


class BodyParser(FlaskParser):
    """Reads bodies strictly: JSON only, no NUL that PostgreSQL could not keep, every fault named by its field."""

    # Nothing is left to webargs: each schema says what it does with fields that it does not know.
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": None, "query": None}  # noqa: RUF012  # as the library declares it

    def load_json(self, req: Request, _schema: ma.Schema) -> Any:
        """The parsed body; an empty one counts as an object without fields."""
        raw = req.get_data(cache=True)
        if not raw:
            return {}
        if req.mimetype != "application/json":
            raise NotJson
        try:
            parsed = orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise Malformed from None
        if b"\\u0000" in raw:
            raise Malformed
        return parsed

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """One problem for all faults; an unknown field has its own code."""
        # webargs puts the messages under the name of the place that they are about.
        faults = faults_of(next(iter(error.messages_dict.values())))
        only_unknown = {fault["code"] for fault in faults.values()} == {"unknown_field"}
        raise (UnknownField if only_unknown else Malformed)(fields=faults)


def make_door(name: str, prefix: str, description: str) -> Blueprint:
    """A blueprint whose bodies are read by our parser."""
    door = Blueprint(name, __name__, url_prefix=prefix, description=description)
    door.ARGUMENTS_PARSER = BodyParser()
    return door


def route(
    door: Blueprint,
    method: str,
    path: str,
    *,
    answers: Mapping[int, type[ma.Schema] | None],
    takes: type[ma.Schema] | None = None,
    asks: type[ma.Schema] | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Register one operation; schemas for answers describe it in the OpenAPI document and cost nothing at run time."""

    def register(view: View) -> View:
        documented: Any = view
        for status, schema in answers.items():
            documented = door.alt_response(status, schema=schema, success=True)(documented)
        for status in (400, 401, *problems):
            documented = door.alt_response(status, schema=ProblemSchema, content_type="application/problem+json")(documented)
        if takes is not None:
            documented = door.arguments(takes)(documented)
        if asks is not None:
            documented = door.arguments(asks, location="query")(documented)
        return cast("View", door.route(path, methods=[method])(documented))

    return register


def core() -> Core:
    """The parts of the app that serves this request."""
    return cast("Core", current_app.extensions[PARTS])


def person_id() -> str:
    """Who acts, as the BFF says."""
    try:
        return str(UUID(request.headers.get("X-Person", "")))
    except ValueError:
        fault = {"code": "required", "text": "缺少经办人。", "remedy": "请在 X-Person 里放办理人的编号。"}
        raise Malformed(fields={"X-Person": fault}) from None


def origin() -> Origin:
    """Where the call comes from, as far as the BFF says."""
    return Origin(_print("X-Device"), _print("X-Address"))


def asker() -> Asker:
    """Who acts, and from where."""
    return Asker(person_id(), origin())


def _print(header: str) -> str | None:
    told = request.headers.get(header)
    if told is None or _PRINT.fullmatch(told):
        return told
    fault = {"code": "wrong_kind", "text": "来源的标记不对。", "remedy": "请放 16 到 128 位的小写十六进制摘要，或者不放。"}
    raise Malformed(fields={header: fault})


def scope(actor: str, content: Any = None) -> Scope:
    """What this write is remembered under; ids in the path count like the body. `content` stands for one that is no JSON."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing
    rule = request.url_rule
    said = orjson.loads(request.get_data() or b"{}") if content is None else content
    body = {"path": request.view_args, "body": said}
    operation = f"{request.method} {rule.rule if rule else ''}"
    return scope_of(core().keys, door=str(request.blueprint), actor=actor, operation=operation, key=key, body=body)


def answered(answer: Answer) -> Response:
    """A service's answer on the wire; a refusal is a problem document."""
    if answer.status >= 400:
        return _json(answer.body, answer.status, "application/problem+json")
    return shown(answer.body, answer.status)


def shown(body: Any, status: int = 200) -> Response:
    """Plain JSON."""
    return _json(body, status, "application/json")


def printed(pdf: bytes) -> Response:
    """A document to print."""
    return _unkept(Response(pdf, 200, content_type="application/pdf"))


def _json(body: Any, status: int, content_type: str) -> Response:
    return _unkept(Response(orjson.dumps(body), status, content_type=content_type))


def _unkept(response: Response) -> Response:
    # Everything here concerns somebody: no cache on the way may keep it.
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(error: CoreError) -> Response:
    """The one wire shape of every error."""
    response = _json(error.body(), error.status, "application/problem+json")
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def install(app: Flask) -> None:
    """Give an app our JSON, errors, body limit and log lines."""
    app.json = OrjsonProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX_BYTES
    app.before_request(_begin)
    app.after_request(_log)
    app.register_error_handler(CoreError, problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unforeseen)


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    kind = _PROBLEM_OF_STATUS.get(status, Malformed if status < 500 else Internal)
    return problem(kind())


def _unforeseen(error: Exception) -> Response:
    # Never the error's own text: it may quote a person's data.
    structlog.get_logger().error("unforeseen", error_type=type(error).__name__, where=where_raised(error))
    return problem(Internal())


def _begin() -> None:
    g.began = time.perf_counter()
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else new_id()


def _log(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "unknown"
    heard = route in _POLLED and response.status_code < HTTPStatus.BAD_REQUEST
    structlog.get_logger().log(
        logging.DEBUG if heard else logging.INFO,
        "request",
        request_id=g.request_id,
        method=request.method,
        route=route,
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.began) * 1000, 1),
    )
    response.headers["X-Request-Id"] = g.request_id
    return response

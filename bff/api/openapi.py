"""The OpenAPI 3.1 document: built once from the views, completed with what all of them share, served as cached bytes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_smorest import Api
from flask_smorest.utils import prepare_response

from bff.api.access import PREFIX, Level, level_of
from bff.api.examples import EXAMPLES
from bff.api.problems import PROBLEM_TYPE
from bff.api.shapes.problems import ProblemShape
from bff.errors import every_error, problem
from bff.flows.catalogue import FLOWS

# Which problems an operation may answer with, by what it is.
_ALWAYS = {400, 405, 413, 415, 500, 503}
_JSON = "application/json"
# To hand in the same photo twice does no harm, and to imagine a payment changes nothing.
_KEYLESS = {f"{PREFIX}/uploads", f"{PREFIX}/previews"}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "One for each write, kept until it is answered.",
    "required": True,
    "schema": {"type": "string", "pattern": "^[!-~]{16,200}$", "example": "0190c0de-0000-7000-8000-000000000001"},
}
# A header of its own and not a parameter of every operation: it changes how a problem travels, not what is asked.
_DESCRIPTION = (
    "Sharing a medical-insurance personal account with one's family. Money is integer fen, times carry +08:00. "
    "With the header `X-Problem-Status: 200` a problem travels as HTTP 200, its `status` member unchanged."
)


class DocumentedApi(Api):  # type: ignore[misc]  # flask-smorest is untyped
    """flask-smorest with our problems in the place of its errors."""

    ERROR_SCHEMA = ProblemShape

    def _register_responses(self) -> None:
        """Every problem is `application/problem+json`, which flask-smorest would call plain JSON."""
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= HTTPStatus.BAD_REQUEST:
                response["schema"] = self.ERROR_SCHEMA
                prepare_response(response, self.spec, PROBLEM_TYPE)
            self.spec.components.response(status.name, response, lazy=True)
        default: dict[str, Any] = {"description": "Any other problem", "schema": self.ERROR_SCHEMA}
        prepare_response(default, self.spec, PROBLEM_TYPE)
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, default, lazy=True)


def configure_openapi(app: Flask) -> None:
    app.config.update(
        API_TITLE="家庭共济",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": _DESCRIPTION},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
    )


def documented(app: Flask) -> DocumentedApi:
    """The API object that views are registered with; schemas go by their plain names."""
    return DocumentedApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_plain_name)})


def _plain_name(schema: Any) -> str:
    resolved = resolve_schema_cls(schema)
    return getattr(resolved, "__name__", "").removesuffix("Shape")


def written_document(app: Flask, api: Api) -> dict[str, Any]:
    """The whole document. `to_dict` costs milliseconds, so this is asked once."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(api.spec.to_dict()))
    responses = document["components"].setdefault("responses", {})
    rules = {_documented_path(rule.rule): rule.rule for rule in app.url_map.iter_rules()}
    for path, operations in document["paths"].items():
        if "/flows/{name}" in path:
            _name_the_flows(operations)
        for method, operation in operations.items():
            if method in {"get", "post", "put", "delete"}:
                _complete(operation, method.upper(), rules[path])
                _exemplify(operation, *EXAMPLES[method.upper(), path])
    for status in _statuses():
        responses[HTTPStatus(status).name] = _problem_response(status)
    return document


def _name_the_flows(operations: dict[str, Any]) -> None:
    """Say which flows there are: no reader should have to guess, and no fuzzer would."""
    told = [operations, *(one for one in operations.values() if isinstance(one, dict))]
    for parameter in (one for each in told for one in each.get("parameters", ())):
        if parameter.get("name") == "name":
            parameter["schema"] = {"type": "string", "enum": sorted(FLOWS)}


def _complete(operation: dict[str, Any], method: str, rule: str) -> None:
    level = level_of(method, rule)
    statuses = set(_ALWAYS)
    if level is not Level.PUBLIC:
        operation["security"] = [{"bearer": []}]
        statuses |= {401, 429}
    if level is Level.REAL_PERSON or "/flows/" in rule:
        statuses |= {403}
    if "<" in rule:
        statuses |= {404}
    if method == "POST" and level is not Level.PUBLIC:
        if rule not in _KEYLESS:
            operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
        statuses |= {409, 422, 504}
    if method in ("PUT", "GET", "DELETE") and "/flows/" in rule:
        statuses |= {409, 422}
    if method == "DELETE" and "/vouchers/" in rule:
        statuses |= {409, 504}
    if "/callbacks/" in rule:
        statuses |= {403, 429}
    if rule == f"{PREFIX}/sessions" and method == "POST":
        statuses |= {401, 403, 409, 429, 504}
    for status in statuses:
        answered = operation["responses"].get(str(status), {})
        if "content" not in answered:
            operation["responses"][str(status)] = {"$ref": f"#/components/responses/{HTTPStatus(status).name}"}
    operation["responses"].pop("default", None)


def _exemplify(operation: dict[str, Any], body: dict[str, Any] | None, answer: dict[str, Any] | None) -> None:
    if body is not None:
        operation["requestBody"]["content"][_JSON]["example"] = body
    for status in ("200", "201"):
        if status in operation["responses"]:
            content = operation["responses"][status]["content"]
            if answer is not None:
                content[_JSON]["example"] = answer
            # On the client's wish any problem travels as 200.
            operation["responses"].setdefault("200", {"description": "A problem, on wish", "content": {}})
            operation["responses"]["200"]["content"][PROBLEM_TYPE] = {"schema": _PROBLEM}


def _statuses() -> list[int]:
    return sorted({error.status for error in every_error()})


def _problem_response(status: int) -> dict[str, Any]:
    """All problems of one status, each code with an example."""
    codes = [error for error in every_error() if error.status == status]
    examples = {error.code: {"summary": error.title, "value": problem(error())} for error in codes}
    described = ", ".join(f"`{error.code}`" for error in codes)
    return {"description": described, "content": {PROBLEM_TYPE: {"schema": _PROBLEM, "examples": examples}}}


def _documented_path(rule: str) -> str:
    return rule.replace("<", "{").replace(">", "}")

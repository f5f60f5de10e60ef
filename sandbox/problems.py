"""What the player's face says when it will not: one exception, one wire shape (`application/problem+json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from groundwork.logs import where_raised

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal of the player's face; `detail` is for the player and carries nothing personal."""

    def __init__(self, status: int, code: str, title: str, detail: str, *, retry: bool = False, **extra: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": code,
            "detail": detail,
            "retry": retry,
            **extra,
        }


def problem_response(problem: Problem) -> Response:
    """The answer that tells a problem."""
    return Response(json.dumps(problem.body, ensure_ascii=False), problem.status, content_type=MEDIA_TYPE)


def invalid(fields: Mapping[str, str]) -> Problem:
    """400 with what is wrong with each field."""
    told = {name: {"code": "invalid", "text": text, "remedy": "请改正这一项后重试。"} for name, text in fields.items()}
    return Problem(400, "invalid_body", "内容不合要求", "请看 fields 里每一项的说明。", fields=told)


def person_unknown() -> Problem:
    """404: nobody in this world has the number in the path."""
    return Problem(404, "person_unknown", "没有这个人", "请先用 POST /people 建一个人，或在 GET /people 里选一个。")


def core_unreachable() -> Problem:
    """The core's own way of saying that nothing was done."""
    return Problem(503, "try_again", "核心系统暂时没有回应", "什么都没有改动，请稍后再试。", retry=True)


def register_problems(app: Flask) -> None:
    """Every error leaves as a problem; an unforeseen one is logged by its place, never by its text."""
    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(ValidationError, lambda error: problem_response(invalid(_flat(error.normalized_messages()))))
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unforeseen)


def _http_problem(error: HTTPException) -> Response:
    code = (error.name or "error").lower().replace(" ", "_")
    response = problem_response(Problem(error.code or 500, code, error.name, "沙箱没有接受这个请求。"))
    if error.code == 405:
        response.headers.extend(header for header in error.get_headers() if header[0] == "Allow")
    return response


def _unforeseen(error: Exception) -> Response:
    structlog.get_logger().error("unforeseen_error", error_type=type(error).__name__, where=where_raised(error))
    return problem_response(Problem(500, "internal", "沙箱出错了", "错误的位置已经写进日志。"))


def _flat(messages: Any, path: str = "") -> dict[str, str]:
    if isinstance(messages, dict):
        return {
            name: text
            for key, inner in messages.items()
            for name, text in _flat(inner, f"{path}.{key}" if path else str(key)).items()
        }
    return {path: " ".join(str(message) for message in messages)}

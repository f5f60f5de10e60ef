"""Serves the desk and the developer's browser build from one origin, and passes calls on to the BFF and the sandbox."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import urllib3
from flask import Flask, Response, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from groundwork.environment import Environment

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
# What concerns one connection only, and what Flask writes anew.
_NOT_PASSED_ON = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})
# Inline styles are the one allowance: the client sets its sizes and widths so.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# `make run` builds the client beside the world, and without Node not at all.
_NOT_BUILT_YET = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>家庭共济</title>'
    "<p>手机页面正在生成，好了会自动打开。如果一直没有，请看 make run 打印的内容：可能缺少 Node 20 和 npm。</p></html>"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where calls go, and the folder with the builds `desk` and `h5-developer`."""

    bff_url: str
    sandbox_url: str
    builds: Path


def read_settings(variables: Mapping[str, str]) -> Settings:
    environment = Environment(variables)
    settings = Settings(
        bff_url=environment.read("DESK_BFF_URL", str),
        sandbox_url=environment.read("DESK_SANDBOX_URL", str),
        builds=environment.read("DESK_BUILDS", Path),
    )
    environment.finish()
    return settings


def create_app() -> Flask:
    """The desk as the environment describes it."""
    return build_app(read_settings(os.environ))


def build_app(settings: Settings) -> Flask:
    """The desk; it keeps no log, since the sandbox's addresses hold ID numbers."""
    app = Flask("desk", static_folder=None)
    http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=2, read=60), maxsize=16)

    @app.get("/")
    def desk() -> Response:
        if not (settings.builds / "desk" / "index.html").exists():
            return Response(_NOT_BUILT_YET, 503, {"Retry-After": "3"}, content_type="text/html; charset=utf-8")
        return send_from_directory(settings.builds / "desk", "index.html")

    @app.get("/desk/<path:name>")
    def desk_file(name: str) -> Response:
        return send_from_directory(settings.builds / "desk" / "desk", name)

    @app.get("/app")
    def phone_without_slash() -> AnyResponse:
        return redirect("/app/")

    @app.get("/app/", defaults={"name": "index.html"})
    @app.get("/app/<path:name>")
    def phone(name: str) -> Response:
        return send_from_directory(settings.builds / "h5-developer", name)

    @app.route("/api/<path:path>", methods=_METHODS)
    def bff(path: str) -> Response:
        return _pass_on(http, f"{settings.bff_url}/api/{path}")

    @app.route("/sandbox/<path:path>", methods=_METHODS)
    def sandbox(path: str) -> Response:
        return _pass_on(http, f"{settings.sandbox_url}/{path}")

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return app


def _pass_on(http: urllib3.PoolManager, url: str) -> Response:
    query = request.query_string.decode("ascii", "replace")
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _NOT_PASSED_ON}
    try:
        told = http.request(request.method, f"{url}?{query}" if query else url, body=request.get_data(), headers=headers)
    except urllib3.exceptions.HTTPError:
        return Response('{"status": 502, "code": "world_away"}', 502, content_type="application/json")
    answer = Response(told.data, told.status)
    for name, value in told.headers.items():
        if name.lower() not in _NOT_PASSED_ON:
            answer.headers[name] = value
    return answer

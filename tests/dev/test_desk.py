"""The desk serves the browser build and passes calls on, so that a page of one origin reaches the BFF and the sandbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from dev.children import free_port
from dev.desk.app import Settings, build_app, create_app, read_settings
from groundwork.environment import BadSettings


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def echo() -> Flask:
    """Says what it was asked, with a header, a cookie and a status of its own."""
    app = Flask("echo", static_folder=None)

    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def say(path: str) -> Response:
        asked = {
            "method": request.method,
            "path": path,
            "query": request.query_string.decode(),
            "body": request.get_data(as_text=True),
        }
        answer = jsonify(**asked, host=request.host, token=request.headers.get("Authorization"))
        answer.status_code = 418
        answer.headers["Retry-After"] = "7"
        return answer

    return app


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    for name, text in {
        "desk/index.html": "the desk",
        "desk/desk/desk.js": "its script",
        "h5-developer/index.html": "the phone",
        "h5-developer/js/app.js": "its script",
        "secret.txt": "not of the builds",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def other_side() -> Iterator[str]:
    with served(echo()) as address:
        yield address


@pytest.fixture
def desk(builds: Path, other_side: str) -> Iterator[str]:
    """A desk whose BFF answers and whose sandbox is away."""
    with served(build_app(Settings(other_side, f"http://127.0.0.1:{free_port()}", builds))) as address:
        yield address


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "the desk"),
        ("/desk/desk.js", "its script"),
        ("/app/", "the phone"),
        ("/app", "the phone"),
        ("/app/js/app.js", "its script"),
    ],
)
def test_the_builds_are_served_under_a_strict_policy(desk: str, path: str, said: str) -> None:
    told = requests.get(desk + path, timeout=10)

    assert (told.status_code, told.text) == (200, said)
    assert "default-src 'self'" in told.headers["Content-Security-Policy"]
    assert told.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/app/%2e%2e/secret.txt", "/desk/%2e%2e/%2e%2e/secret.txt", "/app/none.js"])
def test_nothing_else_of_the_folder_is_served(desk: str, path: str) -> None:
    assert requests.get(desk + path, timeout=10).status_code == 404


def test_a_call_is_passed_on_whole_and_so_is_its_answer(desk: str, other_side: str) -> None:
    told = requests.put(
        desk + "/api/v1/flows?limit=5&cursor=%E4%BA%B2", data="answers", headers={"Authorization": "Bearer t"}, timeout=10
    )

    assert (told.status_code, told.headers["Retry-After"]) == (418, "7")
    assert told.json() == {
        "method": "PUT",
        "path": "api/v1/flows",
        "query": "limit=5&cursor=%E4%BA%B2",
        "body": "answers",
        "host": other_side.removeprefix("http://"),
        "token": "Bearer t",
    }


def test_a_world_that_is_away_is_told_as_such(desk: str) -> None:
    told = requests.get(desk + "/sandbox/people", timeout=10)

    assert (told.status_code, told.json()["code"]) == (502, "world_away")


def test_a_desk_that_is_not_told_where_the_world_is_does_not_start() -> None:
    with pytest.raises(BadSettings, match="DESK_BFF_URL"):
        read_settings({"DESK_SANDBOX_URL": "http://127.0.0.1:1", "DESK_BUILDS": "builds"})


def test_the_environment_tells_where_the_builds_are(builds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_BFF_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("DESK_SANDBOX_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("DESK_BUILDS", str(builds))

    with served(create_app()) as desk:
        assert requests.get(desk, timeout=10).text == "the desk"


def test_a_desk_that_is_not_built_yet_says_so_and_looks_again(tmp_path: Path) -> None:
    """`make run` builds the client beside the world."""
    with served(build_app(Settings("http://127.0.0.1:1", "http://127.0.0.1:1", tmp_path))) as address:
        answer = requests.get(address, timeout=10)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "手机页面正在生成" in answer.text

"""What every request goes through: bodies, headers, logs, and upstreams that do not answer."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import structlog
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.exceptions import InternalServerError

from bff.api.context import caller, person
from bff.api.problems import http_problem, unforeseen
from bff.app import build_app, join
from bff.errors import IdentityRequired, NotSignedIn, Reason
from bff.flows.catalogue import OWN_REASONS
from bff.settings import read_settings
from dev.private_world import free_ports
from dev.servers import RunningServer, start_redis
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from groundwork.logs import configure_logs
from tests.bff.api.conftest import bff_alone, somebody
from tests.bff.core_client.misbehaving import MisbehavingServer, answers

SESSIONS = "/api/v1/sessions"
SIGN_IN = {"channel": "wechat", "code": "a-login-code"}


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{",
        b'{"channel": NaN}',
        b'{"channel": "\\ud800"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_body_that_is_no_json_object_is_malformed(lone: FlaskClient, body: bytes) -> None:
    answer = lone.post(SESSIONS, data=body, content_type="application/json")

    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "malformed_body")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_of_another_kind_is_not_read(lone: FlaskClient, kind: str) -> None:
    answer = lone.post(SESSIONS, data=b"{}", content_type=kind)

    assert (answer.status_code, answer.json and answer.json["code"]) == (415, "unsupported_media_type")


def test_whoever_has_no_official_account_signs_nobody_in_there(redis_server: RunningServer, server_folder: Path) -> None:
    none = {"WECHAT_OFFICIAL_APP_ID": "", "WECHAT_OFFICIAL_APP_SECRET": ""}
    client = bff_alone(server_folder / "lone", redis_server.url, **none).test_client()

    answer = client.post(SESSIONS, json={"channel": "wechat_official", "code": new_id()})

    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "channel_unavailable")


def test_a_body_over_64_kb_is_not_read(lone: FlaskClient) -> None:
    answer = lone.post(SESSIONS, data=b" " * 65_537, content_type="application/json")

    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("body", "code", "field", "fault"),
    [
        ({}, "malformed_body", "channel", "required"),
        ({"channel": 7, "code": "x"}, "malformed_body", "channel", "wrong_kind"),
        ({"channel": "pigeon", "code": "x"}, "malformed_body", "channel", "wrong_kind"),
        ({"channel": "wechat", "code": None}, "malformed_body", "code", "wrong_kind"),
        ({**SIGN_IN, "admin": True}, "unknown_field", "admin", "unknown_field"),
        ({**SIGN_IN, "371399198503020011": 1}, "unknown_field", "?", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(
    lone: FlaskClient, body: dict[str, object], code: str, field: str, fault: str
) -> None:
    told = lone.post(SESSIONS, json=body).json

    assert told is not None
    assert told["code"] == code
    assert told["fields"][field]["code"] == fault
    assert "371399198503020011" not in str(told)


def test_an_unknown_part_of_a_query_is_named(lone: FlaskClient) -> None:
    told = lone.get("/api/v1/regions?colour=red").json

    assert told is not None
    assert told["fields"]["colour"]["code"] == "unknown_field"


@pytest.mark.parametrize("limit", ["0", "101", "many", ""])
def test_a_page_has_1_to_100_items(lone: FlaskClient, limit: str) -> None:
    assert lone.get(f"/api/v1/regions?limit={limit}").status_code == 400


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer " + "x" * 300, "bearer x y"])
def test_who_brings_no_token_that_can_be_one_is_not_signed_in(lone: FlaskClient, header: str) -> None:
    answer = lone.get("/api/v1/me", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_unknown_address_and_method_are_problems_too(lone: FlaskClient) -> None:
    nowhere, patched = lone.get("/nowhere"), lone.patch(SESSIONS)

    assert (nowhere.status_code, nowhere.json and nowhere.json["code"]) == (404, "not_found")
    assert (patched.status_code, patched.json and patched.json["code"]) == (405, "method_not_allowed")
    assert patched.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_requests_are_counted_by_route_and_end_and_of_nobody_is_told(lone: FlaskClient) -> None:
    def counted() -> dict[str, float]:
        lines = [line.rpartition(" ") for line in lone.get("/metrics").get_data(as_text=True).splitlines() if "#" not in line]
        return {name: float(figure) for name, _, figure in lines}

    refused = 'bff_requests_total{code="not_signed_in",method="GET",route="/api/v1/records/<record_id>",status="401"}'
    took = 'bff_request_duration_seconds_count{method="GET",route="/api/v1/records/<record_id>"}'
    before = counted()
    lone.get("/api/v1/records/110101198001011232")
    lone.get("/110101198001011232")
    after = counted()

    assert after[refused] == before.get(refused, 0) + 1
    assert after[took] == before.get(took, 0) + 1
    assert not any("110101198001011232" in name for name in after)


def test_what_another_worker_of_this_copy_counted_is_told_too(redis_server: RunningServer, tmp_path: Path) -> None:
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    counting = "from bff.api.metrics import count_request; count_request('GET', '/api/v1/me', 200, None, 0.1)"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", counting], env={**os.environ, **shared}, check=True)

    told = bff_alone(tmp_path / "copy", redis_server.url, **shared).test_client().get("/metrics").get_data(as_text=True)

    assert 'bff_requests_total{code="",method="GET",route="/api/v1/me",status="200"} 2.0' in told.splitlines()


def test_every_answer_forbids_sniffing_framing_and_keeping(lone: FlaskClient) -> None:
    for path in ("/healthz", "/docs", "/nowhere", "/api/v1/me"):
        headers = lone.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert len(headers["X-Request-Id"]) == 36


def test_without_a_core_reading_has_done_nothing(lone: FlaskClient) -> None:
    answer = lone.get("/api/v1/regions")

    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "core_unavailable")
    assert answer.json is not None
    assert answer.json["retry"] is True


def test_a_process_whose_upstreams_are_gone_lives_but_is_not_ready(lone: FlaskClient) -> None:
    ready = lone.get("/readyz")

    assert lone.get("/healthz").json == {"status": "ok"}
    assert ready.status_code == 503
    assert ready.json == {"status": "not_ready", "parts": {"redis": True, "core": False, "wechat": False, "alipay": False}}


@pytest.mark.parametrize("reason", [reason for reason, _ in OWN_REASONS], ids=lambda reason: reason.rule)
def test_a_code_of_our_own_is_explained_without_the_core(lone: FlaskClient, reason: Reason) -> None:
    for typed in (reason.cashier_code, reason.cashier_code.lower().replace("0", "o")):
        told = lone.get(f"/api/v1/help/codes/{typed}").json

        assert told is not None
        assert (told["cashier_code"], told["rule"], told["text"]) == (reason.cashier_code, reason.rule, reason.text)
        assert told["clerk_text"]


def test_a_fault_of_our_own_is_told_and_logged_without_its_words(lone_app: Flask, written: StringIO) -> None:
    with lone_app.test_request_context():
        told = unforeseen(ValueError("林月华"))
        also = http_problem(InternalServerError("林月华"))

    for answer in (told, also):
        assert (answer.status_code, answer.json and answer.json["code"]) == (500, "internal")
        assert "林月华" not in answer.get_data(as_text=True)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["unforeseen_error", "unforeseen_error"]
    assert "林月华" not in written.getvalue()


def test_an_address_with_a_slash_too_many_leads_to_the_right_one(lone: FlaskClient) -> None:
    """A redirect is an answer and no problem."""
    told = lone.get("/api//v1/me")

    assert (told.status_code, told.headers["Location"]) == (308, "http://localhost/api/v1/me")


def test_a_handler_that_asks_for_more_than_its_caller_has_shown_is_stopped(lone_app: Flask) -> None:
    """The list of who may call what comes first; this is the second lock."""
    with lone_app.test_request_context():
        with pytest.raises(NotSignedIn):
            caller()
        g.session = somebody(None)
        with pytest.raises(IdentityRequired):
            person()


def test_an_answer_stands_though_redis_dies_before_it_is_remembered(tmp_path: Path) -> None:
    """To fail now would call undone what the core has done."""
    redis, core = start_redis(tmp_path / "redis", persist=False), MisbehavingServer()
    told = world_environment(tmp_path / "told", Ports(*free_ports(3)), Urls(redis.url, "postgresql://nobody@127.0.0.1:1/none"))
    settings = read_settings({**told["bff"], "CORE_URL": core.url})
    token = join(settings).sessions.start(somebody("p1"))
    whose = {"name_masked": "**明", "relation": None, "warning": "请勿转发。"}
    code = answers(201, {"code": "C" * 28, "expires_at": "2026-03-02T10:00:00+08:00", "ttl_s": 60, **whose})

    def die_meanwhile(connection: socket.socket) -> None:
        redis.stop()
        code(connection)

    core.plays(die_meanwhile)
    answer = (
        build_app(settings)
        .test_client()
        .post("/api/v1/vouchers/v1/codes", json={}, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": new_id()})
    )

    assert (answer.status_code, answer.json and answer.json["code"]) == (201, "C" * 28)
    core.close()


def test_without_redis_nobody_signs_in(tmp_path: Path) -> None:
    """The limit on signing in fails closed."""
    client = bff_alone(tmp_path / "no-redis", f"redis://127.0.0.1:{free_ports(1)[0]}").test_client()

    answer = client.post(SESSIONS, json=SIGN_IN)

    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "store_unavailable")
    assert client.get("/readyz").status_code == 503


@pytest.fixture
def written(lone_app: Flask) -> Iterator[StringIO]:
    """What the process writes to its log, through all of its processors."""
    stream = StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream))
    yield stream
    configure_logs("bff")


def test_a_request_leaves_one_line_with_its_routes_template(lone: FlaskClient, written: StringIO) -> None:
    address = "/api/v1/regions/371399198503020011?limit=5"
    answer = lone.get(address, headers={"Authorization": "Bearer a-secret-token"})

    lines = [json.loads(line) for line in written.getvalue().splitlines() if '"event": "request"' in line]
    assert len(lines) == 1
    assert lines[0]["route"] == "/api/v1/regions/<code>"
    assert lines[0]["request_id"] == answer.headers["X-Request-Id"]
    assert lines[0]["status"] == answer.status_code
    assert "371399198503020011" not in written.getvalue()
    assert "a-secret-token" not in written.getvalue()


def test_a_problem_travels_as_200_on_wish_with_its_status_inside(lone: FlaskClient) -> None:
    answer = lone.get("/api/v1/me", headers={"X-Problem-Status": "200"})

    assert answer.status_code == 200
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 401


def test_unsigned_pushes_are_counted_and_the_flood_is_stopped(redis_server: RunningServer, tmp_path: Path) -> None:
    client = bff_alone(tmp_path / "flood", redis_server.url, BFF_CALLBACKS_PER_MINUTE="3").test_client()
    address = {"REMOTE_ADDR": "192.0.2.77"}

    told = [client.post("/api/v1/callbacks/alipay", data=b"x", environ_base=address) for _ in range(8)]

    # Two minutes may meet here, each with its own three.
    stopped = [one for one in told if one.status_code == 429]
    assert {one.status_code for one in told} == {403, 429}
    assert 2 <= len(stopped) <= 5
    assert all(1 <= int(one.headers["Retry-After"]) <= 60 for one in stopped)

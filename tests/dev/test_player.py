"""The player of people and phones: what is not as expected fails at once and says what was told instead."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.player import Answer, Phone, World
from dev.private_world import wait_until_ready
from tests.bff.core_client.misbehaving import MisbehavingServer, answers, says


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    one = MisbehavingServer()
    yield one
    one.close()


def phone_at(url: str) -> Phone:
    return Phone(World(url, url), {"name": "王小满"})


def test_an_answer_that_is_not_the_expected_one_is_shown() -> None:
    told = Answer(409, {"code": "not_now", "detail": "稍后再试。"})

    for wrong in (told.ok, lambda: told.problem(422, "not_now"), lambda: told.problem(409, "never"), told.refused):
        with pytest.raises(AssertionError, match=r"was told 409.*稍后再试"):
            wrong()
    assert told.problem(409, "not_now") == told.body


def test_an_answer_that_is_not_json_is_kept_as_its_text(server: MisbehavingServer) -> None:
    server.plays(says(200, "<p>共济</p>".encode(), "text/html"))

    assert World(server.url, server.url).call("GET", server.url).ok() == "<p>共济</p>"


def test_a_document_that_is_not_there_is_no_document(server: MisbehavingServer) -> None:
    server.plays(answers(404, {"code": "not_found"}), says(200, b"%PDF-1.7", "application/pdf"))

    with pytest.raises(AssertionError, match="was told 404"):
        phone_at(server.url).download("/api/v1/flows/add-member/form")
    assert phone_at(server.url).download("/api/v1/flows/add-member/form") == b"%PDF-1.7"


def test_a_required_field_without_an_answer_stops_the_walk(server: MisbehavingServer) -> None:
    asked = {"name": "shoe_size", "kind": "text", "required": True, "value": None}
    server.plays(answers(200, {"flow": "verify-identity", "step": "feet", "fields": [asked]}))

    with pytest.raises(AssertionError, match="no answer to the required field shoe_size of step feet"):
        phone_at(server.url).walk("verify-identity", {})


def test_a_field_that_is_filled_in_already_or_may_stay_empty_is_left_as_it_is() -> None:
    filled = {"name": "shoe_size", "kind": "text", "required": True, "value": "43"}
    free = {"name": "hat_size", "kind": "text", "required": False, "value": None}

    assert phone_at("http://127.0.0.1:1").fill({"step": "clothes", "fields": [filled, free]}, {}) == {}


@pytest.fixture
def runner() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as one:
        yield one
        one.kill()


def test_a_world_is_ready_once_it_says_so(server: MisbehavingServer, runner: subprocess.Popen[bytes], tmp_path: Path) -> None:
    server.plays(answers(503, {}), lambda connection: connection.close(), answers(200, {}))

    wait_until_ready(server.url, runner, tmp_path / "log")

    assert len(server.received) == 3


def test_a_world_that_ended_instead_is_told_with_the_end_of_its_log(
    server: MisbehavingServer, runner: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (tmp_path / "log").write_text("no room left", encoding="utf-8")
    server.plays(answers(503, {}))
    runner.kill()
    runner.wait()

    with pytest.raises(RuntimeError, match="did not become ready:\nno room left"):
        wait_until_ready(server.url, runner, tmp_path / "log")

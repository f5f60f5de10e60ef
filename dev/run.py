"""`make run`: Redis, PostgreSQL, the core, the sandbox and the BFF, started together and stopped together."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from dev.children import CannotStart, claim, follow_parent, is_taken
from dev.procfile import Troupe, read_procfile
from dev.servers import create_database, start_postgres, start_redis
from dev.settings import Ports, Urls, Wishes, read_wishes, world_environment

_ROOT = Path(__file__).resolve().parent.parent


def main(variables: Mapping[str, str] = os.environ, shown_on: TextIO = sys.stdout) -> int:
    """Run a world until Ctrl-C; a reason why it cannot is one line and code 1."""
    if "MAKELEVEL" in variables:
        # A make that is killed cannot pass the news on.
        follow_parent()
    try:
        wishes = read_wishes(variables)
        with claim(wishes.data_dir) as claimed:
            _run(wishes, variables, shown_on, claimed.fileno())
    except CannotStart as reason:
        shown_on.flush()
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _run(wishes: Wishes, variables: Mapping[str, str], shown_on: TextIO, claimed: int) -> None:
    _refuse_taken_ports(wishes.ports)
    troupe = Troupe(shown_on, _ROOT, keeps_open=[claimed])
    troupe.listen_for_signals()
    with _servers(wishes) as (urls, places):
        environments = _environments(wishes, urls, variables)
        _migrate(environments["core"])
        entries = read_procfile((_ROOT / "Procfile").read_text(encoding="utf-8"), environments)
        try:
            if all(troupe.start(entry) for entry in entries):
                shown_on.write(_table(wishes, places))
                shown_on.flush()
                troupe.watch()
        finally:
            troupe.stop()
    shown_on.write("Stopped.\n")


def _refuse_taken_ports(ports: Ports) -> None:
    named = {"CORE_PORT": ports.core, "SANDBOX_PORT": ports.sandbox, "BFF_PORT": ports.bff, "DESK_PORT": ports.desk}
    for name, port in named.items():
        if is_taken(port):
            raise CannotStart(f"Port {port} is taken by another program: stop it, or set {name} to another port.")


@contextmanager
def _servers(wishes: Wishes) -> Iterator[tuple[Urls, list[tuple[str, str, str]]]]:
    """The addresses of both servers, those that nobody gave started here, and a line about each for the table."""
    with ExitStack() as stack:
        places = []
        redis_url, database_url = wishes.redis_url, wishes.database_url
        if redis_url is None:
            redis = start_redis(wishes.data_dir / "redis")
            stack.callback(redis.stop)
            redis_url = redis.url
            places.append((redis.version, _where(redis.url), str(redis.data_dir)))
        else:
            places.append(("Redis", _where(redis_url), "given by REDIS_URL"))
        if database_url is None:
            postgres = start_postgres(wishes.data_dir / "postgres")
            stack.callback(postgres.stop)
            database_url = create_database(postgres, "core")
            places.append((postgres.version, _where(database_url), str(postgres.data_dir)))
        else:
            places.append(("PostgreSQL", _where(database_url), "given by DATABASE_URL"))
        yield Urls(redis=redis_url, database=database_url), places


def _environments(wishes: Wishes, urls: Urls, variables: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the developer's shell says, and over it what each process is told; no process learns another's secrets."""
    told = world_environment(wishes.data_dir, wishes.ports, urls)
    told["bff"]["PROMETHEUS_MULTIPROC_DIR"] = str(_emptied(wishes.data_dir / "metrics"))
    ours = {name for environment in told.values() for name in environment}
    shell = {name: value for name, value in variables.items() if name not in ours}
    return {process: {**shell, **environment} for process, environment in told.items()}


def _emptied(folder: Path) -> Path:
    """Figures count from this start on; those of workers that are gone would be added to them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _migrate(environment: Mapping[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "reference_core.migrate"], env=dict(environment), cwd=_ROOT, check=False)
    if done.returncode != 0:
        raise CannotStart("The core's database could not be brought up to date; the reason is above.")


def _where(url: str) -> str:
    """Host and port only: the address itself holds a password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def _table(wishes: Wishes, places: list[tuple[str, str, str]]) -> str:
    rows = [
        ("phone", f"http://127.0.0.1:{wishes.ports.desk}", "the browser build, with people to be and a till beside it"),
        ("BFF", f"http://127.0.0.1:{wishes.ports.bff}", "/docs to read, /api/v1 to use"),
        ("core", f"http://127.0.0.1:{wishes.ports.core}", "the settlement service"),
        ("sandbox", f"http://127.0.0.1:{wishes.ports.sandbox}", "plays WeChat, Alipay, tills and people"),
        *places,
        (f"Python {platform.python_version()}", f"granian {version('granian')}", f"world in {wishes.data_dir}"),
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = (f"  {what:{widths[0]}}  {where:{widths[1]}}  {about}" for what, where, about in rows)
    return "\n家庭共济 is running. Ctrl-C stops everything; the data stay.\n\n" + "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    sys.exit(main())

"""Real servers for every test that asks for one: each pytest worker starts its own, in a folder that goes away again."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dev.servers import RunningServer, create_database, start_postgres, start_redis


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short path that every user may pass through: pytest's own folders bar the user whom PostgreSQL may become."""
    folder = Path(tempfile.mkdtemp(prefix="gongji-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_server(server_folder: Path) -> Iterator[RunningServer]:
    """A Redis of this worker's own; whoever needs it empty says FLUSHALL."""
    server = start_redis(server_folder / "redis", persist=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[RunningServer]:
    """A PostgreSQL of this worker's own, which does not wait for the disk."""
    server = start_postgres(server_folder / "postgres", durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def empty_database(postgres_server: RunningServer) -> Iterator[str]:
    """The address of a new, empty database for one test module; dropped at its end."""
    name = f"test_{uuid.uuid4().hex}"
    yield create_database(postgres_server, name)
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

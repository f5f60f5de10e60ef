"""Real servers for every test that asks for one: each pytest worker starts its own, in a folder that goes away again."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from psycopg import sql

from dev.player import World
from dev.servers import RunningServer, create_database, start_postgres, start_redis
from dev.settings import Urls
from reference_core.check_ledger import violations
from tests.worlds import serving_world


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


@pytest.fixture(scope="session")
def database_url(postgres_server: RunningServer) -> str:
    """The database of this worker's world."""
    return create_database(postgres_server, f"world_{uuid.uuid4().hex}")


@pytest.fixture(scope="session")
def data_dir(server_folder: Path) -> Path:
    """Where this worker's world keeps its keys and its clock."""
    folder = server_folder / "world"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def running_world(redis_server: RunningServer, database_url: str, data_dir: Path) -> Iterator[World]:
    """One whole world for each worker."""
    with serving_world(data_dir, Urls(redis_server.url, database_url)) as world:
        yield world


@pytest.fixture
def world(running_world: World, database_url: str) -> Iterator[World]:
    """The running world, its clock and faults put back and its ledger checked after each test."""
    structlog.contextvars.clear_contextvars()
    yield running_world
    running_world.clock(None)
    running_world.no_faults()
    assert violations(database_url) == []

"""One whole world for each pytest worker: real core, sandbox and BFF over HTTP, real Redis and PostgreSQL behind them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest
import structlog
import urllib3
from werkzeug.serving import WSGIRequestHandler, make_server

from bff.app import build_app as build_bff
from bff.settings import read_settings as read_bff_settings
from dev.player import World
from dev.private_world import free_ports
from dev.servers import RunningServer, create_database
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from reference_core.app import build_app as build_core
from reference_core.check_ledger import violations
from reference_core.migrate import migrate
from reference_core.settings import read_settings as read_core_settings
from sandbox.app import build_app as build_sandbox
from sandbox.settings import read_settings as read_sandbox_settings


class QuietHandler(WSGIRequestHandler):
    """Serves HTTP/1.1 with kept connections, and keeps no access log: URLs of the players' face hold ID numbers."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(app: WSGIApplication, port: int) -> Iterator[None]:
    """Serve `app` in threads of this process, so that coverage sees it."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def database_url(postgres_server: RunningServer) -> str:
    return create_database(postgres_server, f"world_{new_id().replace('-', '')}")


@pytest.fixture(scope="session")
def data_dir(server_folder: Path) -> Path:
    folder = server_folder / "world"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def running_world(redis_server: RunningServer, database_url: str, data_dir: Path) -> Iterator[World]:
    bff_port, core_port, sandbox_port = free_ports(3)
    told = world_environment(data_dir, Ports(bff_port, core_port, sandbox_port), Urls(redis_server.url, database_url))
    migrate(database_url)
    with ExitStack() as stack:
        stack.enter_context(serving(build_core(read_core_settings(told["core"])), core_port))
        stack.enter_context(serving(build_sandbox(read_sandbox_settings(told["sandbox"])), sandbox_port))
        stack.enter_context(serving(build_bff(read_bff_settings(told["bff"])), bff_port))
        world = World(f"http://127.0.0.1:{bff_port}", f"http://127.0.0.1:{sandbox_port}")
        until_ready(world)
        yield world


def until_ready(world: World) -> None:
    """Wait for the sandbox to have told the core who lives here."""
    for _ in range(150):
        if urllib3.request("GET", f"{world.bff_url}/readyz", retries=False).status == 200 and world.people():
            return
        threading.Event().wait(0.1)
    raise AssertionError("the world did not become ready")


@pytest.fixture
def world(running_world: World, database_url: str) -> Iterator[World]:
    """The running world, its clock and faults put back and its ledger checked after each test."""
    structlog.contextvars.clear_contextvars()
    yield running_world
    running_world.clock(None)
    running_world.no_faults()
    assert violations(database_url) == []

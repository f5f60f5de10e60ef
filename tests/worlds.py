"""A whole world in one process: real core, sandbox and BFF over HTTP, for tests that need all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from wsgiref.types import WSGIApplication

import urllib3
from werkzeug.serving import WSGIRequestHandler, make_server

from bff.app import build_app as build_bff
from bff.settings import read_settings as read_bff_settings
from dev.player import World
from dev.private_world import free_ports
from dev.settings import Ports, Urls, world_environment
from reference_core.app import build_app as build_core
from reference_core.migrate import migrate
from reference_core.settings import read_settings as read_core_settings
from sandbox.app import build_app as build_sandbox
from sandbox.settings import read_settings as read_sandbox_settings

PACKS = Path(__file__).parent / "packs"


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


@contextmanager
def serving_world(data_dir: Path, urls: Urls, **changed: Mapping[str, str]) -> Iterator[World]:
    """A world that keeps its keys and its clock in `data_dir`; cities that only tests know live in it too. `changed` are
    other settings, by the part that reads them."""
    ports = Ports(*free_ports(3))
    told = {part: {**usual, **changed.get(part, {})} for part, usual in world_environment(data_dir, ports, urls).items()}
    core = read_core_settings({**told["core"], "PACKS_PATH": ":".join(map(str, packs_of_tests()))})
    migrate(urls.database)
    with ExitStack() as stack:
        stack.enter_context(serving(build_core(core), ports.core))
        stack.enter_context(serving(build_sandbox(read_sandbox_settings(told["sandbox"])), ports.sandbox))
        stack.enter_context(serving(build_bff(read_bff_settings(told["bff"])), ports.bff))
        world = World(f"http://127.0.0.1:{ports.bff}", f"http://127.0.0.1:{ports.sandbox}")
        until_ready(world)
        yield world


def packs_of_tests() -> list[Path]:
    """The folders of cities that only tests know."""
    return sorted({pack.parent for pack in PACKS.glob("*/*.yaml")})


def until_ready(world: World) -> None:
    """Wait for the sandbox to have told the core who lives here."""
    for _ in range(150):
        if urllib3.request("GET", f"{world.bff_url}/readyz", retries=False).status == 200 and world.people():
            return
        threading.Event().wait(0.1)
    raise AssertionError("the world did not become ready")

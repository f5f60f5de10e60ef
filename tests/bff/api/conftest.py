"""A BFF that stands alone with its Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bff.app import build_app
from bff.settings import read_settings
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment


def bff_alone(folder: Path, redis_url: str, **settings: str) -> Flask:
    """A BFF whose core and channels do not listen."""
    ports = Ports(*free_ports(3))
    told = world_environment(folder, ports, Urls(redis_url, "postgresql://nobody@127.0.0.1:1/none"))
    return build_app(read_settings({**told["bff"], **settings}))


@pytest.fixture(scope="session")
def lone_app(redis_server: RunningServer, server_folder: Path) -> Flask:
    return bff_alone(server_folder / "lone", redis_server.url)


@pytest.fixture
def lone(lone_app: Flask) -> FlaskClient:
    return lone_app.test_client()

"""A BFF that stands alone with its Redis."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bff.app import build_app
from bff.flows.consents import REQUIRED
from bff.settings import read_settings
from bff.store.sessions import Proof, Session
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from groundwork.clock import Clock


def bff_alone(folder: Path, redis_url: str, **settings: str) -> Flask:
    """A BFF whose core and channels do not listen."""
    ports = Ports(*free_ports(3))
    told = world_environment(folder, ports, Urls(redis_url, "postgresql://nobody@127.0.0.1:1/none"))
    return build_app(read_settings({**told["bff"], **settings}))


def somebody(person_id: str | None) -> Session:
    """Signed in through WeChat, shown to be this person or nobody yet."""
    now = Clock().now()
    ends_at = now + timedelta(hours=1)
    proof = Proof("face", now)
    agreed = tuple(consent.text_hash for consent in REQUIRED)
    return Session(new_id(), "wechat", "wx", (("open_id", "o"),), new_id(), person_id, proof, now, ends_at, agreed)


@pytest.fixture(scope="session")
def lone_app(redis_server: RunningServer, server_folder: Path) -> Flask:
    return bff_alone(server_folder / "lone", redis_server.url)


@pytest.fixture
def lone(lone_app: Flask) -> FlaskClient:
    return lone_app.test_client()

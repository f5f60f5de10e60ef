"""The worker of a test's world, in this process, so that a test says when it works."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bff.app import join
from bff.settings import read_settings
from bff.worker import Worker
from dev.player import World
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment


def environment_of(world: World, redis_url: str, database_url: str, data_dir: Path) -> dict[str, str]:
    """What the worker of this world is told."""
    bff, sandbox = (urlsplit(url).port or 0 for url in (world.bff_url, world.sandbox_url))
    # The core is reached through the sandbox, so its own port does not matter.
    told = world_environment(data_dir, Ports(bff, 1, sandbox), Urls(redis_url, database_url))
    return told["worker"]


@pytest.fixture
def worker_environment(world: World, redis_server: RunningServer, database_url: str, data_dir: Path) -> dict[str, str]:
    return environment_of(world, redis_server.url, database_url, data_dir)


@pytest.fixture
def worker(worker_environment: dict[str, str]) -> Worker:
    """It has told already all that other tests left to tell."""
    made = Worker(join(read_settings(worker_environment)))
    made.catch_up()
    return made

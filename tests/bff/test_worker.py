"""The worker as a process: it starts by its own command, works, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from dev.player import Phone, World
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from tests.journeys.cast import employee


def test_the_worker_waits_for_a_core_that_fails_works_by_itself_and_ends_between_two_pushes(
    world: World, redis_server: RunningServer, database_url: str, data_dir: Path
) -> None:
    bff, sandbox = (urlsplit(url).port or 0 for url in (world.bff_url, world.sandbox_url))
    told = world_environment(data_dir, Ports(bff, 1, sandbox), Urls(redis_server.url, database_url))["worker"]
    son = Phone(world, employee(world)).arrive()
    # As often as one call is tried.
    world.fault(upstream="core", endpoint="/events", kind="refuse", times=3)
    with subprocess.Popen([sys.executable, "-m", "bff.worker"], env={**os.environ, **told}, stderr=subprocess.DEVNULL) as process:
        son.open_account()
        until = time.monotonic() + 60
        while son.get("/notices").ok()["items"] == [] and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    (fault,) = world.play("GET", "/faults").ok()
    world.no_faults()

    assert fault["struck"] == 3
    assert code == 0
    assert [item["kind"] for item in son.get("/notices").ok()["items"]] == ["account_changed"]

"""A whole world of its own in a folder, on free ports, for a demo or a test that needs real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from dev.children import free_port, spawn, stop
from dev.player import World

START_TIMEOUT_S = 180


def free_ports(count: int) -> list[int]:
    """Different ports that were free a moment ago."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


@contextmanager
def private_world(data_dir: Path, **settings: str) -> Iterator[World]:
    """Run `python -m dev.run` over `data_dir`, with `settings` of its processes; everything it started is stopped at the end."""
    bff_port, core_port, sandbox_port = free_ports(3)
    ports = {"BFF_PORT": str(bff_port), "CORE_PORT": str(core_port), "SANDBOX_PORT": str(sandbox_port)}
    environment = {**os.environ, "DATA_DIR": str(data_dir), **ports, **settings}
    log = data_dir / "world.log"
    with log.open("ab") as output:
        runner = spawn([sys.executable, "-m", "dev.run"], output, environment=environment)
        try:
            wait_until_ready(f"http://127.0.0.1:{bff_port}", runner, log)
            yield World(f"http://127.0.0.1:{bff_port}", f"http://127.0.0.1:{sandbox_port}")
        finally:
            stop(runner, signal.SIGINT, patience_s=30)


def wait_until_ready(bff_url: str, runner: subprocess.Popen[bytes], log: Path) -> None:
    """Return once `/readyz` answers 200; the end of the log is in the error where it never does."""
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and runner.poll() is None:
        try:
            if urllib3.request("GET", f"{bff_url}/readyz", retries=False, timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the world did not become ready:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")

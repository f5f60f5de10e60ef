"""Whether processes live, and what a parent that is killed leaves behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def lives(pid: int) -> bool:
    """False too for a process that has ended and that nobody has asked after."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return False
    return about.rpartition(")")[2].split()[0] != "Z"


def soon(holds: Callable[[], bool], within_s: float = 15) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def killed_parent(program: str, *arguments: str) -> list[int]:
    """Run Python that prints the ids of its children on one line and waits; kill it without warning; the ids."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        told = parent.stdout.readline()
        parent.kill()
    children = [int(pid) for pid in told.split()]
    assert children, "the parent did not tell its children's ids"
    return children

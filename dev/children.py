"""Child processes that die with their parent, free ports, and folders that only one process may use at a time."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from groundwork.chance import fraction

_PR_SET_PDEATHSIG = 1
# Elsewhere a child outlives a parent that is killed; there is nothing to ask for.
_prctl: Callable[[int, int], int] = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda _option, _value: 0


class CannotStart(Exception):
    """The developer's world cannot start; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that a child becomes; `None` in its place means the user of the parent."""

    user: int
    group: int


def spawn(
    command: Sequence[str],
    log: IO[bytes] | int | None,
    *,
    dies_by: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    identity: Identity | None = None,
    keeps_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that gets `dies_by` when the calling thread's process dies, however it dies.

    Linux sends the signal when the thread that forked ends, so call this from the main thread.
    """
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=None if environment is None else dict(environment),
        cwd=folder,
        user=identity.user if identity else None,
        group=identity.group if identity else None,
        extra_groups=[] if identity else None,
        pass_fds=tuple(keeps_open),
        # Ctrl-C in a terminal reaches a whole process group: in a session of its own the child waits for our order.
        start_new_session=True,
        # Safe here: `tie` takes no lock that another thread could hold.
        preexec_fn=_leash(dies_by),  # noqa: PLW1509
    )


def _leash(dies_by: signal.Signals) -> Callable[[], None]:
    """What the child does between fork and exec; it holds through `unshare` and through a change of user."""
    parent = os.getpid()

    def tie() -> None:  # pragma: no cover  # what is counted between fork and exec is lost with the exec
        _prctl(_PR_SET_PDEATHSIG, int(dies_by))
        if os.getppid() != parent:
            # The parent died before the leash held.
            os._exit(1)

    return tie


def follow_parent() -> None:
    """From now on this process, too, is told to end when its parent dies."""
    _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def stop(process: subprocess.Popen[bytes], by: signal.Signals, patience_s: float = 20) -> None:
    """Ask the child to end, wait, and end it by force when it does not; workers that it left behind end with it."""
    if process.poll() is None:
        process.send_signal(by)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience_s)
    with suppress(ProcessLookupError):
        # It leads a session of its own, so nobody else is in its group.
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port(among: range = range(20_000, 32_000)) -> int:
    """A port of 127.0.0.1 that nobody listened on a moment ago; whoever takes it must be ready to lose the race.

    They lie below the ports that systems give to outgoing connections, of which a busy machine opens many a second.
    """
    while True:
        port = among[int(fraction() * len(among))]
        if not is_taken(port):
            return port


def is_taken(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1 already."""
    with socket.socket() as probe:
        # Like every server of ours: connections of a past run that still fade away do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def claim(folder: Path, patience_s: float = 10) -> IO[bytes]:
    """Make `folder` and take it for ourselves; give the open file to the child, which holds the claim until it has ended.

    So a second start waits for a server whose parent was killed and which is still on its way out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    claimed = (folder / "claim").open("ab")
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                claimed.close()
                raise CannotStart(
                    f"{folder} is in use by another copy: stop that one, or set DATA_DIR to another folder."
                ) from None
            time.sleep(0.05)
        else:
            return claimed

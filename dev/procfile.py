"""Runs the processes of a Procfile: starts them in order, shows what they say, and stops all when one ends."""

from __future__ import annotations

import os
import selectors
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from threading import Event
from typing import IO, TextIO, cast

import urllib3

from dev.children import CannotStart, spawn, stop

_READY_PATIENCE_S = 120
_GLANCE_S = 0.1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a Procfile, its variables filled in."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def port(self) -> int | None:
        """Where it will listen, if its command says so."""
        for word, following in zip(self.command, self.command[1:], strict=False):
            if word == "--port":
                return int(following)
        return None


def read_procfile(text: str, environments: Mapping[str, Mapping[str, str]]) -> list[Entry]:
    """The entries of a Procfile, each with the variables that `environments` holds under its name."""
    entries = []
    for line in text.splitlines():
        name, colon, command = line.partition(":")
        if colon and not line.startswith("#"):
            environment = environments[name.strip()]
            words = (Template(word).substitute(environment) for word in shlex.split(command))
            entries.append(Entry(name.strip(), tuple(words), environment))
    return entries


@dataclass(slots=True)
class Voice:
    """What one process says, cut into lines."""

    name: str
    source: IO[bytes]
    ended: bool = False
    _begun: bytes = b""

    def lines(self) -> list[str]:
        """The lines that are whole by now, and the rest once the process has fallen silent for good."""
        said = os.read(self.source.fileno(), 65_536)
        self.ended = not said
        *whole, self._begun = (self._begun + said).split(b"\n")
        if self.ended and self._begun:
            whole.append(self._begun)
        return [line.decode(errors="replace") for line in whole]


class Troupe:
    """Running processes, told apart in one stream of lines."""

    def __init__(
        self, shown_on: TextIO, folder: Path, keeps_open: Sequence[int] = (), patience_s: float = _READY_PATIENCE_S
    ) -> None:
        self._shown_on = shown_on
        self._folder = folder
        self._keeps_open = keeps_open
        self._patience_s = patience_s
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._voices = selectors.DefaultSelector()
        self._asked_to_stop = Event()

    def listen_for_signals(self) -> None:
        """Ctrl-C and SIGTERM end `start` and `watch` in good order."""
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda _signal, _frame: self.leave())

    def leave(self) -> None:
        """Ask that everything stop soon."""
        self._asked_to_stop.set()

    def start(self, entry: Entry) -> bool:
        """Start one process and wait until it answers; false when it was asked to stop before that."""
        if self._asked_to_stop.is_set():
            return False
        child = spawn(
            [_program(entry), *entry.command[1:]],
            subprocess.PIPE,
            environment=entry.environment,
            folder=self._folder,
            keeps_open=self._keeps_open,
        )
        self._running[entry.name] = child
        said = cast(IO[bytes], child.stdout)
        self._voices.register(said, selectors.EVENT_READ, Voice(entry.name, said))
        deadline = time.monotonic() + self._patience_s
        while not self._asked_to_stop.is_set():
            self._relay()
            self._look_for_ended()
            if entry.port is None or _answers(entry.port):
                return True
            if time.monotonic() > deadline:
                raise CannotStart(f"{entry.name} did not answer on port {entry.port} within {self._patience_s:g} seconds.")
        return False

    def watch(self) -> None:
        """Show what the processes say until someone asks to stop; raise `CannotStart` when one of them ends by itself."""
        while not self._asked_to_stop.is_set():
            self._relay()
            self._look_for_ended()

    def stop(self) -> None:
        """Stop all, the last started first; what they still say is shown."""
        for child in reversed(self._running.values()):
            child.terminate()
        for child in reversed(self._running.values()):
            deadline = time.monotonic() + 15
            while child.poll() is None and time.monotonic() < deadline:
                self._relay()
            stop(child, signal.SIGTERM, patience_s=0)
        deadline = time.monotonic() + 2
        while self._voices.get_map() and time.monotonic() < deadline:
            self._relay()
        self._running.clear()

    def _look_for_ended(self) -> None:
        for name, child in self._running.items():
            if child.poll() is not None:
                self._relay()
                raise CannotStart(f"{name} ended with code {child.returncode}, so everything was stopped.")

    def _relay(self) -> None:
        for key, _events in self._voices.select(_GLANCE_S):
            voice: Voice = key.data
            for line in voice.lines():
                self._shown_on.write(f"{voice.name:8}| {line}\n")
            if voice.ended:
                self._voices.unregister(voice.source)
                voice.source.close()
        self._shown_on.flush()


def _program(entry: Entry) -> str:
    """The program beside this Python first, as a venv that was not activated has it."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(entry.command[0], path=f"{beside}{os.pathsep}{entry.environment.get('PATH', os.defpath)}")
    if found is None:
        raise CannotStart(f"{entry.command[0]}, which runs {entry.name}, is not installed: run `make` again to set up.")
    return found


def _answers(port: int) -> bool:
    """Whether an app is there and says that it is ready; one that has no such route is ready when it answers at all."""
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}/readyz", retries=False, timeout=5).status < 500
    except urllib3.exceptions.HTTPError:
        return False

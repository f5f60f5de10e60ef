"""A small real server that does to each request what a test tells it: answer, hang up, hang, drip or talk nonsense."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

Act = Callable[[socket.socket], None]


@dataclass
class Received:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class MisbehavingServer:
    """Plays its acts in order, the last one again and again; keeps what it was sent."""

    acts: list[Act] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._closing = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/core"

    def plays(self, *acts: Act) -> None:
        self.acts = list(acts)

    def close(self) -> None:
        self._closing.set()
        self._listener.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                while (request := _read(connection)) is not None:
                    self.received.append(request)
                    act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                    act(connection)
            except OSError:
                return


def answers(status: int, body: object, kind: str = "application/json") -> Act:
    """A whole answer; the connection is kept."""
    return says(status, orjson.dumps(body), kind)


def says(status: int, written: bytes, kind: str = "application/json") -> Act:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(written)}\r\n\r\n".encode()
    return lambda connection: connection.sendall(head + written)


def hangs_up(connection: socket.socket) -> None:
    """The request was read; no answer comes."""
    connection.shutdown(socket.SHUT_RDWR)


def hangs(connection: socket.socket) -> None:
    time.sleep(1.5)


def breaks_off(connection: socket.socket) -> None:
    """Half an answer."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"person_id": "p')
    connection.shutdown(socket.SHUT_RDWR)


def drips(connection: socket.socket) -> None:
    """A byte at a time, each within the socket's own time limit."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        connection.sendall(b"1\r\n \r\n")
        time.sleep(0.1)


def floods(connection: socket.socket) -> None:
    """An answer without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    for _ in range(100):
        connection.sendall(chunk)


def _read(connection: socket.socket) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65_536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rows = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in rows)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65_536)
    return Received(line, headers, body)

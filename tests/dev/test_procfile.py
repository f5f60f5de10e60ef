"""The Procfile's runner: order, one stream of lines, and nothing that lives on."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest
import urllib3

from dev.children import CannotStart, free_port
from dev.procfile import Entry, Troupe, read_procfile
from tests.dev.life import killed_parent, lives, soon

ROOT_PROCFILE = Path(__file__).resolve().parent.parent.parent / "Procfile"
PROCFILE = """
# The second one may rely on the first.
first: python -c "$SERVER" --port $PORT
second: python -u -c "print('ready'); import time; time.sleep(600)"
"""
SERVER = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[2])), SimpleHTTPRequestHandler).serve_forever()
"""
RUN_AND_WAIT = """
import sys
from pathlib import Path
from dev.procfile import Troupe
from tests.dev.test_procfile import entries
troupe = Troupe(sys.stderr, Path.cwd())
for entry in entries(int(sys.argv[1])):
    troupe.start(entry)
print(*(child.pid for child in troupe._running.values()), flush=True)
troupe.watch()
"""


def entries(port: int) -> list[Entry]:
    return read_procfile(PROCFILE, environments(port))


def environments(port: int) -> dict[str, dict[str, str]]:
    return {"first": {**os.environ, "PORT": str(port), "SERVER": SERVER}, "second": dict(os.environ)}


def test_variables_are_filled_in_from_each_process_own_environment() -> None:
    first, second = entries(8123)

    assert (first.name, second.name) == ("first", "second")
    assert first.command[-2:] == ("--port", "8123")
    assert (first.port, second.port) == (8123, None)


def test_the_bff_starts_last() -> None:
    """Once it is ready, the core and the sandbox answer."""
    processes = ("core", "sandbox", "desk", "worker", "bff")
    ports = {f"{name.upper()}_PORT": str(number) for number, name in enumerate(processes, start=1)}

    names = [entry.name for entry in read_procfile(ROOT_PROCFILE.read_text(encoding="utf-8"), dict.fromkeys(processes, ports))]

    assert names[-1] == "bff"
    assert set(names) == set(processes)


def test_a_process_answers_before_the_next_one_starts_and_stops_when_told(tmp_path: Path) -> None:
    shown, port = io.StringIO(), free_port()
    troupe = Troupe(shown, tmp_path)
    first, second = entries(port)

    assert troupe.start(first)
    assert urllib3.request("GET", f"http://127.0.0.1:{port}/", retries=False).status == 200
    assert troupe.start(second)
    troupe.stop()

    with pytest.raises(urllib3.exceptions.HTTPError):
        urllib3.request("GET", f"http://127.0.0.1:{port}/", retries=False)
    assert any(line.startswith("first   | ") for line in shown.getvalue().splitlines())


def test_when_one_ends_the_watch_names_it_and_shows_its_last_words(tmp_path: Path) -> None:
    shown = io.StringIO()
    troupe = Troupe(shown, tmp_path)
    troupe.start(
        Entry("doomed", (sys.executable, "-c", "import time; time.sleep(0.5); raise SystemExit('no more')"), dict(os.environ))
    )

    with pytest.raises(CannotStart, match="doomed ended with code 1"):
        troupe.watch()

    troupe.stop()
    assert "doomed  | no more" in shown.getvalue()


def test_a_program_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no-such-program, which runs lost, is not installed"):
        Troupe(io.StringIO(), tmp_path).start(Entry("lost", ("no-such-program",), dict(os.environ)))


def test_asked_to_leave_it_starts_nothing_more(tmp_path: Path) -> None:
    troupe = Troupe(io.StringIO(), tmp_path)
    troupe.leave()

    assert not troupe.start(Entry("late", (sys.executable, "-c", "import time; time.sleep(600)"), dict(os.environ)))
    troupe.watch()
    troupe.stop()


def slow(says: str = "") -> Entry:
    """Something that never listens on the port that its command names."""
    program = f"print({says!r}, end='', flush=True); import time; time.sleep(600)"
    return Entry("slow", (sys.executable, "-c", program, "--port", str(free_port())), dict(os.environ))


def test_one_that_never_answers_is_named_with_its_port(tmp_path: Path) -> None:
    troupe, entry = Troupe(io.StringIO(), tmp_path, patience_s=0.3), slow()

    with pytest.raises(CannotStart, match=f"slow did not answer on port {entry.port} within 0.3 seconds"):
        troupe.start(entry)

    troupe.stop()


def test_asked_to_leave_while_one_is_starting_it_waits_no_longer(tmp_path: Path) -> None:
    troupe = Troupe(io.StringIO(), tmp_path)
    threading.Timer(0.5, troupe.leave).start()

    assert not troupe.start(slow())

    troupe.stop()


def test_last_words_without_the_end_of_a_line_are_shown_too(tmp_path: Path) -> None:
    shown = io.StringIO()
    troupe = Troupe(shown, tmp_path, patience_s=1)
    with pytest.raises(CannotStart, match="slow"):
        troupe.start(slow(says="half a sent"))

    troupe.stop()

    assert "slow    | half a sent\n" in shown.getvalue()


def test_what_a_process_says_while_it_ends_is_shown(tmp_path: Path) -> None:
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), print('tidied up', flush=True), sys.exit(0)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    shown = io.StringIO()
    troupe = Troupe(shown, tmp_path)
    troupe.start(Entry("tidy", (sys.executable, "-c", program), dict(os.environ)))
    threading.Timer(1, troupe.leave).start()
    troupe.watch()

    troupe.stop()

    assert shown.getvalue() == "tidy    | ready\ntidy    | tidied up\n"


def test_what_a_process_left_behind_ends_with_it(tmp_path: Path) -> None:
    shown = io.StringIO()
    troupe = Troupe(shown, tmp_path)
    troupe.start(Entry("careless", ("sh", "-c", "sleep 600 & echo $!; wait"), dict(os.environ)))
    threading.Timer(0.5, troupe.leave).start()
    troupe.watch()

    troupe.stop()

    left_behind = int(shown.getvalue().removeprefix("careless| "))
    assert soon(lambda: not lives(left_behind))


def test_no_process_outlives_a_runner_that_was_killed() -> None:
    children = killed_parent(RUN_AND_WAIT, str(free_port()))

    assert soon(lambda: not any(lives(pid) for pid in children))

"""The Makefile: five words to start with, and one line when a tool is missing or too old."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def own_words(told: str) -> list[str]:
    """What a person reads, without make's own remark that a target failed."""
    return [line for line in told.splitlines() if not line.startswith("make")]


def test_bare_make_lists_its_words() -> None:
    told = make()

    listed = {line.split()[1] for line in told.stdout.splitlines()}
    assert {"run", "test", "demo", "check"} <= listed
    assert told.returncode == 0


def test_some_of_the_tests_need_not_run_all_of_the_code() -> None:
    all_tests, some = (make("--dry-run", "VENV=.no-such-venv", "test", *wish).stdout for wish in ([], ["ARGS=-k ledger"]))

    assert "--cov " in all_tests
    assert "--cov-fail-under" not in all_tests
    assert "--cov-fail-under=0 -k ledger" in some


def test_a_python_that_is_too_old_is_named_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="ascii")
    old.chmod(0o755)

    told = make(f"VENV={tmp_path}/venv", f"PYTHON={old}", "demo")

    assert own_words(told.stderr) == [
        f"Python 3.11 or newer is needed, and {old} is 3.9.2: install it and say make PYTHON=python3.11."
    ]
    assert told.returncode != 0


def test_a_python_that_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    told = make(f"VENV={tmp_path}/venv", f"PYTHON={tmp_path}/none", "demo")

    assert own_words(told.stderr) == [
        "Python 3.11 or newer is needed: install python3 (Debian: apt install python3 python3-venv)."
    ]


def test_a_python_without_venv_is_told_in_one_line(tmp_path: Path) -> None:
    """Debian splits it off."""
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n', encoding="ascii")
    bare.chmod(0o755)

    told = make(f"VENV={tmp_path}/venv", f"PYTHON={bare}", "demo")

    assert own_words(told.stderr) == ["Python's venv module is missing: install it (Debian: apt install python3-venv)."]

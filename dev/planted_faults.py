"""The command `python -m dev.planted_faults`: plants faults one by one in a copy of the tree and sees fast tests catch them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).resolve().parent.parent
FAULTS_FILE = ROOT / "dev" / "planted_faults.yaml"
_COPIED = ("groundwork", "reference_core", "tests", "pyproject.toml")
# Left behind: what only a database needs, and the fixtures that would start one.
_LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "migrations", "conftest.py")
# The fast tests, the broadest last.
_PURE = "tests/reference_core"
_RUN = tuple(
    f"{_PURE}/{one}" for one in ("pure", "cities", "texts", "refusals", "second/test_agreement.py", "second/test_giving_back.py")
)
_AT_ONCE = 2
_PATIENCE_S = 600
_TESTS_FAILED, _COULD_NOT_START = 1, 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of one file, and what it is turned into."""

    file: str
    line: str
    becomes: str
    why: str


def main(faults: Sequence[Fault], root: Path = ROOT, tests: Sequence[str] = _RUN) -> int:
    """Zero when these tests of this tree pass without a fault and fail with each of them."""
    # One picture of the tree for all: what somebody saves meanwhile must not look like a fault that was caught.
    with TemporaryDirectory(prefix="planted-") as folder, ThreadPoolExecutor(_AT_ONCE) as pool:
        whole = Path(folder) / "whole"
        _take_picture(root, whole)
        if told := _first_failure(whole, tests):
            sys.stderr.write(f"without any fault the tests fail already: {told}\n")
            return 2
        caught = list(pool.map(lambda fault: _try(fault, whole, tests), faults))
    sys.stdout.write(f"caught {sum(caught)} of {len(faults)}\n")
    return 0 if all(caught) else 1


def read_faults(file: Path = FAULTS_FILE) -> tuple[Fault, ...]:
    """Every fault of the list."""
    return tuple(Fault(**written) for written in yaml.safe_load(file.read_text(encoding="utf-8")))


def plant(fault: Fault, root: Path) -> None:
    """Replace the line in that copy; raises `ValueError` where it does not stand exactly once."""
    path = root / fault.file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.strip() == fault.line]
    if len(places) != 1:
        raise ValueError(f"{fault.file}: stands there {len(places)} times instead of once: {fault.line}")
    lines[places[0]] = lines[places[0]].replace(fault.line, fault.becomes)
    path.write_text("".join(lines), encoding="utf-8")


def _try(fault: Fault, whole: Path, tests: Sequence[str]) -> bool:
    with TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(whole, copy)
        plant(fault, copy)
        told = _first_failure(copy, tests)
    sys.stdout.write(f"{'caught' if told else 'MISSED'}  {fault.file}: {fault.why}\n        {told or fault.becomes}\n")
    sys.stdout.flush()
    return bool(told)


def _first_failure(copy: Path, tests: Sequence[str]) -> str:
    """The first test that fails in that copy; empty where all pass."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", *tests],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    if done.returncode not in (0, _TESTS_FAILED, _COULD_NOT_START):
        raise RuntimeError(f"pytest could not run: {done.stdout}{done.stderr}")
    named = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return (named.group(1) if named else "the tests could not start") if done.returncode else ""


def _take_picture(root: Path, whole: Path) -> None:
    for source in (root / name for name in _COPIED):
        if source.is_dir():
            shutil.copytree(source, whole / source.name, ignore=_LEFT_BEHIND)
        else:
            shutil.copy2(source, whole / source.name)


if __name__ == "__main__":
    sys.exit(main(read_faults()))

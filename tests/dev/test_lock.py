"""The requirement locks hold on every machine and with every registry, and are not older than pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dev.lock import tie_in

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_registry_and_no_machine(lock: Path) -> None:
    assert tie_in(lock.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https" + "://somewhere.example/simple",
        "--find-links wheels",
        "--trusted-host somewhere.example",
        "flask @ file:wheels/flask.whl",
        "-e .",
        "    # via -r /srv/someone/pyproject.toml",
    ],
)
def test_a_tie_to_one_machine_or_registry_is_found(line: str) -> None:
    assert tie_in(f"flask==3.1.3 \\\n    --hash=sha256:00\n{line}\n") is not None


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_requirement_has_a_hash(lock: Path) -> None:
    requirements = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    pinned = [requirement for requirement in requirements if "==" in requirement.splitlines()[0]]

    assert len(pinned) > 20
    assert [requirement.splitlines()[0] for requirement in pinned if "--hash=sha256:" not in requirement] == []


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    """Whoever changes a version runs `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lock, asked in (
        ("run.txt", project["dependencies"]),
        ("dev.txt", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        locked = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        pins = {
            re.sub(r"[_.]", "-", name.lower()): pin for name, pin in re.findall(r"^([\w.-]+)==([\w.]+)", locked, re.MULTILINE)
        }
        for requirement in asked:
            name, pin = re.sub(r"\[.*\]", "", requirement).split("==")
            assert pins.get(name.lower()) == pin, f"{requirement} is not in {lock}: run `make lock`"

"""`make lock`: hashed requirement locks that name no registry and no machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from dev.children import CannotStart

_ROOT = Path(__file__).resolve().parent.parent
_LOCKS = {"run.txt": ["pyproject.toml"], "dev.txt": ["--extra=dev", "pyproject.toml", "requirements/servers.in"]}
_NEVER_IN_A_LOCK = re.compile(r"://|index-url|find-links|trusted-host|^-e|\s@\s|(?<![\w.])/\w", re.MULTILINE)


def main(root: Path = _ROOT) -> int:
    """Write both locks of this tree; refuse one that would tie the project to one registry or one machine."""
    try:
        for name, sources in _LOCKS.items():
            _compile(root, root / "requirements" / name, sources)
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _compile(root: Path, lock: Path, sources: list[str]) -> None:
    options = ["--allow-unsafe", "--generate-hashes", "--strip-extras", "--quiet"]
    silence = ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
    words = [*options, *silence, f"--output-file={lock.relative_to(root)}", *sources]
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
    command = [sys.executable, "-m", "piptools", "compile", *words]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotStart(f"{done.stderr}\n{lock.name} could not be made.")
    tie = tie_in(lock.read_text(encoding="utf-8"))
    if tie is not None:
        raise CannotStart(f"{lock.name} names a registry or a place on this machine: {tie}")


def tie_in(lock: str) -> str | None:
    """The first line of a lock that only holds on this machine or with one registry."""
    found = _NEVER_IN_A_LOCK.search(lock)
    return lock.splitlines()[lock.count("\n", 0, found.end() - 1)] if found else None


if __name__ == "__main__":
    sys.exit(main())

"""Sends whatever can be thought of to a running BFF, as a stranger and as a citizen; no answer may be a 5xx.

`python -m dev.fuzz --include-path=/api/v1/me` looks at one path only: all words are passed on to `schemathesis run`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dev.player import Phone, World

_EXAMPLES_PER_OPERATION = 25
# Signing the citizen out would end what this run is about; the stranger's run covers it.
_SIGN_OUT = "sessions"


def main(words: Sequence[str]) -> int:
    """The worse of the two runs' answers."""
    ports = {name: os.environ.get(f"{name}_PORT", port) for name, port in (("BFF", "8000"), ("SANDBOX", "8002"))}
    world = World(f"http://127.0.0.1:{ports['BFF']}", f"http://127.0.0.1:{ports['SANDBOX']}")
    like = world.people()[0]
    # Somebody new, whatever was played before; insured as one of the demo people is.
    facts = {name: like[name] for name in ("name", "sex", "born", "region", "insurances", "voucher")}
    citizen = Phone(world, world.somebody(**facts)).arrive()
    as_stranger = _fuzz(world, *words)
    as_citizen = _fuzz(world, f"--header=Authorization:Bearer {citizen.token}", f"--exclude-path-regex={_SIGN_OUT}", *words)
    return max(as_stranger, as_citizen)


def _fuzz(world: World, *more: str) -> int:
    options = [
        "--checks=not_a_server_error",
        f"--max-examples={_EXAMPLES_PER_OPERATION}",
        "--generation-deterministic",
        "--no-color",
    ]
    program = Path(sys.executable).parent / "schemathesis"
    return subprocess.run([program, "run", f"{world.bff_url}/openapi.json", *options, *more], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

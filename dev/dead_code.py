"""Names code that nothing uses, by vulture, less the fields of schemas and records: those are read by name, from data."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_FIELD = re.compile(r"unused variable '[a-z_][a-z0-9_]*' \(60% confidence\)")
_FOUND_DEAD_CODE = 3


def main(root: Path = _ROOT) -> int:
    """Zero when everything in this tree is used."""
    program = Path(sys.executable).parent / "vulture"
    done = subprocess.run([program], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in {0, _FOUND_DEAD_CODE}:
        sys.stderr.write(done.stdout + done.stderr)
        return done.returncode
    dead = [line for line in done.stdout.splitlines() if not _FIELD.search(line)]
    sys.stderr.writelines(f"{line}\n" for line in dead)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())

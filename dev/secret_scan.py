"""Looks for secrets in every tracked file; what is known to be none is on the baseline, by its hash.

`python -m dev.secret_scan --accept` writes the baseline anew, after somebody has looked at every line that it adds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_BASELINE = ".secrets.baseline"
# The locks hold hashes of packages, nothing else.
_SKIPPED = ("requirements/", "miniprogram_stub/package-lock.json", _BASELINE)


def main(words: list[str], root: Path = _ROOT) -> int:
    """Zero when nothing in this tree looks like a secret but what is on its baseline."""
    found, baseline = _scan(root), root / _BASELINE
    if words == ["--accept"]:
        baseline.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        return 0
    known = {finding[:2] for finding in _findings(json.loads(baseline.read_text(encoding="utf-8")))}
    new = [finding for finding in _findings(found) if finding[:2] not in known]
    for file, _secret_hash, line, kind in new:
        sys.stderr.write(f"{file}:{line} looks like a secret ({kind})\n")
    return 1 if new else 0


def _scan(root: Path) -> dict[str, Any]:
    listed = subprocess.run(["/usr/bin/env", "git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    files = [name for name in listed.stdout.split("\0") if name and not name.startswith(_SKIPPED) and (root / name).is_file()]
    program = Path(sys.executable).parent / "detect-secrets"
    done = subprocess.run([program, "scan", *files], cwd=root, capture_output=True, text=True, check=True)
    scanned: dict[str, Any] = json.loads(done.stdout)
    # Only what was found: a time of day in a tracked file would change with every look.
    del scanned["generated_at"]
    return scanned


def _findings(scanned: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    """File, hash of the secret, line, kind; a line may move without becoming new."""
    results: dict[str, list[dict[str, Any]]] = scanned["results"]
    return [
        (file, secret["hashed_secret"], secret["line_number"], secret["type"])
        for file, secrets in results.items()
        for secret in secrets
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

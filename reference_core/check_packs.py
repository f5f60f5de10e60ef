"""The command `python -m reference_core.check_packs [folders]`: reads every pack and prints what must be mended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from reference_core.packs import BadPacks, load_packs

_BUNDLED = Path(__file__).parent / "regions"


def main(folders: Sequence[str]) -> int:
    """0 where every pack can be used, else 1. The packs that come with the core are always read too."""
    paths = [_BUNDLED, *map(Path, folders)]
    try:
        shelf = load_packs(paths)
    except BadPacks as bad:
        sys.stdout.write("\n".join([*bad.faults, f"{len(bad.faults)} to mend", ""]))
        return 1
    sys.stdout.write(f"{len(shelf.codes())} regions, all in order\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

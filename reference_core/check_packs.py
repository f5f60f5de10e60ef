"""The command `python -m reference_core.check_packs [folders]`: reads every pack and prints what must be mended.

`--page CODE` prints a pack as a resident may read it, `--difference CODE CODE` what two of them decide differently; a code may
name a version too: `CODE@VERSION`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reference_core.packs.shelf import BadPacks, Pack, PackShelf, load_packs
from reference_core.pages.difference import difference_as_markdown
from reference_core.pages.page import as_markdown

_BUNDLED = Path(__file__).parent / "regions"


class NoSuchPack(LookupError):
    """A code or version that no pack has."""


def main(arguments: Sequence[str]) -> int:
    """0 where every pack can be used and everything asked for is there, else 1. The bundled packs are always read too."""
    asked = _parser().parse_args(arguments)
    try:
        shelf = load_packs([_BUNDLED, *asked.folders])
        sys.stdout.write(_answer(shelf, asked))
    except BadPacks as bad:
        sys.stdout.write("\n".join([*bad.faults, f"{len(bad.faults)} to mend", ""]))
        return 1
    except NoSuchPack as missing:
        sys.stdout.write(f"{missing}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_packs", description="Checks city packs, and prints them in plain words.")
    parser.add_argument("folders", nargs="*", type=Path, help="folders of packs (or packs) beside the bundled ones")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--page", metavar="CODE[@VERSION]", help="print this pack as a page for residents")
    shown.add_argument("--difference", nargs=2, metavar="CODE[@VERSION]", help="print what two packs decide differently")
    return parser


def _answer(shelf: PackShelf, asked: argparse.Namespace) -> str:
    if asked.page:
        return as_markdown(_named(shelf, asked.page))
    if asked.difference:
        return difference_as_markdown(*(_named(shelf, name) for name in asked.difference))
    return f"{len(shelf.codes())} regions, all in order\n"


def _named(shelf: PackShelf, name: str) -> Pack:
    """The newest pack of a code, or of the version after the @."""
    code, _, version = name.partition("@")
    known = shelf.versions(code)
    found = [pack for pack in known if not version or pack.version == version]
    if not found:
        there = ", ".join(f"{code}@{pack.version}" for pack in known) or ", ".join(shelf.codes())
        raise NoSuchPack(f"{name} is no pack; there are {there}")
    return found[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

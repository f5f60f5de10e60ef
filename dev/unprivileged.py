"""How PostgreSQL, which refuses to run as root, runs for a developer who is root, without opening any folder to others."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.children import CannotStart, Identity


@dataclass(frozen=True, slots=True)
class Way:
    """A prefix for every command, or another user to become, or neither."""

    prefix: tuple[str, ...] = ()
    identity: Identity | None = None

    def command(self, *words: str) -> list[str]:
        """The command as this way runs it."""
        return [*self.prefix, *words]


def nobody(name: str = "nobody") -> Identity:
    """The user without rights; initdb asks that the user has an entry, and `nobody` has one on every Linux."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise CannotStart(f"PostgreSQL cannot run as root and there is no user `{name}`: run this as an ordinary user.") from None
    return Identity(entry.pw_uid, entry.pw_gid)


def choose_way(data: Path, user: int, unshare: str = "unshare") -> Way:
    """As this user when not root; else the way that made the existing data; else a user namespace, and `nobody` last."""
    if user != 0:
        return Way()
    made_by_nobody = data.exists() and data.stat().st_uid == nobody().user
    namespace = Way(prefix=(unshare, "--user", f"--map-user={nobody().user}"))
    if not made_by_nobody and _works(namespace):
        return namespace
    return Way(identity=nobody())


def _works(way: Way) -> bool:
    """Whether this machine lets us; many containers forbid user namespaces."""
    if shutil.which(way.prefix[0]) is None:
        return False
    return subprocess.run(way.command("true"), capture_output=True, check=False).returncode == 0


def give(folder: Path, way: Way) -> None:
    """Let the server own its folder; refuse, naming the first folder above that it cannot enter."""
    folder.mkdir(parents=True, exist_ok=True)
    if way.identity is None:
        return
    # The server's own folder, which a careful umask may have closed to it; those above are not ours to open.
    folder.parent.chmod(0o711)
    barred = first_barred(folder.parent, way.identity)
    if barred is not None:
        raise CannotStart(
            f"PostgreSQL cannot run as root, and the user `nobody` cannot enter {barred}: "
            "set DATA_DIR to a folder that it can enter, or run this as an ordinary user."
        )
    os.chown(folder, way.identity.user, way.identity.group)


def first_barred(folder: Path, identity: Identity) -> Path | None:
    """The topmost folder on the way down to `folder` that this user may not enter."""
    for step in [*reversed(folder.resolve().parents), folder.resolve()]:
        about = step.stat()
        shift = 6 if about.st_uid == identity.user else 3 if about.st_gid == identity.group else 0
        if not about.st_mode >> shift & 0o1:
            return step
    return None


def reachable(program_folder: Path, trees: Sequence[Path], way: Way, beneath: Path) -> Path:
    """The programs themselves when the server's user can reach them, else a fresh copy of `trees` beneath its own folder."""
    if way.identity is None or first_barred(program_folder, way.identity) is None:
        return program_folder
    copy = beneath / "programs"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    copy.chmod(0o755)
    for tree in trees:
        shutil.copytree(tree, copy / tree.name, symlinks=True)
    return copy / program_folder.relative_to(trees[0].parent)

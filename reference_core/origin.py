"""Where a citizen's call comes from: prints that the BFF made, which tell callers apart and name nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel identity and the part of the network, each as a keyed print; `None` where nobody said."""

    device: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who acts, and from where."""

    person_id: str
    origin: Origin

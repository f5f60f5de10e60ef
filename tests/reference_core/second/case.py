"""One random case: a bill of one member in one city on one day, with everybody who might pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reference_core.packs.shelf import Pack, PackShelf
from reference_core.vocabulary.facts import Bill, Institution, PayerAtTill, Situation


@dataclass(frozen=True)
class Case:
    """Everything that a split follows from."""

    pack: Pack
    bill: Bill
    where: Institution
    member: Situation
    tills: tuple[PayerAtTill, ...]
    now: datetime

    @property
    def shelf(self) -> PackShelf:
        return PackShelf([self.pack])

"""What every service of the core can reach: databases, clock, keys, packs and settings, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from reference_core.db import Database
from reference_core.decisions.rules.people import insured_region
from reference_core.packs.shelf import Pack, PackShelf, load_packs
from reference_core.settings import Settings
from reference_core.vocabulary.facts import Situation

REGISTER_ROLE = "family_register"
OWN_PACKS = Path(__file__).parent / "regions"


@dataclass(frozen=True, slots=True)
class Core:
    """The parts of one running core."""

    settings: Settings
    db: Database
    register: Database
    clock: Clock
    keys: KeyRing
    packs: PackShelf

    def now(self) -> datetime:
        """The present instant in China time."""
        return self.clock.now()

    def pack(self, region: str, at: datetime) -> Pack | None:
        """The rules in force there on that day; `None` where no pack covers the region."""
        return self.packs.find(region, at.date())

    def home_pack(self, situation: Situation, at: datetime) -> Pack | None:
        """The rules that hold for this person on that day."""
        return self.pack(insured_region(situation.person), at)

    def close(self) -> None:
        """Give the database connections back."""
        self.db.close()
        self.register.close()


def build_core(settings: Settings) -> Core:
    """Read the packs and open the pools."""
    core = Core(
        settings=settings,
        db=Database(settings.database_url, settings.pool_size),
        register=Database(settings.register_url, max(2, settings.pool_size // 4), REGISTER_ROLE),
        clock=Clock(settings.clock_file),
        keys=settings.data_keys,
        packs=load_packs((OWN_PACKS, *settings.packs_path)),
    )
    core.db.open()
    core.register.open()
    return core

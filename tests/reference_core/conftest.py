"""A core over a real PostgreSQL, spoken to as its callers speak; after each test its books must hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from groundwork.sealing import KeyRing
from reference_core.app import build_app
from reference_core.check_ledger import violations
from reference_core.migrate import migrate
from reference_core.parts import Core
from reference_core.settings import DoorKeys, Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, World
from tests.reference_core.capital import Capital

KEYS = DoorKeys(**{door: (f"{door}-key-" + "k" * 40,) for door in ("citizen", "terminal", "counter", "app", "registry")})
DATA_KEYS = KeyRing.parse("k1:" + "5a" * 32)


@pytest.fixture(scope="module")
def settings(empty_database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A developer's core on a database of this test module's own."""
    migrate(empty_database)
    return Settings(
        database_url=empty_database,
        register_url=empty_database,
        keys=KEYS,
        data_keys=DATA_KEYS,
        registry_door=True,
        clock_file=tmp_path_factory.mktemp("clock") / "clock.json",
        environment="development",
        pool_size=16,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    built = build_app(settings)
    yield built
    built.extensions[PARTS].close()


@pytest.fixture
def core(app: Flask, settings: Settings) -> Iterator[Core]:
    """The parts behind the app; real time again and sound books after each test."""
    yield app.extensions[PARTS]
    assert settings.clock_file is not None
    Path(settings.clock_file).unlink(missing_ok=True)
    assert violations(settings.database_url) == []


@pytest.fixture
def callers(app: Flask, core: Core) -> Callers:
    """The BFF, the tills, the register and the agencies, each with their own key."""
    return Callers(app, core)


@pytest.fixture
def world(callers: Callers) -> World:
    """Families made up for one test."""
    return World(callers)


@pytest.fixture
def capital(world: World) -> Capital:
    """The city whose pack asks the most."""
    return Capital(world)


@pytest.fixture
def production(settings: Settings) -> Settings:
    """The same settings as a production system would have them."""
    return replace(settings, registry_door=False, clock_file=None, environment="production")

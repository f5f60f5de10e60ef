"""A core that misbehaves on demand, and a client that waits for it briefly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bff.core_client.client import CoreClient
from bff.settings import CoreSettings
from tests.bff.core_client.misbehaving import MisbehavingServer


def impatient(url: str, tries: int = 2) -> CoreSettings:
    return CoreSettings(
        url=url,
        citizen_key="c" * 32,
        app_key="a" * 32,
        connect_timeout_ms=300,
        read_timeout_ms=400,
        deadline_ms=1_500,
        tries=tries,
        connections=4,
    )


@pytest.fixture
def core() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer()
    yield server
    server.close()


@pytest.fixture
def client(core: MisbehavingServer) -> CoreClient:
    return CoreClient(impatient(core.url))

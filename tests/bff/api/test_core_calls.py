"""How often the core is asked for a page of records: at most twice, whatever the family's size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bff.api.examples import EXAMPLES
from bff.app import build_app, join
from bff.settings import read_settings
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from tests.bff.api.conftest import somebody
from tests.bff.core_client.misbehaving import MisbehavingServer, answers

_RECORD = (EXAMPLES["GET", "/api/v1/records"][1] or {})["items"][0]


@pytest.fixture
def core() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer()
    yield server
    server.close()


@pytest.mark.parametrize("relatives", [1, 100])
def test_a_page_of_records_asks_the_core_at_most_twice_whatever_the_family(
    core: MisbehavingServer, redis_server: RunningServer, server_folder: Path, relatives: int
) -> None:
    urls = Urls(redis_server.url, "postgresql://nobody@127.0.0.1:1/none")
    told = world_environment(server_folder / "counted", Ports(*free_ports(3)), urls)
    settings = read_settings({**told["bff"], "CORE_URL": core.url})
    token = join(settings).sessions.start(somebody("p1"))
    family = [{**_RECORD["member"], "name_masked": f"**{number}"} for number in range(relatives)]
    core.plays(answers(200, {"items": [{**_RECORD, "member": one} for one in family], "next_cursor": None}))

    answer = build_app(settings).test_client().get("/api/v1/records?limit=100", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, len((answer.json or {})["items"])) == (200, relatives)
    assert len(core.received) <= 2

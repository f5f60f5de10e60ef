"""Where a request comes from: the network that our own proxies name, never the one that the caller claims."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from bff.api.origin import network_of
from bff.app import build_app
from bff.settings import read_settings
from dev.player import Json, Phone, World
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from tests.journeys.cast import employee, resident
from tests.worlds import serving


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("127.0.0.1", None),
        ("10.1.2.3", None),
        ("::1", None),
        ("fd00::7", None),
        ("unknown", None),
        ("", None),
    ],
)
def test_an_address_counts_by_its_network_unless_it_is_our_own(address: str, network: str | None) -> None:
    assert network_of(address) == network


@pytest.fixture
def behind_a_proxy(world: World, redis_server: RunningServer, database_url: str, data_dir: Path) -> Iterator[World]:
    """The same world, reached through a BFF that stands behind one proxy of ours."""
    (port,) = free_ports(1)
    sandbox_port = urlsplit(world.sandbox_url).port or 0
    urls = Urls(redis_server.url, database_url)
    told = world_environment(data_dir, Ports(port, 0, sandbox_port), urls)["bff"]
    with serving(build_app(read_settings({**told, "BFF_TRUSTED_PROXIES": "1"})), port):
        yield World(f"http://127.0.0.1:{port}", world.sandbox_url)


def name_a_stranger(world: World, person: Json, forwarded_for: str, database_url: str) -> Json:
    """Try to add nobody, and read where the core believes that this came from."""
    phone = Phone(world, person).arrive()
    nobody = {"name": "江无人", "id_number": resident(world)["id_number"], "relation": "mother"}
    screen = phone.post("/flows/add-member").ok()
    path = f"/api/v1/flows/add-member/steps/{screen['step']}"
    headers = {"Authorization": f"Bearer {phone.token}", "X-Forwarded-For": forwarded_for}
    answers = phone.fill(screen, nobody)
    world.call("PUT", world.bff_url + path, {"answers": answers}, headers).problem(422, "refused")
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        tried = connection.execute("SELECT device, address FROM core.member_tries ORDER BY at DESC LIMIT 1").fetchone()
    assert tried is not None
    return tried


def payer(world: World) -> Json:
    person = employee(world)
    Phone(world, person).arrive().open_account()
    return person


def test_what_a_caller_claims_of_its_address_is_not_believed(world: World, database_url: str) -> None:
    person = payer(world)

    tried = name_a_stranger(world, person, "203.0.113.5", database_url)

    assert tried["address"] is None
    assert tried["device"] is not None


def test_the_hop_that_our_own_proxy_saw_is_believed_and_nothing_before_it(behind_a_proxy: World, database_url: str) -> None:
    first, second = payer(behind_a_proxy), payer(behind_a_proxy)

    one = name_a_stranger(behind_a_proxy, first, "203.0.113.5", database_url)
    same_network = name_a_stranger(behind_a_proxy, second, "198.51.100.1, 203.0.113.200", database_url)
    elsewhere = name_a_stranger(behind_a_proxy, second, "203.0.113.5, 198.51.100.1", database_url)

    assert one["address"] == same_network["address"] is not None
    assert elsewhere["address"] not in (None, one["address"])
    assert "203.0.113" not in one["address"]


def test_a_device_is_a_channel_identity(world: World, database_url: str) -> None:
    first, second = payer(world), payer(world)

    tries = [name_a_stranger(world, person, "", database_url)["device"] for person in (first, second, first)]

    assert tries[0] == tries[2] != tries[1]

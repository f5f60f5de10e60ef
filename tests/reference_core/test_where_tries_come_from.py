"""Naming strangers is capped by device and by network too: many people there share one allowance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask

from groundwork.chance import new_id
from reference_core.app import build_app
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, Json, Told, World, new_person

PER_PERSON, PER_DEVICE, PER_ADDRESS = 2, 3, 4


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """A core that loses patience sooner, so that a test needs few people."""
    few = replace(
        settings,
        member_tries_max=PER_PERSON,
        member_tries_per_device_max=PER_DEVICE,
        member_tries_per_address_max=PER_ADDRESS,
    )
    built = build_app(few)
    yield built
    built.extensions[PARTS].close()


def a_print() -> str:
    return new_id().replace("-", "")


def opened(world: World) -> Json:
    payer = world.employee(500)
    world.open_account(payer).ok()
    return payer


def stranger() -> Json:
    return {**new_person(), "name": "江无人"}


def bind(world: World, payer: Json, member: Json, *, device: str | None = None, address: str | None = None) -> Told:
    body = {"name": member["name"], "id_number": member["id_number"], "relation": "mother", "verified_by": world.proof()}
    callers: Callers = world.callers
    told = {name: value for name, value in (("X_Device", device), ("X_Address", address)) if value}
    bearer = callers.core.settings.keys.citizen[0]
    headers = {"X_Person": payer["person_id"], "Idempotency_Key": new_id(), **told}
    return callers.call("POST", "/citizen/relations", body, bearer=bearer, **headers)


def test_many_people_on_one_device_share_its_tries(world: World) -> None:
    device = a_print()
    for _ in range(PER_DEVICE):
        assert bind(world, opened(world), stranger(), device=device).refused() == {"member_not_found"}

    fresh, mother = opened(world), world.resident()
    told = bind(world, fresh, stranger(), device=device)
    right = bind(world, fresh, mother, device=device)

    told.problem(429, "too_many_tries")
    assert 0 < int(told.headers["Retry-After"]) <= 86_401
    right.problem(429, "too_many_tries")
    bind(world, fresh, mother, device=a_print()).ok()


def test_many_people_in_one_network_share_its_tries(world: World) -> None:
    address = a_print()
    for _ in range(PER_ADDRESS):
        assert bind(world, opened(world), stranger(), device=a_print(), address=address).refused() == {"member_not_found"}

    fresh = opened(world)
    bind(world, fresh, stranger(), device=a_print(), address=address).problem(429, "too_many_tries")
    assert bind(world, fresh, stranger(), device=a_print(), address=a_print()).refused() == {"member_not_found"}


def test_people_of_whom_nothing_is_known_share_nothing(world: World) -> None:
    for _ in range(PER_ADDRESS + 1):
        assert bind(world, opened(world), stranger()).refused() == {"member_not_found"}


def test_a_day_later_the_device_is_free_again(world: World) -> None:
    device = a_print()
    for _ in range(PER_DEVICE):
        bind(world, opened(world), stranger(), device=device)
    fresh, mother = opened(world), world.resident()
    bind(world, fresh, mother, device=device).problem(429, "too_many_tries")
    world.later(days=1, minutes=1)

    bind(world, fresh, mother, device=device).ok()


def test_a_number_of_nobody_and_a_wrong_name_are_answered_alike_before_and_after_the_cap(world: World) -> None:
    device, mother = a_print(), world.resident()
    wrong_name, nobody = {**mother, "name": "江无人"}, stranger()

    before = [bind(world, opened(world), meant, device=device) for meant in (wrong_name, nobody)]
    bind(world, opened(world), stranger(), device=device)
    after = [bind(world, opened(world), meant, device=device) for meant in (wrong_name, nobody)]

    for one, other in (before, after):
        assert (one.status, one.body) == (other.status, other.body)
        assert len(json.dumps(one.body)) == len(json.dumps(other.body))
        assert one.headers["Content-Length"] == other.headers["Content-Length"]
        assert one.headers.get("Retry-After") == other.headers.get("Retry-After")
    assert [told.status for told in (*before, *after)] == [422, 422, 429, 429]


def test_people_who_try_at_the_same_moment_on_one_device_are_counted_one_by_one(world: World) -> None:
    device, many = a_print(), 2 * PER_DEVICE
    payers, start = [opened(world) for _ in range(many)], Barrier(many)

    def name_one(payer: Json) -> int:
        start.wait()
        return bind(world, payer, stranger(), device=device).status

    with ThreadPoolExecutor(many) as pool:
        statuses = sorted(pool.map(name_one, payers))

    assert statuses == [422] * PER_DEVICE + [429] * (many - PER_DEVICE)


def test_a_mark_that_is_no_print_is_refused_not_counted(world: World) -> None:
    told = bind(world, opened(world), stranger(), device="203.0.113.5")

    assert set(told.problem(400, "malformed")["fields"]) == {"X-Device"}

"""The world as `make run` starts it: the story plays, nothing personal leaks, and a restart loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dev.counter import Counter
from dev.demo.story import play_story
from dev.demo.transcript import Transcript
from dev.player import Phone, World
from dev.private_world import private_world
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident
from tests.journeys.eavesdropper import Eavesdropper
from tests.journeys.leaks import files_below, leaks, writings
from tests.journeys.mishaps import ones_own_affairs, refusals_and_faults
from tests.journeys.vouchers.mishaps import vouchers_and_those_who_show_them
from tests.worlds import packs_of_tests


@pytest.fixture
def folder(server_folder: Path) -> Path:
    made = server_folder / "processes"
    made.mkdir(exist_ok=True)
    return made


def test_the_story_plays_leaks_nothing_and_survives_a_restart(folder: Path) -> None:
    """Exempt: the sandbox's own store of made-up people, the keys' folder, and the players' face."""
    with private_world(folder, PACKS_PATH=":".join(map(str, packs_of_tests()))) as started:
        world = Eavesdropper(started.bff_url, started.sandbox_url)
        world.people()
        play_story(world, Transcript())
        refusals_and_faults(world)
        ones_own_affairs(world)
        vouchers_and_those_who_show_them(world, Counter(world, folder))
        payer = Phone(world, employee(world, balance_fen=50_000)).arrive()
        payer.open_account()
        mother = resident(world)
        payer.add(mother, "mother")
        Phone(world, mother).arrive().pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()
        before = [payer.get(path).ok() for path in ("/account", "/members", "/records")]
    assert_nothing_leaked(world, folder)

    with private_world(folder) as restarted:
        again = Phone(World(restarted.bff_url, restarted.sandbox_url), payer.person)
        again.token = payer.token
        assert [again.get(path).ok() for path in ("/account", "/members", "/records")] == before
        assert again.world.play("GET", "/people").ok() != []


def assert_nothing_leaked(world: Eavesdropper, folder: Path) -> None:
    keys = json.loads((folder / "secrets" / "keys.json").read_text(encoding="utf-8"))
    secrets = world.secrets | {value for name, value in keys.items() if not name.endswith("app_id")}
    places = {
        **files_below(folder, besides=["sandbox", "secrets"]),
        "urls": "\n".join(world.urls).encode(),
        "problems": b"\n".join(world.problems),
    }
    assert len(secrets) > 200
    assert len(world.problems) > 40
    assert leaks(secrets, places) == []


def test_the_search_for_leaks_finds_each_way_of_writing() -> None:
    """A search that finds nothing proves something only if it can find."""
    for way, written in writings("林月华371399195711200021").items():
        assert leaks(["林月华371399195711200021"], {"log": b"before " + written + b" after"}), way

"""Whatever is killed, the inbox has each event once, no phone gets one twice, and each kill costs one push at most."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from threading import Event

import pytest

from bff.app import join
from bff.errors import StoreUnavailable
from bff.settings import read_settings
from bff.worker import Worker
from dev.children import free_port
from dev.player import World
from dev.servers import start_redis
from groundwork.chance import fraction
from tests.journeys.notices.stage import Stage, somebody

SOAKING = bool(os.environ.get("SOAK"))
KILLS, EVENTS = (500, 5_000) if SOAKING else (25, 250)
# Long enough for a worker to come up and push a few.
_LONGEST_LIFE_S = 0.8


def work(environment: dict[str, str]) -> None:
    """One worker in a process of its own, until it is killed."""
    Worker(join(read_settings(environment))).run(Event(), 0.02)


@pytest.fixture
def stage(world: World, worker: Worker, database_url: str) -> Stage:
    people = [somebody(world, database_url) for _ in range(5)]
    worker.catch_up()
    return Stage(world, database_url, [phone for phone, _ in people], [person_id for _, person_id in people])


def test_kills_of_the_worker_lose_nothing_and_double_nothing(
    stage: Stage, worker: Worker, worker_environment: dict[str, str]
) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.journeys.notices.test_kills"])
    for _ in range(KILLS):
        stage.happens(EVENTS // KILLS)
        child = processes.Process(target=work, args=(worker_environment,), daemon=True)
        child.start()
        time.sleep(fraction() * _LONGEST_LIFE_S)
        child.kill()
        child.join()

    worker.catch_up()
    stage.world.clock(stage.world.later(minutes=2))

    _promise_kept(stage, EVENTS, KILLS)


def test_a_redis_that_is_killed_costs_one_push_at_most(
    stage: Stage, worker_environment: dict[str, str], server_folder: Path
) -> None:
    folder = server_folder / "redis-of-the-worker"
    own = start_redis(folder)
    runner = Worker(join(read_settings({**worker_environment, "REDIS_URL": own.url})))
    runner.catch_up()
    stage.happens(30)
    runner.turn()
    own.process.kill()
    own.process.wait()
    with pytest.raises(StoreUnavailable):
        runner.turn()

    again = start_redis(folder, port=own.port)
    runner.catch_up()
    again.stop()
    stage.world.clock(stage.world.later(minutes=2))

    _promise_kept(stage, 30, 1)


def test_a_cursor_that_was_lost_brings_nothing_twice(stage: Stage, worker_environment: dict[str, str], worker: Worker) -> None:
    stage.happens(10)
    worker.catch_up()
    parts = join(read_settings(worker_environment))
    parts.door.do(lambda client: client.delete("feed-cursor"))

    Worker(parts).catch_up()

    _promise_kept(stage, 10, 0)


def test_an_answer_that_was_lost_is_not_asked_for_again(stage: Stage, worker: Worker) -> None:
    stage.world.fault(upstream="wechat", endpoint="subscribe/send", kind="drop_reply", times=1)
    stage.happens(5)

    worker.catch_up()

    shown = stage.inboxes()
    assert sorted(notice["delivery"]["status"] for notice in shown) == ["not_delivered", *["sent"] * 4]
    assert max(stage.arrived().values()) == 1


def test_a_channel_that_is_away_gets_everything_later(stage: Stage, worker: Worker, worker_environment: dict[str, str]) -> None:
    away = {**worker_environment, "WECHAT_API_BASE": f"http://127.0.0.1:{free_port()}/wechat"}
    stage.happens(5)
    Worker(join(read_settings(away))).catch_up()
    assert {notice["delivery"]["status"] for notice in stage.inboxes()} == {"pending"}

    stage.world.clock(stage.world.later(seconds=30))
    worker.catch_up()

    _promise_kept(stage, 5, 0)


def _promise_kept(stage: Stage, happened: int, kills: int) -> None:
    shown, arrived = stage.inboxes(), stage.arrived()
    assert len(shown) == len({notice["id"] for notice in shown}) == happened
    assert max(arrived.values()) == 1
    statuses = {notice["id"]: notice["delivery"]["status"] for notice in shown}
    lost = [one for one in statuses if one not in arrived]
    assert len(lost) <= kills
    assert {statuses[one] for one in lost} <= {"not_delivered"}
    assert {one for one, status in statuses.items() if status == "sent"} <= set(arrived)
    assert set(statuses.values()) <= {"sent", "not_delivered"}
    assert list(statuses.values()).count("not_delivered") <= kills

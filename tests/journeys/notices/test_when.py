"""When a notice comes: in order whatever commits first, not at night, not when it is stale."""

from __future__ import annotations

import json

import psycopg

from bff.worker import Worker
from dev.player import World
from tests.journeys.notices.stage import Stage, somebody

HAPPENED = "SELECT core.record_events(%s, now())"


def one(world: World, database_url: str) -> Stage:
    phone, person_id = somebody(world, database_url)
    return Stage(world, database_url, [phone], [person_id])


def event(stage: Stage, number: int) -> str:
    return json.dumps([{"kind": "account_opened", "person_id": stage.person_ids[0], "data": {"number": number}}])


def test_what_began_first_and_was_committed_last_is_told_all_the_same(world: World, worker: Worker, database_url: str) -> None:
    stage = one(world, database_url)
    with psycopg.connect(database_url) as slow, psycopg.connect(database_url) as quick:
        slow.execute(HAPPENED, [event(stage, 1)])
        quick.execute(HAPPENED, [event(stage, 2)])
        quick.commit()
        worker.catch_up()
        assert len(stage.inboxes()) == 1
        slow.commit()

    worker.catch_up()

    assert len(stage.inboxes()) == 2
    assert list(stage.arrived().values()) == [1, 1]


def test_quiet_hours_keep_the_phone_still_and_not_the_inbox(world: World, worker: Worker, database_url: str) -> None:
    world.clock("2026-12-01T22:30:00+08:00")
    stage = one(world, database_url)
    stage.phones[0].call("PUT", "/notices/preferences", {"quiet_hours": {"from": "22:00", "to": "07:00"}}).ok()
    stage.phones[0].open_account()

    worker.catch_up()
    assert [notice["delivery"]["status"] for notice in stage.inboxes()] == ["pending"]
    assert not stage.arrived()

    world.clock("2026-12-02T07:00:01+08:00")
    worker.catch_up()
    assert list(stage.arrived().values()) == [1]


def test_what_is_found_too_late_is_read_and_not_pushed(world: World, worker: Worker, database_url: str) -> None:
    stage = one(world, database_url)
    stage.happens(1)
    world.clock(world.later(minutes=16))

    worker.catch_up()

    assert [notice["delivery"]["status"] for notice in stage.inboxes()] == ["not_delivered"]
    assert not stage.arrived()


def test_a_deletion_that_the_feed_tells_empties_the_inbox(world: World, worker: Worker, database_url: str) -> None:
    stage = one(world, database_url)
    stage.happens(2)
    worker.catch_up()
    with psycopg.connect(database_url, autocommit=True) as connection:
        told = [{"kind": "my_data_deleted", "person_id": stage.person_ids[0], "data": {}}]
        connection.execute(HAPPENED, [json.dumps(told)])

    worker.catch_up()

    assert stage.inboxes() == []

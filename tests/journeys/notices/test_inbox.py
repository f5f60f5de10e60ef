"""The inbox as a phone reads it: what happened, in words, and what may come by itself."""

from __future__ import annotations

from bff.worker import Worker
from dev.player import Phone, World
from tests.journeys.cast import employee


def test_whoever_opens_an_account_finds_it_in_the_inbox(world: World, worker: Worker) -> None:
    son = Phone(world, employee(world)).arrive()
    son.open_account()

    worker.catch_up()

    newest = son.get("/notices").ok()["items"][0]
    assert newest["kind"] == "account_changed"
    assert newest["title"] == "家庭共济账户"
    assert newest["text"][0] == "您已开通家庭共济账户。"


def test_nobody_but_its_owner_reads_an_inbox(world: World) -> None:
    stranger = Phone(world, employee(world))

    stranger.get("/notices").problem(401, "not_signed_in")


def test_preferences_answer_the_whole_after_a_part_was_changed(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    before = phone.get("/notices/preferences").ok()
    assert all(kind["push"] for kind in before["kinds"])
    assert before["quiet_hours"] is None

    phone.call("PUT", "/notices/preferences", {"kinds": {"payment": False}, "quiet_hours": {"from": "22:00", "to": "07:00"}}).ok()
    after = phone.call("PUT", "/notices/preferences", {"channels": {"wechat": False}}).ok()

    assert {kind["kind"] for kind in after["kinds"] if not kind["push"]} == {"payment"}
    assert [(one["channel"], one["push"]) for one in after["channels"]] == [("wechat", False), ("alipay", True), ("sms", False)]
    assert after["quiet_hours"] == {"from": "22:00", "to": "07:00"}
    told = phone.call("PUT", "/notices/preferences", {"kinds": {"gossip": True, "payment": True}}).problem(400, "malformed_body")
    assert list(told["fields"]) == ["kinds"]
    assert phone.get("/notices/preferences").ok() == after


def test_a_page_of_the_inbox_begins_where_we_said(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()

    phone.get("/notices?cursor=the-last-one").problem(400, "invalid_cursor")

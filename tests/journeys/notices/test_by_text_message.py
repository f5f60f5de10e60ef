"""A text message for whoever asked for one: by a sender that is no way in, to a verified phone, once, and with nobody's name."""

from __future__ import annotations

import json

from bff.app import build_app
from bff.settings import read_settings
from bff.worker import Worker
from dev.player import Json, Phone, World
from tests.journeys.cast import employee
from tests.journeys.leaks import leaks

ONLY_TEXTS = {"channels": {"wechat": False, "sms": True}}


def texts(world: World, phone: Phone) -> list[Json]:
    said = world.play("GET", f"/phones/{phone.person['id_number']}/messages").ok()
    return [one for one in said if one["channel"] == "sms"]


def outcomes(phone: Phone) -> list[tuple[str, str]]:
    """The newest first."""
    return [(one["delivery"]["channel"], one["delivery"]["status"]) for one in phone.get("/notices").ok()["items"]]


def wants(phone: Phone, **choices: Json) -> Phone:
    phone.call("PUT", "/notices/preferences", choices).ok()
    return phone


def test_texts_come_to_a_verified_phone_whose_owner_asked_for_them_and_to_no_other(world: World, worker: Worker) -> None:
    """GD-26."""
    asked, silent, unverified = (Phone(world, employee(world, name="欧阳若水")) for _ in range(3))
    assert asked.arrive().get("/notices/preferences").ok()["channels"][-1] == {"channel": "sms", "push": False}
    wants(asked, **ONLY_TEXTS).open_account()
    wants(silent.arrive(), channels={"wechat": False}).open_account()
    unverified.sign_in()
    mine = {name: unverified.person[name] for name in ("name", "id_number", "phone")}
    unverified.walk_on(unverified.agree(), mine)
    wants(unverified, **ONLY_TEXTS).open_account()

    worker.catch_up()
    worker.catch_up()

    (text,) = texts(world, asked)
    assert text["text"].startswith("【家庭共济】家庭共济账户有变化（")
    assert leaks([asked.person[what] for what in ("name", "id_number", "phone")], {"text": json.dumps(text).encode()}) == []
    assert outcomes(asked) == [("sms", "sent")]
    for phone in (silent, unverified):
        assert (texts(world, phone), [status for _, status in outcomes(phone)]) == ([], ["not_allowed"])


def test_an_app_comes_first_and_the_night_is_quiet_for_texts_too(world: World, worker: Worker) -> None:
    both = wants(Phone(world, employee(world)).arrive(), channels={"sms": True})
    both.open_account()
    worker.catch_up()
    assert (outcomes(both), texts(world, both)) == ([("wechat", "sent")], [])
    world.clock("2026-12-01T22:30:00+08:00")
    asleep = wants(Phone(world, employee(world)).arrive(), **ONLY_TEXTS, quiet_hours={"from": "22:00", "to": "07:00"})
    asleep.open_account()

    worker.catch_up()
    assert ([status for _, status in outcomes(asleep)], texts(world, asleep)) == (["pending"], [])
    world.clock("2026-12-02T07:00:01+08:00")
    worker.catch_up()

    assert len(texts(world, asleep.sign_in())) == 1


def test_each_class_of_answer_is_kept_for_texts_as_for_every_channel(world: World, worker: Worker) -> None:
    def told_with(fault: Json) -> Phone:
        phone = wants(Phone(world, employee(world)).arrive(), **ONLY_TEXTS)
        world.fault(upstream="sms", endpoint="messages", times=1, **fault)
        phone.open_account()
        worker.catch_up()
        world.no_faults()
        return phone

    refuses, later, lost = (
        told_with(fault)
        for fault in ({"kind": "error", "code": "PHONE_REFUSES"}, {"kind": "error", "code": "TOO_OFTEN"}, {"kind": "drop_reply"})
    )
    assert [outcomes(phone)[0][1] for phone in (refuses, later, lost)] == ["not_allowed", "pending", "not_delivered"]
    world.clock(world.later(seconds=30))
    worker.catch_up()

    assert [outcomes(phone)[0][1] for phone in (refuses, later, lost)] == ["not_allowed", "sent", "not_delivered"]
    assert [len(texts(world, phone)) for phone in (refuses, later, lost)] == [0, 1, 1]
    broke = told_with({"kind": "error", "code": "BALANCE_EMPTY"})
    assert outcomes(broke) == [("sms", "not_delivered")]


def test_without_a_gateway_nobody_is_offered_texts(world: World, worker_environment: dict[str, str]) -> None:
    asks = Phone(world, employee(world)).arrive()
    told = {name: value for name, value in worker_environment.items() if not name.startswith("SMS_")}
    bff = build_app(read_settings(told)).test_client()
    path, headers = "/api/v1/notices/preferences", {"Authorization": f"Bearer {asks.token}"}

    refused = bff.put(path, json={"channels": {"sms": True}}, headers=headers)

    assert (refused.status_code, list(json.loads(refused.data)["fields"])) == (400, ["channels"])
    offered = json.loads(bff.get(path, headers=headers).data)["channels"]
    assert [one["channel"] for one in offered] == ["wechat", "alipay"]

"""Who is told what, and what a channel is given of it: nothing that names anybody."""

from __future__ import annotations

import json

from bff.app import join
from bff.settings import read_settings
from bff.worker import Worker
from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, payer_with, resident
from tests.journeys.leaks import leaks
from tests.journeys.notices.stage import somebody


def notices(phone: Phone, kind: str) -> list[Json]:
    return [item for item in phone.get("/notices?limit=100").ok()["items"] if item["kind"] == kind]


def messages(world: World, person: Json) -> list[Json]:
    return list(world.play("GET", f"/phones/{person['id_number']}/messages").ok())


def test_a_payment_is_told_to_both_sides_at_once_and_once(world: World, worker: Worker) -> None:
    mother = resident(world)
    son = payer_with(world, mother, "mother", balance_fen=100_000)
    hers = Phone(world, mother).arrive()
    worker.catch_up()
    shop = world.institution(CITY, "pharmacy")
    hers.pay(shop, 12_850, PHARMACY_VISIT).ok()

    worker.catch_up()
    worker.catch_up()

    (to_son,), (to_her,) = notices(son, "payment"), notices(hers, "payment")
    assert to_son["text"] == [
        f"{son.members()[0]['name_masked']}（母亲）在{shop['name']}用了您的账户128.50元。",
        "付完后您的账户还剩871.50元。",
    ]
    assert to_her["text"][1] == "您的账户付了0.00元，家人的账户付了128.50元，另付现金0.00元。"
    assert to_son["delivery"] == {"channel": "wechat", "status": "sent"}
    said = [one for one in messages(world, son.person) if one["template_id"] == "sandbox-payment"]
    assert [one["data"]["amount1"] for one in said] == ["128.50元"]


def test_no_channel_is_given_a_name_a_number_or_a_phone(world: World, worker: Worker) -> None:
    mother = resident(world, name="欧阳桂兰")
    son = payer_with(world, mother, "mother", name="程砚秋水")
    hers = Phone(world, mother, "alipay").arrive()
    able = world.institution(CITY, "pharmacy")["capabilities"]
    shop = world.institution(CITY, "pharmacy", name="专科肿瘤诊疗药房", capabilities=able)
    paid = hers.pay(shop, 12_850, PHARMACY_VISIT).ok()
    world.till(shop, "refunds", {"settlement_id": paid["settlement_id"]}).ok()
    son.remove(son.members()[0]["id"])

    worker.catch_up()

    secrets = [person[what] for person in (mother, son.person) for what in ("name", "id_number", "phone")]
    said = {person["id_number"]: json.dumps(messages(world, person), ensure_ascii=False) for person in (mother, son.person)}
    assert all("sandbox-refund" in one for one in said.values())
    assert leaks([*secrets, shop["name"]], {"messages": "".join(said.values()).encode()}) == []
    # What the channels must not know their owner reads in the inbox.
    assert shop["name"] in notices(hers, "payment")[0]["text"][0]


def test_a_kind_that_was_switched_off_is_read_and_not_pushed(world: World, worker: Worker) -> None:
    son = Phone(world, employee(world)).arrive()
    son.call("PUT", "/notices/preferences", {"kinds": {"account_changed": False}}).ok()
    son.open_account()

    worker.catch_up()

    assert [one["delivery"]["status"] for one in notices(son, "account_changed")] == ["not_allowed"]
    assert messages(world, son.person) == []


def test_whoever_refuses_a_template_on_the_phone_gets_no_more_of_it_until_they_accept_it(world: World, worker: Worker) -> None:
    mother = resident(world)
    son = payer_with(world, mother, "mother")
    hers = Phone(world, mother).arrive()
    shop = world.institution(CITY, "pharmacy")
    hers.pay(shop, 100, PHARMACY_VISIT).ok()
    worker.catch_up()
    refused = {"channel": "wechat", "kind": "subscription_refused", "template_ids": ["sandbox-payment"]}
    world.play("POST", f"/phones/{son.person['id_number']}/channel-events", refused).ok()

    for _ in range(2):
        hers.pay(shop, 100, PHARMACY_VISIT).ok()
        worker.catch_up()

    assert [one["delivery"]["status"] for one in notices(son, "payment")] == ["not_allowed", "not_allowed", "sent"]
    accepted = {**refused, "kind": "subscription_changed"}
    world.play("POST", f"/phones/{son.person['id_number']}/channel-events", accepted).ok()
    hers.pay(shop, 100, PHARMACY_VISIT).ok()
    worker.catch_up()
    assert notices(son, "payment")[0]["delivery"]["status"] == "sent"


def test_a_payment_that_could_not_be_shared_says_why_and_what_to_do(world: World, worker: Worker) -> None:
    mother = resident(world)
    son = payer_with(world, mother, "mother", balance_fen=0)
    hers = Phone(world, mother).arrive()
    hers.pay(world.institution(CITY, "pharmacy"), 5_000, PHARMACY_VISIT).ok()

    worker.catch_up()

    (told,) = notices(hers, "payment_refused")
    assert len(told["text"]) >= 3
    assert notices(son, "payment_refused") == []


def test_a_notice_is_read_once_and_stays_read(world: World, worker: Worker) -> None:
    son = Phone(world, employee(world)).arrive()
    son.open_account()
    worker.catch_up()
    (told,) = notices(son, "account_changed")

    first = son.post(f"/notices/{told['id']}/read").ok()
    again = son.post(f"/notices/{told['id']}/read").ok()

    assert (told["read"], first["read"], again["read"]) == (False, True, True)
    assert notices(son, "account_changed")[0]["read"] is True
    Phone(world, employee(world)).arrive().post(f"/notices/{told['id']}/read").problem(404, "not_found")


def test_a_refund_goes_back_to_whoever_paid_and_says_so(world: World, worker: Worker) -> None:
    mother = resident(world)
    son = payer_with(world, mother, "mother", balance_fen=100_000)
    hers = Phone(world, mother).arrive()
    shop = world.institution(CITY, "pharmacy")
    paid = hers.pay(shop, 5_000, PHARMACY_VISIT).ok()
    world.till(shop, "refunds", {"settlement_id": paid["settlement_id"]}).ok()

    worker.catch_up()

    assert notices(son, "refund")[0]["text"] == [f"{shop['name']}退回50.00元，已回到您的个人账户。"]
    assert notices(hers, "refund")[0]["delivery"]["status"] == "sent"
    for person in (son.person, mother):
        (said,) = [one for one in messages(world, person) if one["template_id"] == "sandbox-refund"]
        assert (said["data"]["amount1"], said["data"]["thing2"]) == ("50.00元", "药店")


def test_a_template_that_the_channel_finds_fault_with_rests_for_five_minutes(world: World, worker: Worker) -> None:
    """Somebody has to mend it first; meanwhile one message in so long finds out whether it is."""
    first, second, third = (Phone(world, employee(world)).arrive() for _ in range(3))
    world.fault(upstream="wechat", endpoint="subscribe/send", kind="error", code=40037)

    for phone in (first, second):
        phone.open_account()
        worker.catch_up()

    (tried,) = world.play("GET", "/faults").ok()
    world.no_faults()
    assert tried["struck"] == 1
    assert [notices(one, "account_changed")[0]["delivery"]["status"] for one in (first, second)] == ["not_delivered"] * 2
    world.clock(world.later(minutes=6))
    third.open_account()
    worker.catch_up()
    assert notices(third, "account_changed")[0]["delivery"]["status"] == "sent"


def test_a_kind_that_this_worker_does_not_know_is_not_pushed(
    world: World, worker: Worker, worker_environment: dict[str, str], database_url: str
) -> None:
    """Another edition of the same worker may have entered it."""
    phone, person_id = somebody(world, database_url)
    entered = {"event_id": 10**12, "person_id": person_id, "kind": "foreseen", "template": "notice", "data": {}}
    join(read_settings(worker_environment)).notices.enter([{**entered, "at": world.later(days=0)}], [])

    worker.catch_up()

    assert phone.get("/notices").ok()["items"][0]["delivery"]["status"] == "not_delivered"
    assert messages(world, phone.person) == []


def test_a_page_that_reaches_nobody_is_not_taken_for_a_phone(world: World, worker: Worker) -> None:
    """The official account's page is the newest way in, and cannot be pushed to."""
    son = Phone(world, employee(world)).arrive()
    Phone(world, son.person, "wechat_official").sign_in()
    son.open_account()

    worker.catch_up()

    assert notices(son, "account_changed")[0]["delivery"] == {"channel": "wechat", "status": "sent"}

"""What platforms push: an authorisation that ends takes its sessions along, once, and forged pushes move nothing."""

from __future__ import annotations

import time

import pytest

from bff.errors import CallbackRefused
from dev.player import Answer, Json, Phone, World
from tests.journeys.cast import employee, resident
from tests.journeys.leaks import leaks

WECHAT, ALIPAY = "/api/v1/callbacks/wechat", "/api/v1/callbacks/alipay"


def happens(phone: Phone, kind: str, deliveries: int = 1) -> list[Json]:
    """The person does something in their platform's settings; what the BFF answered to each delivery."""
    order = {"channel": phone.channel, "kind": kind, "deliveries": deliveries}
    return list(phone.world.play("POST", f"/phones/{phone.person['id_number']}/channel-events", order).ok())


def send(world: World, path: str, body: bytes, content_type: str = "application/json") -> Answer:
    return world.send("POST", f"{world.bff_url}{path}", body, {"Content-Type": content_type})


@pytest.mark.parametrize(("channel", "elsewhere"), [("wechat", "alipay"), ("alipay", "wechat")])
def test_a_revoked_authorisation_ends_every_session_of_that_identity_within_a_second(
    world: World, channel: str, elsewhere: str
) -> None:
    person = employee(world)
    one, two, away = (Phone(world, person, name).arrive() for name in (channel, channel, elsewhere))
    other = Phone(world, resident(world)).arrive()

    began = time.monotonic()
    assert happens(one, "authorisation_revoked") == [{"status": 200, "reply": "success"}]

    for phone in (one, two):
        phone.get("/account").problem(401, "not_signed_in")
    assert time.monotonic() - began < 1
    away.get("/account").ok()
    other.get("/account").ok()
    assert [session["channel"] for session in away.get("/sessions").ok()["items"]] == [elsewhere]
    one.sign_in()
    assert one.get("/me").ok()["assurance"] == "signed_in"


def test_after_a_revoked_authorisation_signing_in_begins_unverified(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    happens(phone, "authorisation_revoked")

    phone.sign_in()

    assert phone.get("/me").ok()["assurance"] == "signed_in"
    phone.get("/account").problem(403, "identity_required")
    phone.verify()
    assert phone.get("/account").ok()["status"] == "opened"
    assert phone.sign_in().get("/me").ok()["assurance"] == "real_person"


def test_a_push_that_is_delivered_again_has_one_effect(world: World) -> None:
    """Delivered again after the person came back, it does not throw them out a second time."""
    phone = Phone(world, employee(world)).arrive()

    told = happens(phone, "authorisation_revoked", deliveries=3)

    assert told == [{"status": 200, "reply": "success"}] * 3
    phone.sign_in().verify()
    phone.get("/account").ok()


def test_a_register_that_fails_makes_the_platform_send_again(world: World) -> None:
    """Nothing is called taken that is not kept."""
    phone = Phone(world, employee(world)).arrive()
    world.fault(upstream="core", endpoint="/app/pushes", kind="refuse", times=9)

    assert [told["status"] for told in happens(phone, "authorisation_revoked")] == [503]

    phone.get("/account").ok()
    world.no_faults()
    assert [told["status"] for told in happens(phone, "authorisation_revoked")] == [200]
    phone.get("/account").problem(401, "not_signed_in")


def test_a_lost_reply_of_the_register_costs_nothing(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    world.fault(upstream="core", endpoint="/app/pushes", kind="drop_reply", times=1)

    assert [told["status"] for told in happens(phone, "authorisation_revoked")] == [200]

    phone.get("/account").problem(401, "not_signed_in")


@pytest.mark.parametrize("kind", ["user_information_modified", "subscription_refused", "subscription_changed"])
def test_an_event_that_ends_nothing_is_answered_and_ends_nothing(world: World, kind: str) -> None:
    phone = Phone(world, employee(world)).arrive()

    assert [told["status"] for told in happens(phone, kind)] == [200]

    phone.get("/account").ok()


def test_somebody_whom_nobody_knows_here_is_answered_too(world: World) -> None:
    assert [told["status"] for told in happens(Phone(world, employee(world)), "authorisation_revoked")] == [200]


@pytest.mark.parametrize("path", [WECHAT, ALIPAY])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{}", "application/json"),
        (b'{"ToUserName":"gh","Encrypt":"AAAA"}', "application/json"),
        (b"<xml></xml>", "text/xml"),
        (b"notify_id=1&sign=AAAA&sign_type=RSA2", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"[" * 60_000, "application/json"),
    ],
)
def test_what_no_platform_signed_is_refused_and_told_nothing(world: World, path: str, body: bytes, content_type: str) -> None:
    told = send(world, path, body, content_type).problem(403, "callback_refused")

    assert told["detail"] == CallbackRefused.detail
    assert set(told) == {"type", "title", "status", "code", "detail", "retry"}


@pytest.mark.parametrize("path", [WECHAT, ALIPAY])
def test_a_push_over_64_kb_is_not_read(world: World, path: str) -> None:
    send(world, path, b"x" * 65_537).problem(413, "body_too_large")


def test_an_address_that_wechat_tries_is_echoed_only_to_wechat(world: World) -> None:
    url = f"{world.bff_url}{WECHAT}?signature=0&timestamp=1&nonce=2&echostr=371399198503020011"

    told = world.send("GET", url, None, {})

    told.problem(403, "callback_refused")
    assert leaks(["371399198503020011"], {"body": str(told.body).encode()}) == []

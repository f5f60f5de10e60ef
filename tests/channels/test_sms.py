"""What becomes of a text message: each answer of a gateway, each way of losing one, and what is never handed over."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from bff.channel_settings import MessageTemplate
from bff.channels.base import ChannelUser, Delivery, Message, Subject
from bff.channels.sms import SmsSender
from bff.channels.upstream import Upstream
from dev.children import free_port
from groundwork.clock import Clock
from tests.channels.scripted_server import Reply, Request, ScriptedServer

HERS = ChannelUser("sms", "", (Subject("phone", "13900001234"),))
TEMPLATES = {"notice": MessageTemplate("T1", {"what": "what", "at": "at"})}
NOTICE = Message("notice", {"what": "限额有变化", "at": "3月2日 09:30", "advice": "不在这个模板里"}, "pages/notices/index")


class Gateway(ScriptedServer):
    """Says what a test tells it to."""

    reply = Reply(json.dumps({"code": "OK"}).encode())

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        yield server


def sender_at(address: str) -> SmsSender:
    return SmsSender("key-1", "secret-1", TEMPLATES, Upstream(address, read_timeout_s=0.3), Clock())


def test_a_message_carries_what_its_template_shows_under_a_seal_over_all_of_it(gateway: Gateway) -> None:
    assert sender_at(gateway.address).send(HERS, NOTICE) is Delivery.SENT

    (asked,) = gateway.asked("/messages")
    assert asked.json == {
        "phone": "13900001234",
        "template_id": "T1",
        "values": {"what": "限额有变化", "at": "3月2日 09:30"},
    }
    said = [asked.headers[f"X-Sms-{name}"] for name in ("Key", "Time", "Nonce")]
    sealed = "\n".join([*said, hashlib.sha256(asked.body).hexdigest()])
    assert asked.headers["X-Sms-Signature"] == hmac.new(b"secret-1", sealed.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        *[({"code": code}, Delivery.STOP) for code in ("PHONE_REFUSES", "PHONE_INVALID")],
        *[({"code": code}, Delivery.RETRY) for code in ("TOO_OFTEN", "SYSTEM_BUSY")],
        *[({"code": code}, Delivery.ALERT) for code in ("KEY_UNKNOWN", "SIGNATURE_WRONG", "TEMPLATE_UNKNOWN", "BALANCE_EMPTY")],
        ({"code": "SOMETHING_NEW"}, Delivery.ALERT),
        ({}, Delivery.UNKNOWN),
        ([], Delivery.UNKNOWN),
        ({"code": 7}, Delivery.UNKNOWN),
        ({"code": "x" * 500}, Delivery.UNKNOWN),
    ],
)
def test_each_answer_has_its_class(gateway: Gateway, answer: object, outcome: Delivery) -> None:
    gateway.reply = Reply(json.dumps(answer).encode())

    assert sender_at(gateway.address).send(HERS, NOTICE) is outcome
    assert len(gateway.seen) == 1


@pytest.mark.parametrize(
    "reply", [Reply(drops=True), Reply(hangs=True), Reply(b"<html>", 200), Reply(b"", 503)], ids=["drops", "hangs", "page", "503"]
)
def test_an_answer_that_was_lost_is_never_asked_for_again(gateway: Gateway, reply: Reply) -> None:
    gateway.reply = reply

    assert sender_at(gateway.address).send(HERS, NOTICE) is Delivery.UNKNOWN
    assert len(gateway.seen) == 1


def test_a_gateway_that_cannot_be_reached_is_asked_later() -> None:
    assert sender_at(f"http://127.0.0.1:{free_port()}").send(HERS, NOTICE) is Delivery.RETRY


@pytest.mark.parametrize(
    "message",
    [
        Message("payment", NOTICE.fields, ""),
        Message("notice", {"what": "限额有变化"}, ""),
        Message("notice", {"what": "证件号 3713 9919 5711 2024 21", "at": "今天"}, ""),
    ],
    ids=["no template", "a word is missing", "a number in it"],
)
def test_what_does_not_fit_or_names_somebody_stays_here(gateway: Gateway, message: Message) -> None:
    assert sender_at(gateway.address).send(HERS, message) is Delivery.ALERT
    assert gateway.seen == []

"""Messages in WeChat: our words fitted into its typed keywords before they are sent, and never changed into other facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bff.channel_settings import MessageTemplate
from bff.channels.base import Delivery, Message
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChat
from bff.channels.wechat_messages import KINDS, fitted
from dev.children import free_port
from groundwork.clock import Clock
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.played_wechat import PlayedWeChat

PAID = {"amount": "12.34元", "place": "百姓药店", "at": "2026年5月1日 09:30"}


@pytest.mark.parametrize(
    ("keyword", "text", "sent"),
    [
        ("thing1", "林*华在百姓药店用了您的账户", "林*华在百姓药店用了您的账户"),
        ("thing1", "一" * 20, "一" * 20),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing1", "两行\n文字\x07", "两行 文字"),
        ("thing1", "   ", None),
        ("phrase2", "外祖父母", "外祖父母"),
        ("phrase2", "外祖父、母亲", "外祖父母亲"),
        ("phrase2", "一二三四五六", "一二三四五"),
        ("phrase2", "abc", None),
        ("name3", "林月华", "林月华"),
        ("name3", "买买提·吐尔逊", "买买提·吐尔逊"),
        ("name3", "林*华", None),
        ("name3", "一" * 11, None),
        ("character_string4", "A-2026#1", "A-2026#1"),
        ("character_string4", "号A" * 40, "A" * 32),
        ("letter5", "ab1c", "abc"),
        ("number6", "12", "12"),
        ("number6", "1" * 33, None),
        ("number6", "12元", None),
        ("amount7", "¥12.34", "¥12.34"),
        ("amount7", "12.34元", "12.34元"),
        ("amount7", "1" * 11, None),
        ("amount7", "约12元", None),
        ("phone_number8", "0635-12393", "0635-12393"),
        ("phone_number8", "1" * 18, None),
        ("car_number9", "鲁P12345", "鲁P12345"),
        ("car_number9", "鲁P1234567", None),
        ("time10", "15:01", "15:01"),
        ("time10", "2026年5月1日 15:01", "2026年5月1日 15:01"),
        ("time10", "2026年5月1日 15:01~2026年5月2日 15:01", "2026年5月1日 15:01~2026年5月2日 15:01"),
        ("time10", "2026-05-01T15:01", None),
        ("date11", "2026年5月1日", "2026年5月1日"),
        ("date11", "明天", None),
        ("symbol12", "√", "√"),
        ("symbol12", "a", None),
        ("unheard1", "什么", None),
    ],
)
def test_words_are_cut_and_facts_never_are(keyword: str, text: str, sent: str | None) -> None:
    assert fitted(keyword, text) == sent


@pytest.mark.parametrize("kind", list(KINDS))
def test_nothing_is_no_value_of_any_kind(kind: str) -> None:
    """WeChat refuses empty values, all kinds alike."""
    assert fitted(f"{kind}1", "") is None


def test_a_message_arrives_on_the_persons_phone(played: PlayedWeChat) -> None:
    message = Message("payment", {**PAID, "unasked": "goes nowhere"}, "pages/records/index")

    assert played.wechat.send(played.user(), message) is Delivery.SENT
    (arrived,) = played.messages()
    assert (arrived["template_id"], arrived["page"]) == ("t-payment", "pages/records/index")
    assert arrived["data"] == {"amount1": "12.34元", "thing2": "百姓药店", "time3": "2026年5月1日 09:30"}


@pytest.mark.parametrize(
    "message",
    [
        Message("unheard_of", PAID, "pages/home"),
        Message("payment", {"amount": "12.34元", "place": "百姓药店"}, "pages/home"),
        Message("payment", {**PAID, "at": "yesterday"}, "pages/home"),
    ],
)
def test_what_does_not_fit_is_not_sent_and_somebody_hears_of_it(played: PlayedWeChat, message: Message) -> None:
    user = played.user(1)
    played.fault("subscribe/send", 45011)

    with capture_logs() as heard:
        assert played.wechat.send(user, message) is Delivery.ALERT

    assert [entry["event"] for entry in heard] == ["message_unfit"]
    assert "yesterday" not in str(heard)


def test_whoever_refuses_a_template_is_not_written_to_until_they_take_it_again(played: PlayedWeChat) -> None:
    user, message = played.user(2), Message("payment", PAID, "pages/home")
    sent = [played.wechat.send(user, message)]
    played.on_phone("channel-events", 2, channel="wechat", kind="subscription_refused")
    sent.append(played.wechat.send(user, message))
    played.on_phone("channel-events", 2, channel="wechat", kind="subscription_changed", template_ids=["t-payment"])
    sent.append(played.wechat.send(user, message))

    assert sent == [Delivery.SENT, Delivery.STOP, Delivery.SENT]


@pytest.mark.parametrize("kind", ["refuse", "garbage", "drop_reply"])
def test_a_message_whose_fate_is_unknown_is_never_sent_again(played: PlayedWeChat, kind: str) -> None:
    user = played.user()
    played.plays("POST", "/faults", upstream="wechat", endpoint="subscribe/send", kind=kind)

    assert played.wechat.send(user, Message("payment", PAID, "pages/home")) is Delivery.UNKNOWN


def test_a_message_that_reached_nobody_is_sent_again_later(played: PlayedWeChat) -> None:
    nobody = Upstream(f"http://127.0.0.1:{free_port()}")
    channel = WeChat(replace(played.config, upstream=nobody), Clock(), MemoryTokens())

    assert channel.send(played.user(), Message("payment", PAID, "pages/home")) is Delivery.RETRY


def test_a_template_of_a_kind_that_wechat_does_not_have_is_found_before_it_is_sent(played: PlayedWeChat) -> None:
    templates = {"payment": MessageTemplate("t", {"amount": "money1"})}
    channel = WeChat(replace(played.config, templates=templates), Clock(), MemoryTokens())

    assert channel.send(played.user(), Message("payment", PAID, "pages/home")) is Delivery.ALERT

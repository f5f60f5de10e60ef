"""What Alipay delivers for us, what becomes of it, where our links lead, and which texts it lets through."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bff.channel_settings import MessageTemplate
from bff.channels.alipay import Alipay
from bff.channels.base import ChannelUser, Delivery, LinkKind, Message, Subject
from bff.errors import ChannelUnavailable
from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform
from tests.channels.alipay_refusals import MESSAGES
from tests.channels.our_apps import alipay_config
from tests.channels.scripted_server import Reply

SEND = "alipay.open.app.mini.templatemessage.send"
DETECT = "alipay.security.risk.content.detect"
TEMPLATES = {"payment": MessageTemplate("T1", {"place": "keyword1", "at": "keyword2"})}
NOTICE = Message("payment", {"place": "城北药店", "at": "2026-11-22 09:30", "amount": "12.50"}, "pages/records/index?id=1")


def test_a_message_carries_what_its_template_shows_and_no_more(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    assert sender.send(alipay_user, NOTICE) is Delivery.SENT

    (asked,) = sent(alipay_server)
    assert asked == {
        "to_open_id": platform.OPEN_ID, "user_template_id": "T1", "page": "pages/records/index?id=1",
        "data": '{"keyword1": {"value": "城北药店"}, "keyword2": {"value": "2026-11-22 09:30"}}',
    }  # fmt: skip


def test_an_account_known_by_its_older_id_is_written_to_by_it(sender: Alipay, alipay_server: AlipayPlatform) -> None:
    user = ChannelUser("alipay", platform.APP_ID, (Subject("union_id", "u"), Subject("user_id", "2088")))
    sender.send(user, NOTICE)

    assert sent(alipay_server)[0]["to_user_id"] == "2088"


@pytest.mark.parametrize(("length", "arrives"), [(50, 50), (51, 50), (500, 50)])
def test_a_value_is_cut_at_fifty_characters(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, length: int, arrives: int
) -> None:
    sender.send(alipay_user, Message("payment", {"place": "药" * length}, "pages/index"))

    value = json.loads(sent(alipay_server)[0]["data"])["keyword1"]["value"]
    assert len(value) == arrives
    assert value.endswith("…") is (length > arrives)


@pytest.mark.parametrize("refusal", MESSAGES)
def test_each_refusal_says_what_to_do_next(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, refusal: tuple[str, str, Delivery]
) -> None:
    code, sub_code, delivery = refusal
    alipay_server.refuses(SEND, code, sub_code)

    with capture_logs() as logged:
        assert sender.send(alipay_user, NOTICE) is delivery

    alarms = [line for line in logged if line["event"] == "channel_message_refused"]
    assert bool(alarms) is (delivery is Delivery.ALERT)
    assert len(alipay_server.seen) == 1


@pytest.mark.parametrize(
    "reply", [Reply(b"{}", status=500), Reply(b"<html>"), Reply(drops=True), Reply(b'{"%s_response":{"code":"10000"}}' % b"x")]
)
def test_silence_means_that_it_may_have_arrived(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, reply: Reply
) -> None:
    alipay_server.replies(reply)

    assert sender.send(alipay_user, NOTICE) is Delivery.UNKNOWN


def test_an_answer_that_alipay_did_not_sign_means_the_same(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    """Whoever answered in Alipay's place may have kept the message, or handed it on."""
    alipay_server.writes(lambda node, text, sign: platform.signed(node, text.replace("Success", "success"), sign))

    assert sender.send(alipay_user, NOTICE) is Delivery.UNKNOWN
    assert len(alipay_server.seen) == 1


def test_a_notice_without_a_template_is_for_whoever_runs_this(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    assert alipay.send(alipay_user, NOTICE) is Delivery.ALERT
    assert alipay_server.seen == []


@pytest.mark.parametrize(
    "value",
    [
        "371399198503020019",
        "37139919850302001X",
        "19900001234",
        "199 0000 1234",
        "３７１３９９１９８５０３０２００１９",
        "卡6222021234567890",
    ],
)
def test_a_value_with_somebodys_number_in_it_is_not_sent(
    sender: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, value: str
) -> None:
    with capture_logs() as logged:
        assert sender.send(alipay_user, Message("payment", {"place": f"药店{value}"}, "pages/index")) is Delivery.ALERT

    assert alipay_server.seen == []
    assert value not in repr(logged)


def test_a_scheme_opens_a_page_and_carries_one_id(alipay: Alipay) -> None:
    link = urlsplit(alipay.make_link("pages/records/index", "once-123", LinkKind.SCHEME))

    assert (link.scheme, link.netloc + link.path) == ("alipays", "platformapi/startapp")
    assert parse_qs(link.query) == {"appId": [platform.APP_ID], "page": ["pages/records/index?link=once-123"]}


def test_a_link_for_the_web_wraps_the_scheme(alipay: Alipay) -> None:
    link = urlsplit(alipay.make_link("pages/records/index", "a&b=c"))

    assert (link.scheme, link.netloc) == ("https", "ds.alipay.com")
    (scheme,) = parse_qs(link.query)["scheme"]
    assert scheme == alipay.make_link("pages/records/index", "a&b=c", LinkKind.SCHEME)
    (page,) = parse_qs(urlsplit(scheme).query)["page"]
    assert parse_qs(urlsplit(page).query) == {"link": ["a&b=c"]}


@pytest.mark.parametrize(
    ("action", "allowed"),
    [("PASSED", True), ("REJECTED", False), ("passed", False), ("", False), (None, False), (["PASSED"], False)],
)
def test_only_what_alipay_lets_through_is_published(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, action: object, allowed: bool
) -> None:
    alipay_server.says(DETECT, {"code": "10000", "action": action, "keywords": ["x"]})

    assert alipay.is_text_allowed(alipay_user, "药店多收了钱") is allowed


def test_a_text_goes_to_be_checked_without_marks_that_alipay_cannot_read(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    alipay_server.says(DETECT, {"code": "10000", "action": "PASSED"})
    alipay.is_text_allowed(alipay_user, '他说"好"\n第二行')

    assert json.loads(alipay_server.seen[0].form["biz_content"]) == {"content": "他说 好  第二行"}


def test_a_text_that_could_not_be_checked_is_asked_about_again(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    alipay_server.refuses(DETECT, "20000", "isp.unknow-error")

    with pytest.raises(ChannelUnavailable):
        alipay.is_text_allowed(alipay_user, "药店多收了钱")


def sent(server: AlipayPlatform) -> list[Any]:
    """What was sent."""
    return [json.loads(asked.form["biz_content"]) for asked in server.seen if asked.query["method"] == SEND]


@pytest.fixture
def sender(alipay_server: AlipayPlatform) -> Alipay:
    """Our mini-program with a template."""
    alipay_server.says(SEND, {"code": "10000", "msg": "Success"})
    return Alipay(replace(alipay_config(alipay_server), templates=TEMPLATES), Clock())

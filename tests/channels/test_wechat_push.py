"""What WeChat pushes to us: WeChat's own examples, each event in our words, and nothing believed that WeChat did not seal."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from wechatpy.utils import check_signature

from bff.channel_settings import MessageTemplate, PushSettings
from bff.channels.base import ChannelEvent, Push, Subject
from bff.channels.wechat import WeChat
from bff.channels.wechat_push import PushReader
from bff.errors import CallbackRefused
from groundwork.clock import Clock
from tests.channels.wechat_pushes import AES_KEY, APP_ID, TOKEN, Sent, StoppedClock, event, sealed, sent, signature

TEMPLATES = {"payment": MessageTemplate("t-payment", {"amount": "amount1"})}
SOMEBODY = Subject("open_id", "o-somebody")
# The examples of WeChat's documents: how an address is tried, a push in the clear, and one in the secure mode.
EXAMPLE_WORD = "AAAAA"
EXAMPLE_ECHO = {
    "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
    "echostr": "4375120948345356249",
    "timestamp": "1714036504",
    "nonce": "1514711492",
}
EXAMPLE_CLEAR = {"signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78", "timestamp": "1714037059", "nonce": "486452656"}
EXAMPLE_SECURE = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
EXAMPLE_SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740X"
    "gXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7m"
    "StwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


@pytest.fixture
def reader() -> PushReader:
    return PushReader(APP_ID, PushSettings(TOKEN, AES_KEY), TEMPLATES, Clock())


def read(reader: PushReader, told: Sent) -> Push:
    return reader.read(told.query, told.body)


def example_reader(at_s: int) -> PushReader:
    """The app of WeChat's examples, at their time."""
    return PushReader("wxba5fad812f8e6fb9", PushSettings(EXAMPLE_WORD, "A" * 43), {}, StoppedClock(at_s=at_s))


def test_wechats_own_try_of_an_address_is_answered_with_its_word() -> None:
    push = example_reader(1714036504).read(EXAMPLE_ECHO, b"")

    assert (push.reply, push.content_type, push.events) == (b"4375120948345356249", "text/plain", ())


def test_wechats_own_push_in_the_clear_is_refused_though_it_is_signed() -> None:
    """Its signature does not cover what is said, so anybody who saw one could say something else under it."""
    check_signature(EXAMPLE_WORD, EXAMPLE_CLEAR["signature"], EXAMPLE_CLEAR["timestamp"], EXAMPLE_CLEAR["nonce"])

    with pytest.raises(CallbackRefused):
        example_reader(1714037059).read(EXAMPLE_CLEAR, b'{"ToUserName":"gh_97417a04a28d","MsgType":"event","Event":"debug_demo"}')


def test_wechats_own_sealed_push_is_opened() -> None:
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": EXAMPLE_SEALED}).encode()

    push = example_reader(1714112445).read(EXAMPLE_SECURE, body)

    assert push.events == (ChannelEvent("other", Subject("open_id", EXAMPLE_SECURE["openid"]), {"event": "debug_demo"}),)
    assert push.reply == b"success"


@pytest.mark.parametrize(
    ("message", "events"),
    [
        (event("user_authorization_revoke", OpenID="o-somebody", AppID=APP_ID, RevokeInfo="8"), ["authorisation_revoked"]),
        (event("user_authorization_cancellation", OpenID="o-somebody"), ["authorisation_revoked"]),
        (event("user_info_modified", OpenID="o-somebody"), ["user_information_modified"]),
    ],
)
def test_what_people_do_in_their_settings_is_about_them_and_not_about_the_sender(
    reader: PushReader, message: dict[str, Any], events: list[str]
) -> None:
    push = read(reader, sent(message))

    assert [(one.kind, one.subject) for one in push.events] == [(kind, SOMEBODY) for kind in events]


def test_a_plugins_user_is_nobody_whom_we_know(reader: PushReader) -> None:
    message = event("user_authorization_revoke", OpenID="o-somebody", PluginID="wx13974bf780d3dc89", OpenPID="p")

    assert read(reader, sent(message)).events[0].subject is None


ONE = {"TemplateId": "t-payment", "SubscribeStatusString": "reject"}
OTHER = {"TemplateId": "t-unknown", "SubscribeStatusString": "accept"}


@pytest.mark.parametrize(
    ("told", "events"),
    [
        ({"List": ONE}, [("subscription_refused", {"template": "payment"})]),
        ({"List": [ONE]}, [("subscription_refused", {"template": "payment"})]),
        ({"List": [ONE, OTHER]}, [("subscription_refused", {"template": "payment"}), ("subscription_changed", {})]),
        ({"SubscribeMsgChangeEvent": {"List": ONE}}, [("subscription_refused", {"template": "payment"})]),
        ({"List": []}, []),
        ({}, []),
        ({"List": ["nonsense"]}, []),
    ],
)
def test_a_change_of_subscriptions_is_read_as_object_and_as_array(
    reader: PushReader, told: dict[str, Any], events: list[tuple[str, dict[str, str]]]
) -> None:
    """One item comes as an object and several as an array, whatever the documents say."""
    push = read(reader, sent(event("subscribe_msg_change_event", FromUserName="o-somebody", **told)))

    assert [(one.kind, dict(one.data)) for one in push.events] == events
    assert all(one.subject == SOMEBODY for one in push.events)


@pytest.mark.parametrize(
    "message",
    [{"ToUserName": "gh_870882ca4b1f", "MsgType": "text", "Content": "您好"}, event("wxa_punish_event"), event("x" * 999)],
)
def test_what_we_do_not_know_is_told_as_something_else(reader: PushReader, message: dict[str, Any]) -> None:
    assert [one.kind for one in read(reader, sent(message)).events] == ["other"]


def test_a_push_delivered_again_has_the_same_id_and_another_push_has_not(reader: PushReader) -> None:
    """WeChat seals each delivery anew, with another nonce and a later time."""
    message = event("user_authorization_revoke", OpenID="o-somebody")
    now_s = int(Clock().now().timestamp())

    first, again = (read(reader, sent(message, nonce=nonce, at_s=at)) for nonce, at in (("111111111", now_s - 5), ("222", now_s)))
    another = read(reader, sent({**message, "CreateTime": 1627359465}))

    assert first.id == again.id != another.id
    assert "o-somebody" not in first.id


@pytest.mark.parametrize("late_s", [-301, 301, 3600, -86400])
def test_a_push_is_good_for_five_minutes_only(reader: PushReader, late_s: int) -> None:
    with pytest.raises(CallbackRefused):
        read(reader, sent(event("user_info_modified"), at_s=int(Clock().now().timestamp()) + late_s))


@pytest.mark.parametrize(
    "changed",
    [
        {"msg_signature": None},
        {"msg_signature": ""},
        {"msg_signature": "é" * 40},
        {"encrypt_type": None},
        {"encrypt_type": "raw"},
        {"timestamp": None},
        {"timestamp": "now"},
        {"nonce": None},
        {"nonce": ""},
        {"nonce": "n" * 65},
        {"signature": "0" * 40},
    ],
)
def test_a_query_that_is_not_whole_is_refused(reader: PushReader, changed: dict[str, str | None]) -> None:
    with pytest.raises(CallbackRefused):
        read(reader, sent(event("user_info_modified")).with_query(**changed))


@pytest.mark.parametrize("nonce", ["", "n" * 65, "a b", "名"])
def test_a_nonce_of_another_shape_is_refused_though_it_is_signed(reader: PushReader, nonce: str) -> None:
    """What is signed is joined without signs between the parts: only their shapes keep them apart."""
    with pytest.raises(CallbackRefused):
        read(reader, sent(event("user_info_modified"), nonce=nonce))


@pytest.mark.parametrize("written", ["0{now}", "{now}\n", " {now}", "+{now}", "1_{now}"])
def test_a_time_of_another_shape_is_refused_though_it_is_signed(reader: PushReader, written: str) -> None:
    now = str(int(Clock().now().timestamp()))

    with pytest.raises(CallbackRefused):
        read(reader, sent(event("user_info_modified"), at_s=written.format(now=now)))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<xml/>", b"\xff", b"[" * 100_000, b'{"Encrypt":1}', b'{"Encrypt":"A"}'])
def test_a_body_that_is_none_is_refused(reader: PushReader, body: bytes) -> None:
    with pytest.raises(CallbackRefused):
        reader.read(sent(event("user_info_modified")).query, body)


def _resigned(encrypted: str) -> Sent:
    """Under a good signature, as somebody could send it who has the token but not the key."""
    return sent(None, text=encrypted)


@pytest.mark.parametrize(
    "encrypted",
    [
        sealed(b'{"ToUserName":"gh_870882ca4b1f"}', app_id="wxanother"),
        sealed(b'{"ToUserName":"gh_870882ca4b1f"}', key="B" * 42 + "A"),
        sealed(b'{"ToUserName":"gh_another"}'),
        sealed(b"[]"),
        sealed(b"\xff\xfe"),
        sealed(b""),
        "AAAA",
        "A" * 44,
    ],
)
def test_what_is_signed_but_not_sealed_for_us_is_refused(reader: PushReader, encrypted: str) -> None:
    """wechatpy lets through whatever breaks while it opens such a thing: none of it may become a fault of ours."""
    with pytest.raises(CallbackRefused):
        read(reader, _resigned(encrypted))


@pytest.mark.parametrize(
    "changed", [{"echostr": "<script>"}, {"signature": "0" * 40}, {"timestamp": "1714036505"}, {"nonce": "1"}]
)
def test_a_try_of_our_address_that_is_not_wechats_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(CallbackRefused):
        example_reader(1714036504).read({**EXAMPLE_ECHO, **changed}, b"")


def test_a_mini_program_without_pushes_believes_none(wechat: WeChat) -> None:
    told = sent(event("user_authorization_revoke", OpenID="o-somebody"))

    with pytest.raises(CallbackRefused):
        wechat.read_push(told.query, {}, told.body)


def test_fifty_thousand_changed_callbacks_are_all_refused(reader: PushReader) -> None:
    """One byte of what WeChat sent is another: in the body, or in one word of the query."""
    good = sent(event("user_authorization_revoke", OpenID="o-somebody"))
    chance = random.Random(20260501)  # noqa: S311  # the same changes in every run
    believed = [changed for changed in (_changed(good, chance) for _ in range(50_000)) if _is_believed(reader, changed)]

    assert _is_believed(reader, good)
    assert believed == []


def test_letters_moved_between_the_signed_parts_are_refused(reader: PushReader) -> None:
    """The parts are joined without a sign between them, so the joined text alone does not say where one ends."""
    now = str(int(Clock().now().timestamp()))
    good = sent(event("user_info_modified"), nonce=f"{now}77", at_s=int(now))
    for length in range(1, 20):
        joined = now + f"{now}77"
        moved = good.with_query(timestamp=joined[:length], nonce=joined[length:])

        assert _is_believed(reader, moved) == (moved.query == good.query)


def test_a_push_signed_with_another_token_is_refused(reader: PushReader) -> None:
    good = sent(event("user_info_modified"))
    encrypted = json.loads(good.body)["Encrypt"]
    forged = signature("another-token", good.query["timestamp"], good.query["nonce"], encrypted)

    assert not _is_believed(reader, good.with_query(msg_signature=forged, signature=None))


def _changed(good: Sent, chance: random.Random) -> Sent:
    """The request with one byte of its body, or one letter of its query, made another."""
    place = chance.choice(["body", *good.query])
    if place == "body":
        at = chance.randrange(len(good.body))
        return Sent(good.body[:at] + bytes([good.body[at] ^ chance.randrange(1, 256)]) + good.body[at + 1 :], good.query)
    word = good.query[place]
    at = chance.randrange(len(word))
    letter = chr(chance.randrange(33, 127))
    other = letter if letter != word[at] else "~"
    return good.with_query(**{place: word[:at] + other + word[at + 1 :]})


def _is_believed(reader: PushReader, told: Sent) -> bool:
    try:
        read(reader, told)
    except CallbackRefused:
        return False
    return True

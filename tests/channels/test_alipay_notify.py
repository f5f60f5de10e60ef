"""Notifications of Alipay: both versions are believed, and nothing else is, however little it differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from urllib.parse import parse_qsl

import pytest
from alipay import AliPay

from bff.channels.alipay import Alipay
from bff.channels.base import ChannelEvent, Push, Subject
from bff.errors import CallbackRefused
from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_notices import body, cancelled, sign
from tests.channels.alipay_platform import KeyPair

MUTATIONS = 50_000
Reader = Callable[[bytes], Push]


@pytest.mark.parametrize("version", [1, 2])
def test_either_version_of_a_notification_is_read(read: Reader, alipay_keys: KeyPair, version: int) -> None:
    push = read(body(sign(cancelled(), alipay_keys, version)))

    assert push.id == "2026112200262115922056303136304483"
    assert push.events == (ChannelEvent("authorisation_revoked", Subject("user_id", "2088000000000001")),)
    assert (push.reply, push.content_type.split(";")[0]) == (b"success", "text/plain")


def test_the_sdk_refuses_version_two_which_ours_reads(read: Reader, alipay_keys: KeyPair, app_keys: KeyPair) -> None:
    library = AliPay(
        platform.APP_ID, app_private_key_string=app_keys.private_pem, alipay_public_key_string=alipay_keys.public_pem
    )
    fields = sign(cancelled(), alipay_keys, version=2)
    given = {name: value for name, value in fields.items() if name != "sign"}

    assert not library.verify(given, fields["sign"])
    assert "sign_type" not in given, "the SDK changes what it is given"
    assert read(body(fields)).id == fields["notify_id"]


def test_the_sdk_takes_any_spelling_of_a_signature_and_ours_takes_one(
    read: Reader, alipay_keys: KeyPair, app_keys: KeyPair
) -> None:
    library = AliPay(
        platform.APP_ID, app_private_key_string=app_keys.private_pem, alipay_public_key_string=alipay_keys.public_pem
    )
    fields = sign(cancelled(), alipay_keys, version=1)
    respelt = f"!{fields['sign'][:9]} {fields['sign'][9:]}"

    assert library.verify({name: value for name, value in fields.items() if name != "sign"}, respelt)
    with pytest.raises(CallbackRefused):
        read(body({**fields, "sign": respelt}))


def test_both_ids_of_an_account_lose_their_sessions(read: Reader, alipay_keys: KeyPair) -> None:
    content = json.dumps({"open_id": "0abc", "user_id": "2088", "app_id": platform.APP_ID})
    push = read(body(sign(cancelled({"biz_content": content}), alipay_keys)))

    assert [event.subject for event in push.events] == [Subject("open_id", "0abc"), Subject("user_id", "2088")]


def test_a_notification_of_another_kind_is_taken_and_means_nothing(read: Reader, alipay_keys: KeyPair) -> None:
    push = read(body(sign(cancelled({"msg_method": "alipay.open.mini.version.audit.passed"}), alipay_keys)))

    assert push.events == (ChannelEvent("other", None, {"method": "alipay.open.mini.version.audit.passed"}),)


def test_a_payment_notice_of_version_one_is_read_with_its_odd_characters(read: Reader, alipay_keys: KeyPair) -> None:
    fields = {
        "app_id": platform.APP_ID, "notify_id": "n", "notify_type": "trade_status_sync", "subject": "a&b=c 中文+100%",
        "charset": "utf-8", "version": "1.0", "sign_type": "RSA2",
    }  # fmt: skip

    assert read(body(sign(fields, alipay_keys, version=1))).events[0].data == {"method": "trade_status_sync"}


@pytest.mark.parametrize("charset", ["GBK", "GB2312", "gb18030"])
def test_a_notification_in_a_chinese_charset_is_read_in_it(read: Reader, alipay_keys: KeyPair, charset: str) -> None:
    """The signature covers the bytes that were sent, so a reader who signs characters again must guess."""
    content = json.dumps({"user_id": "2088", "why": "用户取消"}, ensure_ascii=False)
    fields = cancelled({"charset": charset, "biz_content": content})

    assert read(body(sign(fields, alipay_keys, 2, charset), charset)).events[0].subject == Subject("user_id", "2088")


def test_a_notification_that_comes_again_has_the_same_id(read: Reader, alipay_keys: KeyPair) -> None:
    first = cancelled()
    again = {**first, "utc_timestamp": str(int(first["utc_timestamp"]) + 60_000)}

    assert len({read(body(sign(fields, alipay_keys))).id for fields in (first, first, again)}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"app_id": "2021000000000002"}, id="another app"),
        pytest.param({"biz_content": '{"user_id":"2088","app_id":"2021000000000002"}'}, id="another app inside"),
        pytest.param({"notify_id": ""}, id="no id"),
        pytest.param({"notify_id": "../../x"}, id="a strange id"),
        pytest.param({"sign_type": "RSA"}, id="a weaker signature's name"),
        pytest.param({"sign_type": ""}, id="no signature's name"),
        pytest.param({"charset": "utf-7"}, id="a charset of nobody's"),
        pytest.param({"biz_content": "{"}, id="half a content"),
        pytest.param({"biz_content": "[" * 100_000}, id="a content without end"),
        pytest.param({"biz_content": "[]"}, id="a list for a content"),
        pytest.param({"biz_content": "{}"}, id="nobody"),
        pytest.param({"utc_timestamp": "soon"}, id="no moment"),
        pytest.param({"utc_timestamp": "9" * 40}, id="a moment without end"),
    ],
)
def test_what_alipay_signed_for_others_or_badly_is_refused(read: Reader, alipay_keys: KeyPair, changes: dict[str, str]) -> None:
    with pytest.raises(CallbackRefused):
        read(body(sign(cancelled(changes), alipay_keys)))


@pytest.mark.parametrize("days", [-4, 4])
def test_a_notification_of_other_days_is_refused(read: Reader, alipay_keys: KeyPair, days: int) -> None:
    """Whoever remembers the ids need not remember them for ever."""
    at = Clock().now() + timedelta(days=days)

    with pytest.raises(CallbackRefused):
        read(body(sign(cancelled(at=at), alipay_keys)))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"sign", id="a name alone"),
        pytest.param(b"=x", id="a value alone"),
        pytest.param(b"{}", id="JSON"),
        pytest.param(b"%ff=%ff&sign=%ff&sign_type=RSA2", id="bytes of no charset"),
        pytest.param(b"app_id=1&" * 20_000, id="a long one"),
    ],
)
def test_what_is_no_form_is_refused(read: Reader, sent: bytes) -> None:
    with pytest.raises(CallbackRefused):
        read(sent)


def test_bytes_of_another_charset_are_refused(read: Reader, alipay_keys: KeyPair) -> None:
    content = json.dumps({"user_id": "2088", "why": "用户取消"}, ensure_ascii=False)
    fields = cancelled({"charset": "utf-8", "biz_content": content})

    with pytest.raises(CallbackRefused):
        read(body(sign(fields, alipay_keys, 2, "gbk"), "gbk"))


def test_a_field_that_comes_twice_is_refused(read: Reader, alipay_keys: KeyPair) -> None:
    with pytest.raises(CallbackRefused):
        read(body(sign(cancelled(), alipay_keys)) + b"&notify_id=another")


def test_fields_cannot_be_moved_into_one_another(read: Reader, alipay_keys: KeyPair) -> None:
    """The text that is signed is the same, yet the id would be new and the effect would come again."""
    fields = sign(cancelled({"subject": "s", "trade_no": "1"}), alipay_keys)
    names = sorted(name for name in fields if name != "sign")
    for first, second in pairwise(names):
        merged = {name: value for name, value in fields.items() if name != second}
        merged[first] = f"{fields[first]}&{second}={fields[second]}"

        with pytest.raises(CallbackRefused):
            read(body(merged))


def test_somebody_elses_signature_is_refused(read: Reader) -> None:
    with pytest.raises(CallbackRefused):
        read(body(sign(cancelled(), KeyPair.new())))


def test_fifty_thousand_changed_notifications_are_all_refused(read: Reader, alipay_keys: KeyPair) -> None:
    """A changed byte anywhere in the form; what only spells the same fields otherwise is no change."""
    chance = Random(20_261_122)  # noqa: S311 - a seed that repeats is the point
    originals = [body(sign(cancelled(), alipay_keys, version)) for version in (1, 2)]
    meant = [dict(parse_qsl(original.decode(), keep_blank_values=True)) for original in originals]
    refused = 0
    while refused < MUTATIONS:
        which = refused % 2
        changed = _mutated(originals[which], chance)
        if dict(parse_qsl(changed.decode("latin-1"), keep_blank_values=True)) == meant[which]:
            continue
        with pytest.raises(CallbackRefused):
            read(changed)
        refused += 1


def _mutated(original: bytes, chance: Random) -> bytes:
    """One byte is replaced, taken out, put in or doubled, or two fields change places with a part of each other."""
    at = chance.randrange(len(original))
    kind = chance.randrange(5)
    if kind == 0:
        return original[:at] + bytes([chance.randrange(256)]) + original[at + 1 :]
    if kind == 1:
        return original[:at] + original[at + 1 :]
    if kind == 2:
        return original[:at] + bytes([chance.randrange(33, 127)]) + original[at:]
    if kind == 3:
        return original[:at]
    fields = original.split(b"&")
    fields[chance.randrange(len(fields))] += bytes([chance.choice(b"0AZaz9")])
    return b"&".join(fields)


@pytest.fixture
def read(alipay: Alipay) -> Reader:
    """Read a callback's body."""
    return lambda sent: alipay.read_push({}, {}, sent)

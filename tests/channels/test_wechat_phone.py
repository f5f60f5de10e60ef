"""The phone that WeChat vouches for."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bff.channels.base import ChannelUser
from bff.channels.wechat import WeChat
from bff.errors import BffError, ChannelLimited, ChannelMisconfigured, ChannelUnavailable, PhoneCodeInvalid
from groundwork.clock import Clock, write_offset
from tests.channels import wechat_platform as platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import wechat_config
from tests.channels.wechat_platform import WeChatPlatform, phone_info


def test_a_phone_code_gives_eleven_digits(wechat: WeChat, wechat_user: ChannelUser) -> None:
    assert wechat.phone_number(wechat_user, "phone-code") == platform.PHONE


def test_wechat_is_told_whose_code_it_must_be(wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser) -> None:
    """With the openid WeChat refuses a code that somebody else's phone was given."""
    wechat.phone_number(wechat_user, "phone-code")

    (asked,) = wechat_server.asked(platform.PHONE_NUMBER)
    assert asked.json == {"code": "phone-code", "openid": platform.OPEN_ID}


@pytest.mark.parametrize("code", [None, "", 7, {"code": "x"}, ["x"]])
def test_what_is_no_code_is_refused_here(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, code: object
) -> None:
    with pytest.raises(PhoneCodeInvalid):
        wechat.phone_number(wechat_user, code)

    assert wechat_server.seen == []


def test_another_channels_user_gets_no_phone_here(wechat: WeChat, alipay_user: ChannelUser) -> None:
    with pytest.raises(PhoneCodeInvalid):
        wechat.phone_number(alipay_user, "code")


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40029, PhoneCodeInvalid),
        (40163, PhoneCodeInvalid),
        (40003, PhoneCodeInvalid),
        (-1, ChannelUnavailable),
        (45011, ChannelLimited),
        (40013, ChannelMisconfigured),
        (48001, ChannelMisconfigured),
        (40066, ChannelMisconfigured),
        (12345, ChannelUnavailable),
    ],
)
def test_each_refusal_of_a_phone_code_has_its_meaning(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, errcode: int, error: type[BffError]
) -> None:
    wechat_server.says(platform.PHONE_NUMBER, {"errcode": errcode})

    with pytest.raises(BffError) as raised:
        wechat.phone_number(wechat_user, "code")

    assert type(raised.value) is error


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"watermark": {"appid": "wx-another", "timestamp": int(time.time())}}, id="made for another app"),
        pytest.param({"watermark": {"appid": platform.APP_ID, "timestamp": int(time.time()) - 3600}}, id="an hour old"),
        pytest.param({"watermark": {"appid": platform.APP_ID, "timestamp": int(time.time()) + 3600}}, id="from the future"),
        pytest.param({"watermark": {"appid": platform.APP_ID, "timestamp": "now"}}, id="without a time"),
        pytest.param({"watermark": None}, id="without a watermark"),
        pytest.param({"countryCode": "852", "purePhoneNumber": "19900001234"}, id="not of the mainland"),
        pytest.param({"purePhoneNumber": "0539-8211234"}, id="a landline"),
        pytest.param({"purePhoneNumber": "1９９００００１２３４"}, id="full-width digits"),
        pytest.param({"purePhoneNumber": 19900001234}, id="a number instead of digits"),
    ],
)
def test_a_phone_that_is_not_ours_or_not_usable_is_refused(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, changed: dict[str, Any]
) -> None:
    wechat_server.phone_info = phone_info(**changed)

    with pytest.raises(PhoneCodeInvalid):
        wechat.phone_number(wechat_user, "code")


def test_an_answer_without_a_phone_means_try_again(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser
) -> None:
    wechat_server.says(platform.PHONE_NUMBER, {"errcode": 0})

    with pytest.raises(ChannelUnavailable):
        wechat.phone_number(wechat_user, "code")


def test_a_shifted_clock_of_ours_does_not_make_wechat_old(
    wechat_server: WeChatPlatform, wechat_user: ChannelUser, tokens: MemoryTokens, tmp_path: Path
) -> None:
    """A developer may move our clock by years; the platforms live in real time."""
    file = tmp_path / "clock.json"
    write_offset(file, timedelta(days=400))
    wechat = WeChat(wechat_config(wechat_server), Clock(file), tokens)

    assert wechat.phone_number(wechat_user, "code") == platform.PHONE

"""The real-person check in WeChat: bound to openid, name and number; passed only when WeChat says so in full."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bff.channels.base import ChannelUser, CheckResult, NamedPerson
from bff.channels.wechat import WeChat
from bff.channels.wechat_face import cert_hash
from bff.errors import BffError, ChannelLimited, ChannelMisconfigured, ChannelUnavailable, CheckNotPossible, LoginCodeInvalid
from groundwork.clock import Clock, write_offset
from tests.channels import wechat_platform as platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import wechat_config
from tests.channels.wechat_platform import WeChatPlatform


def test_the_digest_is_wechats_own() -> None:
    """The example of WeChat's documents."""
    digest = cert_hash("IDENTITY_CARD", "张三", "310101199801011234")

    assert digest == "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"


def test_a_check_is_begun_for_this_person_and_this_openid(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson
) -> None:
    check = wechat.begin_check(wechat_user, person)

    (asked,) = wechat_server.asked(platform.VERIFY_ID)
    assert asked.json["openid"] == platform.OPEN_ID
    assert asked.json["cert_info"] == {"cert_type": "IDENTITY_CARD", "cert_name": person.name, "cert_no": person.id_number}
    assert re.fullmatch(r"[0-9A-Za-z_-]{5,32}", asked.json["out_seq_no"])
    assert (check.id, check.channel, check.url) == ("verify-1", "wechat", None)
    assert abs(check.expires_at - Clock().now() - timedelta(hours=1)) < timedelta(seconds=5)


def test_what_is_kept_of_a_check_names_nobody(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> None:
    check = wechat.begin_check(wechat_user, person)

    assert set(check.keep) == {"out_seq_no", "cert_hash", "purpose"}
    assert person.name not in repr(check)
    assert person.id_number not in repr(check)


def test_no_two_checks_have_one_number(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> None:
    one, other = wechat.begin_check(wechat_user, person), wechat.begin_check(wechat_user, person)

    assert one.keep["out_seq_no"] != other.keep["out_seq_no"]


def test_the_end_is_asked_for_with_all_that_the_beginning_was_bound_to(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson
) -> None:
    check = wechat.begin_check(wechat_user, person)

    assert wechat.finish_check(wechat_user, check) is CheckResult.PASSED
    (asked,) = wechat_server.asked(platform.VERIFY_INFO)
    assert asked.json == {
        "verify_id": "verify-1",
        "out_seq_no": check.keep["out_seq_no"],
        "cert_hash": cert_hash("IDENTITY_CARD", person.name, person.id_number),
        "openid": platform.OPEN_ID,
    }


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"errcode": 0, "verify_ret": 10000}, CheckResult.PASSED),
        ({"errcode": 0, "verify_ret": 10300}, CheckResult.PENDING),
        ({"errcode": 0, "verify_ret": 10005}, CheckResult.PENDING),
        *(
            ({"errcode": 0, "verify_ret": ret}, CheckResult.NOT_PASSED)
            for ret in (0, 10003, 10004, 10020, 90002, 90007, 90017, 90199)
        ),
        ({"errcode": 84001}, CheckResult.EXPIRED),
        ({"errcode": 84022}, CheckResult.EXPIRED),
    ],
)
def test_each_end_of_a_check_has_its_meaning(
    wechat_server: WeChatPlatform, finish: Callable[[], CheckResult], answer: dict[str, Any], result: CheckResult
) -> None:
    wechat_server.says(platform.VERIFY_INFO, answer)

    assert finish() is result


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(40003, LoginCodeInvalid), (-1, ChannelUnavailable), (45011, ChannelLimited), (48001, ChannelMisconfigured)],
)
def test_a_pass_beside_an_error_code_is_none(
    wechat_server: WeChatPlatform, finish: Callable[[], CheckResult], errcode: int, error: type[BffError]
) -> None:
    """WeChat answers with an error code when openid, name or number are not those of the beginning."""
    wechat_server.says(platform.VERIFY_INFO, {"errcode": errcode, "verify_ret": 10000})

    with pytest.raises(BffError) as raised:
        finish()

    assert type(raised.value) is error


def test_a_check_ends_with_its_time_by_our_own_clock(
    wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson, tokens: MemoryTokens, tmp_path: Path
) -> None:
    wechat = WeChat(wechat_config(wechat_server), Clock(tmp_path / "clock.json"), tokens)
    check = wechat.begin_check(wechat_user, person)
    write_offset(tmp_path / "clock.json", timedelta(hours=1))

    assert wechat.finish_check(wechat_user, check) is CheckResult.EXPIRED
    assert wechat_server.asked(platform.VERIFY_INFO) == []


def test_another_channels_check_is_none_here(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> None:
    check = wechat.begin_check(wechat_user, person)

    assert wechat.finish_check(wechat_user, replace(check, channel="alipay")) is CheckResult.EXPIRED


@pytest.mark.parametrize("ret", [None, "10000", [10000]])
def test_an_end_that_wechat_does_not_document_is_none(
    wechat_server: WeChatPlatform, finish: Callable[[], CheckResult], ret: object
) -> None:
    wechat_server.says(platform.VERIFY_INFO, {"errcode": 0, "verify_ret": ret})

    with pytest.raises(ChannelUnavailable):
        finish()


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"verify_id": ""}, {"verify_id": "v", "expires_in": "long"}])
def test_an_answer_without_a_check_means_try_again(
    wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson, answer: dict[str, Any]
) -> None:
    wechat_server.says(platform.VERIFY_ID, answer)

    with pytest.raises(ChannelUnavailable):
        wechat.begin_check(wechat_user, person)


def test_a_name_reaches_wechat_as_it_is_written(wechat: WeChat, wechat_server: WeChatPlatform, wechat_user: ChannelUser) -> None:
    """Rare characters of names lie outside the basic plane."""
    wechat.begin_check(wechat_user, NamedPerson("𠮷·买买提", "371399198503020019"))

    assert wechat_server.asked(platform.VERIFY_ID)[0].json["cert_info"]["cert_name"] == "𠮷·买买提"


def test_another_channels_user_is_not_checked_here(wechat: WeChat, alipay_user: ChannelUser, person: NamedPerson) -> None:
    """An id of Alipay's in the place of an openid would be a check of nobody."""
    with pytest.raises(ValueError, match="does not know"):
        wechat.begin_check(alipay_user, person)


def test_only_identity_cards_are_checked(wechat: WeChat, wechat_user: ChannelUser) -> None:
    foreigner = NamedPerson("林月华", "H1234567890", cert_type="04")

    assert not wechat.can_check(foreigner)
    with pytest.raises(CheckNotPossible):
        wechat.begin_check(wechat_user, foreigner)


@pytest.fixture
def finish(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> Callable[[], CheckResult]:
    """Ask how a check ended that was begun already."""
    check = wechat.begin_check(wechat_user, person)
    return lambda: wechat.finish_check(wechat_user, check)

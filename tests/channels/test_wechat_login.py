"""Signing in through WeChat: what a login code is worth, and what each refusal means to us."""

from __future__ import annotations

import time

import pytest

from bff.channels.base import Subject
from bff.channels.wechat import WeChat
from bff.errors import BffError, ChannelLimited, ChannelMisconfigured, ChannelUnavailable, LoginBlocked, LoginCodeInvalid
from groundwork.clock import Clock
from tests.channels import wechat_platform as platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import IMPATIENCE_S, wechat_config
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform


def test_a_login_code_tells_who_somebody_is(wechat: WeChat) -> None:
    user = wechat.identify("code-1")

    assert (user.channel, user.app_id) == ("wechat", platform.APP_ID)
    assert user.subjects == (Subject("open_id", platform.OPEN_ID),)
    assert user.subject == platform.OPEN_ID


def test_a_union_id_is_kept_as_one_beside_the_open_id(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(platform.LOGIN, {"openid": "o", "unionid": "u", "session_key": platform.SESSION_KEY})

    assert wechat.identify("code").subjects == (Subject("open_id", "o"), Subject("union_id", "u"))


def test_the_session_key_goes_no_further(wechat: WeChat) -> None:
    assert platform.SESSION_KEY not in repr(wechat.identify("code"))


def test_a_login_needs_no_access_token_and_shows_none(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    """The stock method fetches one first, so that login would fail with the token service and the token be in one more URL."""
    wechat.identify("code")

    assert [request.path for request in wechat_server.seen] == [platform.LOGIN]
    assert set(wechat_server.seen[0].query) == {"appid", "secret", "js_code", "grant_type"}


def test_a_replayed_login_code_is_refused(wechat: WeChat) -> None:
    wechat.identify("code")

    with pytest.raises(LoginCodeInvalid):
        wechat.identify("code")


def test_an_empty_login_code_is_refused_here(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    with pytest.raises(LoginCodeInvalid):
        wechat.identify("")

    assert wechat_server.seen == []


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (-1, ChannelUnavailable),
        (40029, LoginCodeInvalid),
        (40163, LoginCodeInvalid),
        (40226, LoginBlocked),
        (45011, ChannelLimited),
        (45009, ChannelMisconfigured),
        (40013, ChannelMisconfigured),
        (40125, ChannelMisconfigured),
        (41002, ChannelMisconfigured),
        (41004, ChannelMisconfigured),
        (41008, ChannelMisconfigured),
        (40243, ChannelMisconfigured),
        (40164, ChannelMisconfigured),
        (99999, ChannelUnavailable),
    ],
)
def test_each_refusal_of_a_login_has_its_meaning(
    wechat: WeChat, wechat_server: WeChatPlatform, errcode: int, error: type[BffError]
) -> None:
    wechat_server.says(platform.LOGIN, {"errcode": errcode, "errmsg": "rid: 1"})

    with pytest.raises(BffError) as raised:
        wechat.identify("code")

    assert type(raised.value) is error
    assert len(wechat_server.asked(platform.LOGIN)) == 1


def test_a_limit_says_when_to_come_back(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(platform.LOGIN, {"errcode": 45011})

    with pytest.raises(ChannelLimited) as raised:
        wechat.identify("code")

    assert raised.value.retry_after_s == 60


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"<html>busy</html>"), id="a page instead of JSON"),
        pytest.param(Reply(b"[]"), id="a list"),
        pytest.param(Reply(b'"ok"'), id="a word"),
        pytest.param(Reply(b"[" * 100_000), id="brackets without end"),
        pytest.param(Reply(b"\xff\xfe\xfa"), id="not a text"),
        pytest.param(Reply(b'{"errcode":"many"}'), id="a code that is no number"),
        pytest.param(Reply(b'{"errcode":null}'), id="a code that is nothing"),
        pytest.param(Reply(b"{}"), id="nobody"),
        pytest.param(Reply(b'{"openid":7}'), id="an openid that is a number"),
        pytest.param(Reply(b'{"openid":"o"}', status=502), id="a bad gateway"),
        pytest.param(Reply(b'{"openid":"o"}', status=404), id="not found"),
        pytest.param(Reply(b'{"openid":"o"}', status=201), id="a status that WeChat does not use"),
        pytest.param(Reply(drops=True), id="a closed connection"),
        pytest.param(Reply(b'{"openid":"o"}', status=302, headers={"Location": "/elsewhere"}), id="a redirect"),
    ],
)
def test_an_answer_that_is_none_means_try_again(wechat: WeChat, wechat_server: WeChatPlatform, reply: Reply) -> None:
    """And the login code is not sent a second time, since it works once."""
    wechat_server.says(platform.LOGIN, reply)

    with pytest.raises(ChannelUnavailable):
        wechat.identify("code")

    assert len(wechat_server.seen) == 1


def test_a_server_that_hangs_is_given_up(wechat_server: WeChatPlatform, tokens: MemoryTokens) -> None:
    wechat = WeChat(wechat_config(wechat_server, IMPATIENCE_S), Clock(), tokens)
    wechat_server.says(platform.LOGIN, Reply(hangs=True))
    started = time.monotonic()

    with pytest.raises(ChannelUnavailable):
        wechat.identify("code")

    assert time.monotonic() - started < 5


def test_a_control_character_in_a_string_does_no_harm(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(platform.LOGIN, Reply(b'{"openid":"o","note":"a\x01b"}'))

    assert wechat.identify("code").subject == "o"


def test_a_proxy_of_the_machine_is_not_used(wechat: WeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would see every secret; here it would only be a port that nobody listens on."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")

    assert wechat.identify("code").subject == platform.OPEN_ID


def test_a_cookie_of_one_call_is_not_sent_with_the_next(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    """All people share the connections, so a cookie would travel from one person's call to another's."""
    wechat_server.says(platform.LOGIN, Reply(b'{"openid":"o"}', headers={"Set-Cookie": "who=first"}))

    wechat.identify("one")
    wechat.identify("two")

    assert "Cookie" not in wechat_server.seen[1].headers

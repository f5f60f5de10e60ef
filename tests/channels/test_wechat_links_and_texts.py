"""Links into the mini-program, which carry an id and no right, and WeChat's look at what people write."""

from __future__ import annotations

import pytest

from bff.channels.base import LinkKind
from bff.channels.wechat import LONGEST_TEXT, WeChat
from bff.errors import ChannelMisconfigured, ChannelUnavailable
from tests.channels.played_wechat import PlayedWeChat
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform

LINK_ID = "one-use-id-00000001"


@pytest.mark.parametrize(("kind", "start"), [(LinkKind.URL, "https://wxaurl.cn/"), (LinkKind.SCHEME, "weixin://dl/business/?t=")])
def test_a_link_is_made_for_messages_and_for_apps(played: PlayedWeChat, kind: LinkKind, start: str) -> None:
    assert played.wechat.make_link("pages/accept/index", LINK_ID, kind).startswith(start)


def test_a_link_carries_the_id_alone_and_ends_after_thirty_days(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    for path in ("/wxa/generate_urllink", "/wxa/generatescheme"):
        wechat_server.says(path, {"errcode": 0, "url_link": "https://wxaurl.cn/x", "openlink": "weixin://x"})

    wechat.make_link("pages/accept/index", LINK_ID)
    wechat.make_link("pages/accept/index", LINK_ID, LinkKind.SCHEME)

    (url,), (scheme,) = wechat_server.asked("/wxa/generate_urllink"), wechat_server.asked("/wxa/generatescheme")
    page = {"path": "pages/accept/index", "query": f"link={LINK_ID}", "env_version": "release"}
    assert url.json == {**page, "expire_type": 1, "expire_interval": 30}
    assert scheme.json == {"jump_wxa": page, "expire_type": 1, "expire_interval": 30}


@pytest.mark.parametrize("link_id", ["", "short", "id&name=林月华", "371399198503020019?", "a" * 129])
def test_whatever_is_no_id_gets_no_link(wechat: WeChat, wechat_server: WeChatPlatform, link_id: str) -> None:
    with pytest.raises(ValueError, match="an id"):
        wechat.make_link("pages/accept/index", link_id)

    assert wechat_server.seen == []


def test_a_page_that_is_none_is_our_fault(played: PlayedWeChat) -> None:
    with pytest.raises(ChannelMisconfigured):
        played.wechat.make_link("pages/accept?admin=1", LINK_ID)


def test_an_answer_without_a_link_means_try_again(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    wechat_server.says("/wxa/generate_urllink", {"errcode": 0})

    with pytest.raises(ChannelUnavailable):
        wechat.make_link("pages/accept/index", LINK_ID)


@pytest.mark.parametrize(
    ("text", "allowed"), [("这笔钱不是我花的", True), ("", True), (" \n", True), ("一段违规内容", False), ("一段可疑内容", False)]
)
def test_a_text_is_allowed_only_where_wechat_finds_nothing(played: PlayedWeChat, text: str, allowed: bool) -> None:
    assert played.wechat.is_text_allowed(played.user(), text) is allowed


def test_a_long_text_is_looked_at_to_its_end(played: PlayedWeChat) -> None:
    assert not played.wechat.is_text_allowed(played.user(), "好" * LONGEST_TEXT + "违规内容")


def test_the_second_edition_is_asked_with_who_wrote_it(
    played: PlayedWeChat, wechat: WeChat, wechat_server: WeChatPlatform
) -> None:
    wechat_server.says("/wxa/msg_sec_check", {"errcode": 0, "result": {"suggest": "pass"}})

    wechat.is_text_allowed(played.user(), "您好")

    (asked,) = wechat_server.asked("/wxa/msg_sec_check")
    assert asked.json["version"] == 2
    assert asked.json["openid"] == played.user().subject
    assert (asked.json["scene"], asked.json["content"]) == (2, "您好")


@pytest.mark.parametrize("answer", [Reply(b'{"errcode":0}'), Reply(b'{"errcode":0,"result":"pass"}'), Reply(drops=True)])
def test_without_wechats_word_a_text_waits(
    played: PlayedWeChat, wechat: WeChat, wechat_server: WeChatPlatform, answer: Reply
) -> None:
    wechat_server.says("/wxa/msg_sec_check", answer)

    with pytest.raises(ChannelUnavailable):
        wechat.is_text_allowed(played.user(), "您好")

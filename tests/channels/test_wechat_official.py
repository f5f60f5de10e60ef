"""The official account: a channel of its own, with people of its own, which signs in on a web page and needs no camera."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from structlog.testing import capture_logs
from wechatpy.oauth import WeChatOAuth

from bff.channels.base import ChannelUser, NamedPerson, Subject
from bff.channels.upstream import Upstream
from bff.channels.wechat_official import WeChatOfficial
from bff.errors import BffError, ChannelUnavailable, CheckNotPossible, LoginCodeInvalid
from tests.channels.our_apps import IMPATIENCE_S
from tests.channels.played_wechat import OFFICIAL_ID, PlayedWeChat
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform

PATH, CODE, SECRET = "/sns/oauth2/access_token", "canary-web-code", "canary-account-secret"
GOOD = {"access_token": "canary-token", "expires_in": 7200, "refresh_token": "canary-refresh", "openid": "o-page"}


@pytest.fixture
def official(wechat_server: WeChatPlatform) -> WeChatOfficial:
    return WeChatOfficial(OFFICIAL_ID, SECRET, Upstream(wechat_server.address, read_timeout_s=IMPATIENCE_S * 4))


def test_a_web_sign_in_tells_who_somebody_is_in_this_app(played: PlayedWeChat) -> None:
    page = played.official.identify(played.on_phone("codes", channel="wechat_official")["code"])
    phone = played.user()

    assert (page.channel, page.app_id, page.subjects[0].kind) == ("wechat_official", OFFICIAL_ID, "open_id")
    assert page.subject != phone.subject, "an openid is one per app"
    assert page.subjects[1] == phone.subjects[1] == Subject("union_id", page.subjects[1].subject)


def test_a_replayed_or_foreign_code_is_refused(played: PlayedWeChat) -> None:
    code = played.on_phone("codes", channel="wechat_official")["code"]
    played.official.identify(code)

    for bad in (code, played.on_phone("codes", channel="wechat")["code"], ""):
        with pytest.raises(LoginCodeInvalid):
            played.official.identify(bad)


def test_what_needs_a_camera_is_for_the_mini_program(official: WeChatOfficial) -> None:
    person = NamedPerson("林月华", "371399198503020019")

    assert not official.activates
    assert not official.can_check(person)
    with pytest.raises(CheckNotPossible):
        official.begin_activation(ChannelUser(official.name, OFFICIAL_ID, (Subject("open_id", "o-page"),)), person)


def test_somebody_made_up_for_a_picture_of_the_page_is_nobody(official: WeChatOfficial, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(PATH, {**GOOD, "is_snapshotuser": 1})

    with pytest.raises(LoginCodeInvalid):
        official.identify(CODE)


def test_one_persons_tokens_are_not_there_for_the_next(official: WeChatOfficial, wechat_server: WeChatPlatform) -> None:
    """wechatpy keeps them on an object that all requests share."""
    wechat_server.says(PATH, GOOD)
    bare: Any = WeChatOAuth(OFFICIAL_ID, SECRET, "")
    bare.API_BASE_URL = f"{wechat_server.address}/"
    bare.fetch_access_token(CODE)

    official.identify(CODE)

    assert bare.access_token == GOOD["access_token"]
    assert "canary" not in str(vars(official._oauth)).replace(SECRET, "")


def test_wechatpys_web_sign_in_shows_secret_and_code_in_its_errors() -> None:
    bare = WeChatOAuth(OFFICIAL_ID, SECRET, "")
    bare.API_BASE_URL = "http://127.0.0.1:9/"

    with pytest.raises(requests.RequestException) as raised:
        bare.fetch_access_token(CODE)

    assert SECRET in str(raised.value)
    assert CODE in str(raised.value)


def test_wechatpys_web_sign_in_gives_no_deadline(wechat_server: WeChatPlatform) -> None:
    given: list[Any] = []

    class Watching(HTTPAdapter):
        def send(self, *asked: Any, **how: Any) -> requests.Response:
            given.append(how["timeout"])
            return super().send(*asked, **how)

    wechat_server.says(PATH, GOOD)
    bare: Any = WeChatOAuth(OFFICIAL_ID, SECRET, "")
    bare.API_BASE_URL = f"{wechat_server.address}/"
    bare._http.mount("http://", Watching())

    bare.fetch_access_token(CODE)

    assert given == [None]


def test_a_sign_in_that_is_sent_elsewhere_does_not_go_there(official: WeChatOfficial, wechat_server: WeChatPlatform) -> None:
    """A redirect would carry the secret along."""
    wechat_server.says(PATH, Reply(b"{}", status=302, headers={"Location": f"{wechat_server.address}/elsewhere"}))

    with pytest.raises(ChannelUnavailable):
        official.identify(CODE)

    assert wechat_server.asked("/elsewhere") == []


def test_silence_is_borne_as_long_as_we_said(official: WeChatOfficial, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(PATH, Reply(hangs=True))
    began = time.monotonic()

    with pytest.raises(ChannelUnavailable):
        official.identify(CODE)

    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    "mishap",
    [
        pytest.param(Reply(b'{"errcode":40029,"errmsg":"invalid code canary-web-code"}'), id="refused"),
        pytest.param(Reply(b'{"errcode":40029}'), id="refused without a message"),
        pytest.param(Reply(b'{"errcode":"40029","errmsg":""}'), id="a code that is text"),
        pytest.param(Reply(b"<html>canary-web-code</html>"), id="a page"),
        pytest.param(Reply(b"[]"), id="a list"),
        pytest.param(Reply(b"{}"), id="nothing"),
        pytest.param(Reply(b"{}", status=500), id="out of order"),
        pytest.param(Reply(b"{}", status=302, headers={"Location": "http://127.0.0.1:9/canary-web-code"}), id="sent elsewhere"),
        pytest.param(Reply(drops=True), id="hung up"),
    ],
)
def test_no_mishap_tells_secret_code_or_person(
    official: WeChatOfficial, wechat_server: WeChatPlatform, heard: Callable[[], str], mishap: Reply
) -> None:
    wechat_server.says(PATH, mishap)

    with pytest.raises(BffError) as raised:
        official.identify(CODE)

    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value.__context__) + heard()
    assert type(raised.value) in {LoginCodeInvalid, ChannelUnavailable}
    assert not [canary for canary in (SECRET, CODE, "canary") if canary in told.replace(__name__, "")]


@pytest.fixture
def heard() -> Iterator[Callable[[], str]]:
    with capture_logs() as entries:
        yield lambda: str(entries)

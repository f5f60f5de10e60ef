"""More of what wechatpy does by itself, against the same examples as ours: its tokens, its pushes and the calls it lacks.

If one of these fails after an upgrade, the library was mended, and what we wrote around that defect may go.
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import wechatpy
from wechatpy import WeChatClient, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.events import BaseEvent
from wechatpy.exceptions import WeChatException
from wechatpy.messages import UnknownMessage
from wechatpy.session.memorystorage import MemoryStorage

from bff.channel_settings import PushSettings
from bff.channels.base import Message
from bff.channels.upstream import Upstream
from bff.channels.wechat_client import HardenedClient
from bff.channels.wechat_push import PushReader
from bff.errors import CallbackRefused
from groundwork.clock import Clock
from tests.channels import wechat_platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.played_wechat import PlayedWeChat
from tests.channels.test_wechat_messages import PAID
from tests.channels.wechat_platform import TOKENS, WeChatPlatform
from tests.channels.wechat_pushes import AES_KEY, APP_ID, TOKEN, event, sealed, sent

AT_ONCE = 16
FRESH = "fetched by another worker"


def client(server: WeChatPlatform, tokens: MemoryTokens) -> HardenedClient:
    """Ours, in front of the same server."""
    return HardenedClient(wechat_platform.APP_ID, wechat_platform.APP_KEY, Upstream(server.address), tokens)


class Counting(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy whose token service is a counter, for its address cannot be changed."""

    def __init__(self, session: Any) -> None:
        super().__init__("app", "secret", session=session)
        self.fetches, self.guard = 0, threading.Lock()

    def fetch_access_token(self) -> dict[str, Any]:
        with self.guard:
            self.fetches += 1
        time.sleep(0.05)
        self.session.set(self.access_token_key, f"token-{self.fetches}", 7200)
        self.expires_at = int(time.time()) + 7200
        return {"access_token": f"token-{self.fetches}"}


def test_wechatpy_fetches_a_token_for_each_thread_and_we_one_for_all(wechat_server: WeChatPlatform) -> None:
    bare = Counting(MemoryStorage())
    ours = client(wechat_server, MemoryTokens())
    wechat_server.token_takes_s = 0.05

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: bare.access_token, range(AT_ONCE)))
        tokens = set(pool.map(lambda _: ours.access_token, range(AT_ONCE)))

    assert bare.fetches > 1
    assert (len(wechat_server.asked(TOKENS)), len(tokens)) == (1, 1)


def test_wechatpy_trusts_its_own_memory_over_a_token_that_another_worker_fetched(wechat_server: WeChatPlatform) -> None:
    shared, tokens = MemoryStorage(), MemoryTokens()
    bare = Counting(shared)
    bare.expires_at = int(time.time()) + 30
    shared.set(bare.access_token_key, FRESH, 7200)
    tokens.put(f"wechat:{wechat_platform.APP_ID}:access_token", FRESH, 7200)

    assert bare.access_token != FRESH
    assert client(wechat_server, tokens).access_token == FRESH


def test_wechatpy_opens_a_push_of_last_year_and_we_do_not() -> None:
    old = sent(event("user_info_modified"), at_s=1714112445)
    bare = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    opened = bare.decrypt_message(json.loads(old.body), old.query["msg_signature"], old.query["timestamp"], old.query["nonce"])

    assert json.loads(opened)["Event"] == "user_info_modified"
    with pytest.raises(CallbackRefused):
        PushReader(APP_ID, PushSettings(TOKEN, AES_KEY), {}, Clock()).read(old.query, old.body)


def test_wechatpy_cannot_read_a_push_in_json_as_it_comes() -> None:
    good = sent(event("user_info_modified"))

    with pytest.raises(Exception, match="not well-formed"):
        WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
            good.body, good.query["msg_signature"], good.query["timestamp"], good.query["nonce"]
        )


@pytest.mark.parametrize("encrypted", ["AAAA", "A" * 44, sealed(b"\xff\xfe"), sealed(b"x", key="B" * 42 + "A")])
def test_wechatpys_errors_for_a_broken_push_have_nothing_in_common(encrypted: str) -> None:
    """Ours is one refusal: see the tests of pushes, which hold the same examples."""
    told = sent(None, text=encrypted)

    with pytest.raises(Exception) as raised:  # noqa: PT011  # that they have no class in common is what is shown
        WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
            json.loads(told.body), told.query["msg_signature"], told.query["timestamp"], told.query["nonce"]
        )

    assert not isinstance(raised.value, WeChatException)


def test_wechatpy_does_not_know_the_events_that_we_need() -> None:
    for name in ("user_authorization_revoke", "user_info_modified", "subscribe_msg_change_event"):
        push = f"<xml><FromUserName>o</FromUserName><MsgType>event</MsgType><Event>{name}</Event></xml>"

        parsed = parse_message(push)

        assert isinstance(parsed, UnknownMessage) or type(parsed) is BaseEvent


def test_wechatpy_cannot_say_which_edition_a_message_opens_and_we_do(wechat_server: WeChatPlatform, played: PlayedWeChat) -> None:
    bare = WeChatClient("app", "secret", "a-token")
    bare.wxa.API_BASE_URL = f"{wechat_server.address}/"
    path = "/cgi-bin/message/subscribe/send"
    wechat_server.says(path, {"errcode": 0})
    bare.wxa.send_subscribe_message("o", "t", {})

    assert "miniprogram_state" not in wechat_server.asked(path)[0].json
    assert played.wechat.send(played.user(), Message("payment", PAID, "pages/home")).value == "sent"


def test_wechatpy_looks_at_texts_by_the_edition_that_was_switched_off(wechat_server: WeChatPlatform) -> None:
    bare = WeChatClient("app", "secret", "a-token")
    bare.wxa.API_BASE_URL = f"{wechat_server.address}/"
    wechat_server.says("/wxa/msg_sec_check", {"errcode": 0})

    bare.wxa.check_text_security("您好")

    assert wechat_server.asked("/wxa/msg_sec_check")[0].json == {"content": "您好"}


@pytest.mark.parametrize(
    "path", ["getuserphonenumber", "stable_token", "generate_urllink", "generatescheme", "face/identify/getverifyid"]
)
def test_wechatpy_lacks_the_calls_that_we_add(path: str) -> None:
    """Nowhere in what is installed, not only not where one would look first."""
    sources = Path(wechatpy.__file__).parent.rglob("*.py")

    assert not [file.name for file in sources if path in file.read_text(encoding="utf-8")]

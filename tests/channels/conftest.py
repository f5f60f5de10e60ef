"""Both platforms as real servers, and our channels speaking to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from bff.channels.alipay import Alipay
from bff.channels.base import ChannelUser, NamedPerson, Subject
from bff.channels.wechat import WeChat
from groundwork.clock import Clock
from tests.channels import alipay_platform, wechat_platform
from tests.channels.alipay_platform import AlipayPlatform, KeyPair
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import alipay_config, wechat_config
from tests.channels.played_wechat import PlayedWeChat, played_wechat
from tests.channels.wechat_platform import WeChatPlatform


@pytest.fixture
def person() -> NamedPerson:
    """Somebody made up: no county has the digits 99."""
    return NamedPerson("林月华", "371399198503020019")


@pytest.fixture
def wechat_server() -> Iterator[WeChatPlatform]:
    with WeChatPlatform() as platform:
        yield platform


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def wechat(wechat_server: WeChatPlatform, tokens: MemoryTokens) -> WeChat:
    return WeChat(wechat_config(wechat_server), Clock(), tokens)


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedWeChat]:
    """One sandbox for all tests of a file."""
    with played_wechat(tmp_path_factory.mktemp("sandbox")) as played:
        yield played


@pytest.fixture
def played(playing: PlayedWeChat) -> PlayedWeChat:
    """The file's sandbox without yesterday's faults."""
    playing.no_faults()
    return playing


@pytest.fixture
def wechat_user() -> ChannelUser:
    return ChannelUser("wechat", wechat_platform.APP_ID, (Subject("open_id", wechat_platform.OPEN_ID),))


@pytest.fixture(scope="session")
def app_keys() -> KeyPair:
    return KeyPair.new()


@pytest.fixture(scope="session")
def alipay_keys() -> KeyPair:
    return KeyPair.new()


@pytest.fixture
def alipay_server(app_keys: KeyPair, alipay_keys: KeyPair) -> Iterator[AlipayPlatform]:
    with AlipayPlatform(app_keys, alipay_keys) as platform:
        yield platform


@pytest.fixture
def alipay(alipay_server: AlipayPlatform) -> Alipay:
    return Alipay(alipay_config(alipay_server), Clock())


@pytest.fixture
def alipay_user() -> ChannelUser:
    return ChannelUser("alipay", alipay_platform.APP_ID, (Subject("open_id", alipay_platform.OPEN_ID),))


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Move this machine to another time zone until the end of the test."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()

"""WeChat's access token: fetched once for everybody, replaced once when WeChat refuses it, never asked for without end."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bff.channels.base import ChannelUser, Check, NamedPerson, TokenCache
from bff.channels.wechat import WeChat
from bff.channels.wechat_token import SharedToken
from bff.errors import BffError, ChannelLimited, ChannelMisconfigured, ChannelUnavailable
from bff.store.channel_tokens import ChannelTokens
from bff.store.door import RedisDoor
from dev.servers import RunningServer
from groundwork.clock import Clock
from groundwork.sealing import KeyRing
from tests.channels import wechat_platform as platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import IMPATIENCE_S, wechat_config
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform

NAME = f"wechat:{platform.APP_ID}:access_token"


def test_a_token_is_fetched_once_and_then_shared(
    wechat: WeChat, wechat_server: WeChatPlatform, begin: Callable[[], Check]
) -> None:
    begin()
    begin()

    (fetch,) = wechat_server.asked(platform.TOKENS)
    assert fetch.json == {"grant_type": "client_credential", "appid": platform.APP_ID, "secret": platform.APP_KEY}
    assert fetch.query == {}


def test_a_token_is_given_up_five_minutes_before_its_end(tokens: MemoryTokens, begin: Callable[[], Check]) -> None:
    begin()

    assert tokens.lives_s[NAME] == 7200 - 300


@pytest.mark.parametrize("left_s", [300, 310])
def test_a_token_near_its_end_is_still_kept_for_a_while(
    tokens: MemoryTokens, wechat_server: WeChatPlatform, begin: Callable[[], Check], left_s: int
) -> None:
    """WeChat promises at least 300 seconds; keeping such a token for none would mean a fetch for every call."""
    wechat_server.token_life_s = left_s

    begin()

    assert tokens.lives_s[NAME] == 60


def test_sixteen_threads_of_four_copies_fetch_one_token(
    wechat_server: WeChatPlatform, redis_server: RunningServer, wechat_user: ChannelUser, person: NamedPerson
) -> None:
    """Cold, over a real Redis: the stock client fetches sixteen, of which fifteen are dead at once."""
    wechat_server.token_takes_s = 0.2
    copies = [WeChat(wechat_config(wechat_server), Clock(), _redis_tokens(redis_server, "cold")) for _ in range(4)]

    with ThreadPoolExecutor(16) as pool:
        checks = list(pool.map(lambda number: copies[number % 4].begin_check(wechat_user, person), range(16)))

    assert len(checks) == 16
    assert len(wechat_server.asked(platform.TOKENS)) == 1


def test_a_revoked_token_is_replaced_exactly_once(
    wechat_server: WeChatPlatform, redis_server: RunningServer, wechat_user: ChannelUser, person: NamedPerson
) -> None:
    """However many calls were refused with it at the same moment."""
    copies = [WeChat(wechat_config(wechat_server), Clock(), _redis_tokens(redis_server, "revoked")) for _ in range(4)]
    copies[0].begin_check(wechat_user, person)
    wechat_server.good_tokens.clear()
    wechat_server.seen.clear()

    with ThreadPoolExecutor(16) as pool:
        checks = list(pool.map(lambda number: copies[number % 4].begin_check(wechat_user, person), range(16)))

    assert len(checks) == 16
    assert len(wechat_server.asked(platform.TOKENS)) == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_server_that_refuses_every_token_is_asked_twice(
    wechat_server: WeChatPlatform, begin: Callable[[], Check], errcode: int
) -> None:
    """The stock client made 487 calls and fetched 488 tokens of the day's quota before Python stopped it."""
    wechat_server.says(platform.VERIFY_ID, {"errcode": errcode})

    with pytest.raises(ChannelMisconfigured):
        begin()

    assert len(wechat_server.asked(platform.VERIFY_ID)) == 2
    assert len(wechat_server.asked(platform.TOKENS)) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"errcode": 40125}, ChannelMisconfigured),
        ({"errcode": 40001}, ChannelMisconfigured),
        ({"errcode": 45009}, ChannelMisconfigured),
        ({"errcode": 45011}, ChannelLimited),
        ({"errcode": -1}, ChannelUnavailable),
        ({"expires_in": 7200}, ChannelUnavailable),
        ({"access_token": "", "expires_in": 7200}, ChannelUnavailable),
        ({"access_token": "t"}, ChannelUnavailable),
        ({"access_token": "t", "expires_in": "soon"}, ChannelUnavailable),
    ],
)
def test_a_refused_token_fetch_fails_the_call(
    wechat_server: WeChatPlatform,
    tokens: MemoryTokens,
    begin: Callable[[], Check],
    answer: dict[str, object],
    error: type[BffError],
) -> None:
    wechat_server.says(platform.TOKENS, answer)

    with pytest.raises(BffError) as raised:
        begin()

    assert type(raised.value) is error
    assert tokens.kept == {}
    assert len(wechat_server.seen) == 1


def test_a_token_server_that_hangs_is_given_up(
    wechat_server: WeChatPlatform, tokens: MemoryTokens, wechat_user: ChannelUser, person: NamedPerson
) -> None:
    """The stock fetch knows no deadline."""
    wechat = WeChat(wechat_config(wechat_server, IMPATIENCE_S), Clock(), tokens)
    wechat_server.says(platform.TOKENS, Reply(hangs=True))
    started = time.monotonic()

    with pytest.raises(ChannelUnavailable):
        wechat.begin_check(wechat_user, person)

    assert time.monotonic() - started < 5


def test_who_gets_the_lock_late_takes_the_token_that_is_there_by_then() -> None:
    class JustFetched(MemoryTokens):
        """Another copy puts its token there in the moment before we get the lock."""

        def lock(self, name: str, ttl_s: int) -> str | None:
            self.put(name, "theirs", 60)
            return super().lock(name, ttl_s)

    shared = SharedToken("name", JustFetched(), lambda: ("ours", 7200), fetch_limit_s=1)

    assert shared.get() == "theirs"


def test_a_failed_fetch_gives_the_lock_back(wechat_server: WeChatPlatform, begin: Callable[[], Check]) -> None:
    wechat_server.says(platform.TOKENS, {"errcode": -1})
    with pytest.raises(ChannelUnavailable):
        begin()
    wechat_server.says(platform.TOKENS, {"access_token": "t", "expires_in": 7200})
    wechat_server.good_tokens.add("t")

    assert begin().id == "verify-1"


def test_who_waits_for_a_lock_that_never_opens_gives_up(tokens: MemoryTokens) -> None:
    tokens.lock("name", 10)
    shared = SharedToken("name", tokens, lambda: ("t", 7200), fetch_limit_s=-2)
    started = time.monotonic()

    with pytest.raises(ChannelUnavailable):
        shared.get()

    assert 0.5 < time.monotonic() - started < 10


def test_the_stock_ways_to_a_token_lead_to_the_shared_one(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    """wechatpy's own would go to a fixed host, without a deadline, and kill everybody else's token."""
    client = wechat._client

    assert client.fetch_access_token() == {"access_token": client.access_token}
    assert [request.path for request in wechat_server.seen] == [platform.TOKENS]


def test_every_api_of_the_library_speaks_to_the_server_that_was_set(wechat: WeChat, wechat_server: WeChatPlatform) -> None:
    """wechatpy writes the host into each API class once more; one that was forgotten would call the real WeChat."""
    client = wechat._client
    bases = {name: api.API_BASE_URL for name, api in vars(client).items() if hasattr(api, "API_BASE_URL")}

    assert {"wxa", "face"} <= set(bases)
    assert [name for name, base in bases.items() if "api.weixin.qq.com" in base] == []
    assert f"{wechat_server.address}/cgi-bin/" == client.API_BASE_URL


def test_making_a_channel_asks_nobody_anything(wechat_server: WeChatPlatform, tokens: MemoryTokens) -> None:
    WeChat(wechat_config(wechat_server), Clock(), tokens)

    assert wechat_server.seen == []


@pytest.fixture
def begin(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> Callable[[], Check]:
    """A call that needs a token."""
    return lambda: wechat.begin_check(wechat_user, person)


def _redis_tokens(server: RunningServer, name: str) -> TokenCache:
    """Copies of the BFF that share keys share tokens; each test has keys of its own, and so its own tokens."""
    key = name.encode().ljust(32, b"-").hex()
    door = RedisDoor(server.url, timeout_s=2)
    door.do(lambda client: client.delete(f"channel-token:{NAME}"))
    return ChannelTokens(door, KeyRing.parse(f"k1:{key}"))

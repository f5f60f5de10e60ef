"""Whatever goes wrong at a platform, no error and no log of ours carries a secret, an id, a name or a number."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from bff.channel_settings import AlipayMedicalSettings
from bff.channels.alipay import Alipay
from bff.channels.base import Channel, ChannelUser, NamedPerson
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChat, WeChatConfig
from bff.errors import BffError
from groundwork.clock import Clock
from groundwork.logs import ALLOWED_FIELDS
from tests.channels import alipay_platform, wechat_platform
from tests.channels.alipay_platform import AlipayPlatform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import IMPATIENCE_S, alipay_config, wechat_config
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform

Call = Callable[[], object]

CODE = "canary-login-code"
HELPER = NamedPerson("程一舟", "371399198503020011")
TELLING = '{"errcode":40029,"code":"40004","sub_code":"CERTIFY_ID_EXPIRED","name":"林月华","no":"371399198503020019"}'.encode()
CANARIES = (
    CODE,
    *(wechat_platform.APP_KEY, wechat_platform.OPEN_ID, wechat_platform.SESSION_KEY, wechat_platform.PHONE),
    *("canary-channel-code", "canary-card", HELPER.id_number),
    *("canary-access-token", alipay_platform.OPEN_ID, alipay_platform.ACCESS),
    *("林月华", "371399198503020019"),
)

ALIPAY_CALLS = [
    "identify",
    "begin_check",
    "finish_check",
    "begin_activation",
    "finish_activation",
    "kinship_list",
    "is_text_allowed",
]
MISHAPS = [
    pytest.param(Reply(TELLING), id="refused"),
    pytest.param(Reply(TELLING[:-1]), id="cut short"),
    pytest.param(Reply(TELLING, status=500), id="out of order"),
    pytest.param(Reply(TELLING, status=302, headers={"Location": "http://127.0.0.1:9/canary-login-code"}), id="sent elsewhere"),
    pytest.param(Reply(drops=True), id="hung up"),
]


@pytest.mark.parametrize("call", ["identify", "phone_number", "begin_check", "finish_check"])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_wechats_mishaps_tell_nothing(
    wechat_calls: dict[str, Call], wechat_server: WeChatPlatform, overheard: Callable[[], str], mishap: Reply, call: str
) -> None:
    for path in (wechat_platform.LOGIN, wechat_platform.PHONE_NUMBER, wechat_platform.VERIFY_ID, wechat_platform.VERIFY_INFO):
        wechat_server.says(path, mishap)

    with pytest.raises(BffError) as raised:
        wechat_calls[call]()

    assert_tells_nothing(raised.value, overheard())


def test_silence_tells_nothing(
    wechat_server: WeChatPlatform, alipay_server: AlipayPlatform, tokens: MemoryTokens, overheard: Callable[[], str]
) -> None:
    wechat_server.says(wechat_platform.LOGIN, Reply(hangs=True))
    alipay_server.replies(Reply(hangs=True))
    channels: list[Channel] = [
        WeChat(wechat_config(wechat_server, IMPATIENCE_S), Clock(), tokens),
        Alipay(alipay_config(alipay_server, IMPATIENCE_S), Clock()),
    ]

    for channel in channels:
        with pytest.raises(BffError) as raised:
            channel.identify(CODE)

        assert_tells_nothing(raised.value, overheard())


def test_a_token_that_cannot_be_fetched_tells_nothing(
    wechat_calls: dict[str, Call], wechat_server: WeChatPlatform, tokens: MemoryTokens, overheard: Callable[[], str]
) -> None:
    tokens.kept.clear()
    wechat_server.says(wechat_platform.TOKENS, Reply(drops=True))

    with pytest.raises(BffError) as raised:
        wechat_calls["begin_check"]()

    assert_tells_nothing(raised.value, overheard())


@pytest.mark.parametrize("call", ALIPAY_CALLS)
@pytest.mark.parametrize("mishap", MISHAPS[1:])
def test_alipays_mishaps_tell_nothing(
    alipay_calls: dict[str, Call], alipay_server: AlipayPlatform, overheard: Callable[[], str], mishap: Reply, call: str
) -> None:
    alipay_server.replies(mishap)

    with pytest.raises(BffError) as raised:
        alipay_calls[call]()

    assert_tells_nothing(raised.value, overheard())


@pytest.mark.parametrize("call", ALIPAY_CALLS)
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda node, text, _: f'{{"{node}":{text}}}', id="unsigned"),
        pytest.param(lambda node, text, _: alipay_platform.signed(node, text, "bm9ib2R5"), id="signed by somebody else"),
    ],
)
def test_an_answer_that_alipay_did_not_sign_tells_nothing(
    alipay_calls: dict[str, Call],
    alipay_server: AlipayPlatform,
    overheard: Callable[[], str],
    write: alipay_platform.Writer,
    call: str,
) -> None:
    """The SDK puts the whole answer, access token included, into its error."""
    alipay_server.writes(write)

    with pytest.raises(BffError) as raised:
        alipay_calls[call]()

    assert_tells_nothing(raised.value, overheard())


def test_what_goes_well_tells_nothing_either(
    wechat_calls: dict[str, Call], alipay_calls: dict[str, Call], overheard: Callable[[], str]
) -> None:
    for call in ("identify", "phone_number", "begin_check", "finish_check"):
        wechat_calls[call]()
    for asked in ALIPAY_CALLS:
        alipay_calls[asked]()

    assert [canary for canary in CANARIES if canary in overheard()] == []


def test_a_server_that_is_not_there_tells_nothing(tokens: MemoryTokens, overheard: Callable[[], str]) -> None:
    """The connection is refused, and requests would put the URL with secret and code into its error."""
    nowhere = WeChatConfig(wechat_platform.APP_ID, wechat_platform.APP_KEY, Upstream("http://127.0.0.1:9"))

    with pytest.raises(BffError) as raised:
        WeChat(nowhere, Clock(), tokens).identify(CODE)

    assert_tells_nothing(raised.value, overheard())


def test_a_configuration_does_not_print_its_secrets(wechat_server: WeChatPlatform, alipay_server: AlipayPlatform) -> None:
    alipay = alipay_config(alipay_server)

    assert wechat_platform.APP_KEY not in repr(wechat_config(wechat_server))
    assert alipay.aes_key not in repr(alipay)
    assert "PRIVATE" not in repr(alipay)


def assert_tells_nothing(error: BaseException, log: str) -> None:
    """Neither the error as anybody might print it, nor the log."""
    assert error.__cause__ is None
    assert error.__context__ is None
    told = "\n".join([repr(error), str(error), repr(vars(error)), *traceback.format_exception(error), log])
    spellings = {form for canary in CANARIES for form in (canary, quote(canary), base64.b64encode(canary.encode()).decode())}
    assert [form for form in spellings if form in told] == []


@pytest.fixture
def overheard(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything that anybody logs, libraries at their most talkative included, as one text."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as ours:
        yield lambda: "\n".join([*map(repr, ours), caplog.text])
    assert {field for line in ours for field in line} - {"log_level"} <= ALLOWED_FIELDS


@pytest.fixture
def wechat_calls(wechat: WeChat, wechat_user: ChannelUser, person: NamedPerson) -> dict[str, Call]:
    check = wechat.begin_check(wechat_user, person)
    return {
        "identify": lambda: wechat.identify(CODE),
        "phone_number": lambda: wechat.phone_number(wechat_user, CODE),
        "begin_check": lambda: wechat.begin_check(wechat_user, person),
        "finish_check": lambda: wechat.finish_check(wechat_user, check),
    }


@pytest.fixture
def alipay_calls(alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson) -> dict[str, Call]:
    contract = AlipayMedicalSettings("org", "app", "canary-channel-code", "371300", "https://example.org/back")
    alipay = Alipay(replace(alipay_config(alipay_server), medical=contract), Clock())
    alipay_server.says("alipay.commerce.medical.authinfo.auth.query", {"code": "10000", "data": {"auth_stas": "1"}})
    alipay_server.says("alipay.commerce.medical.card.auth.query", {"code": "10000", "medical_card_id": "canary-card"})
    alipay_server.says("alipay.commerce.medical.fm.bindlist.query", {"code": "10000", "bind_list": []})
    alipay_server.says("alipay.security.risk.content.detect", {"code": "10000", "action": "PASSED"})
    check = alipay.begin_activation(alipay_user, person)
    return {
        "identify": lambda: alipay.identify(CODE),
        "begin_check": lambda: alipay.begin_check(alipay_user, person),
        "finish_check": lambda: alipay.finish_check(alipay_user, check),
        "begin_activation": lambda: alipay.begin_activation(alipay_user, person, HELPER),
        "finish_activation": lambda: alipay.finish_activation(alipay_user, check),
        "kinship_list": lambda: alipay.kinship_list(alipay_user),
        "is_text_allowed": lambda: alipay.is_text_allowed(alipay_user, person.name),
    }

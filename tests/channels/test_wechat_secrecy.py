"""Whatever goes wrong while WeChat carries a message, a link, a text or an activation, nothing personal or secret is told."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bff.channel_settings import MedicalSettings, PushSettings
from bff.channels.base import ChannelUser, Message, NamedPerson
from bff.channels.wechat import WeChat
from bff.channels.wechat_push import PushReader
from bff.errors import BffError, CallbackRefused
from groundwork.clock import Clock
from groundwork.logs import ALLOWED_FIELDS
from tests.channels import wechat_platform
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import wechat_config
from tests.channels.played_wechat import TEMPLATES
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform
from tests.channels.wechat_pushes import AES_KEY, APP_ID, TOKEN, event, sent

SECRET, BROUGHT, WRITTEN, LINK_ID = "canary-partner-secret", "canary-auth-code", "canary-what-i-wrote", "canary-link-id-0001"
CANARIES = ("canary", wechat_platform.OPEN_ID, wechat_platform.APP_KEY, "林月华", "371399198503020019", "百姓药店")
TELLING = '{"errcode":40097,"code":7,"errmsg":"canary 林月华 371399198503020019","user_name":"林月华"}'.encode()
MISHAPS = [
    pytest.param(Reply(TELLING), id="refused"),
    pytest.param(Reply(TELLING[:-1]), id="cut short"),
    pytest.param(Reply(TELLING, status=500), id="out of order"),
    pytest.param(Reply(TELLING, status=302, headers={"Location": "http://127.0.0.1:9/canary"}), id="sent elsewhere"),
    pytest.param(Reply(drops=True), id="hung up"),
]
SPOILED = (
    "/cgi-bin/message/subscribe/send",
    "/wxa/generate_urllink",
    "/wxa/msg_sec_check",
    "/medical/mipuserquery/userQuery/20007806",
    "/medical/mipuserquery/familyQuery/20007806",
)


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("call", ["send", "make_link", "is_text_allowed", "finish_activation", "kinship_list"])
def test_no_mishap_tells_whom_it_concerned(
    wechat_server: WeChatPlatform, calls: dict[str, Callable[[], object]], heard: Callable[[], str], mishap: Reply, call: str
) -> None:
    for path in SPOILED:
        wechat_server.says(path, mishap)

    told = outcome(calls[call])

    assert [canary for canary in CANARIES if canary in told + heard()] == []


def test_what_goes_well_is_not_told_either(
    wechat_server: WeChatPlatform, calls: dict[str, Callable[[], object]], heard: Callable[[], str]
) -> None:
    person = {"user_name": "林月华", "user_card_no": "371399198503020019", "pay_auth_no": "canary-pay"}
    wechat_server.says(SPOILED[1], {"url_link": "https://wxaurl.cn/x"})
    wechat_server.says(SPOILED[2], {"result": {"suggest": "pass"}})
    wechat_server.says(SPOILED[3], {"code": 0, **person})
    wechat_server.says(SPOILED[4], {"code": 0, "family_list": [{**person, "relation": "child"}]})

    told = [repr(call()) for call in calls.values()]

    assert [canary for canary in CANARIES if canary in "".join(told) + heard()] == []


def test_a_refused_push_tells_nothing_of_what_it_said(heard: Callable[[], str]) -> None:
    reader = PushReader(APP_ID, PushSettings(TOKEN, AES_KEY), {}, Clock())
    forged = sent(event("user_info_modified", OpenID="canary")).with_query(msg_signature="0" * 40)

    with pytest.raises(CallbackRefused) as raised:
        reader.read(forged.query, forged.body)

    told = "".join(traceback.format_exception(raised.value)) + heard()
    assert [canary for canary in ("canary", TOKEN, AES_KEY) if canary in told] == []


def outcome(call: Callable[[], object]) -> str:
    """What a call told, or its error with all that hangs on it."""
    try:
        return repr(call())
    except BffError as error:
        hung_on = (error.__cause__, error.__context__)
        return "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(hung_on)


@pytest.fixture
def calls(wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson) -> dict[str, Callable[[], object]]:
    contract = MedicalSettings(f"{wechat_server.address}/medical", "20007806", SECRET, "wxmedical", "auth/index")
    config = replace(wechat_config(wechat_server), templates=TEMPLATES, medical=contract)
    channel = WeChat(config, Clock(), MemoryTokens())
    check = channel.begin_activation(wechat_user, person)
    message = Message("payment", {"amount": "12.34元", "place": "百姓药店", "at": "09:30"}, "pages/home")
    assert SECRET not in repr(config)
    return {
        "send": lambda: channel.send(wechat_user, message),
        "make_link": lambda: channel.make_link("pages/home", LINK_ID),
        "is_text_allowed": lambda: channel.is_text_allowed(wechat_user, WRITTEN),
        "finish_activation": lambda: channel.finish_activation(wechat_user, check, BROUGHT),
        "kinship_list": lambda: channel.kinship_list(wechat_user),
    }


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything that anybody logs, libraries at their most talkative included, as one text."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as ours:
        yield lambda: "\n".join([*map(repr, ours), caplog.text])
    assert {field for line in ours for field in line} - {"log_level"} <= ALLOWED_FIELDS

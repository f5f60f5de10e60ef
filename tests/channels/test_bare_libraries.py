"""Why the libraries are not used as they come: what each does by itself, against the same servers as ours.

If one of these fails after an upgrade, the library was mended, and what we wrote around that defect may go.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.channels import alipay_platform, wechat_platform
from tests.channels.alipay_platform import AlipayPlatform
from tests.channels.scripted_server import Reply
from tests.channels.wechat_platform import WeChatPlatform

ID_NUMBER = "371399198503020019"
METHOD = alipay_platform.QUERY
# An access token that wechatpy was handed, so that it need not fetch one from the real WeChat.
GIVEN = "a-token"


def test_wechatpy_sends_an_access_token_with_a_login(bare_wechat: WeChatClient, wechat_server: WeChatPlatform) -> None:
    bare_wechat.wxa.code_to_session("code")

    assert wechat_server.seen[0].query["access_token"] == GIVEN


def test_wechatpys_network_errors_carry_secret_and_code(bare_wechat: WeChatClient) -> None:
    bare_wechat.wxa.API_BASE_URL = "http://127.0.0.1:9/"

    with pytest.raises(requests.RequestException) as raised:
        bare_wechat.wxa.code_to_session("the-code")

    assert wechat_platform.APP_KEY in str(raised.value)
    assert "the-code" in str(raised.value)


def test_wechatpy_hands_a_page_on_as_an_answer(bare_wechat: WeChatClient, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(wechat_platform.LOGIN, Reply(b"<html>busy</html>"))

    assert isinstance(bare_wechat.wxa.code_to_session("code"), requests.Response)


def test_wechatpy_says_no_code_for_a_server_out_of_order(bare_wechat: WeChatClient, wechat_server: WeChatPlatform) -> None:
    wechat_server.says(wechat_platform.LOGIN, Reply(b"{}", status=500))

    with pytest.raises(WeChatClientException) as raised:
        bare_wechat.wxa.code_to_session("code")

    assert raised.value.errcode is None
    assert wechat_platform.APP_KEY in raised.value.request.url


def test_wechatpy_refreshes_a_token_without_end(wechat_server: WeChatPlatform) -> None:
    class Impatient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
        fetches = 0

        def fetch_access_token(self) -> None:
            self.fetches += 1
            if self.fetches > 50:
                raise StopIteration

    client = Impatient("app", "secret", GIVEN)
    client.wxa.API_BASE_URL = f"{wechat_server.address}/"

    with pytest.raises(StopIteration):
        client.wxa.send_subscribe_message("somebody", "template", {})

    assert len(wechat_server.seen) > 50


def test_wechatpy_waits_for_ever(bare_wechat: WeChatClient) -> None:
    assert bare_wechat.timeout is None


def test_the_alipay_sdk_puts_everything_into_the_address(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    bare_alipay.server_api(METHOD, {"cert_no": ID_NUMBER})

    assert alipay_server.seen[0].method == "GET"
    assert ID_NUMBER in alipay_server.seen[0].line


def test_the_alipay_sdk_opens_a_connection_for_each_call(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    for _ in range(3):
        bare_alipay.server_api(METHOD)

    assert alipay_server.connections == 3


@pytest.mark.parametrize("text", ['{"code":"10000","note":"张{三"}', '"c2VhbGVk"'])
def test_the_alipay_sdk_calls_a_good_answer_forged(bare_alipay: AliPay, alipay_server: AlipayPlatform, text: str) -> None:
    alipay_server.says(METHOD, text)

    with pytest.raises(AliPayValidationError):
        bare_alipay.server_api(METHOD)


def test_the_alipay_sdk_does_not_know_the_rule_of_slashes(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    alipay_server.says(METHOD, '{"code":"10000","url":"https://a/b"}')
    alipay_server.writes(lambda node, text, sign: alipay_platform.signed(node, text.replace("/", "\\/"), sign))

    with pytest.raises(AliPayValidationError):
        bare_alipay.server_api(METHOD)


def test_the_alipay_sdk_repeats_an_unsigned_answer_in_its_error(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    alipay_server.writes(lambda node, text, _: f'{{"{node}":{text}}}')

    with pytest.raises(AliPayException) as raised:
        bare_alipay.server_api(alipay_platform.LOGIN, grant_type="authorization_code", code="code")

    assert alipay_platform.ACCESS in str(raised.value)


def test_the_alipay_sdk_believes_an_error_that_nobody_signed(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    alipay_server.refuses(METHOD, "40002", "isv.code-invalid", node="error_response")
    alipay_server.writes(lambda node, text, _: alipay_platform.signed(node, text, "bm9ib2R5"))

    with pytest.raises(AliPayException, match="code-invalid"):
        bare_alipay.server_api(METHOD)


def test_the_alipay_sdk_returns_a_refusal_as_if_it_were_an_answer(bare_alipay: AliPay, alipay_server: AlipayPlatform) -> None:
    alipay_server.refuses(METHOD, "40004", "CERTIFY_ID_EXPIRED")

    assert bare_alipay.server_api(METHOD)["sub_code"] == "CERTIFY_ID_EXPIRED"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(b"<html></html>"), json.JSONDecodeError),
        (Reply(b"{}", status=500), OSError),
        (Reply(hangs=True), TimeoutError),
        (Reply(b'{"other":1}'), AttributeError),
    ],
)
def test_the_alipay_sdks_errors_have_nothing_in_common(
    bare_alipay: AliPay, alipay_server: AlipayPlatform, reply: Reply, error: type[Exception]
) -> None:
    alipay_server.replies(reply)

    with pytest.raises(error):
        bare_alipay.server_api(METHOD)


def test_the_alipay_sdk_writes_the_machines_own_time(bare_alipay: AliPay, in_zone: Callable[[str], None]) -> None:
    in_zone("America/Los_Angeles")

    written = bare_alipay.build_body(METHOD)["timestamp"]

    assert written[:13] == time.strftime("%Y-%m-%d %H")


def test_the_alipay_sdk_refuses_a_key_as_the_console_shows_it(alipay_server: AlipayPlatform) -> None:
    bare = "".join(alipay_server.app.private_pem.strip().splitlines()[1:-1])

    with pytest.raises(ValueError, match="RSA key format"):
        AliPay("app", app_private_key_string=bare, alipay_public_key_string=alipay_server.alipay.public_pem)


def test_the_alipay_sdk_attaches_a_handler_when_it_is_imported() -> None:
    code = "import logging, alipay; print(len(logging.getLogger('python-alipay-sdk').handlers))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "1"


@pytest.fixture
def bare_wechat(wechat_server: WeChatPlatform) -> WeChatClient:
    """wechatpy as it comes, but for its address."""
    client = WeChatClient(wechat_platform.APP_ID, wechat_platform.APP_KEY, GIVEN)
    client.wxa.API_BASE_URL = f"{wechat_server.address}/"
    return client


@pytest.fixture
def bare_alipay(alipay_server: AlipayPlatform) -> Any:
    """The SDK as it comes, but for its address and a short patience."""
    keys = {"app_private_key_string": alipay_server.app.private_pem, "alipay_public_key_string": alipay_server.alipay.public_pem}
    client = AliPay(alipay_platform.APP_ID, **keys, config=AliPayConfig(timeout=0.5))
    client._gateway = f"{alipay_server.address}/gateway.do"
    return client

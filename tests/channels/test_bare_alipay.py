"""More of what python-alipay-sdk does by itself, each beside what ours does instead.

If the first half of one of these fails after an upgrade, the SDK was mended, and what we wrote around that defect may go.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import replace
from typing import Any

import pytest
from alipay import AliPay, DCAliPay
from alipay.exceptions import AliPayException

from bff.channels.alipay_gateway import AlipayGateway, AlipayRefusal
from bff.channels.upstream import Upstream
from bff.errors import ChannelSignatureBad, ChannelUnavailable
from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform, KeyPair
from tests.channels.certified import Certified
from tests.channels.our_apps import IMPATIENCE_S, alipay_config
from tests.channels.scripted_server import Reply

ID_NUMBER = "371399198503020019"
METHOD = platform.QUERY


def test_a_list_among_the_parameters_breaks_the_sdk_and_travels_in_ours(
    bare: AliPay, ours: AlipayGateway, alipay_server: AlipayPlatform
) -> None:
    with pytest.raises(TypeError):
        bare.server_api(METHOD, scopes=["auth_base"])
    ours.ask(METHOD, {"scopes": ["auth_base"], "count": 1, "inner": {"a": None}})

    assert alipay_server.seen[-1].form["biz_content"] == '{"scopes":["auth_base"],"count":1,"inner":{"a":null}}'


def test_the_sdks_refusal_has_no_code_to_ask_for_and_ours_has_both(
    bare: AliPay, ours: AlipayGateway, alipay_server: AlipayPlatform
) -> None:
    alipay_server.refuses(METHOD, "40002", "isv.code-invalid", node="error_response")

    with pytest.raises(AliPayException) as theirs:
        bare.server_api(METHOD)
    with pytest.raises(AlipayRefusal) as told:
        ours.ask(METHOD)
    assert not hasattr(theirs.value, "code")
    assert (told.value.code, told.value.sub_code) == ("40002", "isv.code-invalid")


def test_the_sdk_sends_an_empty_content_and_no_format_and_ours_the_other_way(
    bare: AliPay, ours: AlipayGateway, alipay_server: AlipayPlatform
) -> None:
    bare.server_api(METHOD)
    ours.ask(METHOD)

    theirs, told = alipay_server.seen
    assert (theirs.query["biz_content"], "format" in theirs.query) == ("{}", False)
    assert ("biz_content" in told.form, told.query["format"]) == (False, "JSON")


def test_the_sdk_changes_what_it_is_given_and_ours_does_not(bare: AliPay, ours: AlipayGateway) -> None:
    given: dict[str, Any] = {"sign_type": "RSA2", "inner": {"a": 1}}
    bare.verify(given, "AAAA")
    content = {"inner": {"a": 1}, "names": ["b"]}
    ours.ask(METHOD, content)

    assert given == {"inner": '{"a":1}'}
    assert content == {"inner": {"a": 1}, "names": ["b"]}


def test_a_talkative_sdk_logs_an_id_number_and_ours_is_never_talkative(
    ours: AlipayGateway, alipay_server: AlipayPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keys = {"app_private_key_string": alipay_server.app.private_pem, "alipay_public_key_string": alipay_server.alipay.public_pem}
    AliPay(platform.APP_ID, **keys, verbose=True).client_api(METHOD, {"cert_no": ID_NUMBER})
    assert ID_NUMBER in caplog.text
    caplog.clear()

    ours.ask(METHOD, {"cert_no": ID_NUMBER})
    ours.page_url(METHOD, {"cert_no": ID_NUMBER})

    assert ID_NUMBER not in caplog.text


def test_the_sdks_gateway_cannot_be_chosen_and_ours_is_a_setting(alipay_server: AlipayPlatform) -> None:
    keys = {"app_private_key_string": alipay_server.app.private_pem, "alipay_public_key_string": alipay_server.alipay.public_pem}

    with pytest.raises(TypeError, match="gateway"):
        AliPay(platform.APP_ID, **keys, gateway=alipay_server.address)
    assert alipay_config(alipay_server).upstream.address.startswith(alipay_server.address)


def test_the_sdks_certificate_mode_takes_no_patience_and_ours_does(
    certified: Certified, alipay_server: AlipayPlatform, app_keys: KeyPair
) -> None:
    files = certified.files()
    keys = (platform.APP_ID, app_keys.private_pem, files.app, files.alipay, files.roots)
    with pytest.raises(TypeError, match="config"):
        DCAliPay(*keys, config=None)
    assert DCAliPay(*keys)._config.timeout == 15
    alipay_server.replies(Reply(hangs=True))

    with pytest.raises(ChannelUnavailable):
        in_certificate_mode(certified, alipay_server, app_keys, IMPATIENCE_S).ask(METHOD)


def test_the_sdk_compares_no_certificate_and_ours_does(
    certified: Certified, alipay_server: AlipayPlatform, app_keys: KeyPair
) -> None:
    files = certified.files(roots=f"{certified.root}\n{certified.other_root}")
    bare = DCAliPay(platform.APP_ID, app_keys.private_pem, files.app, files.alipay, files.roots)
    bare._gateway = f"{alipay_server.address}/gateway.do"
    alipay_server.writes(lambda node, text, sign: f'{{"{node}":{text},"alipay_cert_sn":"another","sign":"{sign}"}}')

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert bare.server_api(METHOD)["passed"] == "T"
    with pytest.raises(ChannelSignatureBad):
        in_certificate_mode(certified, alipay_server, app_keys).ask(METHOD)


def in_certificate_mode(certified: Certified, server: AlipayPlatform, app_keys: KeyPair, patience_s: float = 10) -> AlipayGateway:
    upstream = Upstream(f"{server.address}/gateway.do", read_timeout_s=patience_s)
    config = replace(alipay_config(server), app_private_key=app_keys.private_pem, certificates=certified.files())
    return AlipayGateway(config.load_keys(), upstream, Clock())


@pytest.fixture(scope="module")
def certified(app_keys: KeyPair, alipay_keys: KeyPair) -> Certified:
    return Certified.new(app_keys, alipay_keys)


@pytest.fixture
def ours(alipay_server: AlipayPlatform) -> AlipayGateway:
    config = alipay_config(alipay_server)
    return AlipayGateway(config.load_keys(), config.upstream, Clock())


@pytest.fixture
def bare(alipay_server: AlipayPlatform) -> Any:
    """The SDK as it comes, but for its address."""
    keys = {"app_private_key_string": alipay_server.app.private_pem, "alipay_public_key_string": alipay_server.alipay.public_pem}
    client = AliPay(platform.APP_ID, **keys)
    client._gateway = f"{alipay_server.address}/gateway.do"
    return client

"""What we send to Alipay's gateway, and that nothing is believed which Alipay did not sign."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

import pytest

from bff.channels.alipay_gateway import AlipayGateway, AlipayRefusal
from bff.channels.alipay_keys import AlipayKeys
from bff.channels.upstream import Upstream
from bff.errors import ChannelSignatureBad, ChannelUnavailable
from groundwork.clock import CHINA, Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform, KeyPair
from tests.channels.our_apps import IMPATIENCE_S, PATIENCE_S, alipay_config
from tests.channels.scripted_server import Reply

ID_NUMBER = "371399198503020019"
METHOD = platform.QUERY
NODE = "alipay_user_certify_open_query_response"


def test_what_belongs_to_a_person_travels_in_the_body(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    """The SDK sends everything in the address, where every proxy's log keeps it."""
    gateway.ask(METHOD, {"cert_no": ID_NUMBER, "cert_name": "林月华"}, code="login-code")

    (asked,) = alipay_server.seen
    assert asked.method == "POST"
    assert "biz_content" not in asked.query
    assert ID_NUMBER not in asked.line
    assert "login-code" not in asked.line
    assert json.loads(asked.form["biz_content"]) == {"cert_no": ID_NUMBER, "cert_name": "林月华"}
    assert asked.form["code"] == "login-code"


def test_a_request_says_who_asks_what_and_how(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    gateway.ask(METHOD)

    asked = alipay_server.seen[0].query
    assert {name: asked[name] for name in ("app_id", "method", "format", "charset", "sign_type", "version")} == {
        "app_id": platform.APP_ID, "method": METHOD, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2", "version": "1.0",
    }  # fmt: skip
    assert alipay_server.seen[0].form == {}


def test_the_time_of_a_request_is_chinas(
    gateway: AlipayGateway, alipay_server: AlipayPlatform, in_zone: Callable[[str], None]
) -> None:
    """The SDK writes the machine's own time, and Alipay refuses a request from another hour."""
    in_zone("America/Los_Angeles")

    gateway.ask(METHOD)

    written = datetime.strptime(alipay_server.seen[0].query["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    assert abs(written - Clock().now()) < timedelta(seconds=5)


def test_connections_are_used_again(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    """The SDK opens one for each call."""
    for _ in range(5):
        gateway.ask(METHOD)

    assert alipay_server.connections == 1


def test_threads_share_a_gateway(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: gateway.ask(METHOD)["passed"], range(100)))

    assert answers == ["T"] * 100
    assert alipay_server.connections <= 16


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"code":"10000","note":"张{三}}"}', id="braces in a string"),
        pytest.param('{ "code" : "10000" }', id="spaces"),
        pytest.param('{"code":10000}', id="a code that is a number"),
        pytest.param('{"access_token":"t"}', id="no code at all"),
    ],
)
def test_a_good_answer_is_read_however_it_is_written(gateway: AlipayGateway, alipay_server: AlipayPlatform, text: str) -> None:
    """The SDK counts braces without regard to strings, and calls such an answer forged."""
    alipay_server.says(METHOD, text)

    assert gateway.ask(METHOD) == json.loads(text)


def test_a_certificate_number_in_between_does_no_harm(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    alipay_server.writes(lambda node, text, sign: f'{{"sign":"{sign}","alipay_cert_sn":"a5b5","{node}":{text}}}')

    assert gateway.ask(METHOD)["passed"] == "T"


def test_slashes_may_be_escaped_after_signing(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    """Alipay's own rule, which the SDK does not know."""
    alipay_server.says(METHOD, '{"code":"10000","url":"https://a/b"}')
    alipay_server.writes(lambda node, text, sign: platform.signed(node, text.replace("/", "\\/"), sign))

    assert gateway.ask(METHOD)["url"] == "https://a/b"


def test_slashes_may_be_escaped_before_signing(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    alipay_server.says(METHOD, '{"code":"10000","url":"https:\\/\\/a\\/b"}')

    assert gateway.ask(METHOD)["url"] == "https://a/b"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            lambda node, text, sign: platform.signed(node, text.replace('"T"', '"F"'), sign), id="changed after signing"
        ),
        pytest.param(lambda node, text, _: platform.signed(node, text, "bm9ib2R5"), id="somebody else's signature"),
        pytest.param(lambda node, text, _: platform.signed(node, text, ""), id="an empty signature"),
        pytest.param(lambda node, text, _: platform.signed(node, text, "YWJ"), id="a signature that is cut short"),
        pytest.param(lambda node, text, _: platform.signed(node, text, "é"), id="a signature that is not base64"),
        pytest.param(lambda node, text, _: f'{{"{node}":{text},"sign":null}}', id="a signature that is nothing"),
        pytest.param(lambda node, text, _: f'{{"{node}":{text}}}', id="no signature"),
        pytest.param(lambda node, text, sign: f'{{"{node}":{text},"sign":["{sign}"]}}', id="a list of signatures"),
    ],
)
def test_a_yes_that_alipay_did_not_sign_is_refused(
    gateway: AlipayGateway, alipay_server: AlipayPlatform, spoil: platform.Writer
) -> None:
    alipay_server.writes(spoil)

    with pytest.raises(ChannelSignatureBad) as raised:
        gateway.ask(METHOD)

    assert "passed" not in repr(raised.value)


def test_an_unsigned_yes_without_a_code_is_refused(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    """A good login answer has no code; without its signature it would be anybody's word."""
    alipay_server.says(platform.LOGIN, {"access_token": "t", "open_id": "somebody-else"})
    alipay_server.writes(lambda node, text, _: f'{{"{node}":{text}}}')

    with pytest.raises(ChannelSignatureBad):
        gateway.ask(platform.LOGIN)


@pytest.mark.parametrize("node", [NODE, "error_response"])
def test_a_refusal_is_told_by_its_codes(gateway: AlipayGateway, alipay_server: AlipayPlatform, node: str) -> None:
    alipay_server.refuses(METHOD, "40004", "CERTIFY_ID_EXPIRED", node)

    with pytest.raises(AlipayRefusal) as raised:
        gateway.ask(METHOD)

    assert (raised.value.code, raised.value.sub_code) == ("40004", "CERTIFY_ID_EXPIRED")


@pytest.mark.parametrize("node", [NODE, "error_response"])
def test_a_refusal_with_a_bad_signature_is_none(gateway: AlipayGateway, alipay_server: AlipayPlatform, node: str) -> None:
    """The SDK believes an error_response before it looks at the signature."""
    alipay_server.refuses(METHOD, "40004", "CERTIFY_ID_EXPIRED", node)
    alipay_server.writes(lambda name, text, sign: platform.signed(name, text.replace("EXPIRED", "CHANGED"), sign))

    with pytest.raises(ChannelSignatureBad):
        gateway.ask(METHOD)


@pytest.mark.parametrize("node", [NODE, "error_response"])
def test_an_unsigned_refusal_is_believed(gateway: AlipayGateway, alipay_server: AlipayPlatform, node: str) -> None:
    """Alipay leaves some unsigned, and nothing can be won by a false "no"."""
    alipay_server.refuses(METHOD, "40002", "isv.code-invalid", node)
    alipay_server.writes(lambda name, text, _: f'{{"{name}":{text}}}')

    with pytest.raises(AlipayRefusal):
        gateway.ask(METHOD)


def test_an_error_is_a_refusal_even_if_it_says_success(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    alipay_server.says(METHOD, {"code": "10000", "passed": "T"}, node="error_response")

    with pytest.raises(AlipayRefusal):
        gateway.ask(METHOD)


def test_a_strange_code_is_not_passed_on(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    """Codes go into logs, so nothing else may pass for one."""
    alipay_server.refuses(METHOD, "林月华", ID_NUMBER * 10)

    with pytest.raises(AlipayRefusal) as raised:
        gateway.ask(METHOD)

    assert (raised.value.code, raised.value.sub_code) == ("unreadable", "unreadable")


def test_our_own_bad_signature_is_a_refusal(alipay_server: AlipayPlatform, alipay_keys: KeyPair) -> None:
    """Here the app signs with a key that Alipay does not know."""
    keys = AlipayKeys(platform.APP_ID, KeyPair.new().private_pem, alipay_keys.public_pem)
    gateway = AlipayGateway(keys, Upstream(alipay_server.address), Clock())

    with pytest.raises(AlipayRefusal) as raised:
        gateway.ask(METHOD)

    assert raised.value.sub_code == "isv.invalid-signature"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"<html>maintenance</html>"), id="a page instead of JSON"),
        pytest.param(Reply(b"{}", status=502), id="a bad gateway"),
        pytest.param(Reply(b"{}", status=302, headers={"Location": "/elsewhere"}), id="a redirect"),
        pytest.param(Reply(b"\xff"), id="not a text"),
        pytest.param(Reply(b'{"something_else_response":{},"sign":"s"}'), id="another method's answer"),
        pytest.param(Reply(b"{" * 200_000), id="braces without end"),
        pytest.param(Reply(drops=True), id="a closed connection"),
    ],
)
def test_an_answer_that_is_none_means_try_again(gateway: AlipayGateway, alipay_server: AlipayPlatform, reply: Reply) -> None:
    alipay_server.replies(reply)

    with pytest.raises(ChannelUnavailable):
        gateway.ask(METHOD)

    assert len(alipay_server.seen) == 1


def test_a_signed_answer_that_is_no_object_means_try_again(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    alipay_server.says(METHOD, '"c2VhbGVk"')

    with pytest.raises(ChannelUnavailable):
        gateway.ask(METHOD)


def test_a_gateway_that_hangs_is_given_up(alipay_server: AlipayPlatform) -> None:
    gateway = _gateway(alipay_server, IMPATIENCE_S)
    alipay_server.replies(Reply(hangs=True))
    started = time.monotonic()

    with pytest.raises(ChannelUnavailable):
        gateway.ask(METHOD)

    assert time.monotonic() - started < 5


def test_a_pages_address_is_signed(gateway: AlipayGateway, app_keys: KeyPair, alipay_server: AlipayPlatform) -> None:
    url = gateway.page_url("alipay.user.certify.open.certify", {"certify_id": "certify-1"})

    address, _, query = url.partition("?")
    fields = dict(part.split("=", 1) for part in query.split("&"))
    signature = unquote_plus(fields.pop("sign"))
    text = "&".join(f"{name}={unquote_plus(value)}" for name, value in sorted(fields.items()))
    assert address == f"{alipay_server.address}/gateway.do"
    assert app_keys.has_signed(text, signature)
    assert json.loads(unquote_plus(fields["biz_content"])) == {"certify_id": "certify-1"}


def test_keys_may_come_as_alipays_console_shows_them(app_keys: KeyPair, alipay_keys: KeyPair) -> None:
    """Bare base64, which the SDK refuses; or PEM, old style or new."""
    for private in (
        _bare(app_keys.private_pem),
        app_keys.private_pem,
        app_keys.private_pkcs1_pem,
        _bare(app_keys.private_pkcs1_pem),
    ):
        for public in (_bare(alipay_keys.public_pem), alipay_keys.public_pem):
            keys = AlipayKeys(platform.APP_ID, private, public)

            assert app_keys.has_signed("text", keys.sign("text"))
            assert keys.vouch_for("text", alipay_keys.sign("text"))


@pytest.mark.parametrize("bad", ["", "not a key", base64.b64encode(b"canary").decode(), "-----BEGIN PRIVATE KEY-----\ncanary"])
def test_what_is_no_key_is_refused_without_being_repeated(alipay_keys: KeyPair, bad: str) -> None:
    with pytest.raises(ValueError, match="not an RSA key") as raised:
        AlipayKeys(platform.APP_ID, bad, alipay_keys.public_pem)

    assert "canary" not in str(raised.value)


def test_a_public_key_does_not_pass_for_a_private_one(alipay_keys: KeyPair) -> None:
    with pytest.raises(ValueError, match="is a public key"):
        AlipayKeys(platform.APP_ID, alipay_keys.public_pem, alipay_keys.public_pem)


@pytest.mark.usefixtures("gateway")
def test_the_sdk_prints_nothing() -> None:
    """Its import attaches a handler that prints all that it logs, past every rule of ours."""
    assert logging.getLogger("python-alipay-sdk").handlers == []


@pytest.fixture
def gateway(alipay_server: AlipayPlatform) -> AlipayGateway:
    return _gateway(alipay_server)


def _gateway(alipay_server: AlipayPlatform, patience_s: float = PATIENCE_S) -> AlipayGateway:
    config = alipay_config(alipay_server, patience_s)
    keys = AlipayKeys(config.app_id, config.app_private_key, config.alipay_public_key)
    return AlipayGateway(keys, config.upstream, Clock())


def _bare(pem: str) -> str:
    return "".join(pem.strip().splitlines()[1:-1])

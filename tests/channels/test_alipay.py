"""Alipay as a channel: who somebody is, which phone is theirs, whether it is really them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from bff.channels.alipay import Alipay
from bff.channels.alipay_phone import parse_content_key
from bff.channels.base import ChannelUser, Check, CheckResult, NamedPerson, Subject
from bff.errors import (
    BffError,
    ChannelMisconfigured,
    ChannelSignatureBad,
    ChannelUnavailable,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)
from groundwork.clock import Clock, write_offset
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform, KeyPair
from tests.channels.alipay_refusals import ANYWHERE, AT_CHECK_BEGIN, AT_CHECK_END, AT_LOGIN, AT_PHONE
from tests.channels.our_apps import CONTENT_KEY, alipay_config

Sealer = Callable[..., dict[str, Any]]


def test_a_login_code_tells_who_somebody_is(alipay: Alipay, alipay_server: AlipayPlatform) -> None:
    user = alipay.identify("code")

    assert (user.channel, user.app_id) == ("alipay", platform.APP_ID)
    assert user.subjects == (Subject("open_id", platform.OPEN_ID),)
    assert {**alipay_server.seen[0].form, "sign": ""} == {"grant_type": "authorization_code", "code": "code", "sign": ""}


def test_each_id_keeps_its_kind(alipay: Alipay, alipay_server: AlipayPlatform) -> None:
    """During an app's migration several come at once; one in another's place would make a second person of somebody."""
    alipay_server.says(platform.LOGIN, {"access_token": "t", "user_id": "2088", "union_id": "u", "open_id": "o"})

    assert alipay.identify("code").subjects == (Subject("open_id", "o"), Subject("user_id", "2088"), Subject("union_id", "u"))


def test_a_user_id_alone_stays_a_user_id(alipay: Alipay, alipay_server: AlipayPlatform) -> None:
    alipay_server.says(platform.LOGIN, {"code": "10000", "access_token": "t", "user_id": "2088", "open_id": ""})

    assert alipay.identify("code").subjects == (Subject("user_id", "2088"),)


def test_the_access_token_goes_no_further(alipay: Alipay) -> None:
    assert platform.ACCESS not in repr(alipay.identify("code"))


def test_an_empty_login_code_is_refused_here(alipay: Alipay, alipay_server: AlipayPlatform) -> None:
    with pytest.raises(LoginCodeInvalid):
        alipay.identify("")

    assert alipay_server.seen == []


@pytest.mark.parametrize("node", ["alipay_system_oauth_token_response", "error_response"])
@pytest.mark.parametrize("refusal", [*ANYWHERE, *AT_LOGIN, ("", "isv.code-invalid", LoginCodeInvalid)])
def test_each_refusal_of_a_login_has_its_meaning(
    alipay: Alipay, alipay_server: AlipayPlatform, refusal: tuple[str, str, type[BffError]], node: str
) -> None:
    code, sub_code, error = refusal
    alipay_server.refuses(platform.LOGIN, code, sub_code, node)

    with pytest.raises(BffError) as raised:
        alipay.identify("code")

    assert type(raised.value) is error


@pytest.mark.parametrize(
    "answer", [{"open_id": "o"}, {"access_token": "t"}, {"access_token": "", "open_id": "o"}, {"code": "10000"}]
)
def test_a_login_without_token_or_person_is_none(alipay: Alipay, alipay_server: AlipayPlatform, answer: dict[str, str]) -> None:
    alipay_server.says(platform.LOGIN, answer)

    with pytest.raises(ChannelUnavailable):
        alipay.identify("code")


def test_a_login_that_alipay_did_not_sign_fails_by_name(alipay: Alipay, alipay_server: AlipayPlatform) -> None:
    alipay_server.writes(lambda node, text, sign: platform.signed(node, text.replace("canary", "forged"), sign))

    with pytest.raises(ChannelSignatureBad):
        alipay.identify("code")


# The phone


def test_the_sealed_phone_is_opened(alipay: Alipay, alipay_user: ChannelUser, seal: Sealer) -> None:
    assert alipay.phone_number(alipay_user, seal()) == "19900001234"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda sent: {**sent, "sign": None}, id="no signature"),
        pytest.param(lambda sent: {name: sent[name] for name in sent if name != "sign"}, id="the signature left out"),
        pytest.param(lambda sent: {**sent, "sign": "bm9ib2R5"}, id="somebody else's signature"),
        pytest.param(lambda sent: {**sent, "response": sent["response"][:-4] + "AAA="}, id="changed after signing"),
        pytest.param(lambda sent: {**sent, "sign_type": "RSA"}, id="a weaker signature"),
        pytest.param(json.dumps, id="a text instead of an object"),
        pytest.param(lambda sent: {**sent, "response": {"mobile": "19900001234"}}, id="not sealed"),
        pytest.param(lambda _: {"response": '{"code":"10000","mobile":"19900009999"}'}, id="in clear and unsigned"),
        pytest.param(
            lambda _: {"response": '{"code":"40006"}', "sign": "bm9ib2R5"}, id="a refusal with somebody else's signature"
        ),
        pytest.param(lambda _: None, id="nothing"),
        pytest.param(lambda _: {}, id="an empty object"),
    ],
)
def test_a_phone_that_alipay_did_not_sign_is_refused(
    alipay: Alipay, alipay_user: ChannelUser, seal: Sealer, spoil: Callable[[dict[str, Any]], object]
) -> None:
    """Key and vector are fixed, so only the signature keeps people from making such an object up."""
    with pytest.raises(PhoneCodeInvalid):
        alipay.phone_number(alipay_user, spoil(seal()))


def test_a_phone_in_clear_is_none_even_if_alipay_signed_it(
    alipay: Alipay, alipay_user: ChannelUser, alipay_keys: KeyPair
) -> None:
    text = json.dumps({"code": "10000", "mobile": "19900001234"})

    with pytest.raises(PhoneCodeInvalid):
        alipay.phone_number(alipay_user, {"response": text, "sign": alipay_keys.sign(text)})


@pytest.mark.parametrize("text", ["{broken", "{}}"])
def test_a_signed_text_that_cannot_be_read_is_our_fault(
    alipay: Alipay, alipay_user: ChannelUser, alipay_keys: KeyPair, text: str
) -> None:
    """Alipay did say something to us, and our settings do not let us understand it."""
    with pytest.raises(ChannelMisconfigured):
        alipay.phone_number(alipay_user, {"response": text, "sign": alipay_keys.sign(text)})


def test_a_signature_without_the_quotation_marks_is_not_alipays(
    alipay: Alipay, alipay_user: ChannelUser, seal: Sealer, alipay_keys: KeyPair
) -> None:
    sent = seal()

    with pytest.raises(PhoneCodeInvalid):
        alipay.phone_number(alipay_user, {**sent, "sign": alipay_keys.sign(sent["response"])})


@pytest.mark.parametrize("mobile", ["", "12345", "+85291234567", None])
def test_a_phone_that_is_no_mainland_mobile_is_refused(
    alipay: Alipay, alipay_user: ChannelUser, seal: Sealer, mobile: str | None
) -> None:
    with pytest.raises(PhoneCodeInvalid):
        alipay.phone_number(alipay_user, seal(mobile=mobile))


def test_the_wrong_content_key_is_our_fault(alipay: Alipay, alipay_user: ChannelUser, seal: Sealer) -> None:
    with pytest.raises(ChannelMisconfigured):
        alipay.phone_number(alipay_user, seal(key=b"another-aes-key-"))


@pytest.mark.parametrize("refusal", AT_PHONE)
def test_each_refusal_instead_of_a_phone_has_its_meaning(
    alipay: Alipay, alipay_user: ChannelUser, alipay_keys: KeyPair, refusal: tuple[str, str, type[BffError]]
) -> None:
    """It comes in clear, and is signed as it stands."""
    code, sub_code, error = refusal
    text = json.dumps({"code": code, "msg": "no", "subCode": sub_code})

    with pytest.raises(BffError) as raised:
        alipay.phone_number(alipay_user, {"response": text, "sign": alipay_keys.sign(text)})

    assert type(raised.value) is error


def test_another_channels_user_gets_no_phone_here(alipay: Alipay, wechat_user: ChannelUser, seal: Sealer) -> None:
    with pytest.raises(PhoneCodeInvalid):
        alipay.phone_number(wechat_user, seal())


@pytest.mark.parametrize(
    ("written", "why"), [("canary!", "not base64"), (base64.b64encode(b"canary").decode(), "16, 24 or 32 bytes")]
)
def test_what_is_no_content_key_is_refused_without_being_repeated(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as raised:
        parse_content_key(written)

    assert written not in str(raised.value)


# The real-person check


def test_a_check_is_begun_for_this_person_and_this_account(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = alipay.begin_check(alipay_user, person)

    asked = json.loads(alipay_server.seen[0].form["biz_content"])
    assert asked["identity_param"] == {
        "open_id": platform.OPEN_ID, "identity_type": "CERT_INFO", "cert_type": "IDENTITY_CARD",
        "cert_name": person.name, "cert_no": person.id_number,
    }  # fmt: skip
    assert asked["biz_code"] == "FACE"
    assert re.fullmatch(r"[0-9A-Za-z]{32}", asked["outer_order_no"])
    assert (check.id, check.channel) == ("certify-1", "alipay")
    assert check.expires_at > Clock().now()


def test_a_check_brings_the_page_where_it_is_taken(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = alipay.begin_check(alipay_user, person)

    assert check.url is not None
    assert check.url.startswith(f"{alipay_server.address}/gateway.do?")
    assert "method=alipay.user.certify.open.certify&" in check.url
    assert "certify-1" in check.url


def test_a_check_carries_neither_name_nor_number(alipay: Alipay, alipay_user: ChannelUser, person: NamedPerson) -> None:
    check = alipay.begin_check(alipay_user, person)

    assert person.name not in repr(check)
    assert person.id_number not in repr(check)
    assert dict(check.keep) == {"open_id": platform.OPEN_ID}


@pytest.mark.parametrize(
    ("passed", "result"),
    [
        ("T", CheckResult.PASSED),
        ("F", CheckResult.NOT_PASSED),
        ("t", CheckResult.NOT_PASSED),
        (["T"], CheckResult.NOT_PASSED),
        (True, CheckResult.NOT_PASSED),
        (None, CheckResult.NOT_PASSED),
    ],
)
def test_only_the_text_t_is_a_pass(
    alipay_server: AlipayPlatform, finish: Callable[[], CheckResult], passed: object, result: CheckResult
) -> None:
    alipay_server.says(platform.QUERY, {"code": "10000", "msg": "Success", "passed": passed})

    assert finish() is result


@pytest.mark.parametrize("refusal", [*ANYWHERE, *AT_CHECK_END])
def test_each_failure_to_ask_for_the_end_has_its_meaning(
    alipay_server: AlipayPlatform, finish: Callable[[], CheckResult], refusal: tuple[str, str, type[BffError]]
) -> None:
    code, sub_code, error = refusal
    alipay_server.refuses(platform.QUERY, code, sub_code)

    with pytest.raises(BffError) as raised:
        finish()

    assert type(raised.value) is error


@pytest.mark.parametrize("refusal", [*ANYWHERE, *AT_CHECK_BEGIN])
def test_each_refusal_to_begin_has_its_meaning(
    alipay_server: AlipayPlatform, begin: Callable[[], Check], refusal: tuple[str, str, type[BffError]]
) -> None:
    code, sub_code, error = refusal
    alipay_server.refuses(platform.INITIALIZE, code, sub_code)

    with pytest.raises(BffError) as raised:
        begin()

    assert type(raised.value) is error


def test_an_answer_without_a_check_means_try_again(alipay_server: AlipayPlatform, begin: Callable[[], Check]) -> None:
    alipay_server.says(platform.INITIALIZE, {"code": "10000"})

    with pytest.raises(ChannelUnavailable):
        begin()


def test_a_check_belongs_to_the_account_that_began_it(
    alipay: Alipay, alipay_server: AlipayPlatform, begin: Callable[[], Check]
) -> None:
    """Alipay's own answer does not say whose check it was."""
    somebody_else = ChannelUser("alipay", platform.APP_ID, (Subject("open_id", "another"),))

    assert alipay.finish_check(somebody_else, begin()) is CheckResult.EXPIRED
    assert len(alipay_server.seen) == 1


def test_another_channels_check_is_none_here(alipay: Alipay, alipay_user: ChannelUser, begin: Callable[[], Check]) -> None:
    assert alipay.finish_check(alipay_user, replace(begin(), channel="wechat")) is CheckResult.EXPIRED


def test_a_check_ends_with_its_time_by_our_own_clock(
    alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson, tmp_path: Path
) -> None:
    alipay = Alipay(alipay_config(alipay_server), Clock(tmp_path / "clock.json"))
    check = alipay.begin_check(alipay_user, person)
    write_offset(tmp_path / "clock.json", timedelta(hours=1))

    assert alipay.finish_check(alipay_user, check) is CheckResult.EXPIRED


@pytest.fixture
def seal(alipay_keys: KeyPair) -> Sealer:
    """What `my.getPhoneNumber` gives to the phone."""

    def make(mobile: str | None = "19900001234", key: bytes = CONTENT_KEY) -> dict[str, Any]:
        pad = PKCS7(128).padder()
        padded = pad.update(json.dumps({"code": "10000", "msg": "Success", "mobile": mobile}).encode()) + pad.finalize()
        cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
        response = base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()
        sign = alipay_keys.sign(f'"{response}"')
        return {"response": response, "sign": sign, "sign_type": "RSA2", "encrypt_type": "AES", "charset": "UTF-8"}

    return make


@pytest.fixture
def begin(alipay: Alipay, alipay_user: ChannelUser, person: NamedPerson) -> Callable[[], Check]:
    """Begin a check."""
    return lambda: alipay.begin_check(alipay_user, person)


@pytest.fixture
def finish(alipay: Alipay, alipay_user: ChannelUser, person: NamedPerson) -> Callable[[], CheckResult]:
    """Ask how a check ended that was begun already."""
    check = alipay.begin_check(alipay_user, person)
    return lambda: alipay.finish_check(alipay_user, check)

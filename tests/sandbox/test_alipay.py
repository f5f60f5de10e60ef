"""Alipay's gateway: what must be signed, by whom and when, and how its methods answer."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from groundwork.clock import CHINA, write_offset
from sandbox.settings import Settings
from tests.sandbox.conftest import Keys, listening
from tests.sandbox.player import AlipayBackend, Json, Player

LOGIN = "alipay.system.oauth.token"
BEGIN = "alipay.user.certify.open.initialize"
QUERY = "alipay.user.certify.open.query"
SEND = "alipay.open.app.mini.templatemessage.send"
GRANT = {"grant_type": "authorization_code"}


@pytest.fixture
def backend(player: Player, keys: Keys) -> AlipayBackend:
    return AlipayBackend(player, keys.app_private, keys.gateway_public)


def test_a_login_code_tells_the_same_open_id_every_time(player: Player, backend: AlipayBackend) -> None:
    person = player.someone()
    name, first = backend.ask(LOGIN, **GRANT, code=player.login_code(person, "alipay"))
    _, second = backend.ask(LOGIN, **GRANT, code=player.login_code(person, "alipay"))

    assert name == "alipay_system_oauth_token_response"
    assert first["open_id"] == second["open_id"]
    assert first["access_token"] != second["access_token"]
    assert not {"user_id", "union_id", "code"} & set(first)


def test_other_ids_are_told_where_the_app_may_have_them(settings: Settings, keys: Keys, platform_clock_file: Path) -> None:
    generous = replace(settings, alipay_gives_user_id=True, alipay_gives_union_id=True)
    with listening(generous, platform_clock_file) as player:
        backend = AlipayBackend(player, keys.app_private, keys.gateway_public)
        _, told = backend.ask(LOGIN, **GRANT, code=player.login_code(player.someone(), "alipay"))

    assert told["user_id"].startswith("2088")
    assert len(told["user_id"]) == 16
    assert len({told["open_id"], told["user_id"], told["union_id"]}) == 3


def test_a_login_code_is_good_once_and_for_alipay_only(player: Player, backend: AlipayBackend) -> None:
    code = player.login_code(player.someone(), "alipay")
    backend.ask(LOGIN, **GRANT, code=code)

    for spent in (code, player.login_code(player.someone(), "wechat"), "made-up"):
        name, node = backend.ask(LOGIN, **GRANT, code=spent)
        assert (name, node["code"], node["sub_code"]) == ("error_response", "40002", "isv.code-invalid")


def test_a_login_code_is_good_for_five_minutes(player: Player, backend: AlipayBackend, platform_clock_file: Path) -> None:
    code = player.login_code(player.someone(), "alipay")
    write_offset(platform_clock_file, timedelta(seconds=301))

    assert backend.ask(LOGIN, **GRANT, code=code)[1]["sub_code"] == "isv.code-invalid"


@pytest.mark.parametrize(
    ("changed", "code", "sub_code"),
    [
        ({"app_id": None}, "40001", "isv.missing-app-id"),
        ({"timestamp": None}, "40001", "isv.missing-timestamp"),
        ({"version": None}, "40001", "isv.missing-version"),
        ({"sign_type": None}, "40001", "isv.missing-signature-type"),
        ({"method": None}, "40001", "isv.missing-method"),
        ({"app_id": "2021000000009999"}, "40002", "isv.invalid-app-id"),
        ({"sign_type": "RSA"}, "40002", "isv.invalid-signature-type"),
        ({"charset": "gbk"}, "40002", "isv.invalid-charset"),
        ({"timestamp": "2026-01-01T00:00:00"}, "40002", "isv.invalid-timestamp"),
        ({"method": "alipay.nothing.here"}, "40002", "isv.invalid-method"),
        ({"grant_type": "password"}, "40002", "isv.grant-type-invalid"),
        ({"biz_content": "not json"}, "40002", "isv.invalid-parameter"),
        ({"biz_content": "[]"}, "40002", "isv.invalid-parameter"),
    ],
)
def test_each_public_fault_has_its_code_in_a_signed_error_response(
    backend: AlipayBackend, changed: dict[str, str | None], code: str, sub_code: str
) -> None:
    parameters = backend.parameters("", **{"method": LOGIN, **GRANT, "code": "made-up", **changed})
    name, node = backend.opened(backend.send(parameters).text)

    assert (name, node["code"], node["sub_code"]) == ("error_response", code, sub_code)


def test_a_changed_or_unsigned_request_is_not_believed(player: Player, backend: AlipayBackend) -> None:
    code = player.login_code(player.someone(), "alipay")
    good = backend.parameters(LOGIN, **GRANT, code=code)
    unsigned = {name: value for name, value in good.items() if name != "sign"}

    assert backend.opened(backend.send({**good, "code": "other"}).text)[1]["sub_code"] == "isv.invalid-signature"
    assert backend.opened(backend.send({**good, "sign": "AAAA"}).text)[1]["sub_code"] == "isv.invalid-signature"
    assert backend.opened(backend.send(unsigned).text)[1]["sub_code"] == "isv.missing-signature"
    assert "open_id" in backend.opened(backend.send(good).text)[1], "the code was not used up by the bad ones"


def test_a_backend_that_is_not_on_china_time_is_told_so(backend: AlipayBackend) -> None:
    in_utc = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")

    assert backend.ask(LOGIN, **GRANT, code="x", timestamp=in_utc)[1]["sub_code"] == "isv.invalid-timestamp"


def test_a_request_may_come_in_the_query_as_well(player: Player, backend: AlipayBackend) -> None:
    asked = backend.parameters(LOGIN, **GRANT, code=player.login_code(player.someone(), "alipay"))

    assert "open_id" in backend.opened(backend.send(asked, "GET").text)[1]


def identity(person: Json) -> Json:
    return {
        "identity_type": "CERT_INFO",
        "cert_type": "IDENTITY_CARD",
        "cert_name": person["name"],
        "cert_no": person["id_number"],
    }


def order(person: Json, **other: Json) -> Json:
    return {"outer_order_no": "ORDER00001", "biz_code": "FACE", "identity_param": identity(person), **other}


def begun(backend: AlipayBackend, person: Json, **other: Json) -> str:
    _, node = backend.ask(BEGIN, order(person, **other))
    assert node["code"] == "10000", node
    return str(node["certify_id"])


@pytest.mark.parametrize("as_text", [False, True])
def test_a_check_waits_for_the_look_and_is_passed_by_the_person_named(
    player: Player, backend: AlipayBackend, as_text: bool
) -> None:
    """The identity is taken as an object and as JSON in a string, since the documents show both."""
    person = player.someone()
    given = json.dumps(identity(person)) if as_text else identity(person)
    certify_id = begun(backend, person, identity_param=given)
    name, waiting = backend.ask(QUERY, {"certify_id": certify_id})
    player.look(person, certify_id).ok()

    assert (name, waiting["code"]) == ("alipay_user_certify_open_query_response", "40004")
    assert waiting["sub_code"] == "OPEN_CERTIFY_BILL_STATUS_ERROR"
    assert backend.ask(QUERY, {"certify_id": certify_id})[1]["passed"] == "T"


def test_somebody_else_cannot_pass_for_the_person_named(player: Player, backend: AlipayBackend) -> None:
    certify_id = begun(backend, player.someone("程一舟"))
    player.look(player.someone("林月华"), certify_id).ok()

    assert backend.ask(QUERY, {"certify_id": certify_id})[1]["passed"] == "F"


def test_a_look_that_does_not_pass_is_told_with_a_reason(player: Player, backend: AlipayBackend) -> None:
    person = player.someone()
    certify_id = begun(backend, person)
    player.look(person, certify_id, passes=False).ok()
    _, node = backend.ask(QUERY, {"certify_id": certify_id})

    assert node["passed"] == "F"
    assert node["fail_reason"]


def test_a_check_is_over_after_an_hour_and_unknown_ones_never_were(
    player: Player, backend: AlipayBackend, platform_clock_file: Path
) -> None:
    certify_id = begun(backend, player.someone())
    write_offset(platform_clock_file, timedelta(seconds=3601))
    later = (datetime.now(CHINA) + timedelta(seconds=3601)).strftime("%Y-%m-%d %H:%M:%S")

    assert backend.ask(QUERY, {"certify_id": certify_id}, timestamp=later)[1]["sub_code"] == "CERTIFY_ID_EXPIRED"
    assert backend.ask(QUERY, {"certify_id": "made-up"}, timestamp=later)[1]["sub_code"] == "OPEN_CERTIFY_BILL_NOT_EXIST"


def test_the_page_of_a_check_opens_by_a_signed_address_only(player: Player, backend: AlipayBackend) -> None:
    certify_id = begun(backend, player.someone())
    asked = backend.parameters("alipay.user.certify.open.certify", {"certify_id": certify_id})
    page, forged = backend.send(asked, "GET"), backend.send({**asked, "sign": "AAAA"}, "GET")

    assert page.headers["Content-Type"].startswith("text/html")
    assert "请由本人看镜头" in page.text
    assert backend.opened(forged.text)[1]["sub_code"] == "isv.invalid-signature"


@pytest.mark.parametrize(
    "changed",
    [
        {"outer_order_no": "with-hyphen"},
        {"outer_order_no": "9" * 33},
        {"biz_code": "FUTURE_TECH_FACE"},
        {"identity_param": None},
        {"identity_param": "{"},
        {"identity_param": {"identity_type": "CERT_INFO", "cert_type": "IDENTITY_CARD", "cert_name": "", "cert_no": ""}},
        {"identity_param": {"identity_type": "CERT_INFO", "cert_type": "IDENTITY_CARD", "cert_name": "程", "cert_no": "1"}},
        {"identity_param": {"identity_type": "OTHER", "cert_type": "IDENTITY_CARD", "cert_name": "程", "cert_no": "1"}},
    ],
)
def test_a_check_that_is_ordered_wrongly_is_not_begun(player: Player, backend: AlipayBackend, changed: Json) -> None:
    name, node = backend.ask(BEGIN, order(player.someone(), **changed))

    assert (name, node["code"]) == ("alipay_user_certify_open_initialize_response", "40004")
    assert node["sub_code"] == "ILLEGAL_ARGUMENT_FORMAT"


def test_an_order_number_is_used_once(player: Player, backend: AlipayBackend) -> None:
    begun(backend, player.someone())

    assert backend.ask(BEGIN, order(player.someone()))[1]["sub_code"] == "ILLEGAL_ARGUMENT_FORMAT"


def test_a_wechat_check_is_none_of_alipays(player: Player, backend: AlipayBackend) -> None:
    person = player.someone()
    cert = {"cert_type": "IDENTITY_CARD", "cert_name": person["name"], "cert_no": person["id_number"]}
    asked = {"out_seq_no": "seq-00001", "cert_info": cert, "openid": player.wechat_openid(person)}
    verify_id = player.wechat("cityservice/face/identify/getverifyid", asked)["verify_id"]

    assert backend.ask(QUERY, {"certify_id": verify_id})[1]["sub_code"] == "OPEN_CERTIFY_BILL_NOT_EXIST"


def test_the_phone_object_is_sealed_and_signed_over_its_quotes(player: Player, backend: AlipayBackend) -> None:
    person = player.someone()
    given = player.phone_code(person, "alipay")
    backend.verify(f'"{given["response"]}"', given["sign"])
    with pytest.raises(InvalidSignature):
        backend.verify(given["response"], given["sign"])
    opened = Cipher(algorithms.AES(player.settings.alipay_aes_key), modes.CBC(bytes(16))).decryptor()
    clear = opened.update(base64.b64decode(given["response"])) + opened.finalize()

    assert json.loads(clear[: -clear[-1]]) == {"code": "10000", "msg": "Success", "mobile": person["phone"]}
    assert given["encrypt_type"] == "AES"


def test_a_message_arrives_at_its_person(player: Player, backend: AlipayBackend) -> None:
    person = player.someone()
    _, login = backend.ask(LOGIN, **GRANT, code=player.login_code(person, "alipay"))
    data = json.dumps({"keyword1": {"value": "共济账户已开通"}})
    wanted = {"to_open_id": login["open_id"], "user_template_id": "T1", "page": "pages/records", "data": data}

    assert backend.ask(SEND, wanted)[1]["code"] == "10000"
    assert backend.ask(SEND, {**wanted, "to_open_id": "0nobody"})[1]["sub_code"] == "USER_ID_INVALID"
    assert backend.ask(SEND, {**wanted, "user_template_id": ""})[1]["sub_code"] == "TEMPLATE_ILLEGAL"
    assert backend.ask(SEND, {**wanted, "data": "{}"})[1]["sub_code"] == "BIZ_CONTENT_FORMAT_ERROR"
    too_long = json.dumps({"keyword1": {"value": "字" * 51}})
    assert backend.ask(SEND, {**wanted, "data": too_long})[1]["sub_code"] == "USER_KEYWORD_LENGTH_ERROR"
    (arrived,) = player.call("GET", f"/phones/{person['id_number']}/messages").ok()
    assert (arrived["channel"], arrived["data"]) == ("alipay", {"keyword1": "共济账户已开通"})


def with_library(player: Player, keys: Keys) -> AliPay:
    made = AliPay(
        appid=player.settings.alipay_app_id,
        app_notify_url=None,
        app_private_key_string=keys.app_private.read_text(),
        alipay_public_key_string=keys.gateway_public.read_text(),
        config=AliPayConfig(timeout=5),
    )
    made._gateway = f"{player.url}/alipay/gateway.do"
    return made


def asked_by_library(player: Player, library: AliPay, code: str) -> Json:
    now = datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return library.server_api(LOGIN, **GRANT, code=code, timestamp=now)


def test_python_alipay_sdk_signs_in_through_this_gateway(player: Player, keys: Keys) -> None:
    code = player.login_code(player.someone(), "alipay")
    library = with_library(player, keys)

    assert asked_by_library(player, library, code)["open_id"]
    with pytest.raises(AliPayException, match="code-invalid"):
        asked_by_library(player, library, code)


def test_python_alipay_sdk_refuses_a_bad_signature(player: Player, keys: Keys) -> None:
    player.fault(upstream="alipay", endpoint=LOGIN, kind="error", code="bad_signature", times=1)
    library = with_library(player, keys)

    with pytest.raises(AliPayValidationError):
        asked_by_library(player, library, player.login_code(player.someone(), "alipay"))
    assert asked_by_library(player, library, player.login_code(player.someone(), "alipay"))["open_id"]

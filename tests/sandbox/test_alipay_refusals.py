"""What Alipay refuses beside what is wrong with any request: certificates, patients, accounts, messages and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dev.certificates import Authority
from sandbox.alipay.certificates import CertificateNames, names_of
from sandbox.settings import Settings
from tests.sandbox.conftest import Keys, listening
from tests.sandbox.player import AlipayBackend, Json, Player

LOGIN = "alipay.system.oauth.token"
BEGIN = "alipay.user.certify.open.initialize"
SEND = "alipay.open.app.mini.templatemessage.send"
DETECT = "alipay.security.risk.content.detect"
AUTHORISATION = "alipay.commerce.medical.authinfo.auth.query"
CARD = "alipay.commerce.medical.card.auth.query"
RELATIVES = "alipay.commerce.medical.fm.bindlist.query"
CONTRACT = ("req_biz_no", "call_url", "ol_biz_type_code", "org_code", "org_app_id", "org_chnl_crtf_code", "ins_code")


@pytest.fixture
def backend(player: Player, keys: Keys) -> AlipayBackend:
    return AlipayBackend(player, keys.app_private, keys.gateway_public)


def open_id(player: Player, backend: AlipayBackend, name: str = "程一舟") -> str:
    code = player.login_code(player.someone(name), "alipay")
    return str(backend.ask(LOGIN, grant_type="authorization_code", code=code)[1]["open_id"])


def refusal(backend: AlipayBackend, called: str, content: Json) -> tuple[str, str]:
    """The node and the sub_code of what is refused."""
    name, node = backend.ask(called, content)
    return name, node["sub_code"]


def test_an_identity_that_cannot_be_anybodys_is_not_checked(player: Player, backend: AlipayBackend) -> None:
    mine, other = open_id(player, backend), open_id(player, backend, "林月华")
    holder = {"identity_type": "CERT_INFO", "cert_type": "HOME_VISIT_PERMIT_HK_MC", "cert_name": "陈静", "cert_no": "H12345678"}
    wrong: list[Json] = [
        {**holder, "cert_no": "H1"},
        {**holder, "cert_no": "h12345678"},
        {**holder, "open_id": "0nobody"},
        {**holder, "open_id": mine, "user_id": "2088000000000000"},
        {**holder, "open_id": mine, "user_id": other},
    ]

    told = [refusal(backend, BEGIN, order(number, identity)) for number, identity in enumerate(wrong)]

    assert told == [("alipay_user_certify_open_initialize_response", "ILLEGAL_ARGUMENT_FORMAT")] * len(wrong)
    assert backend.ask(BEGIN, order(99, {**holder, "open_id": mine}))[1]["code"] == "10000"


def order(number: int, identity: Json) -> Json:
    return {"outer_order_no": f"ORDER{number:05}", "biz_code": "FACE", "identity_param": identity}


def test_the_medical_platform_knows_only_whom_the_app_has_met(backend: AlipayBackend) -> None:
    for called in (AUTHORISATION, CARD, RELATIVES):
        name, sub_code = refusal(backend, called, {"open_id": "0nobody", **dict.fromkeys(CONTRACT, "x")})

        assert (name, sub_code) == (f"{called.replace('.', '_')}_response", "USER_ID_INVALID")


def test_an_authorisation_names_the_whole_contract(player: Player, backend: AlipayBackend) -> None:
    asked = {"open_id": open_id(player, backend), **dict.fromkeys(CONTRACT, "x")}
    wrong: list[Json] = [{"call_url": None}, {"org_code": ""}, {"ins_code": 371300}]

    for changed in wrong:
        assert refusal(backend, AUTHORISATION, {**asked, **changed}) == ("error_response", "isv.invalid-parameter")
    assert backend.ask(AUTHORISATION, asked)[1]["code"] == "10000"


def test_a_message_whose_words_cannot_be_read_is_not_sent(player: Player, backend: AlipayBackend) -> None:
    wanted = {"to_open_id": open_id(player, backend), "user_template_id": "T1", "page": "pages/records"}

    for data in (None, "{", "[]", '{"keyword1": "bare"}', '{"keyword1": {}}', '{"keyword1": {"value": 7}}'):
        assert refusal(backend, SEND, {**wanted, "data": data})[1] == "BIZ_CONTENT_FORMAT_ERROR"
    assert player.call("GET", f"/phones/{player.someone()['id_number']}/messages").ok() == []


def test_there_must_be_a_text_to_look_at(backend: AlipayBackend) -> None:
    for content in (None, "", ["text"]):
        assert refusal(backend, DETECT, {"content": content}) == ("error_response", "isv.invalid-parameter")


def test_certificates_are_nothing_to_a_gateway_that_knows_keys_only(backend: AlipayBackend) -> None:
    named = {"app_cert_sn": "a" * 32, "alipay_root_cert_sn": "b" * 32}

    assert backend.ask(LOGIN, grant_type="authorization_code", code="x", **named)[1]["sub_code"] == "isv.invalid-app-cert-sn"


def test_a_request_names_our_certificate_and_alipays_root(certified: Certified) -> None:
    """Where all is well but the login code, that is what is wrong."""
    assert certified.says() == "isv.code-invalid"

    assert certified.says(app_cert_sn=None) == "isv.missing-app-cert-sn"
    assert certified.says(alipay_root_cert_sn=None) == "isv.missing-alipay-root-cert-sn"
    assert certified.says(app_cert_sn="a" * 32) == "isv.invalid-app-cert-sn"
    assert certified.says(alipay_root_cert_sn="b" * 32) == "isv.invalid-alipay-root-cert-sn"


@dataclass(frozen=True, slots=True)
class Certified:
    """A backend before a gateway in certificate mode, and the names of what Alipay issued."""

    backend: AlipayBackend
    names: CertificateNames

    def says(self, **named: str | None) -> str:
        """The sub_code for a login with a code that nobody gave out."""
        ours = {"app_cert_sn": self.names.app, "alipay_root_cert_sn": self.names.root, **named}
        return str(self.backend.ask(LOGIN, grant_type="authorization_code", code="unheard-of", **ours)[1]["sub_code"])


@pytest.fixture
def certified(settings: Settings, keys: Keys, platform_clock_file: Path, tmp_path: Path) -> Iterator[Certified]:
    root = Authority("Root")
    pems = {"app": root.issue("App", public(keys.app_public)), "alipay": root.issue("Alipay", public(keys.gateway_public))}
    app, alipay, above = (kept(tmp_path / name, pem) for name, pem in {**pems, "root": root.certificate}.items())
    names = names_of(app, alipay, above)
    assert names is not None
    told = replace(settings, alipay_app_cert_file=app, alipay_cert_file=alipay, alipay_root_cert_file=above)
    with listening(told, platform_clock_file) as player:
        yield Certified(AlipayBackend(player, keys.app_private, keys.gateway_public), names)


def kept(file: Path, pem: str) -> Path:
    file.write_text(pem)
    return file


def public(file: Path) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(file.read_bytes())
    assert isinstance(key, rsa.RSAPublicKey)
    return key

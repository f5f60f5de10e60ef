"""Certificate mode: what we say of our certificates, and which of Alipay's we believe."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable

import pytest
from alipay import DCAliPay
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from bff.channels.alipay import Alipay
from bff.channels.alipay_certificates import AlipayCertifiedKeys
from bff.channels.alipay_config import AlipayConfig
from bff.channels.alipay_gateway import AlipayGateway
from bff.channels.upstream import Upstream
from bff.errors import ChannelSignatureBad
from dev.certificates import Authority
from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform, KeyPair
from tests.channels.certified import Certified, self_signed
from tests.channels.our_apps import AES_KEY

METHOD = platform.QUERY
Load = Callable[..., AlipayCertifiedKeys]


def test_alipays_own_root_has_the_name_that_alipay_gives_it(app_keys: KeyPair) -> None:
    """Issuer and number are those of Ant Financial Certification Authority R1, whose name everybody's requests carry."""
    name = {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: "Ant Financial",
        NameOID.ORGANIZATIONAL_UNIT_NAME: "Certification Authority",
        NameOID.COMMON_NAME: "Ant Financial Certification Authority R1",
    }
    root = self_signed(name, 0x1FCFA18D6A480D11, app_keys.key)

    assert AlipayCertifiedKeys.get_cert_sn(root) == "687b59193f3f462dd5336e5abf83c5d8"


def test_a_request_names_our_certificate_and_the_rsa_roots(
    gateway: AlipayGateway, alipay_server: AlipayPlatform, certified: Certified
) -> None:
    """They stand in the address beside the signature, which covers them."""
    gateway.ask(METHOD, {"certify_id": "x"})

    asked = alipay_server.seen[0].query
    assert asked["app_cert_sn"] == independent_name(certified.app)
    assert asked["alipay_root_cert_sn"] == "_".join(map(independent_name, (certified.root, certified.other_root)))


def test_the_page_of_a_check_names_them_too(gateway: AlipayGateway, certified: Certified) -> None:
    assert f"app_cert_sn={independent_name(certified.app)}" in gateway.page_url(METHOD, {"certify_id": "x"})


@pytest.mark.parametrize("between", ["", "\n", "\n\n", "\r\n"])
def test_roots_are_counted_however_the_file_is_written(load: Load, certified: Certified, between: str) -> None:
    """The SDK parts them at an empty line alone, and goes wrong in silence."""
    pems = [certified.root, certified.elliptic_root, certified.other_root]
    roots = between.join(pems)
    if between == "\r\n":
        roots = roots.replace("\r\n", "\n").replace("\n", "\r\n")
    expected = "_".join(map(independent_name, (certified.root, certified.other_root)))

    assert load(roots=roots).alipay_root_cert_sn == expected


def test_the_sdk_counts_only_the_first_root_of_such_a_file(certified: Certified) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        counted = DCAliPay.get_root_cert_sn(certified.root + certified.other_root)

    assert counted == independent_name(certified.root)


def test_the_sdk_warns_where_ours_is_silent(load: Load, app_keys: KeyPair, certified: Certified) -> None:
    """Under `-W error`, as here, the SDK does not get as far as a request."""
    files = certified.files()
    library = DCAliPay(platform.APP_ID, app_keys.private_pem, files.app, files.alipay, files.roots)

    with pytest.raises(DeprecationWarning):
        library.build_body(METHOD)
    assert load().build_body(METHOD)["app_cert_sn"]


def test_the_sdk_believes_any_certificate_and_ours_asks_who_issued_it(
    load: Load, app_keys: KeyPair, certified: Certified
) -> None:
    stranger = Certified.new(app_keys, KeyPair.new())

    DCAliPay(platform.APP_ID, app_keys.private_pem, certified.app, stranger.alipay, certified.roots)
    with pytest.raises(ValueError, match="issued by none of the root certificates"):
        load(alipay=stranger.alipay + stranger.between)


def test_a_certificate_whose_issuer_is_missing_is_refused(load: Load, certified: Certified) -> None:
    with pytest.raises(ValueError, match="issued by none of the root certificates"):
        load(alipay=certified.alipay)


def test_a_certificate_that_issued_itself_ends_nowhere(load: Load, certified: Certified) -> None:
    lonely = self_signed({NameOID.COMMON_NAME: "Lonely"}, 7, rsa.generate_private_key(65537, 2048))

    with pytest.raises(ValueError, match="issued by none of the root certificates"):
        load(alipay=lonely + lonely)


def test_two_authorities_that_vouch_for_each_other_end_nowhere(load: Load, alipay_keys: KeyPair) -> None:
    one = Authority("One")
    other = Authority("Other", above=one)
    ones_key = x509.load_pem_x509_certificate(one.certificate.encode()).public_key()
    assert isinstance(ones_key, rsa.RSAPublicKey)
    alipay, circle = one.issue("Alipay", alipay_keys.key.public_key()), other.issue("One", ones_key) + other.certificate

    with pytest.raises(ValueError, match="issued by none of the root certificates"):
        load(alipay=alipay + circle)


def test_a_certificate_of_another_key_is_refused(certified: Certified) -> None:
    with pytest.raises(ValueError, match="belongs to another private key"):
        AlipayCertifiedKeys(platform.APP_ID, KeyPair.new().private_pem, certified.files())


@pytest.mark.parametrize("which", ["app", "alipay", "roots"])
@pytest.mark.parametrize("written", ["", "canary", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_refused_without_being_repeated(load: Load, which: str, written: str) -> None:
    with pytest.raises(ValueError, match="cannot be read as PEM") as raised:
        load(**{which: written})

    assert "canary" not in str(raised.value)


def test_roots_without_an_rsa_root_are_refused(certified: Certified) -> None:
    with pytest.raises(ValueError, match="no RSA root"):
        AlipayCertifiedKeys.get_root_cert_sn(certified.elliptic_root)


@pytest.mark.parametrize("bad", ["canary", "-----BEGIN PRIVATE KEY-----\ncanary"])
def test_what_is_no_private_key_is_refused_without_being_repeated(certified: Certified, bad: str) -> None:
    with pytest.raises(ValueError, match="not an RSA key") as raised:
        AlipayCertifiedKeys(platform.APP_ID, bad, certified.files())

    assert "canary" not in str(raised.value)


def test_an_answer_under_the_right_certificate_is_believed(
    gateway: AlipayGateway, alipay_server: AlipayPlatform, certified: Certified
) -> None:
    alipay_server.writes(with_certificate(independent_name(certified.alipay)))

    assert gateway.ask(METHOD)["passed"] == "T"


def test_an_answer_under_another_certificate_is_not(
    gateway: AlipayGateway, alipay_server: AlipayPlatform, certified: Certified
) -> None:
    """The SDK compares nothing; here the signature is good, and the name beside it is not."""
    alipay_server.writes(with_certificate(independent_name(certified.between)))

    with pytest.raises(ChannelSignatureBad):
        gateway.ask(METHOD)


def test_a_certificate_that_alipay_made_anew_is_an_alarm(gateway: AlipayGateway, alipay_server: AlipayPlatform) -> None:
    alipay_server.writes(with_certificate("a5b59edf65dcda9ca26e071ab6f5a0a7"))

    with capture_logs() as logged, pytest.raises(ChannelSignatureBad):
        gateway.ask(METHOD)

    assert ("channel_misconfigured", "alipay_cert_sn") in {(line["event"], line.get("code")) for line in logged}


def test_somebody_signs_in_in_certificate_mode(alipay_server: AlipayPlatform, app_keys: KeyPair, certified: Certified) -> None:
    alipay_server.writes(with_certificate(independent_name(certified.alipay)))
    upstream = Upstream(f"{alipay_server.address}/gateway.do")
    config = AlipayConfig(platform.APP_ID, app_keys.private_pem, "", AES_KEY, upstream, certificates=certified.files())

    assert Alipay(config, Clock()).identify("code").subject == platform.OPEN_ID


def independent_name(pem: str) -> str:
    """Alipay's name for a certificate, put together by hand."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)
    parts = [certificate.issuer.get_attributes_for_oid(kind)[0].value for kind in kinds]
    text = "CN={},OU={},O={},C={}".format(*map(str, parts)) + str(certificate.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def with_certificate(name: str) -> platform.Writer:
    """An answer in certificate mode."""
    return lambda node, text, sign: f'{{"{node}":{text},"alipay_cert_sn":"{name}","sign":"{sign}"}}'


@pytest.fixture(scope="session")
def certified(app_keys: KeyPair, alipay_keys: KeyPair) -> Certified:
    return Certified.new(app_keys, alipay_keys)


@pytest.fixture
def load(app_keys: KeyPair, certified: Certified) -> Load:
    """Load keys of certificate mode, with some of the files changed."""
    return lambda **changes: AlipayCertifiedKeys(platform.APP_ID, app_keys.private_pem, certified.files(**changes))


@pytest.fixture
def gateway(load: Load, alipay_server: AlipayPlatform) -> AlipayGateway:
    return AlipayGateway(load(), Upstream(f"{alipay_server.address}/gateway.do"), Clock())

"""Certificate mode: python-alipay-sdk's `DCAliPay` with its reading of certificates replaced and Alipay's chain checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from alipay import DCAliPay
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bff.channels.alipay_keys import SigningMixin, pem_or_der

# Alipay's root file also holds SM2 and elliptic roots, which do not count; RSA's algorithms stand under this branch.
_RSA_ALGORITHMS = "1.2.840.113549.1.1."
_LONGEST_CHAIN = 4


@dataclass(frozen=True, slots=True)
class AlipayCertificates:
    """The three files of the console, as PEM: the app's, Alipay's own with what comes between, and the roots."""

    app: str
    alipay: str
    roots: str


class AlipayCertifiedKeys(SigningMixin, DCAliPay):  # type: ignore[misc]  # python-alipay-sdk has no types
    """Names our certificate and the roots in each request, and knows which certificate Alipay must sign with."""

    def __init__(self, app_id: str, app_private_key: str, certificates: AlipayCertificates) -> None:
        alipay = _read(certificates.alipay, "Alipay's certificate")
        app = _read(certificates.app, "the app's certificate for Alipay")[0]
        _refuse_untrusted(alipay, _read(certificates.roots, "Alipay's root certificates"))
        try:
            super().__init__(
                app_id,
                app_private_key_string=pem_or_der(app_private_key),
                app_public_key_cert_string=certificates.app,
                alipay_public_key_cert_string=certificates.alipay,
                alipay_root_cert_string=certificates.roots,
            )
        except (ValueError, IndexError, TypeError):
            raise ValueError("the app's private key for Alipay is not an RSA key, neither as PEM nor as base64") from None
        self.settle_keys(self)
        self.alipay_cert_sn = serial_name(alipay[0])
        if _public_der(app) != self.app_private_key.public_key().export_key("DER"):
            raise ValueError("the app's certificate for Alipay belongs to another private key")

    def load_alipay_public_key_string(self) -> str:
        """Alipay's key, out of its certificate; the SDK's way warns, and will one day fail."""
        return _public_pem(_read(self._alipay_public_key_cert_string, "Alipay's certificate")[0])

    @staticmethod
    def get_cert_sn(cert: str) -> str:
        """The app's certificate as Alipay names it."""
        return serial_name(_read(cert, "the app's certificate for Alipay")[0])

    @staticmethod
    def get_root_cert_sn(root_cert: str) -> str:
        """The RSA roots as Alipay names them, in the order of the file, however its lines end."""
        roots = _read(root_cert, "Alipay's root certificates")
        named = [serial_name(root) for root in roots if root.signature_algorithm_oid.dotted_string.startswith(_RSA_ALGORITHMS)]
        if not named:
            raise ValueError("Alipay's root certificates hold no RSA root")
        return "_".join(named)


def serial_name(certificate: x509.Certificate) -> str:
    """What Alipay calls a certificate: the MD5 of its issuer's name and its serial number."""
    named = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()


def _read(pem: str, what: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        pass
    raise ValueError(f"{what} cannot be read as PEM")


def _refuse_untrusted(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> None:
    """Go up from Alipay's certificate until one of the roots has issued what we hold."""
    held = chain[0]
    for _ in range(_LONGEST_CHAIN):
        if any(_has_issued(root, held) for root in roots):
            return
        above = next((one for one in chain[1:] if one != held and _has_issued(one, held)), None)
        if above is None:
            break
        held = above
    raise ValueError("Alipay's certificate was issued by none of the root certificates")


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _public_der(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_pem(certificate: x509.Certificate) -> str:
    return certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

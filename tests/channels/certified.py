"""Both sides of certificate mode: a root, what stands below it, and the certificates of our app and of Alipay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bff.channels.alipay_certificates import AlipayCertificates
from dev.certificates import Authority
from tests.channels.alipay_platform import KeyPair


@dataclass(frozen=True, slots=True)
class Certified:
    """PEM texts: two RSA roots and an elliptic one, as in Alipay's own file. `direct` is issued by the other root itself."""

    root: str
    other_root: str
    elliptic_root: str
    between: str
    alipay: str
    direct: str
    app: str

    @classmethod
    def new(cls, app: KeyPair, alipay: KeyPair) -> Certified:
        root, other = Authority("Root R1"), Authority("Root R2")
        between = Authority("Class 2 R1", above=root)
        alipay_pem = between.issue("Alipay", alipay.key.public_key())
        direct, app_pem = (other.issue(name, key.key.public_key()) for name, key in (("Alipay", alipay), ("App", app)))
        return cls(root.certificate, other.certificate, elliptic(), between.certificate, alipay_pem, direct, app_pem)

    @property
    def roots(self) -> str:
        return self.elliptic_root + self.root + self.other_root

    def files(self, **changes: str) -> AlipayCertificates:
        """What an operator fetches from the console."""
        return AlipayCertificates(**{"app": self.app, "alipay": self.alipay + self.between, "roots": self.roots, **changes})


def elliptic() -> str:
    """A root that is no RSA root."""
    return self_signed({NameOID.COMMON_NAME: "Root E1"}, 1, ec.generate_private_key(ec.SECP256R1()))


def self_signed(name: dict[x509.ObjectIdentifier, str], serial: int, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A certificate of just this name and number."""
    named = x509.Name([x509.NameAttribute(kind, value) for kind, value in name.items()])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()

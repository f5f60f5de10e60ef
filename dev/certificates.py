"""A small certificate authority for a developer's world, since Alipay's own will not certify a machine of ours."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

# Nobody asks a certificate of this world how old it is.
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


class Authority:
    """A root whose key is kept in memory only: what it has signed stays good, and nobody signs with it again."""

    def __init__(self, name: str, above: Authority | None = None) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._name = _named(name)
        self.certificate = (
            self.issue(name, self._key.public_key()) if above is None else above.issue(name, self._key.public_key())
        )

    def issue(self, name: str, holder: rsa.RSAPublicKey) -> str:
        """A certificate that a name belongs to a key, as PEM."""
        made = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(self._name)
            .public_key(holder)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_FROM)
            .not_valid_after(_UNTIL)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, "Sandbox"))
    more = ((NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in (*parts, *more)])

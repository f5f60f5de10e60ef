"""Certificate mode: what each side calls the other's certificate, by Alipay's recipe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from sandbox.alipay.errors import error_of


@dataclass(frozen=True, slots=True)
class CertificateNames:
    """The names of the app's certificate, of Alipay's, and of the root that issued both."""

    app: str
    alipay: str
    root: str

    def check(self, parameters: Mapping[str, str]) -> None:
        """Nothing if an app in certificate mode named what Alipay issued; raises `AlipayError`."""
        for name, expected in (("app_cert_sn", self.app), ("alipay_root_cert_sn", self.root)):
            if not parameters.get(name):
                raise error_of(f"isv.missing-{name.replace('_', '-')}")
            if parameters[name] != expected:
                raise error_of(f"isv.invalid-{name.replace('_', '-')}")


def names_of(app: Path | None, alipay: Path | None, root: Path | None) -> CertificateNames | None:
    """The names out of the files, or `None` where the sandbox has none and knows key mode only."""
    if app is None or alipay is None or root is None:
        return None
    return CertificateNames(*(_name(file) for file in (app, alipay, root)))


def _name(file: Path) -> str:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    named = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()

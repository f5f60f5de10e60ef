"""The two keys of an Alipay app, through python-alipay-sdk: ours signs, Alipay's vouches for what it says."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import Any, cast

from alipay import AliPay
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key


class SigningMixin:
    """Signs and verifies RSA2, whichever of the SDK's clients keeps the keys."""

    alipay_cert_sn: str | None = None  # in certificate mode, which certificate Alipay must sign with
    _public: RSAPublicKey

    def settle_keys(self, loaded: Any) -> None:
        """Take Alipay's key from the SDK's client, whose own check lets malformed signatures through."""
        # The SDK attaches a handler of its own that prints whatever it logs.
        logging.getLogger("python-alipay-sdk").handlers.clear()
        if not loaded.app_private_key.has_private():
            raise ValueError("the app's private key for Alipay is a public key")
        # The SDK reads RSA keys and no others.
        self._public = cast("RSAPublicKey", load_der_public_key(loaded.alipay_public_key.export_key("DER")))

    def sign(self, text: str) -> str:
        """Our signature under `text`, as base64."""
        return str(self._sign(text))  # type: ignore[attr-defined]  # every client of the SDK has it

    def vouch_for(self, text: str | bytes, signature: Any) -> bool:
        """Whether Alipay signed exactly this `text`; there is one spelling of each signature."""
        if not isinstance(signature, str):
            return False
        try:
            raw = base64.b64decode(signature, validate=True)
            if base64.b64encode(raw).decode() != signature:
                return False
            self._public.verify(raw, text.encode() if isinstance(text, str) else text, PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


class AlipayKeys(SigningMixin, AliPay):  # type: ignore[misc]  # python-alipay-sdk has no types
    """Key mode. Keys come as PEM or as the bare base64 that Alipay's console gives."""

    def __init__(self, app_id: str, app_private_key: str, alipay_public_key: str) -> None:
        try:
            super().__init__(
                app_id,
                app_private_key_string=pem_or_der(app_private_key),
                alipay_public_key_string=pem_or_der(alipay_public_key),
            )
        except (ValueError, IndexError, TypeError):
            raise ValueError("an Alipay key is not an RSA key, neither as PEM nor as base64") from None
        self.settle_keys(self)


def pem_or_der(written: str) -> str | bytes:
    """A key as the SDK takes it."""
    if "-----BEGIN" in written:
        return written.strip()
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except binascii.Error:
        raise ValueError("neither PEM nor base64") from None

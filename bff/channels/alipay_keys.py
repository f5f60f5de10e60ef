"""The two keys of an Alipay app, through python-alipay-sdk: ours signs, Alipay's vouches for what it says."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import Any

from alipay import AliPay


class AlipayKeys(AliPay):  # type: ignore[misc]  # python-alipay-sdk has no types
    """Signs and verifies RSA2. Keys come as PEM or as the bare base64 that Alipay's console gives."""

    def __init__(self, app_id: str, app_private_key: str, alipay_public_key: str) -> None:
        # The SDK attaches a handler of its own that prints whatever it logs.
        logging.getLogger("python-alipay-sdk").handlers.clear()
        try:
            super().__init__(
                app_id,
                app_private_key_string=_pem_or_der(app_private_key),
                alipay_public_key_string=_pem_or_der(alipay_public_key),
            )
        except (ValueError, IndexError, TypeError):
            raise ValueError("an Alipay key is not an RSA key, neither as PEM nor as base64") from None
        if not self.app_private_key.has_private():
            raise ValueError("the app's private key for Alipay is a public key")

    def sign(self, text: str) -> str:
        """Our signature under `text`, as base64."""
        return str(self._sign(text))

    def vouch_for(self, text: str, signature: Any) -> bool:
        """Whether Alipay signed exactly this `text`."""
        if not isinstance(signature, str):
            return False
        try:
            return bool(self._verify(text, signature))
        except ValueError:
            return False


def _pem_or_der(written: str) -> str | bytes:
    if "-----BEGIN" in written:
        return written.strip()
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except binascii.Error:
        raise ValueError("neither PEM nor base64") from None

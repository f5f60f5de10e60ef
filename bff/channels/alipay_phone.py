"""Opens the sealed phone number that `my.getPhoneNumber` gives to the phone: first Alipay's signature, then the cipher."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

_BLOCK_BYTES = 16
# Alipay's choice; it is the signature that keeps anybody from making such a message.
_IV = bytes(_BLOCK_BYTES)
_SUCCESS = "10000"


class NotFromAlipay(Exception):
    """No signature, a wrong one, or not such an object at all."""


class WrongKey(Exception):
    """Alipay did sign this, but our content key does not open it."""


def parse_content_key(written: str) -> bytes:
    """The AES key as Alipay's console shows it; raises `ValueError` that does not repeat it."""
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        raise ValueError("Alipay's content key is not base64") from None
    if len(key) not in (16, 24, 32):
        raise ValueError("Alipay's content key must have 16, 24 or 32 bytes")
    return key


def open_sealed(sent: Any, vouch_for: Callable[[str, Any], bool], key: bytes) -> dict[str, Any]:
    """What is inside, be it the phone or Alipay's refusal; raises `NotFromAlipay` or `WrongKey`."""
    response, signature = _parts(sent)
    # A refusal travels in clear, and is signed as it stands; a sealed text is signed with its quotation marks.
    in_clear = response.startswith("{")
    if not vouch_for(response if in_clear else f'"{response}"', signature):
        raise NotFromAlipay
    inside = response.encode() if in_clear else _decrypt(response, key)
    try:
        told = json.loads(inside)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise WrongKey
    if in_clear and told.get("code") == _SUCCESS:
        # Alipay signs other texts with this key; none of them may be passed off as a phone.
        raise NotFromAlipay
    return told


def _parts(sent: Any) -> tuple[str, str]:
    if not isinstance(sent, dict) or sent.get("sign_type", "RSA2") != "RSA2":
        raise NotFromAlipay
    response, signature = sent.get("response"), sent.get("sign")
    if not isinstance(response, str) or not isinstance(signature, str):
        raise NotFromAlipay
    return response, signature


def _decrypt(response: str, key: bytes) -> bytes:
    try:
        sealed = base64.b64decode(response, validate=True)
        opener = Cipher(algorithms.AES(key), modes.CBC(_IV)).decryptor()
        padded = opener.update(sealed) + opener.finalize()
        strip = PKCS7(_BLOCK_BYTES * 8).unpadder()
        return strip.update(padded) + strip.finalize()
    except ValueError:
        pass
    raise WrongKey

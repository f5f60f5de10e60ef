"""Alipay's signatures (RSA2) and the sealed answer of `my.getPhoneNumber`."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.alipay.errors import AlipayError


class Signer:
    """Signs as Alipay and verifies as Alipay, for one app."""

    def __init__(self, gateway_private_key_file: Path, app_public_key_file: Path) -> None:
        private = serialization.load_pem_private_key(gateway_private_key_file.read_bytes(), password=None)
        public = serialization.load_pem_public_key(app_public_key_file.read_bytes())
        if not isinstance(private, rsa.RSAPrivateKey) or not isinstance(public, rsa.RSAPublicKey):
            raise TypeError("Alipay's keys are RSA keys")
        self._private = private
        self._public = public

    def sign(self, text: str) -> str:
        """The signature of a text, in base64."""
        return base64.b64encode(self._private.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()

    def is_signed(self, parameters: Mapping[str, str]) -> bool:
        """Whether the app signed these parameters; it may have left empty ones out, or not."""
        signed = sorted((name, value) for name, value in parameters.items() if name != "sign")
        texts = {_joined(signed), _joined([(name, value) for name, value in signed if value])}
        return any(self._verify(text, parameters.get("sign", "")) for text in texts)

    def _verify(self, text: str, signature: str) -> bool:
        try:
            self._public.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def sealed_phone(signer: Signer, aes_key: bytes, phone: str) -> dict[str, str]:
    """What `my.getPhoneNumber` hands to the phone: AES-CBC with a zero IV, signed over the quoted ciphertext."""
    clear = json.dumps({"code": "10000", "msg": "Success", "mobile": phone}).encode()
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(aes_key), modes.CBC(bytes(16))).encryptor()
    sealed = encryptor.update(padder.update(clear) + padder.finalize()) + encryptor.finalize()
    response = base64.b64encode(sealed).decode()
    return {
        "response": response,
        "sign": signer.sign(f'"{response}"'),
        "sign_type": "RSA2",
        "encrypt_type": "AES",
        "charset": "UTF-8",
    }


def refused_phone(signer: Signer, error: AlipayError) -> dict[str, str]:
    """What it hands over instead of a number: in clear, in camel case, and signed as it stands."""
    told = error.node()
    named = {"code": told["code"], "msg": told["msg"], "subCode": told["sub_code"], "subMsg": told["sub_msg"]}
    response = json.dumps(named, ensure_ascii=False)
    return {"response": response, "sign": signer.sign(response), "sign_type": "RSA2", "charset": "UTF-8"}


def _joined(parameters: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in parameters)

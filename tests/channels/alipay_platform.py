"""Alipay's gateway as far as a test needs it; `says` scripts a method's answer, `spoils` how it is written and signed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.channels.scripted_server import Reply, Request, ScriptedServer

APP_ID = "2021000000000001"
OPEN_ID = "canary-alipay-open-id"
ACCESS = "canary-alipay-access-token"

LOGIN = "alipay.system.oauth.token"
INITIALIZE = "alipay.user.certify.open.initialize"
QUERY = "alipay.user.certify.open.query"

# Gives the whole answer from the node's name, its text, and the signature under that text.
Writer = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An RSA key and its two halves as texts."""

    key: rsa.RSAPrivateKey
    private_pem: str
    public_pem: str

    @classmethod
    def new(cls) -> KeyPair:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return cls(key, _private(key, serialization.PrivateFormat.PKCS8), _public(key))

    @property
    def private_pkcs1_pem(self) -> str:
        return _private(self.key, serialization.PrivateFormat.TraditionalOpenSSL)

    def sign(self, text: str | bytes) -> str:
        signed = text.encode() if isinstance(text, str) else text
        return base64.b64encode(self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()

    def has_signed(self, text: str, signature: str) -> bool:
        try:
            self.key.public_key().verify(base64.b64decode(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def signed(name: str, text: str, signature: str) -> str:
    """An answer as it should be."""
    return f'{{"{name}":{text},"sign":"{signature}"}}'


class AlipayPlatform(ScriptedServer):
    """Answers only requests that the app's key signed."""

    def __init__(self, app: KeyPair, alipay: KeyPair) -> None:
        super().__init__()
        self.app, self.alipay = app, alipay
        self._write: Writer = signed
        self._reply: Reply | None = None
        self._said: dict[str, tuple[str, str]] = {}
        self.says(LOGIN, {"access_token": ACCESS, "expires_in": 1296000, "open_id": OPEN_ID})
        self.says(INITIALIZE, {"code": "10000", "msg": "Success", "certify_id": "certify-1"})
        self.says(QUERY, {"code": "10000", "msg": "Success", "passed": "T"})

    def says(self, method: str, answer: dict[str, Any] | str, node: str | None = None) -> None:
        """From now on `method` answers this, as a value or as the very text of its node."""
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        self._said[method] = (node or method.replace(".", "_") + "_response", text)

    def refuses(self, method: str, code: str, sub_code: str, node: str | None = None) -> None:
        """From now on `method` answers with these codes."""
        self.says(method, {"code": code, "msg": "no", "sub_code": sub_code, "sub_msg": "否"}, node)

    def writes(self, writer: Writer) -> None:
        """From now on answers are put together like this."""
        self._write = writer

    def replies(self, reply: Reply) -> None:
        """From now on everything gets this bare reply."""
        self._reply = reply

    def answer(self, request: Request) -> Reply:
        if self._reply is not None:
            return self._reply
        fields = {**request.query, **request.form}
        signature = fields.pop("sign")
        if not self.app.has_signed("&".join(f"{name}={value}" for name, value in sorted(fields.items())), signature):
            return self._written(
                "error_response", '{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature"}'
            )
        return self._written(*self._said[fields["method"]])

    def _written(self, node: str, text: str) -> Reply:
        return Reply(self._write(node, text, self.alipay.sign(text)).encode())


def _private(key: rsa.RSAPrivateKey, form: serialization.PrivateFormat) -> str:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _public(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

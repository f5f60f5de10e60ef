"""Message pushes as WeChat seals and signs them, written apart from the code that reads them."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from groundwork.clock import CHINA, Clock

TOKEN, AES_KEY, APP_ID, ACCOUNT = "a-token-for-pushes", "q" * 42 + "A", "wx5f00c0ffee00c0de", "gh_870882ca4b1f"


@dataclass(frozen=True, slots=True)
class StoppedClock(Clock):
    """Shows one moment only, that of a written example."""

    at_s: int = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at_s, CHINA)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of WeChat's to us."""

    body: bytes
    query: dict[str, str] = field(default_factory=dict)

    def with_query(self, **changed: str | None) -> Sent:
        told = {**self.query, **changed}
        return replace(self, query={name: value for name, value in told.items() if value is not None})


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def sealed(text: bytes, app_id: str = APP_ID, key: str = AES_KEY) -> str:
    """The text as it travels: 16 bytes of chance, its length, itself, the app it is for, filled up to 32."""
    plain = b"0123456789abcdef" + struct.pack(">I", len(text)) + text + app_id.encode()
    padding = 32 - len(plain) % 32
    raw = base64.b64decode(f"{key}=")
    sealer = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()


def sent(message: Any, nonce: str = "415670741", at_s: int | str | None = None, text: str | None = None) -> Sent:
    """A push of this message, made now."""
    at = str(int(Clock().now().timestamp()) if at_s is None else at_s)
    encrypted = sealed(json.dumps(message, ensure_ascii=False).encode()) if text is None else text
    query = {
        "signature": signature(TOKEN, at, nonce),
        "timestamp": at,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": signature(TOKEN, at, nonce, encrypted),
    }
    return Sent(json.dumps({"ToUserName": ACCOUNT, "Encrypt": encrypted}, separators=(",", ":")).encode(), query)


def event(name: str, **told: Any) -> dict[str, Any]:
    """An event of somebody's, as WeChat words it."""
    common = {"ToUserName": ACCOUNT, "FromUserName": "o-sender", "CreateTime": 1627359464, "MsgType": "event"}
    return {**common, "Event": name, **told}

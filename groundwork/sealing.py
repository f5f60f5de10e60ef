"""Keys as versioned lists, sealed values (AES-256-GCM) and keyed fingerprints (HMAC-SHA-256)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from groundwork.chance import random_bytes

_NONCE_BYTES = 12


class SealBroken(ValueError):
    """The value was not sealed by any of our keys, or not for this place."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Secrets, newest first, each with a short id: the first seals, all of them open."""

    secrets: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, written: str) -> KeyRing:
        """`id:hex,id:hex` with 32-byte keys; raises `ValueError` that never repeats a key."""
        pairs = []
        for position, part in enumerate(written.split(","), start=1):
            key_id, colon, digits = part.strip().partition(":")
            if not colon or not key_id.isalnum() or len(key_id) > 8:
                raise ValueError(f"key {position} is not written as id:hex with an id of at most 8 letters and digits")
            try:
                secret = bytes.fromhex(digits)
            except ValueError:
                raise ValueError(f"key {position} is not hexadecimal") from None
            if len(secret) != 32:
                raise ValueError(f"key {position} must have 32 bytes (64 hexadecimal digits)")
            pairs.append((key_id, secret))
        return cls(tuple(pairs))

    def seal(self, clear: bytes, place: str) -> bytes:
        """Encrypt `clear` for one `place` only, such as a table and row or an owner, flow and step."""
        key_id, secret = self.secrets[0]
        nonce = random_bytes(_NONCE_BYTES)
        key = _derive(secret, b"seal")
        return key_id.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, clear, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The clear bytes; raises `SealBroken`."""
        key_id, _, rest = sealed.partition(b":")
        for known_id, secret in self.secrets:
            if known_id.encode() == key_id:
                cipher = AESGCM(_derive(secret, b"seal"))
                try:
                    return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
                except InvalidTag:
                    raise SealBroken(place) from None
        raise SealBroken(place)

    def fingerprint(self, purpose: str, *parts: str) -> str:
        """A keyed hash for looking up or comparing without keeping the value, under the newest key."""
        return self.fingerprints(purpose, *parts)[0]

    def fingerprints(self, purpose: str, *parts: str) -> tuple[str, ...]:
        """The same under every key, newest first: rows written before a rotation are still found."""
        message = "\x1f".join(parts).encode()
        keys = (_derive(secret, purpose.encode()) for _, secret in self.secrets)
        return tuple(hmac.new(key, message, hashlib.sha256).hexdigest() for key in keys)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, b"groundwork/" + purpose, hashlib.sha256).digest()

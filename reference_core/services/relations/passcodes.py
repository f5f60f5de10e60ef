"""A passcode for sharing, kept only as a salted scrypt hash."""

from __future__ import annotations

import hashlib

from groundwork.chance import random_bytes

# What OWASP asks of scrypt: 16 MiB of memory and some fifty milliseconds for each guess.
_COST, _BLOCK, _LANES = 2**14, 8, 5
_SALT_BYTES = 16


def hash_passcode(passcode: str) -> str:
    """`scrypt$cost$block$lanes$salt$hash`, a new salt each time."""
    salt = random_bytes(_SALT_BYTES)
    made = hashlib.scrypt(passcode.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${made.hex()}"

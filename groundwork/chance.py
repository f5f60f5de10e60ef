"""The one place that chance comes from: identifiers, codes and secrets."""

from __future__ import annotations

import secrets

import uuid_utils


def new_id() -> str:
    """A time-ordered identifier (UUID version 7)."""
    return str(uuid_utils.uuid7())


def new_secret(bits: int = 256) -> str:
    """A URL-safe secret of at least `bits` random bits."""
    return secrets.token_urlsafe((bits + 7) // 8)


def new_digits(count: int) -> str:
    """`count` random decimal digits."""
    return "".join(secrets.choice("0123456789") for _ in range(count))


def random_bytes(count: int) -> bytes:
    """`count` random bytes, for nonces."""
    return secrets.token_bytes(count)


def fraction() -> float:
    """A number from 0 up to but not 1, for the jitter of a wait."""
    return int.from_bytes(secrets.token_bytes(4), "big") / 2**32

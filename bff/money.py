"""Fen are integers; this is the one place that prints yuan."""

from __future__ import annotations


def yuan(amount_fen: int) -> str:
    """`12850` -> `128.50`, for people to read; nothing is ever computed from it."""
    sign = "-" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{sign}{whole}.{rest:02d}"

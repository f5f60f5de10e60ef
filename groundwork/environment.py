"""Reads settings from the environment, collecting every bad value so that one start shows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class BadSettings(SystemExit):
    """The process must not start; the message names each variable and what it should be, never its value."""


class Environment:
    """A reader over environment variables; `finish` refuses to go on if any of them was bad."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._faults: list[str] = []

    def read(self, name: str, parse: Callable[[str], T], default: T | None = None) -> T:
        """The parsed value of `name`; missing without a default, or refused by `parse`, counts as a fault."""
        written = self._variables.get(name, "").strip()
        if not written:
            if default is None:
                self._faults.append(f"{name} is missing")
            return default  # type: ignore[return-value]  # finish() refuses to hand a None on
        try:
            return parse(written)
        except ValueError as fault:
            self._faults.append(f"{name}: {fault}")
            return default  # type: ignore[return-value]  # as above

    def refuse(self, reason: str) -> None:
        """Record a fault that only several values together show."""
        self._faults.append(reason)

    def finish(self) -> None:
        """Raise `BadSettings` with every fault, or return."""
        if self._faults:
            raise BadSettings("Cannot start:\n" + "\n".join(f"  - {fault}" for fault in self._faults))


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A parser for an integer within the bounds, both included."""

    def parse(written: str) -> int:
        if not (written.isascii() and written.lstrip("-").isdigit()) or not low <= int(written) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(written)

    return parse


def secret_list(written: str) -> tuple[str, ...]:
    """Comma-separated secrets, newest first, each of at least 32 characters."""
    secrets = tuple(part.strip() for part in written.split(","))
    if any(len(secret) < 32 for secret in secrets):
        raise ValueError("each secret needs at least 32 characters")
    return secrets

"""What makes a flow: its name and title, who plans its steps, and the effect that its answers ask for at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bff.flows.plan import Plan


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A text that was agreed to, word for word."""

    purpose: str
    version: str
    text: tuple[str, ...]
    text_hash: str


@dataclass(frozen=True, slots=True)
class BecomePerson:
    """Tie this channel identity to the citizen whom the real-person check has shown it to be."""

    name: str
    id_number: str
    phone: str
    phone_verified: bool
    check: Mapping[str, str]
    consent: ConsentGiven


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Open the shared account under the pledge whose hash is `agree`."""

    agree: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class BindMember:
    """Let a relative spend from the account."""

    name: str
    id_number: str
    cert_type: str
    relation: str
    phone: str | None
    agree: str | None


@dataclass(frozen=True, slots=True)
class EndRelation:
    """Take a member off the account."""

    relation_id: str
    reason: str | None


Effect = BecomePerson | OpenAccount | BindMember | EndRelation


@dataclass(frozen=True, slots=True)
class Flow:
    """`own_plan` is set where the product itself asks; otherwise the citizen's city plans the steps."""

    name: str
    title: str
    complete_label: str
    effect: Callable[[Mapping[str, Any]], Effect]
    own_plan: Plan | None = None


def phone_number(given: Mapping[str, Any]) -> str | None:
    """The phone among the answers, if one was given."""
    phone = given.get("phone")
    return phone["number"] if phone else None

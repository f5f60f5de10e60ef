"""What the core tells of disputes, reports and requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.reading import Reading

CASE_STATES = frozenset({"open", "upheld", "dismissed"})


@dataclass(frozen=True, slots=True)
class OpenedCase:
    id: str
    status: str

    @classmethod
    def read(cls, told: Reading) -> OpenedCase:
        return cls(told.text("id"), told.one_of("status", CASE_STATES))


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing that happened in a case."""

    at: datetime
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A disputed record that concerns the asker, with its trail."""

    id: str
    record: str
    opened_by_me: bool
    status: str
    opened_at: datetime
    trail: tuple[CaseStep, ...]

    @classmethod
    def read(cls, told: Reading) -> Case:
        return cls(
            id=told.text("id"),
            record=told.text("record"),
            opened_by_me=told.flag("opened_by_me"),
            status=told.one_of("status", CASE_STATES),
            opened_at=told.moment("opened_at"),
            trail=told.each("trail", lambda one: CaseStep(one.moment("at"), one.text("what"), one.text("text"))),
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a report went, and the number to name there."""

    receipt_number: str
    place: str
    phone: str

    @classmethod
    def read(cls, told: Reading) -> Receipt:
        return cls(told.text("receipt_number"), told.text("place"), told.text("phone"))


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What a payer was asked."""

    id: str
    kind: str
    status: str

    @classmethod
    def read(cls, told: Reading) -> SentRequest:
        return cls(told.text("id"), told.text("kind"), told.text("status"))

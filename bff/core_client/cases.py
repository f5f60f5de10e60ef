"""What the core tells of disputes, reports and requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.reading import Reading

CASE_STATES = frozenset({"open", "upheld", "dismissed"})
REPORT_KINDS = frozenset({"code_stolen", "fraud", "other"})
REQUEST_KINDS = frozenset({"leave", "raise_limit"})
REQUEST_STATES = frozenset({"sent", "done", "declined", "lapsed"})


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
    """A disputed record that concerns the asker, with its trail and what of it went back to them."""

    id: str
    record: str
    paid_at: datetime
    institution: str
    opened_by_me: bool
    status: str
    opened_at: datetime
    returned_fen: int
    trail: tuple[CaseStep, ...]

    @classmethod
    def read(cls, told: Reading) -> Case:
        return cls(
            id=told.text("id"),
            record=told.text("record"),
            paid_at=told.moment("paid_at"),
            institution=told.text("institution"),
            opened_by_me=told.flag("opened_by_me"),
            status=told.one_of("status", CASE_STATES),
            opened_at=told.moment("opened_at"),
            returned_fen=told.whole("returned_fen"),
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
class KeptReport:
    """What somebody reported, to be found again with its receipt."""

    receipt_number: str
    kind: str
    at: datetime
    text: str
    about: str | None
    place: str
    phone: str

    @classmethod
    def read(cls, told: Reading) -> KeptReport:
        return cls(
            receipt_number=told.text("receipt_number"),
            kind=told.one_of("kind", REPORT_KINDS),
            at=told.moment("at"),
            text=told.text("text"),
            about=told.maybe_text("about"),
            place=told.text("place"),
            phone=told.text("phone"),
        )


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What a payer was asked, and what became of it."""

    id: str
    kind: str
    status: str

    @classmethod
    def read(cls, told: Reading) -> SentRequest:
        return cls(told.text("id"), told.text("kind"), told.text("status"))


@dataclass(frozen=True, slots=True)
class PayerRequest:
    """A request between a member and a payer, as one of the two sees it."""

    id: str
    kind: str
    at: datetime
    status: str
    received: bool
    relation_id: str
    relation: str
    name_masked: str

    @classmethod
    def read(cls, told: Reading) -> PayerRequest:
        return cls(
            id=told.text("id"),
            kind=told.one_of("kind", REQUEST_KINDS),
            at=told.moment("at"),
            status=told.one_of("status", REQUEST_STATES),
            received=told.flag("received"),
            relation_id=told.text("relation_id"),
            relation=told.text("relation"),
            name_masked=told.text("name_masked"),
        )

"""What the core tells of settlements, as typed values that refuse what they do not expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.reading import Reading

RECORD_STATES = frozenset({"settled", "partly_refunded", "refunded", "disputed"})


@dataclass(frozen=True, slots=True)
class Patient:
    """Who was treated; `relation` is `self` for one's own record, and `person` what a filter calls them."""

    relation: str
    name_masked: str
    person: str


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str
    kind: str
    region: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What was paid for: the kind of visit, never a drug or a diagnosis."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer's account gave to a bill."""

    name_masked: str
    is_me: bool
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Record:
    """One settlement, as far as the asking person may see it: a figure that is kept from them is `None`."""

    id: str
    at: datetime
    member: Patient
    institution: Place
    med_type: str
    purpose: Purpose
    bill_fen: int | None
    fund_fen: int | None
    own_fen: int | None
    payer_fen: int
    cash_fen: int | None
    payers: tuple[Share, ...]
    balance_after_fen: int | None
    status: str

    @classmethod
    def read(cls, told: Reading) -> Record:
        member, institution, purpose = told.object("member"), told.object("institution"), told.object("purpose")
        return cls(
            id=told.text("id"),
            at=told.moment("at"),
            member=Patient(member.text("relation"), member.text("name_masked"), member.text("person")),
            institution=Place(*(institution.text(name) for name in ("id", "name", "kind", "region"))),
            med_type=told.text("med_type"),
            purpose=Purpose(purpose.text("kind"), purpose.text("label")),
            bill_fen=told.maybe_whole("bill_fen"),
            fund_fen=told.maybe_whole("fund_fen"),
            own_fen=told.maybe_whole("own_fen"),
            payer_fen=told.whole("payer_fen"),
            cash_fen=told.maybe_whole("cash_fen"),
            payers=told.each("payers", lambda one: Share(one.text("name_masked"), one.flag("is_me"), one.whole("paid_fen"))),
            balance_after_fen=told.maybe_whole("balance_after_fen"),
            status=told.one_of("status", RECORD_STATES),
        )


@dataclass(frozen=True, slots=True)
class RecordPage:
    items: tuple[Record, ...]
    next_cursor: str | None

    @classmethod
    def read(cls, told: Reading) -> RecordPage:
        return cls(told.each("items", Record.read), told.maybe_text("next_cursor"))

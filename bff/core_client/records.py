"""What the core tells of settlements, as typed values that refuse what they do not expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.reading import Reading

RECORD_STATES = frozenset({"settled", "partly_refunded", "refunded", "disputed"})


@dataclass(frozen=True, slots=True)
class Patient:
    """Who was treated; `relation` is `self` for one's own record."""

    relation: str
    name_masked: str


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str
    kind: str
    region: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer's account gave to a bill."""

    name_masked: str
    is_me: bool
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Record:
    """One settlement, as far as the asking person may see it."""

    id: str
    at: datetime
    member: Patient
    institution: Place
    med_type: str
    bill_fen: int
    fund_fen: int
    own_fen: int
    payer_fen: int
    cash_fen: int
    payers: tuple[Share, ...]
    status: str

    @classmethod
    def read(cls, told: Reading) -> Record:
        member, institution = told.object("member"), told.object("institution")
        return cls(
            id=told.text("id"),
            at=told.moment("at"),
            member=Patient(member.text("relation"), member.text("name_masked")),
            institution=Place(*(institution.text(name) for name in ("id", "name", "kind", "region"))),
            med_type=told.text("med_type"),
            bill_fen=told.whole("bill_fen"),
            fund_fen=told.whole("fund_fen"),
            own_fen=told.whole("own_fen"),
            payer_fen=told.whole("payer_fen"),
            cash_fen=told.whole("cash_fen"),
            payers=told.each("payers", lambda one: Share(one.text("name_masked"), one.flag("is_me"), one.whole("paid_fen"))),
            status=told.one_of("status", RECORD_STATES),
        )


@dataclass(frozen=True, slots=True)
class RecordPage:
    items: tuple[Record, ...]
    next_cursor: str | None

    @classmethod
    def read(cls, told: Reading) -> RecordPage:
        return cls(told.each("items", Record.read), told.maybe_text("next_cursor"))

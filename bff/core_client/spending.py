"""What the core tells before and beside payments: a payment that is only imagined, institutions to choose from, and sums."""

from __future__ import annotations

from dataclasses import dataclass

from bff.core_client.records import Place
from bff.errors import Reason
from groundwork.reading import Reading


@dataclass(frozen=True, slots=True)
class ImaginedShare:
    """What one account would give, and why it is this one."""

    name_masked: str
    is_me: bool
    paid_fen: int
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a till would answer now; what is not the asker's to see is `None`."""

    status: str
    bill_fen: int
    fund_fen: int
    own_fen: int | None
    payers: tuple[ImaginedShare, ...]
    cash_fen: int | None
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, told: Reading) -> Preview:
        def share(one: Reading) -> ImaginedShare:
            return ImaginedShare(one.text("name_masked"), one.flag("is_me"), one.whole("paid_fen"), one.text("why"))

        return cls(
            status=told.text("status"),
            bill_fen=told.whole("bill_fen"),
            fund_fen=told.whole("fund_fen"),
            own_fen=told.maybe_whole("own_fen"),
            payers=told.each("payers", share),
            cash_fen=told.maybe_whole("cash_fen"),
            reasons=told.each("reasons", Reason.read),
        )


@dataclass(frozen=True, slots=True)
class ContractedPlace(Place):
    """A place where one may pay, with its level from 1 to 3."""

    level: int


@dataclass(frozen=True, slots=True)
class PlacePage:
    items: tuple[ContractedPlace, ...]
    next_cursor: str | None

    @classmethod
    def read(cls, told: Reading) -> PlacePage:
        def place(one: Reading) -> ContractedPlace:
            return ContractedPlace(one.text("id"), one.text("name"), one.text("kind"), one.text("region"), one.whole("level"))

        return cls(told.each("items", place), told.maybe_text("next_cursor"))


@dataclass(frozen=True, slots=True)
class PersonSum:
    person: str
    label: str
    sum_fen: int


@dataclass(frozen=True, slots=True)
class KindSum:
    kind: str
    label: str
    sum_fen: int


@dataclass(frozen=True, slots=True)
class SourceSum:
    source: str
    label: str
    sum_fen: int


@dataclass(frozen=True, slots=True)
class SpendingAdvice:
    """What the city advises; it stands in the way of nothing."""

    rule: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A month or a year of what the asker may see, without what the pool paid and what came back."""

    total_fen: int
    by_person: tuple[PersonSum, ...]
    by_kind: tuple[KindSum, ...]
    by_source: tuple[SourceSum, ...]
    advice: tuple[SpendingAdvice, ...]

    @classmethod
    def read(cls, told: Reading) -> Summary:
        return cls(
            total_fen=told.whole("total_fen"),
            by_person=told.each("by_person", lambda one: PersonSum(one.text("person"), one.text("label"), one.whole("sum_fen"))),
            by_kind=told.each("by_kind", lambda one: KindSum(one.text("kind"), one.text("label"), one.whole("sum_fen"))),
            by_source=told.each("by_source", lambda one: SourceSum(one.text("source"), one.text("label"), one.whole("sum_fen"))),
            advice=told.each("advice", lambda one: SpendingAdvice(one.text("rule"), one.text("text"), one.text("source"))),
        )

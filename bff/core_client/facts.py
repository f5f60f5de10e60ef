"""What the core tells us, as typed values; each knows how it is read and refuses what it does not expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bff.core_client.vouchers import VOUCHER_STATES, GuardianConsent
from bff.errors import Reason
from groundwork.reading import Reading, Unreadable

ACCOUNT_STATES = frozenset({"none", "not_opened", "opened", "suspended", "closed"})
RELATION_STATES = frozenset(
    {"under_review", "awaiting_acceptance", "not_yet_effective", "active", "suspended", "disputed", "ended"}
)
OUTCOMES = frozenset({"done", "under_review", "awaiting_acceptance"})


@dataclass(frozen=True, slots=True)
class Verdict:
    allowed: bool
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, told: Reading) -> Verdict:
        reasons = told.each("reasons", Reason.read)
        if told.flag("allowed") == bool(reasons):
            raise Unreadable("allowed")
        return cls(not reasons, reasons)


@dataclass(frozen=True, slots=True)
class Account:
    status: str
    opened_at: datetime | None
    balance_fen: int
    prior_year_fen: int
    current_year_fen: int
    shareable_fen: int

    @classmethod
    def read(cls, told: Reading) -> Account:
        account = cls(
            status=told.one_of("status", ACCOUNT_STATES),
            opened_at=told.maybe_moment("opened_at"),
            balance_fen=told.whole("balance_fen"),
            prior_year_fen=told.whole("prior_year_fen"),
            current_year_fen=told.whole("current_year_fen"),
            shareable_fen=told.whole("shareable_fen"),
        )
        if account.balance_fen != account.prior_year_fen + account.current_year_fen:
            raise Unreadable("balance_fen")
        return account


@dataclass(frozen=True, slots=True)
class Insurance:
    insutype: str
    name: str
    status: str
    region: str

    @classmethod
    def read(cls, told: Reading) -> Insurance:
        return cls(told.text("insutype"), told.text("name"), told.text("status"), told.text("region"))


@dataclass(frozen=True, slots=True)
class VoucherState:
    status: str
    activated_at: datetime | None

    @classmethod
    def read(cls, told: Reading) -> VoucherState:
        return cls(told.one_of("status", VOUCHER_STATES), told.maybe_moment("activated_at"))


@dataclass(frozen=True, slots=True)
class Citizen:
    name_masked: str
    id_number_masked: str
    phone_masked: str | None
    region: str | None
    region_name: str | None
    insurances: tuple[Insurance, ...]
    voucher: VoucherState
    account: Account
    transfer_out: Verdict

    @classmethod
    def read(cls, told: Reading) -> Citizen:
        return cls(
            name_masked=told.text("name_masked"),
            id_number_masked=told.text("id_number_masked"),
            phone_masked=told.maybe_text("phone_masked"),
            region=told.maybe_text("region"),
            region_name=told.maybe_text("region_name"),
            insurances=told.each("insurances", Insurance.read),
            voucher=VoucherState.read(told.object("voucher")),
            account=Account.read(told.object("account")),
            transfer_out=Verdict.read(told.object("transfer_out")),
        )


@dataclass(frozen=True, slots=True)
class NamedCitizen:
    """Whom a look into the camera is about."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    cert_type: str = "01"

    @classmethod
    def read(cls, told: Reading) -> NamedCitizen:
        return cls(told.text("name"), told.text("id_number"), told.maybe_text("cert_type") or "01")


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    version: str
    effective_from: str | None

    @classmethod
    def read(cls, told: Reading) -> Region:
        return cls(told.text("code"), told.text("name"), told.text("version"), told.maybe_text("effective_from"))


@dataclass(frozen=True, slots=True)
class FlowOffer:
    """One of the city's flows; a citizen may start it today if there is no reason against it. `needs_look` says that nobody
    ends it who cannot look into a camera."""

    name: str
    title: str
    reasons: tuple[Reason, ...]
    needs_look: bool = False

    @classmethod
    def read(cls, told: Reading) -> FlowOffer:
        reasons = told.each("reasons", Reason.read)
        if told.flag("can_start") == bool(reasons):
            raise Unreadable("can_start")
        return cls(told.text("name"), told.text("title"), reasons, bool(told.members.get("needs_look")))


@dataclass(frozen=True, slots=True)
class Relative:
    """The other end of a mutual-aid relation: a member of mine, or a payer whose money I may use.

    `reasons` say why an agency turned it down; that stays in the list for a while, as `ended`.
    """

    id: str
    name_masked: str
    relation: str
    status: str
    effective_from: datetime | None
    spent_this_month_fen: int
    monthly_cap_fen: int | None
    uses: tuple[str, ...] | None
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, told: Reading) -> Relative:
        return cls(
            id=told.text("id"),
            name_masked=told.text("name_masked"),
            relation=told.text("relation"),
            status=told.one_of("status", RELATION_STATES),
            effective_from=told.maybe_moment("effective_from"),
            spent_this_month_fen=told.whole("spent_this_month_fen"),
            monthly_cap_fen=told.maybe_whole("monthly_cap_fen"),
            uses=told.texts("uses") if told.members.get("uses") is not None else None,
            reasons=told.each("reasons", Reason.read),
        )


@dataclass(frozen=True, slots=True)
class Pledge:
    """A pledge as it was signed."""

    id: str
    purpose: str
    title: str
    version: str
    text: tuple[str, ...]
    text_hash: str
    signed_at: datetime

    @classmethod
    def read(cls, told: Reading) -> Pledge:
        return cls(
            id=told.text("id"),
            purpose=told.text("purpose"),
            title=told.text("title"),
            version=told.text("version"),
            text=told.texts("text"),
            text_hash=told.text("text_hash"),
            signed_at=told.moment("signed_at"),
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that the core keeps until somebody's answer names it, or its time is over."""

    id: str
    expires_at: datetime

    @classmethod
    def read(cls, told: Reading) -> Upload:
        return cls(told.text("id"), told.moment("expires_at"))


@dataclass(frozen=True, slots=True)
class Done:
    """How a write ended; the rest of the core's answer stays with the core. `slip` is what a counter finds it by, and
    `guardian` what somebody agreed to in it for a young child."""

    outcome: str
    slip: str | None = None
    guardian: GuardianConsent | None = None

    @classmethod
    def read(cls, told: Reading) -> Done:
        guardian = told.maybe_object("guardian_consent")
        spoken = GuardianConsent.read(guardian) if guardian else None
        return cls(told.one_of("outcome", OUTCOMES), told.maybe_text("slip"), spoken)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the core still knows of a write under one of our keys: how it ended, or why it was refused."""

    done: Done | None
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, told: Reading) -> Remembered:
        body = told.object("body")
        if told.whole("status") < 300:
            return cls(Done.read(body), ())
        return cls(None, body.each("reasons", Reason.read))


@dataclass(frozen=True, slots=True)
class SlipCode:
    """What a cashier's code means, for anybody who reads it on a slip."""

    cashier_code: str
    rule: str
    text: str
    clerk_text: str
    owner: str
    next_step: str

    @classmethod
    def read(cls, told: Reading) -> SlipCode:
        return cls(
            cashier_code=told.text("cashier_code"),
            rule=told.text("rule"),
            text=told.text("text"),
            clerk_text=told.text("clerk_text"),
            owner=told.text("owner"),
            next_step=told.text("next_step"),
        )


def region_detail(told: Reading) -> Mapping[str, Any]:
    """A city's pack in words and data; its parameters are the city's own, so only its name plate and page are checked."""
    Region.read(told)
    for paragraph in told.maybe_objects("page"):
        paragraph.text("title")
        paragraph.each("lines", lambda line: (line.text("text"), line.text("source")))
    return told.members

"""What the core tells us of vouchers: which a person may show, what is amiss in their list, and a code to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bff.errors import Reason
from groundwork.reading import Reading

VOUCHER_STATES = frozenset({"not_activated", "active", "suspended"})
WAITING = frozenset({"under_review", "awaiting_acceptance"})
HELPER_STATES = WAITING | {"active"}
# What a guardian agrees to for a child below fourteen: that their voucher is shown on the guardian's phone, and that they may
# use the guardian's money.
CHILD_VOUCHER, CHILD_MEMBER = "child_voucher", "child_member"


@dataclass(frozen=True, slots=True)
class Voucher:
    """A medical-insurance code that I may show: my own (`relation` is `None`) or a relative's, once nobody's word `waits`.
    `check_due` says why the person has to be seen again."""

    id: str
    relation: str | None
    name_masked: str
    status: str
    activated_at: datetime | None
    waits: str | None
    check_due: Reason | None

    @classmethod
    def read(cls, told: Reading) -> Voucher:
        check_due = told.maybe_object("check_due")
        return cls(
            id=told.text("id"),
            relation=told.maybe_text("relation"),
            name_masked=told.text("name_masked"),
            status=told.one_of("status", VOUCHER_STATES),
            activated_at=told.maybe_moment("activated_at"),
            waits=told.one_of("waits", WAITING) if told.members.get("waits") is not None else None,
            check_due=Reason.read(check_due) if check_due else None,
        )


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to mend in one tap: start `flow` with `answers`."""

    rule: str
    text: str
    next_step: str
    flow: str
    answers: Mapping[str, str]

    @classmethod
    def read(cls, told: Reading) -> Advice:
        answers = told.object("answers")
        return cls(
            rule=told.text("rule"),
            text=told.text("text"),
            next_step=told.text("next_step"),
            flow=told.text("flow"),
            answers={name: answers.text(name) for name in answers.members},
        )


@dataclass(frozen=True, slots=True)
class GuardianConsent:
    """What the guardian of a child below fourteen agreed to, word for word; `for_person` is the child."""

    purpose: str
    title: str
    version: str
    text: tuple[str, ...]
    text_hash: str
    for_person: str

    @classmethod
    def read(cls, told: Reading) -> GuardianConsent:
        return cls(
            purpose=told.one_of("purpose", frozenset({CHILD_VOUCHER, CHILD_MEMBER})),
            title=told.text("title"),
            version=told.text("version"),
            text=told.texts("text"),
            text_hash=told.text("text_hash"),
            for_person=told.text("for_person"),
        )


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody on whose phone my code is shown, or who asks for that; `relation` is what I am to them."""

    id: str
    name_masked: str
    relation: str
    status: str
    since: datetime | None

    @classmethod
    def read(cls, told: Reading) -> Helper:
        return cls(
            id=told.text("kinship_id"),
            name_masked=told.text("name_masked"),
            relation=told.text("relation"),
            status=told.one_of("status", HELPER_STATES),
            since=told.maybe_moment("since"),
        )


@dataclass(frozen=True, slots=True)
class VoucherList:
    """Whose codes I may show, my own first; what is amiss between them and those whose money is shared; who shows mine."""

    items: tuple[Voucher, ...]
    advice: tuple[Advice, ...]
    helpers: tuple[Helper, ...]

    @classmethod
    def read(cls, told: Reading) -> VoucherList:
        return cls(told.each("items", Voucher.read), told.each("advice", Advice.read), told.each("helpers", Helper.read))


@dataclass(frozen=True, slots=True)
class VoucherCode:
    """A code for one payment, and whose it is."""

    code: str = field(repr=False)
    expires_at: datetime
    ttl_s: int
    name_masked: str
    relation: str | None
    warning: str

    @classmethod
    def read(cls, told: Reading) -> VoucherCode:
        return cls(
            code=told.text("code"),
            expires_at=told.moment("expires_at"),
            ttl_s=told.whole("ttl_s"),
            name_masked=told.text("name_masked"),
            relation=told.maybe_text("relation"),
            warning=told.text("warning"),
        )

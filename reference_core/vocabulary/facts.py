"""The facts that decisions rest on: immutable values, read from the database or made up by a test, never half of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Insurance:
    """One insurance of one person.

    `insutype` is the national code (310 employee, 390 resident, 510 maternity, 340 retired cadre); `status` is one of
    `normal, suspended, arrears, frozen, transferred_out, terminated`; `region` is where it is held (admdvs, six digits).
    `paid_year` is the last year whose premium is paid, `None` where nobody reported it.
    """

    insutype: str
    status: str
    region: str
    paid_year: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen as decisions see them: no name, no number. `sex` is `male` or `female`.

    `conditions` is drawn from `retired_cadre, preferential, long_term_nonlocal, nonlocal_record, account_closed`; `card`, how
    the social-security card stands, is `in_use, not_activated, reported_lost` or `blocked_by_bank`.
    `conditions` is drawn from `retired_cadre, preferential, long_term_nonlocal, nonlocal_record, account_closed`.
    `voucher_checked` says that the activation rested on a look at the person; `voucher_by_helper` that a relative did it.
    """

    id: str
    sex: str
    born: date
    region: str
    insurances: tuple[Insurance, ...]
    conditions: frozenset[str] = frozenset()
    voucher_active: bool = False
    died_on: date | None = None
    card: str = "in_use"
    voucher_suspended: bool = False
    voucher_activated_at: datetime | None = None
    voucher_checked: bool = False
    voucher_by_helper: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """A personal account's money in fen; on 1 January what was current becomes prior (Y-12)."""

    prior_year_fen: int = 0
    current_year_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.prior_year_fen + self.current_year_fen


@dataclass(frozen=True, slots=True)
class Relation:
    """A mutual-aid tie from one payer to one member; `kinship` is GB/T 4761, what the member is to the payer.

    `region` is the payer's region when it was bound. `reviewed_at` and `accepted_at` stay `None` until that happens, and
    mean nothing where the pack asks for neither. `effective_from` is `None` while review or acceptance is awaited.
    """

    id: str
    payer_id: str
    member_id: str
    kinship: str
    region: str
    bound_at: datetime
    effective_from: datetime | None
    ended_at: datetime | None = None
    end_reason: str | None = None
    suspended_at: datetime | None = None
    disputed_at: datetime | None = None
    needs_review: bool = False
    reviewed_at: datetime | None = None
    needs_acceptance: bool = False
    accepted_at: datetime | None = None
    monthly_cap_fen: int | None = None
    scopes: frozenset[str] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    members_order: int = 0
    payers_order: int = 0

    def status(self, now: datetime) -> str:
        """`ended, disputed, suspended, under_review, awaiting_acceptance, not_yet_effective` or `active`, derived."""
        if self.ended_at is not None and self.ended_at <= now:
            return "ended"
        if self.disputed_at is not None:
            return "disputed"
        if self.suspended_at is not None:
            return "suspended"
        if self.needs_review and self.reviewed_at is None:
            return "under_review"
        if self.needs_acceptance and self.accepted_at is None:
            return "awaiting_acceptance"
        begun = self.effective_from is not None and self.effective_from <= now
        return "active" if begun else "not_yet_effective"

    def stands(self, now: datetime) -> bool:
        """Whether the tie exists at all, in force or still on its way; only an ended one does not."""
        return self.status(now) != "ended"


@dataclass(frozen=True, slots=True)
class KinshipTie:
    """Whose voucher may be shown on whose phone; `kinship` is GB/T 4761, what the relative is to the helper.

    `waits_for` is `counter` or `relative` while one of them has to agree, until `waits_until` at most. `own_consent` says that
    the relative agreed as a grown-up, and not a guardian for them.
    """

    id: str
    helper_id: str
    relative_id: str
    kinship: str
    requested_at: datetime
    waits_for: str | None = None
    waits_until: datetime | None = None
    confirmed_at: datetime | None = None
    own_consent: bool = False
    ended_at: datetime | None = None

    def status(self, now: datetime) -> str:
        """`ended, active, under_review` or `awaiting_acceptance`, derived; a request that nobody answered has ended."""
        if self.ended_at is not None and self.ended_at <= now:
            return "ended"
        if self.confirmed_at is not None:
            return "active"
        if self.waits_until is not None and self.waits_until <= now:
            return "ended"
        return "under_review" if self.waits_for == "counter" else "awaiting_acceptance"

    def stands(self, now: datetime) -> bool:
        """Whether it takes up a place in the list, waiting or in force."""
        return self.status(now) != "ended"


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the core knows of one person that an eligibility rule may ask."""

    person: Person
    account_opened: bool
    balance: Balance
    as_payer: tuple[Relation, ...] = ()
    as_member: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerAtTill:
    """One candidate payer of one settlement, with the relation that makes them one.

    What the tie has used this month is 0 where nothing caps it; by region of the institution only where a city caps it.
    """

    situation: Situation
    relation: Relation
    spent_this_month_fen: int = 0
    spent_by_region: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Institution:
    """A contracted hospital, primary-care centre, pharmacy or insurer. `level` 1 is primary, 3 the highest.

    `system` is `outdated` where its vendor has not brought the till's software up to what sharing needs, else `current`.
    """

    id: str
    name: str
    region: str
    kind: str
    level: int
    capabilities: frozenset[str]
    system: str = "current"


@dataclass(frozen=True, slots=True)
class Bill:
    """What a till asks to be paid, in fen (Y-02): only `policy_self_fen` may come from personal accounts.

    `excluded` names the categories that made up `outside_policy_fen`, and `by_category` how much each of them did, so that a city
    may let accounts pay some of them. `credential_kind` is `voucher, social_card` or
    `id_card` (Y-17); `med_type` is the national code of the kind of visit.
    """

    med_type: str
    policy_self_fen: int
    outside_policy_fen: int = 0
    fund_fen: int = 0
    excluded: frozenset[str] = frozenset()
    by_category: tuple[tuple[str, int], ...] = ()
    credential_kind: str = "voucher"
    declares_mutual_aid: bool = False

    @property
    def bill_fen(self) -> int:
        return self.fund_fen + self.policy_self_fen + self.outside_policy_fen


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that stands in the way, in the shape of the public face (architecture §4)."""

    rule: str
    text: str
    facts: dict[str, object]
    source: str
    effective_from: str | None
    owner: str
    next_step: str
    cashier_code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done and every reason why not; allowed exactly when there is no reason."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class PayerPart:
    """What one payer's account gives, split by the bucket it leaves."""

    payer_id: str
    relation_id: str
    current_year_fen: int
    prior_year_fen: int

    @property
    def paid_fen(self) -> int:
        return self.current_year_fen + self.prior_year_fen


@dataclass(frozen=True, slots=True)
class Plan:
    """How one bill would be paid. `refused` holds reasons only where nothing may be settled here at all.

    The parts and `cash_fen` add up to the bill less what the fund pays. `exact_balances` names the people whose balance
    the plan emptied, ranked or found too small: their balance must still be exactly the same when it is posted.
    `buckets_order` is which year's money leaves each account first.
    """

    own_current_year_fen: int
    own_prior_year_fen: int
    payers: tuple[PayerPart, ...]
    cash_fen: int
    reasons: tuple[Reason, ...] = ()
    refused: tuple[Reason, ...] = ()
    exact_balances: frozenset[str] = frozenset()
    buckets_order: str = "current_first"

    @property
    def own_fen(self) -> int:
        return self.own_current_year_fen + self.own_prior_year_fen


@dataclass(frozen=True, slots=True)
class PaidParts:
    """What a settlement took, or gave back, from each source; `payers` stand in the order in which they paid.

    `buckets_order` says which year's money left each account first, so that it comes back last.
    """

    own_current_year_fen: int = 0
    own_prior_year_fen: int = 0
    payers: tuple[PayerPart, ...] = ()
    cash_fen: int = 0
    buckets_order: str = "current_first"

    @property
    def own_fen(self) -> int:
        return self.own_current_year_fen + self.own_prior_year_fen

    @property
    def total_fen(self) -> int:
        return self.own_fen + sum(part.paid_fen for part in self.payers) + self.cash_fen

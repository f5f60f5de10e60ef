"""Which of a member's payers may pay today, and how much of their money is shared; a payer is never named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from groundwork.clock import china
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules import payer as payer_checks
from reference_core.decisions.rules.member import SCOPE_LABELS
from reference_core.decisions.rules.people import payer_insurance
from reference_core.decisions.settlement.scene import Visit
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.admdvs import same_pool
from reference_core.vocabulary.facts import PayerAtTill, Reason
from reference_core.vocabulary.med_types import SCENE_LABELS

_AWAITED = ("under_review", "awaiting_acceptance", "not_yet_effective")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payer as this visit sees them: what stands in the way, and the money that could be shared.

    `spent_away_fen` is what the tie has used outside the member's city this month; `None` where this visit is at home.
    """

    at_till: PayerAtTill
    reasons: tuple[Reason, ...]
    shareable_fen: int
    spent_away_fen: int | None = None

    @property
    def person_id(self) -> str:
        return self.at_till.situation.person.id

    @property
    def age_in_line(self) -> tuple[str, str]:
        """Earliest bound first, then the lowest id."""
        return self.at_till.relation.bound_at.isoformat(), self.at_till.relation.id


PayerAtTillCheck = Callable[[Visit, PayerAtTill], Iterator[Reason]]


def look_at(visit: Visit, payer: PayerAtTill) -> Candidate:
    """Judge one payer as of now: what held at binding need not hold any more."""
    reasons = tuple(reason for check in _CHECKS for reason in check(visit, payer))
    balance = payer.situation.balance
    spent_away_fen = None
    if not visit.lies_in("city", visit.institution.region):
        spent_away_fen = sum(fen for region, fen in payer.spent_by_region if not visit.lies_in("city", region))
    return Candidate(payer, reasons, shareable_fen(visit.pack, balance.prior_year_fen, balance.total_fen), spent_away_fen)


def shareable_fen(pack: Pack, prior_year_fen: int, total_fen: int) -> int:
    """The part of an account that the family may use."""
    if pack.payer_money == "previous_years":
        return prior_year_fen
    if pack.payer_money == "above_reserve":
        return max(0, total_fen - (pack.reserve_fen or 0))
    return total_fen


def _relation_in_force(visit: Visit, payer: PayerAtTill) -> Iterator[Reason]:
    relation, today = payer.relation, china(visit.now).date()
    status = relation.status(visit.now)
    if relation.ends_on is not None and relation.ends_on < today:
        yield explain(visit.pack, "relation_expired", "end_selectable", last_day=relation.ends_on.isoformat())
    elif status in _AWAITED:
        from_day = china(relation.effective_from).date().isoformat() if relation.effective_from else None
        yield explain(visit.pack, "not_yet_effective", "effect_online", why=status, from_day=from_day)
    elif status != "active":
        yield explain(visit.pack, f"relation_{status}")


def _payer_may_share(visit: Visit, payer: PayerAtTill) -> Iterator[Reason]:
    """The same checks that opening and binding rest on, asked again of the payer of today."""
    for check in _STILL_FIT:
        yield from check(visit.pack, payer.situation, visit.now, who="payer")


def _account_open(visit: Visit, payer: PayerAtTill) -> Iterator[Reason]:
    if visit.pack.open_account_required and not payer.situation.account_opened:
        yield explain(visit.pack, "payer_account_not_open", "open_account_required")


def _one_pool(visit: Visit, payer: PayerAtTill) -> Iterator[Reason]:
    """Both still insured where they were when the tie was made, and not too far apart."""
    pack, theirs, hers = visit.pack, payer_insurance(visit.pack, payer.situation.person), visit.insurance
    if theirs is None or hers is None:
        return
    home, scope = payer.relation.region, pack.payer_pool_scope
    if not _pooled(pack, scope, home, theirs.region):
        yield _moved(pack, "payer_moved", scope)
    if not _pooled(pack, pack.member_pool_scope, home, hers.region):
        yield _moved(pack, "member_moved", pack.member_pool_scope)


def _pooled(pack: Pack, scope: str, one: str, other: str) -> bool:
    return same_pool(scope, one, other, pack.city_digits, pack.separate_pools)


def _moved(pack: Pack, why: str, scope: str) -> Reason:
    parameter = "on_payer_transfer" if why == "payer_moved" else "on_member_transfer"
    return explain(pack, "out_of_pool_scope", parameter, why=why, scope=SCOPE_LABELS[scope])


def _scope_chosen(visit: Visit, payer: PayerAtTill) -> Iterator[Reason]:
    chosen = payer.relation.scopes
    if chosen is not None and visit.scene not in chosen:
        labels = tuple(SCENE_LABELS[scene] for scene in sorted(chosen))
        yield explain(
            visit.pack, "scope_not_allowed", "scopes_selectable", why="chosen", scene=SCENE_LABELS[visit.scene], allowed=labels
        )


_STILL_FIT = (payer_checks.alive, payer_checks.insured, payer_checks.in_order, payer_checks.not_excluded, payer_checks.cooled)
_CHECKS: tuple[PayerAtTillCheck, ...] = (_relation_in_force, _payer_may_share, _account_open, _one_pool, _scope_chosen)

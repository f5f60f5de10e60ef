"""Divides what is left of a bill between fit payers: who is asked, in which order, how much, and why not more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reference_core.decisions.reasons import explain
from reference_core.decisions.settlement.payers import Candidate
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Balance, PayerPart, Reason

_CASCADES = ("cascade_by_balance", "cascade_payers_order", "cascade_members_order")
_RANKED = ("largest_balance", "cascade_by_balance")
# The choice of the pack from which each one's cap follows.
_CAPS = {"payer": "monthly_cap_selectable", "city": "monthly_cap_fen", "away": "nonlocal_cap_fen"}


@dataclass(slots=True)
class Split:
    """What the payers give, and whose exact balance that rests on."""

    parts: list[PayerPart] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    exact: set[str] = field(default_factory=set)

    @property
    def paid_fen(self) -> int:
        return sum(part.paid_fen for part in self.parts)


def divide(pack: Pack, rest_fen: int, candidates: Sequence[Candidate]) -> Split:
    """What each fit payer gives toward `rest_fen`."""
    split = Split(reasons=[reason for one in candidates for reason in one.reasons])
    fit = [one for one in candidates if not one.reasons]
    split.exact |= {one.person_id for one in fit if one.shareable_fen == 0}
    split.reasons += [_empty(pack, one) for one in fit if one.shareable_fen == 0]
    asked = _in_line(pack, [one for one in fit if one.shareable_fen > 0])
    if pack.payer_selection in _RANKED and len(asked) > 1:
        split.exact |= {one.person_id for one in asked}
    if pack.payer_selection not in _CASCADES:
        asked = asked[:1]
    _pay_in_turn(pack, rest_fen, asked, split)
    return split


def take(balance: Balance, amount_fen: int, order: str) -> tuple[int, int]:
    """The current and the prior year's part of an amount that the account covers."""
    if order == "current_first":
        current_fen = min(amount_fen, balance.current_year_fen)
        return current_fen, amount_fen - current_fen
    prior_fen = min(amount_fen, balance.prior_year_fen)
    return amount_fen - prior_fen, prior_fen


def _in_line(pack: Pack, fit: Sequence[Candidate]) -> list[Candidate]:
    """Whose turn it is first; ties go to the earliest bound, then to the lowest id."""
    return sorted(fit, key=lambda one: (_place(pack, one), one.age_in_line))


def _place(pack: Pack, one: Candidate) -> int:
    if pack.payer_selection in _RANKED:
        return -one.shareable_fen
    if pack.payer_selection == "cascade_payers_order":
        return one.at_till.relation.payers_order
    if pack.payer_selection == "cascade_members_order":
        return one.at_till.relation.members_order
    return 0


def _pay_in_turn(pack: Pack, rest_fen: int, asked: Sequence[Candidate], split: Split) -> None:
    left_fen, short = rest_fen, False
    alone_for_all = pack.when_short == "all_or_nothing" and pack.payer_selection not in _CASCADES
    for one in asked:
        if left_fen == 0:
            break
        part_fen = min(one.shareable_fen, left_fen)
        if part_fen == one.shareable_fen:
            split.exact.add(one.person_id)
            short = short or part_fen < left_fen
        if whose_cap := _broken_cap(pack, one, left_fen if alone_for_all else part_fen):
            split.reasons.append(explain(pack, "cap_exceeded", _CAPS[whose_cap], whose_cap=whose_cap))
        else:
            split.parts.append(_part(pack, one, part_fen))
            left_fen -= part_fen
    if left_fen and short:
        split.reasons.append(explain(pack, "payer_balance_insufficient", "when_short", when_short=pack.when_short))
    if left_fen and pack.when_short == "all_or_nothing":
        split.parts.clear()


def _broken_cap(pack: Pack, one: Candidate, wanted_fen: int) -> str | None:
    """Whose cap of the month leaves too little room; of equally narrow ones the one that no payer could raise."""
    spent_fen, away_fen = one.at_till.spent_this_month_fen, one.spent_away_fen
    caps = {"city": (pack.monthly_cap_fen, spent_fen), "payer": (one.at_till.relation.monthly_cap_fen, spent_fen)}
    if away_fen is not None:
        caps = {"away": (pack.nonlocal_cap_fen, away_fen), **caps}
    rooms = {whose: cap_fen - used_fen for whose, (cap_fen, used_fen) in caps.items() if cap_fen is not None}
    tightest = min(rooms, key=rooms.__getitem__, default=None)
    return tightest if tightest is not None and rooms[tightest] < wanted_fen else None


def _part(pack: Pack, one: Candidate, amount_fen: int) -> PayerPart:
    order = "prior_first" if pack.payer_money == "previous_years" else pack.buckets_order
    current_fen, prior_fen = take(one.at_till.situation.balance, amount_fen, order)
    return PayerPart(one.person_id, one.at_till.relation.id, current_fen, prior_fen)


def _empty(pack: Pack, one: Candidate) -> Reason:
    if one.at_till.situation.balance.total_fen == 0:
        return explain(pack, "payer_balance_zero")
    return explain(pack, "payer_nothing_shareable", "payer_money", money=pack.payer_money)

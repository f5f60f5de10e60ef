"""What each side is told of a payment that is only imagined: the member the split and why, a payer their own part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Plan, Reason

_ONLY_TIE = "目前由这位家人为您共济。"
_FIRST = {
    "only_one": _ONLY_TIE,
    "largest_balance": "为您共济的家人里，这个账户可用的余额最多。",
    "cascade_by_balance": "为您共济的家人里，从可用余额最多的账户开始。",
    "cascade_payers_order": "按付钱的家人排好的先后，先用这个账户。",
    "cascade_members_order": "按您排好的先后，先用这个账户。",
}
_LATER = "前面的账户不够，接着用这一个。"
_MINE = "这一次会用到您的账户。"


@dataclass(frozen=True, slots=True)
class Giver:
    """One account that would pay, and why it is this one."""

    person_id: str
    paid_fen: int
    why: str


def givers(pack: Pack | None, plan: Plan, ties: int) -> tuple[Giver, ...]:
    """Who would pay, in turn; `ties` is how many share their money with the member."""
    return tuple(Giver(part.payer_id, part.paid_fen, _why(pack, place, ties)) for place, part in enumerate(plan.payers))


def own_part(plan: Plan, payer_id: str) -> tuple[Giver, ...]:
    """The one part that this payer may know of."""
    return tuple(Giver(part.payer_id, part.paid_fen, _MINE) for part in plan.payers if part.payer_id == payer_id)


def own_reasons(of_all: Sequence[Reason], of_mine_alone: Sequence[Reason]) -> tuple[Reason, ...]:
    """What keeps this payer's money back: the reasons that would also stand if nobody else shared with the member."""
    return tuple(reason for reason in of_all if reason in of_mine_alone)


def _why(pack: Pack | None, place: int, ties: int) -> str:
    if place:
        return _LATER
    return _ONLY_TIE if ties < 2 or pack is None else _FIRST[pack.payer_selection]

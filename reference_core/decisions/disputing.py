"""What a dispute of a payment stops and what its decision brings: pure, with the ties that share the money as facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from reference_core.vocabulary.facts import Relation

STEPS_IN_WORDS = {
    "opened": "提出“不是我”，已立案",
    "frozen": "相关的共济已停用，等待核查",
    "upheld": "核查结果：确有问题",
    "dismissed": "核查结果：没有发现问题",
    "refunded": "退款已按原路退回",
    "tie_ended": "相关的共济已解除",
    "stays_frozen": "相关的共济继续停用，可由账户所有人解除后重新添加",
    "thawed": "相关的共济已恢复",
}
# Why nothing was found wrong, as a clerk may say it.
DISMISSED_BECAUSE = {
    "family_visit": "经核对，是家人本人看病或买药",
    "own_code": "经核对，用的是家人自己出示的医保码或医保卡",
    "records_agree": "经核对，医药机构的记录和这笔付费一致",
}


def step_in_words(what: str, because: str | None) -> str:
    """What happened, as both sides read it; a dismissal with its reason."""
    why = f"：{DISMISSED_BECAUSE[because]}" if what == "dismissed" and because else ""
    return f"{STEPS_IN_WORDS[what]}{why}"


def ties_to_freeze(ties: Iterable[Relation], paid_by: frozenset[str], opened_by: str, now: datetime) -> tuple[Relation, ...]:
    """The standing ties between this member and who paid: of one payer's dispute their own, of the member's all of them."""
    paying = (tie for tie in ties if tie.payer_id in paid_by and tie.stands(now))
    return tuple(tie for tie in paying if opened_by in (tie.payer_id, tie.member_id))


def what_follows(decision: str, opened_by_payer: bool, wish: str | None) -> str:
    """What becomes of the ties: `thawed`, `tie_ended` or `stays_frozen`.

    A payer who was right loses the tie that was abused; a member who was right was not the one who abused it, and the payer
    says how to go on.
    """
    if decision == "dismissed":
        return "thawed"
    if wish is not None:
        return wish
    return "tie_ended" if opened_by_payer else "stays_frozen"

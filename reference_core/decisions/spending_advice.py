"""What a city advises whoever shares their account: advice that never stands in the way of anything."""

from __future__ import annotations

from dataclasses import dataclass

from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Situation


@dataclass(frozen=True, slots=True)
class SpendingAdvice:
    """One sentence, and the choice of the pack that it comes from."""

    rule: str
    text: str
    source: str


def advise_on_spending(pack: Pack | None, person: Situation) -> tuple[SpendingAdvice, ...]:
    """Keep some money back, and look at the records from time to time."""
    if pack is None or not (person.account_opened or person.as_payer):
        return ()
    advice = []
    reserve_fen, months = pack.advice_reserve_fen, pack.reminder_months
    if reserve_fen is not None and person.balance.total_fen < reserve_fen:
        text = f"账户里的钱不到 {_yuan(reserve_fen)} 元了，建议给自己留一些看病用。"
        advice.append(SpendingAdvice("low_reserve", text, pack.source("advice_reserve_fen")))
    if months is not None:
        often = "每个月" if months == 1 else f"每 {months} 个月"
        text = f"建议{often}看一次使用记录，发现不认识的付费请点“不是我”。"
        advice.append(SpendingAdvice("look_at_records", text, pack.source("reminder_months")))
    return tuple(advice)


def _yuan(amount_fen: int) -> str:
    whole, fen = divmod(amount_fen, 100)
    return f"{whole}.{fen:02d}" if fen else str(whole)

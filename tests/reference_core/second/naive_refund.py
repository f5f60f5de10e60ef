"""A second way to give a payment back: the coins lie in a row as they were paid, and are picked up from its end."""

from __future__ import annotations

from collections import Counter

from reference_core.vocabulary.facts import PaidParts
from tests.reference_core.second.naive import CURRENT, PRIOR, Outcome

Coin = tuple[str, str]
OWN, CASH = "own", "cash"


def row_of_coins(paid: Outcome) -> list[Coin]:
    """Each coin as (whose, which year), as the second implementation saw it leave: one's own, the payers in turn, cash."""
    row = [(OWN, year) for year in paid.own]
    for name, coins in paid.payers.items():
        row += [(name, year) for year in coins]
    return row + [(CASH, "")] * paid.cash


def pick_up(row: list[Coin], amount: int) -> tuple[list[Coin], Counter[Coin]]:
    """The row that remains, and what was picked up."""
    kept = len(row) - amount
    return row[:kept], Counter(row[kept:])


def counted(parts: PaidParts) -> Counter[Coin]:
    """What the engine says to have taken or given back, as coins; in which order is not asked here."""
    coins: Counter[Coin] = Counter({(CASH, ""): parts.cash_fen})
    coins += Counter({(OWN, CURRENT): parts.own_current_year_fen, (OWN, PRIOR): parts.own_prior_year_fen})
    for part in parts.payers:
        coins += Counter({(part.relation_id, CURRENT): part.current_year_fen, (part.relation_id, PRIOR): part.prior_year_fen})
    return coins

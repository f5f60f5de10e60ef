"""A second way to give a payment back: the coins lie in a row as they were paid, and are picked up from its end."""

from __future__ import annotations

from collections import Counter

from reference_core.facts import PaidParts

Coin = tuple[str, str]
OWN, CASH = "own", "cash"


def row_of_coins(paid: PaidParts) -> list[Coin]:
    """Each coin as (whose, which year), in the order of payment: one's own, the payers in turn, cash."""
    row: list[Coin] = [(OWN, "current")] * paid.own_current_year_fen + [(OWN, "prior")] * paid.own_prior_year_fen
    for part in paid.payers:
        row += [(part.relation_id, "current")] * part.current_year_fen + [(part.relation_id, "prior")] * part.prior_year_fen
    return row + [(CASH, "")] * paid.cash_fen


def pick_up(row: list[Coin], amount: int) -> tuple[list[Coin], Counter[Coin]]:
    """The row that remains, and what was picked up."""
    kept = len(row) - amount
    return row[:kept], Counter(row[kept:])


def counted(parts: PaidParts) -> Counter[Coin]:
    """The same parts as coins."""
    return Counter(row_of_coins(parts))

"""Parameters about money: in which order accounts pay, how far and from which money; and advice that never blocks."""

from __future__ import annotations

from dataclasses import dataclass

from reference_core.packs.schema_fields import flag, number, parameter, word, words

SELECTIONS = ("only_one", "largest_balance", "cascade_by_balance", "cascade_payers_order", "cascade_members_order")
EXPENSES = ("public_health", "fitness", "checkup", "wellness", "other")


@dataclass(frozen=True, kw_only=True)
class PaymentRules:
    """How a bill is split between accounts and cash."""

    own_first: str = parameter(
        word("combine", "must_be_empty"), "combine", "own account and payer together, or payer only if own is empty"
    )
    own_statuses: tuple[str, ...] = parameter(
        words("normal", "suspended", "arrears"),
        ("normal", "suspended", "arrears"),
        "states in which one spends one's own account",
    )
    buckets_order: str = parameter(
        word("current_first", "prior_first"), "current_first", "which year's money leaves an account first"
    )
    payer_selection: str = parameter(word(*SELECTIONS), "largest_balance", "which of several payers pays")
    when_short: str = parameter(
        word("partial_then_cash", "all_or_nothing"), "partial_then_cash", "when the payers' money does not cover the rest"
    )
    payer_money: str = parameter(word("all", "previous_years", "above_reserve"), "all", "which money of the payer is shared")
    reserve_fen: int | None = parameter(
        number(1, 10**9, nothing=True), None, "what always stays with the payer (with above_reserve)"
    )
    trigger: str = parameter(word("automatic", "declared"), "automatic", "whether the till must be told")
    excluded_expenses: tuple[str, ...] = parameter(words(*EXPENSES), EXPENSES, "categories that no account pays")
    nonlocal_requires_record: bool = parameter(flag(), False, "away from home only with a record of it")
    nonlocal_cap_fen: int | None = parameter(
        number(1, 10**9, nothing=True), None, "a cap per month and tie on what is paid outside the member's city"
    )
    counts_toward_accumulators: bool = parameter(flag(), False, "shared money counts toward deductible and ceiling")
    benefit_transfer: bool = parameter(flag(), False, "the member also gets the payer's benefits")

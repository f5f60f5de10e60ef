"""Parameters about what surrounds the payment: vouchers, the counter, older interfaces, and advice that never blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marshmallow import fields

from reference_core.packs.schema_fields import flag, number, parameter, word, words

_AMOUNT_MEANINGS = ("included_in_account_pay", "exact_mutual_aid")


@dataclass(frozen=True, kw_only=True)
class ServiceRules:
    """What a city offers and advises around sharing."""

    kinship_slots: int = parameter(number(0, 99), 5, "relatives whose voucher one phone may show")
    voucher_real_person_age: int = parameter(number(0, 150), 16, "age from which activating a voucher needs the person")
    voucher_real_person_age_inclusive: bool = parameter(flag(), True, "whether that birthday itself already counts")
    voucher_methods: tuple[str, ...] = parameter(words("face", "bank_card"), ("face",), "how that person is recognised")
    voucher_cooling_days: int = parameter(
        number(0, 366), 0, "days after a helper activated a voucher before its owner may be bound or pay for others"
    )
    minor_needs_kinship: bool = parameter(flag(), False, "a minor pays through the list of relatives")
    manual_reimbursement: bool = parameter(flag(), False, "the counter pays out shared money against receipts")
    payer_sees: tuple[str, ...] = parameter(
        words("bill_fen", "fund_fen", "own_fen", "cash_fen"),
        ("bill_fen", "fund_fen", "own_fen", "cash_fen"),
        "figures of a bill that a payer sees beside the own part",
    )
    advice_reserve_fen: int | None = parameter(number(1, 10**9, nothing=True), None, "advice: keep this much")
    advice_balance_before_bind_fen: int | None = parameter(
        number(1, 10**9, nothing=True), None, "advice: have this much before adding somebody"
    )
    reminder_months: int | None = parameter(number(1, 120, nothing=True), None, "advice: look at the records this often")
    legacy_amount_fields: Mapping[str, str] = parameter(
        fields.Dict(keys=fields.String(), values=word(*_AMOUNT_MEANINGS)), {}, "old interface fields and what their amount means"
    )

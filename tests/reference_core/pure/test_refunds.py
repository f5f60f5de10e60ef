"""Giving money back: by source, the last paid first, never more than was paid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_core.decisions.settlement.plan import RefundExceedsPaid, plan_refund, refundable_fen
from reference_core.vocabulary.facts import PaidParts, PayerPart

FEN = st.integers(0, 10_000)
PAID = st.builds(
    PaidParts,
    FEN,
    FEN,
    st.lists(st.tuples(FEN, FEN), max_size=4).map(
        lambda parts: tuple(PayerPart(f"p{place}", f"r{place}", *part) for place, part in enumerate(parts))
    ),
    FEN,
)
NOTHING = PaidParts()


def plus(one: PaidParts, other: PaidParts) -> PaidParts:
    """Both together, source by source."""
    parts = {part.relation_id: part for part in one.payers}
    for part in other.payers:
        known = parts.get(part.relation_id, PayerPart(part.payer_id, part.relation_id, 0, 0))
        parts[part.relation_id] = PayerPart(
            part.payer_id,
            part.relation_id,
            known.current_year_fen + part.current_year_fen,
            known.prior_year_fen + part.prior_year_fen,
        )
    return PaidParts(
        one.own_current_year_fen + other.own_current_year_fen,
        one.own_prior_year_fen + other.own_prior_year_fen,
        tuple(sorted(parts.values(), key=lambda part: part.relation_id)),
        one.cash_fen + other.cash_fen,
    )


def by_source(paid: PaidParts) -> PaidParts:
    kept = tuple(sorted((part for part in paid.payers if part.paid_fen), key=lambda part: part.relation_id))
    return PaidParts(paid.own_current_year_fen, paid.own_prior_year_fen, kept, paid.cash_fen)


PAYMENT = PaidParts(1_000, 500, (PayerPart("a", "r1", 300, 200), PayerPart("b", "r2", 400, 0)), 700)


@pytest.mark.parametrize(
    ("amount_fen", "returned"),
    [
        (0, NOTHING),
        (700, PaidParts(cash_fen=700)),
        (900, PaidParts(payers=(PayerPart("b", "r2", 200, 0),), cash_fen=700)),
        (1_250, PaidParts(payers=(PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 0, 150)), cash_fen=700)),
        (1_600, PaidParts(0, 0, (PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 300, 200)), 700)),
        (2_000, PaidParts(0, 400, (PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 300, 200)), 700)),
        (2_200, PaidParts(100, 500, (PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 300, 200)), 700)),
    ],
)
def test_cash_goes_back_first_then_the_payers_backwards_then_ones_own(amount_fen: int, returned: PaidParts) -> None:
    assert plan_refund(PAYMENT, NOTHING, amount_fen) == returned


@pytest.mark.parametrize(
    ("amount_fen", "returned"),
    [
        (850, PaidParts(payers=(PayerPart("b", "r2", 150, 0),), cash_fen=700)),
        (1_350, PaidParts(payers=(PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 250, 0)), cash_fen=700)),
        (2_700, PaidParts(1_000, 100, (PayerPart("b", "r2", 400, 0), PayerPart("a", "r1", 300, 200)), 700)),
    ],
)
def test_where_prior_years_money_left_first_it_comes_back_last(amount_fen: int, returned: PaidParts) -> None:
    paid = replace(PAYMENT, buckets_order="prior_first")

    assert plan_refund(paid, NOTHING, amount_fen) == replace(returned, buckets_order="prior_first")


def test_a_second_refund_goes_on_where_the_first_stopped() -> None:
    first = plan_refund(PAYMENT, NOTHING, 900)

    assert plan_refund(PAYMENT, first, 250) == PaidParts(payers=(PayerPart("b", "r2", 200, 0), PayerPart("a", "r1", 0, 50)))


@pytest.mark.parametrize("amount_fen", [3_101, -1])
def test_more_than_is_left_is_never_given_back(amount_fen: int) -> None:
    with pytest.raises(RefundExceedsPaid):
        plan_refund(PAYMENT, NOTHING, amount_fen)


@given(PAID)
def test_a_whole_refund_restores_every_source(paid: PaidParts) -> None:
    assert by_source(plan_refund(paid, NOTHING, None)) == by_source(paid)


@given(PAID, st.lists(st.integers(1, 9_000), max_size=6))
def test_refunds_in_parts_add_up_to_the_same_and_never_exceed_a_source(paid: PaidParts, amounts: list[int]) -> None:
    already = NOTHING
    for amount_fen in amounts:
        if amount_fen <= refundable_fen(paid, already):
            back = plan_refund(paid, already, amount_fen)
            assert back.total_fen == amount_fen
            already = plus(already, back)

    rest = plan_refund(paid, already, None)

    assert by_source(plus(already, rest)) == by_source(paid)

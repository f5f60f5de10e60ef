"""Settling a bill: whose money pays, which bucket it leaves, and what the till is told."""

from __future__ import annotations

from tests.reference_core.callers import World


def test_a_mother_is_paid_for_by_her_sons_account(world: World) -> None:
    """The story's first payment, from the registry to the record."""
    son, mother = world.employee(50_000), world.resident(born="1955-05-05")
    world.family(son, mother)

    paid = world.pay(world.institution(), mother, 12_850).ok()

    assert (paid["own_fen"], paid["payers"][0]["paid_fen"], paid["cash_fen"], paid["reasons"]) == (0, 12_850, 0, [])
    assert world.account(son)["balance_fen"] == 37_150

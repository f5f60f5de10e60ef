"""Five hundred random histories: records, balances, ties and events agree, and so does the ledger."""

from __future__ import annotations

from tests.reference_core.afterwards.histories import live_histories
from tests.reference_core.callers import Callers, World


def test_records_balances_and_events_agree_after_any_history(world: World, callers: Callers) -> None:
    live_histories(world, callers, seed=20_261_122, count=500, families=50)

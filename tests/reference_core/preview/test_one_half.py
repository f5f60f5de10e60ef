"""A preview equals the payment: what presettling says, settling does, and presettling leaves every table as it was.

The one half of the cases, for a worker of its own; `test_other_half.py` has the rest.
"""

from __future__ import annotations

from reference_core.parts import Core
from tests.reference_core.callers import World
from tests.reference_core.preview.rounds import play_rounds
from tests.reference_core.second.how_many import CASES


def test_what_is_presettled_is_what_is_settled_and_looking_changes_nothing(world: World, core: Core) -> None:
    told = play_rounds(CASES // 2, seed=20_261_121, world=world, core=core)

    assert told.bills >= CASES // 2
    assert min(told.shared, told.explained) > told.bills // 5
    assert told.refused > 0

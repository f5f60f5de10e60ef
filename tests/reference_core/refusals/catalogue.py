"""Every refusal with the situation that leads to it, gathered from where they are met."""

from __future__ import annotations

from tests.reference_core.refusals import afterwards, binding, opening, paying
from tests.reference_core.refusals.case import AtADoor

REFUSALS = (*opening.REFUSALS, *binding.REFUSALS, *paying.REFUSALS, *afterwards.REFUSALS)

# Met only where a door knows what the pure rules do not: who stands before it, and what was paid before.
AT_A_DOOR = (
    AtADoor("identity_name_differs", "tests/reference_core/test_people.py::test_a_proven_number_under_another_name_is_refused"),
    AtADoor("nothing_left_to_refund", "tests/reference_core/test_refunds.py::test_more_than_is_left_is_refused"),
    AtADoor("refund_exceeds_paid", "tests/reference_core/test_refunds.py::test_more_than_is_left_is_refused"),
)

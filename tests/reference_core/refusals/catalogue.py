"""Every refusal with the situation that leads to it, gathered from where they are met."""

from __future__ import annotations

from tests.reference_core.refusals import afterwards, binding, opening, paying, vouchers
from tests.reference_core.refusals.case import AtADoor

REFUSALS = (*opening.REFUSALS, *binding.REFUSALS, *paying.REFUSALS, *afterwards.REFUSALS, *vouchers.REFUSALS)

# Met only where a door knows what the pure rules do not: who stands before it, and what was paid before.
AT_A_DOOR = (
    AtADoor(
        "deletion_members_rely",
        "tests/reference_core/test_my_data.py::test_members_who_rely_on_the_account_are_taken_off_knowingly_first",
    ),
    AtADoor("identity_name_differs", "tests/reference_core/test_people.py::test_a_proven_number_under_another_name_is_refused"),
    AtADoor("bank_card_differs", "tests/reference_core/test_own_voucher.py::test_another_persons_bank_card_proves_nothing"),
    AtADoor("code_read_far_away", "tests/reference_core/test_far_reads.py::test_a_code_read_in_another_city_is_held_back"),
    AtADoor(
        "dispute_already_opened",
        "tests/reference_core/afterwards/test_disputes.py::test_the_same_key_opens_one_case_and_another_key_is_told_so",
    ),
    AtADoor("dispute_already_decided", "tests/reference_core/afterwards/test_disputes.py::test_a_case_is_decided_once"),
    AtADoor("nothing_left_to_refund", "tests/reference_core/test_refunds.py::test_more_than_is_left_is_refused"),
    AtADoor("refund_exceeds_paid", "tests/reference_core/test_refunds.py::test_more_than_is_left_is_refused"),
)

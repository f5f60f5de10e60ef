"""Which ties a dispute stops, what its decision makes of them, and how the case reads to both sides."""

from __future__ import annotations

import pytest

from reference_core.decisions.disputing import DISMISSED_BECAUSE, STEPS_IN_WORDS, step_in_words, ties_to_freeze, what_follows
from reference_core.vocabulary.facts import Relation
from tests.reference_core.pure.family import NOW, relation

SON, DAUGHTER, MOTHER = "son", "daughter", "mother"
HIS, HERS, ENDED = relation(SON, MOTHER), relation(DAUGHTER, MOTHER), relation(SON, MOTHER, ended_at=NOW)


@pytest.mark.parametrize(
    ("paid_by", "opened_by", "frozen"),
    [
        ({SON}, SON, (HIS,)),
        ({SON, DAUGHTER}, SON, (HIS,)),
        ({SON, DAUGHTER}, MOTHER, (HIS, HERS)),
        ({SON}, MOTHER, (HIS,)),
        (set(), MOTHER, ()),
    ],
)
def test_a_dispute_stops_the_standing_ties_that_paid_and_are_its_openers(
    paid_by: set[str], opened_by: str, frozen: tuple[Relation, ...]
) -> None:
    assert ties_to_freeze((HIS, HERS, ENDED), frozenset(paid_by), opened_by, NOW) == frozen


@pytest.mark.parametrize(
    ("decision", "opened_by_payer", "wish", "follows"),
    [
        ("dismissed", True, None, "thawed"),
        ("dismissed", False, None, "thawed"),
        ("upheld", True, None, "tie_ended"),
        ("upheld", False, None, "stays_frozen"),
        ("upheld", True, "thawed", "thawed"),
        ("upheld", False, "tie_ended", "tie_ended"),
    ],
)
def test_what_becomes_of_the_ties_follows_from_the_decision_and_who_was_right(
    decision: str, opened_by_payer: bool, wish: str | None, follows: str
) -> None:
    assert what_follows(decision, opened_by_payer, wish) == follows


def test_only_a_dismissal_says_why_and_each_why_reads_differently() -> None:
    said = {step_in_words("dismissed", because) for because in (None, *DISMISSED_BECAUSE)}

    assert len(said) == 1 + len(DISMISSED_BECAUSE)
    assert all(text.startswith(STEPS_IN_WORDS["dismissed"]) for text in said)
    for what in set(STEPS_IN_WORDS) - {"dismissed"}:
        assert step_in_words(what, "own_code") == STEPS_IN_WORDS[what]

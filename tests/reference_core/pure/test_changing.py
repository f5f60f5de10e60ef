"""Rules about ties that were made: birthdays that let somebody accept, ends settled for later, and life's events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reference_core.decisions.rules.changes import may_accept, may_change, may_close
from reference_core.decisions.rules.life import consequences
from reference_core.decisions.rules.verdicts import may_bind, may_end, may_remove
from reference_core.vocabulary.facts import Insurance, Person
from tests.reference_core.pure.family import CITY, COUNTY, ELSEWHERE, LINYI, NOW, city_with, payer, resident, rules, tie


def test_a_tie_whose_end_is_settled_for_later_cannot_be_ended_again() -> None:
    """The end takes effect next month: until then it pays, and nobody can remove it a second time."""
    paying, _, made = tie(payer(), resident(), ended_at=NOW + timedelta(days=20))

    assert made.status(NOW) == "active"
    (told,) = may_end(LINYI, made, paying.person.id, NOW).reasons
    assert (told.rule, told.facts) == ("end_already_settled", {"ends_day": "2026-03-22"})
    assert rules(may_remove(LINYI, paying, NOW)) == ["no_members"]


def moved(person: Person, region: str, status: str = "normal") -> Person:
    return replace(person, region=region, insurances=(Insurance("310", status, region),))


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        ((CITY, "normal"), (ELSEWHERE, "normal"), ["payer_transferred"]),
        ((CITY, "normal"), (COUNTY, "normal"), []),
        ((CITY, "normal"), (CITY, "transferred_out"), ["payer_transferred"]),
        ((ELSEWHERE, "normal"), (ELSEWHERE, "suspended"), []),
        ((CITY, "normal"), (CITY, "frozen"), ["payer_frozen"]),
    ],
    ids=["leaves", "stays in the city", "signs off", "was away before", "is frozen"],
)
def test_a_tie_ends_by_what_has_just_happened(before: tuple[str, str], after: tuple[str, str], reasons: list[str]) -> None:
    pack = city_with(on_payer_transfer="ends", on_payer_frozen="ends")
    paying, _, _ = tie(payer(), resident())
    then, now = (moved(paying.person, region, status) for region, status in (before, after))

    found = consequences(lambda _: pack, then, replace(paying, person=now))

    assert [one.reason for one in found] == reasons


def test_whose_insurance_is_no_longer_known_has_left_no_pool() -> None:
    pack = city_with(on_payer_transfer="ends", on_member_transfer="ends")
    paying, mother, _ = tie(payer(), resident())

    for one in (paying, mother):
        assert consequences(lambda _: pack, one.person, replace(one, person=replace(one.person, insurances=()))) == ()


def test_where_no_city_is_served_nothing_can_be_added_changed_closed_or_accepted() -> None:
    paying, mother, made = tie(payer(), resident())

    for verdict in (
        may_bind(None, paying, mother, "mother", NOW),
        may_change(None, paying, NOW),
        may_close(None, paying, NOW),
        may_accept(None, made, mother.person.born, mother.person.id, NOW),
    ):
        assert rules(verdict) == ["region_not_served"]


def test_a_member_who_leaves_ends_it_only_where_the_city_says_so() -> None:
    _, mother, _ = tie(payer(), resident())
    there = replace(mother, person=replace(mother.person, insurances=(Insurance("390", "normal", ELSEWHERE),)))

    def reasons(choice: str) -> list[str]:
        pack = city_with(on_member_transfer=choice)
        return [one.reason for one in consequences(lambda _: pack, mother.person, there)]

    assert (reasons("ends"), reasons("not_shared"), reasons("must_unbind_first")) == (["member_transferred"], [], [])


@pytest.mark.parametrize(("choice", "woken"), [("resumes", ["resume"]), ("reactivate", [])])
def test_an_account_that_thaws_wakes_its_ties_or_leaves_that_to_the_payer(choice: str, woken: list[str]) -> None:
    pack = city_with(on_payer_unfrozen=choice)
    paying, _, _ = tie(payer(), resident(), suspended_at=NOW)

    found = consequences(lambda _: pack, moved(paying.person, CITY, "frozen"), paying)

    assert [one.what for one in found] == woken

"""The four causes for which, by the national explanation, sharing fails: each is met by a family and called by its name."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.cast import CITY, OUTPATIENT_VISIT, PHARMACY_VISIT, employee, payer_with, resident, rules
from tests.journeys.failures.asking import refused_to_add, the_reason


def test_somebody_without_insurance_cannot_be_added_and_is_told_to_insure_first(world: World) -> None:
    """NH-14, NH-20: the first cause."""
    payer = Phone(world, employee(world)).arrive()
    payer.open_account()
    uninsured = resident(world, insurances=[])

    told = the_reason(refused_to_add(payer, uninsured, "mother"), "member_not_insured")

    assert told["owner"] == "member"
    assert "参保" in told["next_step"]


def test_once_insurance_ends_what_was_shared_is_no_longer_and_the_till_says_so(world: World) -> None:
    """NH-14: cannot be used either."""
    mother = resident(world)
    payer_with(world, mother, "mother")
    phone = Phone(world, mother).arrive()
    world.life(mother, insurances=[{"insutype": "390", "status": "terminated"}])

    paid = phone.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert paid["payers"] == []
    assert rules(paid["reasons"]) == {"member_status_abnormal"}


def test_who_only_shows_a_relatives_code_spends_nobodys_money_and_learns_the_difference(world: World) -> None:
    """NH-05, NH-06, NH-15: the second cause. The father's account is full, and is not touched by the child's own code."""
    father = Phone(world, employee(world, balance_fen=50_000)).arrive()
    child = Phone(world, resident(world, born="2016-03-02")).arrive()

    paid = child.pay(world.institution(CITY, "primary_care"), 2_000, OUTPATIENT_VISIT).ok()

    told = the_reason(paid["reasons"], "not_mutual_aid")
    assert "亲情账户" in told["text"]
    assert (paid["payers"], paid["cash_fen"]) == ([], 2_000)
    assert father.get("/account").ok()["balance_fen"] == 50_000


def test_an_empty_account_pays_nothing_until_money_comes_in(world: World) -> None:
    """NH-17: the third cause."""
    mother = resident(world)
    payer = payer_with(world, mother, "mother", balance_fen=0)
    phone = Phone(world, mother).arrive()
    pharmacy = world.institution(CITY, "pharmacy")

    empty = phone.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()
    world.life(payer.person, deposit_fen=1_000)
    filled = phone.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert the_reason(empty["reasons"], "payer_balance_zero")["owner"] == "payer"
    assert [one["paid_fen"] for one in filled["payers"]] == [1_000]


def test_families_in_two_pools_cannot_share_though_the_same_family_could_where_the_province_is_one(world: World) -> None:
    """NH-18: the fourth cause, and the provinces that have done away with it."""
    here = Phone(world, employee(world)).arrive()
    here.open_account()
    there = Phone(world, employee(world, region="130100")).arrive()

    apart = refused_to_add(here, resident(world, region="370200"), "mother")
    there.add(resident(world, region="130600"), "parent")

    assert the_reason(apart, "out_of_pool_scope")["facts"]["why"] == "apart"
    assert [one["status"] for one in there.members()] == ["active"]


def test_across_provinces_nobody_shares_yet(world: World) -> None:
    """NH-19."""
    payer = Phone(world, employee(world, region="130100")).arrive()

    reasons = refused_to_add(payer, resident(world, region="140100"), "parent")

    assert rules(reasons) == {"out_of_pool_scope"}

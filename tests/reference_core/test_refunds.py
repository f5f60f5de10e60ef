"""Giving back: last paid first returned, to the bucket it left, never more than was paid."""

from __future__ import annotations

from datetime import datetime

from groundwork.clock import CHINA
from reference_core.parts import Core
from tests.reference_core.callers import Callers, World
from tests.reference_core.test_settling import buckets


def test_money_goes_back_in_reverse_order_of_payment(world: World, callers: Callers) -> None:
    son, mother, pharmacy = world.employee(5_000), world.employee(2_000, born="1958-05-05", sex="female"), world.institution()
    world.family(son, mother)
    paid = world.pay(pharmacy, mother, 6_000).ok()

    part = callers.till(pharmacy, "/refunds", {"settlement_id": paid["settlement_id"], "amount_fen": 4_500}).ok()

    assert part["status"] == "partly_refunded"
    assert [(payer["returned_fen"], payer["paid_fen"]) for payer in part["returned"]["payers"]] == [(4_000, 4_000)]
    assert (part["returned"]["own_fen"], part["returned"]["cash_fen"]) == (500, 0)
    assert world.account(son)["balance_fen"] == 5_000
    rest = callers.till(pharmacy, "/refunds", {"settlement_id": paid["settlement_id"]}).ok()
    assert (rest["status"], rest["returned"]["own_fen"]) == ("refunded", 1_500)
    assert world.account(mother)["balance_fen"] == 2_000


def test_more_than_is_left_is_refused(world: World, callers: Callers) -> None:
    person, pharmacy = world.employee(5_000), world.institution()
    paid = world.pay(pharmacy, person, 1_000).ok()["settlement_id"]
    callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 600}).ok()

    too_much = callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 401})

    assert too_much.refused() == {"refund_exceeds_paid"}
    callers.till(pharmacy, "/refunds", {"settlement_id": paid}).ok()
    assert callers.till(pharmacy, "/refunds", {"settlement_id": paid}).refused() == {"nothing_left_to_refund"}
    assert world.account(person)["balance_fen"] == 5_000


def test_a_refund_across_new_year_returns_to_the_bucket_that_the_money_left(world: World, callers: Callers, core: Core) -> None:
    """Y-12: what left as this year's money comes back as last year's, because that is what it is by then."""
    world.move_to(datetime(2027, 12, 31, 20, tzinfo=CHINA))
    person, pharmacy = world.employee(balance_fen=1_000, prior_year_fen=400), world.institution()
    paid = world.pay(pharmacy, person, 800).ok()["settlement_id"]
    assert buckets(core, person) == {2026: 200, 2027: 0}
    world.move_to(datetime(2028, 1, 2, tzinfo=CHINA))

    callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 300}).ok()

    assert buckets(core, person) == {2026: 400, 2027: 100}
    assert world.account(person)["prior_year_fen"] == 500


def test_cash_comes_back_before_any_account(world: World, callers: Callers) -> None:
    person, pharmacy = world.employee(300), world.institution()
    paid = world.pay(pharmacy, person, 1_000).ok()["settlement_id"]

    back = callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 800}).ok()["returned"]

    assert (back["cash_fen"], back["own_fen"]) == (700, 100)


def test_a_refund_sent_again_gives_back_once(world: World, callers: Callers) -> None:
    person, pharmacy, key = world.employee(5_000), world.institution(), "give-back-only-once"
    asked = {"settlement_id": world.pay(pharmacy, person, 1_000).ok()["settlement_id"], "amount_fen": 400}

    first, again = callers.till(pharmacy, "/refunds", asked, key).ok(), callers.till(pharmacy, "/refunds", asked, key).ok()

    assert first == again
    assert world.account(person)["balance_fen"] == 4_400


def test_only_the_institution_that_settled_can_give_back(world: World, callers: Callers) -> None:
    person = world.employee(5_000)
    paid = world.pay(world.institution(), person, 1_000).ok()["settlement_id"]

    callers.till(world.institution(), "/refunds", {"settlement_id": paid}).problem(404, "not_found")
    callers.till(world.institution(), "/refunds", {"settlement_id": "no settlement"}).problem(404, "not_found")


def test_a_settlement_asked_for_by_its_key_says_what_came_back(world: World, callers: Callers) -> None:
    person, pharmacy, key = world.employee(5_000), world.institution(), "settled-then-refunded"
    paid = callers.till(pharmacy, "/settlements", world.bill(person, 1_000), key).ok()["settlement_id"]

    callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 1}).ok()
    assert callers.till(pharmacy, f"/settlements/{key}").ok()["status"] == "partly_refunded"
    callers.till(pharmacy, "/refunds", {"settlement_id": paid}).ok()
    assert callers.till(pharmacy, f"/settlements/{key}").ok()["status"] == "refunded"

"""Many tills at one moment: an account is never overdrawn and one key has one effect, whatever the interleaving.

The settlement service is called as the terminal door calls it, over real connections to a real PostgreSQL, so that the
thousand rounds that the project asks for fit into the suite.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from time import sleep
from typing import TypeVar

import pytest

from groundwork.chance import new_id
from reference_core.idempotency import Answer, Scope, scope_of
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import CoreError, TryAgain, VoucherCodeUnknown, VoucherCodeUsed
from reference_core.services.payments import payments, refunds
from reference_core.services.vouchers.vouchers import code_prints
from tests.reference_core.callers import CITY, Json, World

TILLS = 16
ROUNDS = int(os.environ.get("PAYMENT_ROUNDS", "1000"))
BILL_FEN = 100

T = TypeVar("T")


def settle_scope(core: Core, institution: str, key: str, bill: Json) -> Scope:
    operation = "POST /terminal/settlements"
    return scope_of(core.keys, door="terminal", actor=institution, operation=operation, key=key, body=bill)


def card_bill(person: Json, amount_fen: int) -> Json:
    credential = {"kind": "id_card", "value": person["id_number"]}
    return {"credential": credential, "med_type": "41", "amount_fen": amount_fen, "fund_fen": 0, "declares_mutual_aid": False}


def pay(core: Core, institution: str, bill: Json, key: str) -> Answer:
    """Settle as a till does that keeps its key when it is told to try again."""
    while True:
        try:
            return payments.settle(core, institution, bill, settle_scope(core, institution, key, bill))
        except TryAgain:
            continue


def at_once(pool: ThreadPoolExecutor, work: Callable[[int], T]) -> list[T]:
    """Every till does `work` at the same moment."""
    barrier = Barrier(TILLS)

    def start(till: int) -> T:
        barrier.wait()
        return work(till)

    return list(pool.map(start, range(TILLS)))


@pytest.fixture
def tills() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(TILLS)


def test_sixteen_tills_never_overdraw_one_account(world: World, core: Core, tills: ThreadPoolExecutor) -> None:
    """In each round the account holds enough for seven of sixteen bills of four relatives: seven are paid from it, nine not."""
    son, pharmacies = world.employee(0), [world.institution() for _ in range(TILLS)]
    world.open_account(son).ok()
    members = [world.employee(0, sex="female", born="1955-05-05") for _ in range(4)]
    for member in members:
        world.bind(son, member).ok()
    bills = [card_bill(member, BILL_FEN) for member in members]

    for _ in range(ROUNDS):
        fill(core, son, 7 * BILL_FEN)
        answers = at_once(tills, lambda till: pay(core, pharmacies[till], bills[till % 4], new_id()))
        paid = [sum(payer["paid_fen"] for payer in answer.body["payers"]) for answer in answers]
        assert sorted(paid) == [0] * 9 + [BILL_FEN] * 7
        assert all(answer.body["cash_fen"] == BILL_FEN - fen for answer, fen in zip(answers, paid, strict=True))


def fill(core: Core, person: Json, total_fen: int) -> None:
    """Make the account hold exactly this much."""
    now = core.now()
    core.db.one("SELECT core.set_balance(%s, %s, %s, %s, 0, %s)", [person["person_id"], CITY, now.year, total_fen, now])


def test_sixteen_tills_spending_ones_own_account_spend_it_to_the_last_fen_and_no_further(
    world: World, core: Core, tills: ThreadPoolExecutor
) -> None:
    person, pharmacies = world.employee(balance_fen=750, prior_year_fen=300), [world.institution() for _ in range(TILLS)]

    answers = at_once(tills, lambda till: pay(core, pharmacies[till], card_bill(person, BILL_FEN), new_id()))

    assert sum(answer.body["own_fen"] for answer in answers) == 750
    assert world.account(person)["balance_fen"] == 0


def test_one_key_sent_sixteen_times_at_once_has_one_effect(world: World, core: Core, tills: ThreadPoolExecutor) -> None:
    person, pharmacy, bill = world.employee(5_000), world.institution(), None
    bill = card_bill(person, BILL_FEN)
    for round_number in range(1, 21):
        key = new_id()
        answers = at_once(tills, lambda _, key=key: pay(core, pharmacy, bill, key))  # type: ignore[misc]  # bound per round

        assert {answer.body["settlement_id"] for answer in answers} == {answers[0].body["settlement_id"]}
        assert world.account(person)["balance_fen"] == 5_000 - round_number * BILL_FEN


def test_one_code_shown_at_sixteen_tills_pays_once(world: World, core: Core, tills: ThreadPoolExecutor) -> None:
    person, pharmacies = world.employee(5_000), [world.institution() for _ in range(TILLS)]
    for round_number in range(1, 21):
        bill = {**card_bill(person, BILL_FEN), "credential": {"kind": "voucher", "value": world.code(person)}}

        def settle_or_say(till: int, bill: Json = bill) -> str:
            try:
                return str(pay(core, pharmacies[till], bill, new_id()).body["status"])
            except VoucherCodeUsed as used:
                return used.code

        outcomes = at_once(tills, settle_or_say)
        assert sorted(outcomes) == ["settled"] + ["voucher_code_used"] * (TILLS - 1)
        assert world.account(person)["balance_fen"] == 5_000 - round_number * BILL_FEN


def test_sixteen_refunds_at_once_give_back_no_more_than_was_paid(world: World, core: Core, tills: ThreadPoolExecutor) -> None:
    person, pharmacy = world.employee(5_000), world.institution()
    settlement = world.pay(pharmacy, person, 700).ok()["settlement_id"]

    def give_back(_till: int) -> int:
        asked = {"settlement_id": settlement, "amount_fen": BILL_FEN}
        scope = scope_of(core.keys, door="terminal", actor=pharmacy, operation="POST /terminal/refunds", key=new_id(), body=asked)
        while True:
            try:
                return refunds.refund(core, pharmacy, asked, scope).status
            except TryAgain:
                continue

    statuses = at_once(tills, give_back)

    assert sorted(statuses) == [200] * 7 + [422] * 9
    assert world.account(person)["balance_fen"] == 5_000


def test_payments_beside_binding_and_unbinding_end_in_no_deadlock_and_no_lost_fen(
    world: World, core: Core, tills: ThreadPoolExecutor
) -> None:
    """Two families' payers and members, tied and untied by some threads while others pay."""
    payers = [world.employee(1_000_000) for _ in range(2)]
    members = [world.employee(100, sex="female", born="1958-05-05") for _ in range(4)]
    for payer in payers:
        world.open_account(payer).ok()
    pharmacies = [world.institution() for _ in range(2)]

    def live(till: int) -> set[str]:
        trouble: set[str] = set()
        for turn in range(15):
            payer, member = payers[till % 2], members[(till + turn) % 4]
            try:
                if till < 4:
                    told = world.bind(payer, member)
                    if told.status == 201:
                        world.end(payer, told.body["id"])
                    trouble |= {told.body["code"]} if told.status >= 500 else set()
                else:
                    payments.settle(
                        core,
                        pharmacies[turn % 2],
                        card_bill(member, BILL_FEN),
                        settle_scope(core, pharmacies[turn % 2], new_id(), card_bill(member, BILL_FEN)),
                    )
            except CoreError as error:
                trouble.add(error.code)
        return trouble - {"try_again"}

    assert set().union(*at_once(tills, live)) == set()


class MeanwhileShelf:
    """The core's packs, for a planner during whose every thought something happens."""

    def __init__(self, core: Core, happen: Callable[[int], None]) -> None:
        self._core, self._happen = core, happen
        self.thoughts = 0

    def find(self, region: str, on: date) -> Pack | None:
        self.thoughts += 1
        self._happen(self.thoughts)
        return self._core.packs.find(region, on)

    def counts_months(self, on: date) -> bool:
        return self._core.packs.counts_months(on)


def while_thinking(core: Core, happen: Callable[[int], None]) -> tuple[Core, MeanwhileShelf]:
    shelf = MeanwhileShelf(core, happen)
    return replace(core, packs=shelf), shelf  # type: ignore[arg-type]  # planning only ever finds packs


def test_after_five_plans_whose_facts_changed_under_them_the_till_may_try_again(world: World, core: Core) -> None:
    person, pharmacy = world.employee(500), world.institution()
    bill = card_bill(person, BILL_FEN)
    changing, shelf = while_thinking(
        core, lambda thought: put_condition(core, person, ["nonlocal_record"] if thought % 2 else [])
    )

    with pytest.raises(TryAgain):
        payments.settle(changing, pharmacy, bill, settle_scope(core, pharmacy, new_id(), bill))

    assert shelf.thoughts == 5
    assert world.account(person)["balance_fen"] == 500


def put_condition(core: Core, person: Json, conditions: list[str]) -> None:
    core.db.one("UPDATE core.people SET conditions = %s WHERE id = %s RETURNING id", [conditions, person["person_id"]])


def test_money_that_comes_in_while_a_plan_found_too_little_is_used_after_all(world: World, core: Core) -> None:
    """A plan that rests on "not enough" must find exactly that balance again, not merely no less."""
    son, mother, pharmacy = world.employee(50), world.employee(0, sex="female", born="1955-05-05"), world.institution()
    world.family(son, mother)
    bill = card_bill(mother, BILL_FEN)
    changing, _ = while_thinking(core, lambda thought: fill(core, son, 1_000) if thought == 1 else None)

    answer = payments.settle(changing, pharmacy, bill, settle_scope(core, pharmacy, new_id(), bill))

    assert [payer["paid_fen"] for payer in answer.body["payers"]] == [BILL_FEN]


def test_a_tie_that_ends_while_a_plan_is_made_pays_no_more(world: World, core: Core) -> None:
    son, mother, pharmacy = world.employee(1_000), world.employee(0, sex="female", born="1955-05-05"), world.institution()
    tie = world.family(son, mother)["id"]
    bill = card_bill(mother, BILL_FEN)
    changing, _ = while_thinking(core, lambda thought: end_now(world, son, tie) if thought == 1 else None)

    answer = payments.settle(changing, pharmacy, bill, settle_scope(core, pharmacy, new_id(), bill))

    assert (answer.body["payers"], answer.body["cash_fen"]) == ([], BILL_FEN)
    assert {reason["rule"] for reason in answer.body["reasons"]} == {"relation_ended"}


def end_now(world: World, payer: Json, tie: str) -> None:
    world.end(payer, tie).ok()


def test_a_code_that_another_till_takes_while_this_one_looks_is_unknown_here(
    world: World, core: Core, tills: ThreadPoolExecutor
) -> None:
    person, here, there = world.employee(balance_fen=500), world.institution(), world.institution()
    code = world.code(person)
    bill = {**card_bill(person, BILL_FEN), "credential": {"kind": "voucher", "value": code}}

    with core.db.transaction() as tx:
        tx.execute(
            "UPDATE core.voucher_codes SET tied_to = %s, tied_until = expires_at WHERE code_print = ANY (%s)",
            [there, list(code_prints(core, code))],
        )
        asked = tills.submit(payments.presettle, core, here, bill)
        until_somebody_waits(core)

    with pytest.raises(VoucherCodeUnknown):
        asked.result(timeout=30)
    assert payments.presettle(core, there, bill)["own_fen"] == BILL_FEN


def until_somebody_waits(core: Core) -> None:
    """Until one transaction waits for another's lock."""
    for _ in range(1500):
        if core.db.rows("SELECT FROM pg_locks WHERE NOT granted"):
            return
        sleep(0.02)
    raise AssertionError("nobody waited")

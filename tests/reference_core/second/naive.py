"""A second way to split a bill, written for the tests alone: money is a row of single coins, and rules are plain questions.

It reads a pack's parameters and the facts, and nothing of the engine. Where the engine computes a part, this hands out one
coin after another; where the engine skips a payer, this starts over without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from groundwork.clock import china
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Balance, Bill, PayerAtTill, Situation
from tests.reference_core.second.case import Case
from tests.reference_core.second.naive_objections import (
    insurance_that_counts,
    is_away,
    objections_to_payer,
    objections_to_visit,
    served_by,
    what_the_visit_is,
)

CURRENT, PRIOR = "current", "prior"
ONE_PAYER_ONLY = ("only_one", "largest_balance")


@dataclass
class Outcome:
    """Who pays how many coins of which year, and what is said about it."""

    own: list[str] = field(default_factory=list)
    payers: dict[str, list[str]] = field(default_factory=dict)
    cash: int = 0
    said: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


def settle(case: Case) -> Outcome:
    """The split of one bill."""
    case = replace(case, bill=_with_what_the_city_lets_accounts_pay(case))
    bill, member = case.bill, case.member
    outcome = Outcome(refused=_refusals(case))
    if outcome.refused:
        outcome.cash = bill.policy_self_fen + bill.outside_policy_fen
        return outcome
    pack = served_by([case.pack], member.person, case.now)
    purse, barred = _own_purse(pack, member, case.now)
    outcome.own = purse[: bill.policy_self_fen]
    owed = bill.policy_self_fen - len(outcome.own)
    if owed and pack is None:
        outcome.said.add("region_not_served")
    elif owed:
        _let_the_family_pay(outcome, owed, case, own_is_empty=not purse)
    given = sum(len(coins) for coins in outcome.payers.values())
    if barred and given < owed:
        outcome.said.add("self_relation_not_allowed")
    if bill.outside_policy_fen:
        outcome.said.add("expense_excluded")
    outcome.cash = owed - given + bill.outside_policy_fen
    return outcome


def _with_what_the_city_lets_accounts_pay(case: Case) -> Bill:
    """A generated bill has things of one kind outside the policy at most."""
    bill, pack = case.bill, served_by([case.pack], case.member.person, case.now)
    if not bill.by_category or pack is None or bill.by_category[0][0] in pack.excluded_expenses:
        return bill
    owed = bill.policy_self_fen + bill.outside_policy_fen
    return replace(bill, policy_self_fen=owed, outside_policy_fen=0, by_category=())


def _refusals(case: Case) -> set[str]:
    bill, where, visit = case.bill, case.where, what_the_visit_is(case)
    found = set()
    # Nobody on the phone's side knows a code for a premium yet, so an insurer's till can bill nothing here.
    if where.kind == "insurer" or (where.kind == "pharmacy" and visit not in ("pharmacy", "other")):
        found.add("service_not_at_this_institution")
    if bill.outside_policy_fen and bill.policy_self_fen == 0 and bill.fund_fen == 0:
        found.add("expense_excluded")
    if bill.credential_kind == "social_card" and case.member.person.card != "in_use":
        found.add(f"card_{case.member.person.card}")
    return found


def _own_purse(pack: Pack | None, member: Situation, now: datetime) -> tuple[list[str], bool]:
    """One's own coins that may be spent here, and whether only the city's rule keeps a full purse shut."""
    person = member.person
    account_kinds = pack.payer_insutypes if pack else ("310",)
    account = insurance_that_counts(person, account_kinds)
    dead = person.died_on is not None and person.died_on <= china(now).date()
    usable_when = pack.own_statuses if pack else ("normal", "suspended", "arrears")
    if account is None or account.status not in usable_when or "account_closed" in person.conditions or dead:
        return [], False
    coins = _coins(member.balance, pack.buckets_order if pack else "current_first")
    if pack is not None and not pack.self_relation_allowed:
        treated_as = insurance_that_counts(person, pack.member_insutypes)
        if treated_as is not None and treated_as.insutype not in account_kinds:
            return [], bool(coins)
    return coins, False


def _coins(balance: Balance, order: str) -> list[str]:
    """The coins of an account in the order in which they leave it."""
    current, prior = [CURRENT] * balance.current_year_fen, [PRIOR] * balance.prior_year_fen
    return current + prior if order == "current_first" else prior + current


def _shared_purse(pack: Pack, till: PayerAtTill) -> list[str]:
    coins = _coins(till.situation.balance, pack.buckets_order)
    if pack.payer_money == "previous_years":
        return [coin for coin in coins if coin == PRIOR]
    if pack.payer_money == "above_reserve":
        return coins[: max(0, len(coins) - (pack.reserve_fen or 0))]
    return coins


def _let_the_family_pay(outcome: Outcome, owed: int, case: Case, own_is_empty: bool) -> None:
    tied = [till for till in case.tills if till.relation.ended_at is None or till.relation.ended_at > case.now]
    if not tied:
        outcome.said.add("relation_ended" if case.tills or case.member.as_member else "not_mutual_aid")
        return
    against = {till.relation.id: objections_to_payer(case, till) for till in tied}
    barred = objections_to_visit(case)
    if case.pack.own_first == "must_be_empty" and not own_is_empty:
        barred.add("own_balance_not_empty")
    outcome.said |= barred.union(*against.values())
    if not barred:
        _collect(outcome, owed, case, [till for till in tied if not against[till.relation.id]])


def _collect(outcome: Outcome, owed: int, case: Case, fit: list[PayerAtTill]) -> None:
    pack = case.pack
    purses = {till.relation.id: _shared_purse(pack, till) for till in fit}
    for till in fit:
        if not purses[till.relation.id]:
            has_money = till.situation.balance.total_fen > 0
            outcome.said.add("payer_nothing_shareable" if has_money else "payer_balance_zero")
    line = _line_up(pack, [till for till in fit if purses[till.relation.id]], purses)
    alone_for_all = pack.payer_selection in ONE_PAYER_ONLY and pack.when_short == "all_or_nothing"
    over: list[PayerAtTill] = []
    while True:
        given = _hand_out(owed, [till for till in line if till not in over], purses)
        asked = [till for till in line if till.relation.id in given]
        broken = [till for till in asked if _breaks_cap(case, till, owed if alone_for_all else len(given[till.relation.id]))]
        if not broken:
            break
        # The payer who breaks a cap gives nothing at all; everybody behind them is asked anew.
        outcome.said.add("cap_exceeded")
        over.append(broken[0])
    left = owed - sum(len(coins) for coins in given.values())
    if left and any(_was_short(till, owed, purses, line, over) for till in line):
        outcome.said.add("payer_balance_insufficient")
    if not left or pack.when_short == "partial_then_cash":
        outcome.payers = given


def _hand_out(owed: int, line: Sequence[PayerAtTill], purses: dict[str, list[str]]) -> dict[str, list[str]]:
    """Coin by coin: the first in line who still has one pays it."""
    left_in = {till.relation.id: list(purses[till.relation.id]) for till in line}
    given: dict[str, list[str]] = {}
    for _ in range(owed):
        payer = next((name for name, coins in left_in.items() if coins), None)
        if payer is not None:
            given.setdefault(payer, []).append(left_in[payer].pop(0))
    return given


def _was_short(
    till: PayerAtTill, owed: int, purses: dict[str, list[str]], line: list[PayerAtTill], over: list[PayerAtTill]
) -> bool:
    """Whether somebody had less than was still owed when their turn came, whatever else kept them from paying."""
    before = [one for one in line[: line.index(till)] if one not in over]
    return len(purses[till.relation.id]) < owed - sum(len(purses[one.relation.id]) for one in before)


def _line_up(pack: Pack, payers: list[PayerAtTill], purses: dict[str, list[str]]) -> list[PayerAtTill]:
    """Who is asked, and in which order; the earliest tie first among equals, then the lowest id."""
    line = sorted(payers, key=lambda till: till.relation.id)
    line.sort(key=lambda till: till.relation.bound_at)
    if pack.payer_selection in ("largest_balance", "cascade_by_balance"):
        line.sort(key=lambda till: len(purses[till.relation.id]), reverse=True)
    if pack.payer_selection == "cascade_payers_order":
        line.sort(key=lambda till: till.relation.payers_order)
    if pack.payer_selection == "cascade_members_order":
        line.sort(key=lambda till: till.relation.members_order)
    return line[:1] if pack.payer_selection in ONE_PAYER_ONLY else line


def _breaks_cap(case: Case, till: PayerAtTill, part: int) -> bool:
    pack = case.pack
    for cap in (pack.monthly_cap_fen, till.relation.monthly_cap_fen):
        if cap is not None and till.spent_this_month_fen + part > cap:
            return True
    used_away = [fen for region, fen in till.spent_by_region if is_away(case, region)]
    limit_away = pack.nonlocal_cap_fen if is_away(case, case.where.region) else None
    return limit_away is not None and sum(used_away) + part > limit_away

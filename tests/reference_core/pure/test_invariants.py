"""What holds for every bill, family and choice of a city, found by trying many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reference_core.decisions.rules.verdicts import may_bind
from reference_core.decisions.settlement.payers import shareable_fen
from reference_core.packs.schema_payment import SELECTIONS
from reference_core.packs.shelf import PackShelf
from reference_core.vocabulary.facts import Bill, PayerAtTill, Situation
from tests.reference_core.pure.family import (
    LINYI,
    NOW,
    at_till,
    institution,
    pay,
    person,
    relation,
    rules,
    shelf_with,
    situation,
)

FEN = st.integers(0, 20_000)
STATUS = st.sampled_from(["normal", "normal", "normal", "suspended", "frozen", "transferred_out"])
REGION = st.sampled_from(["371300", "371300", "371300", "371321", "370200"])
CONDITIONS = st.frozensets(st.sampled_from(["long_term_nonlocal", "retired_cadre", "account_closed"]), max_size=1)
INSTITUTIONS = st.builds(
    institution,
    st.sampled_from(["hospital", "primary_care", "pharmacy", "insurer"]),
    st.sampled_from(["371300", "371321", "379900"]),
    st.integers(1, 3),
    st.sampled_from([(), ("one_card",)]),
)
BILLS = st.builds(
    Bill,
    st.sampled_from(["11", "14", "21", "41", "52", "9999"]),
    FEN,
    outside_policy_fen=st.sampled_from([0, 0, 700]),
    fund_fen=st.sampled_from([0, 900]),
    credential_kind=st.sampled_from(["voucher", "voucher", "social_card", "id_card"]),
    declares_mutual_aid=st.booleans(),
)


@st.composite
def cities(draw: st.DrawFn) -> PackShelf:
    money = draw(st.sampled_from(["all", "previous_years", "above_reserve"]))
    choices: dict[str, Any] = {
        "max_payers_per_member": None,
        "payer_selection": draw(st.sampled_from(SELECTIONS)),
        "when_short": draw(st.sampled_from(["partial_then_cash", "all_or_nothing"])),
        "payer_money": money,
        "reserve_fen": 4_000 if money == "above_reserve" else None,
        "own_first": draw(st.sampled_from(["combine", "must_be_empty"])),
        "buckets_order": draw(st.sampled_from(["current_first", "prior_first"])),
        "trigger": draw(st.sampled_from(["automatic", "declared"])),
        "monthly_cap_fen": draw(st.sampled_from([None, 5_000])),
    }
    return shelf_with(**choices)


@st.composite
def people(draw: st.DrawFn) -> Situation:
    who = person(draw(st.sampled_from(["310", "310", "390"])), draw(STATUS), draw(REGION), conditions=draw(CONDITIONS))
    return situation(who, draw(FEN), draw(FEN), opened=draw(st.sampled_from([True, True, False])))


@st.composite
def families(draw: st.DrawFn) -> tuple[Situation, tuple[PayerAtTill, ...]]:
    """A member and up to four payers, each with the tie between them; some ties are not in force."""
    member, tills = draw(people()), []
    for _ in range(draw(st.integers(0, 4))):
        paying = draw(people())
        made = relation(
            paying.person.id,
            member.person.id,
            bound_at=NOW - timedelta(days=draw(st.integers(1, 3))),
            effective_from=NOW + timedelta(days=draw(st.sampled_from([-1, -1, -1, 1]))),
            ended_at=draw(st.sampled_from([None, None, NOW])),
            monthly_cap_fen=draw(st.sampled_from([None, 6_000])),
            payers_order=draw(st.integers(0, 2)),
            members_order=draw(st.integers(0, 2)),
        )
        tills.append(at_till(paying, made, draw(st.sampled_from([0, 3_000]))))
    return member, tuple(tills)


@settings(max_examples=200)
@given(cities(), families(), BILLS, INSTITUTIONS)
def test_parts_add_up_nothing_is_negative_and_no_account_gives_more_than_it_may(
    packs: Any, family: Any, asked: Bill, where: Any
) -> None:
    member, tills = family

    plan = pay(member, tills, asked, where, packs)

    parts = [plan.own_current_year_fen, plan.own_prior_year_fen, plan.cash_fen]
    parts += [bucket for part in plan.payers for bucket in (part.current_year_fen, part.prior_year_fen)]
    assert min(parts) >= 0
    assert sum(parts) == asked.bill_fen - asked.fund_fen
    assert plan.cash_fen >= asked.outside_policy_fen
    assert plan.own_current_year_fen <= member.balance.current_year_fen
    assert plan.own_prior_year_fen <= member.balance.prior_year_fen
    city = packs.regions(NOW.date())[0]
    for part in plan.payers:
        till = next(till for till in tills if till.relation.id == part.relation_id)
        balance = till.situation.balance
        assert part.current_year_fen <= balance.current_year_fen
        assert part.prior_year_fen <= balance.prior_year_fen
        assert 0 < part.paid_fen <= shareable_fen(city, balance.prior_year_fen, balance.total_fen)


@settings(max_examples=200)
@given(cities(), families(), BILLS, INSTITUTIONS)
def test_nobody_pays_whom_the_city_forbids(packs: Any, family: Any, asked: Bill, where: Any) -> None:
    member, tills = family

    plan = pay(member, tills, asked, where, packs)

    for part in plan.payers:
        till = next(till for till in tills if till.relation.id == part.relation_id)
        payer = till.situation
        assert till.relation.status(NOW) == "active"
        assert payer.account_opened
        assert not payer.person.conditions
        assert [(one.insutype, one.status, one.region[:4]) for one in payer.person.insurances] == [("310", "normal", "3713")]
        caps = [cap for cap in (till.relation.monthly_cap_fen, packs.regions(NOW.date())[0].monthly_cap_fen) if cap is not None]
        assert all(till.spent_this_month_fen + part.paid_fen <= cap for cap in caps)


@settings(max_examples=200)
@given(cities(), families(), BILLS, INSTITUTIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(packs: Any, family: Any, asked: Bill, where: Any, chance: Any) -> None:
    member, tills = family
    shuffled = list(tills)
    chance.shuffle(shuffled)

    assert pay(member, tills, asked, where, packs) == pay(member, shuffled, asked, where, packs)


@settings(max_examples=200)
@given(cities(), families(), BILLS, INSTITUTIONS)
def test_wherever_cash_is_left_that_sharing_could_cover_a_reason_says_why_not(
    packs: Any, family: Any, asked: Bill, where: Any
) -> None:
    member, tills = family

    plan = pay(member, tills, asked, where, packs)

    if not plan.refused and plan.cash_fen > asked.outside_policy_fen:
        assert set(rules(plan.reasons)) - {"expense_excluded"}
    for reason in plan.reasons:
        assert all(till.situation.person.id not in str(reason) for till in tills)


@settings(max_examples=200)
@given(people(), st.sampled_from(["spouse", "mother", "son", "older_sister"]), st.booleans(), CONDITIONS)
def test_mending_one_reason_never_brings_another_to_light(
    payer: Situation, word: str, voucher: bool, conditions: frozenset[str]
) -> None:
    """All reasons are told at once: without the relation's own, the rest are the same as with it."""
    member = situation(person("390", sex="female", voucher_active=voucher, conditions=conditions))
    about_relation = {"relation_not_allowed", "relation_sex_mismatch"}

    told = set(rules(may_bind(LINYI, payer, member, word, NOW)))
    mended = set(rules(may_bind(LINYI, payer, member, "mother", NOW)))

    assert told - about_relation == mended

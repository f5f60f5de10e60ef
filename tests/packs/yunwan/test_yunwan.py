"""A city that exists in this folder alone plays by its own choices, none of which a real pack makes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from groundwork.clock import CHINA
from reference_core.decisions.binding_terms import binding_terms, takes_effect
from reference_core.decisions.rules.verdicts import may_bind, may_end, may_open
from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.facts import PayerAtTill, Plan, Situation
from tests.reference_core.cities.town import SHELF, Town, given, options, steps
from tests.reference_core.pure import family
from tests.reference_core.pure.family import INPATIENT, NOW, OUTPATIENT, PHARMACY, REGIONS, bill, rules, split

HERE = Path(__file__).parent
PACKS = load_packs([REGIONS, HERE])
YUNWAN = Town("990100", PACKS)
ROOT = HERE.parents[2]


def cascade(*balances_fen: int) -> tuple[Situation, list[Situation], list[PayerAtTill]]:
    """A member with a payer for each balance; the member put the last bound first."""
    member, payers, tills = YUNWAN.resident(), [], []
    for place, balance_fen in enumerate(balances_fen):
        facts = {"region": "990100", "members_order": -place, "payers_order": place}
        paying, member, made = family.tie(YUNWAN.employee(balance_fen), member, "mother", **facts)
        payers.append(paying)
        tills.append(family.at_till(paying, made))
    return member, payers, tills


def pay(member: Situation, tills: list[PayerAtTill], amount_fen: int) -> Plan:
    return family.pay(member, tills, bill(amount_fen, OUTPATIENT), YUNWAN.at("primary_care"), PACKS)


def test_the_city_is_served_once_its_folder_is_named_and_not_before() -> None:
    assert PACKS.find("990102", NOW.date()) is YUNWAN.pack
    assert SHELF.find("990102", NOW.date()) is None
    assert set(PACKS.codes()) - set(SHELF.codes()) == {"990100"}


def source_files() -> Iterator[Path]:
    # What was installed or built beside the client's sources is left out: it is not ours.
    written = {".py", ".mjs", ".ts", ".vue", ".yaml", ".json"}
    for folder in ("bff", "reference_core", "miniprogram_stub/src", "miniprogram_stub/desk", "sandbox", "groundwork"):
        yield from (file for file in (ROOT / folder).rglob("*") if file.suffix in written)


def test_no_file_of_the_product_knows_this_city() -> None:
    files = list(source_files())

    assert files
    assert [
        file for file in files if "云湾" in (text := file.read_text(encoding="utf-8", errors="ignore")) or "990100" in text
    ] == []


@pytest.mark.parametrize(("word", "sex"), [("older_brother", "male"), ("younger_sister", "female"), ("parent", "male")])
def test_siblings_are_relatives_here(word: str, sex: str) -> None:
    assert YUNWAN.bind(YUNWAN.employee(), YUNWAN.resident(sex=sex), word).allowed


def test_relatives_are_called_as_this_city_calls_them() -> None:
    told = YUNWAN.bind(YUNWAN.employee(), YUNWAN.resident(), "grandmother")

    assert rules(told) == ["relation_not_allowed"]
    assert "兄长" in told.reasons[0].text
    assert told.reasons[0].next_step.endswith("云湾便民大厅问一问。")


def test_a_couple_of_parents_is_counted_as_a_group() -> None:
    family_of_two = YUNWAN.full(YUNWAN.employee(), [("father", "male"), ("mother", "female")])

    assert rules(YUNWAN.bind(family_of_two, YUNWAN.resident(), "parent")) == ["relation_quota_exceeded"]
    assert YUNWAN.bind(family_of_two, YUNWAN.resident(), "child").allowed


def test_relatives_of_the_other_sex_are_absent_from_the_picker() -> None:
    named = {"who": {"name": "白云", "id_number": "110199201001011013"}}

    flow = YUNWAN.flow("add-member", YUNWAN.employee(), named, candidate=YUNWAN.resident(sex="male"))

    assert list(options(flow, "relation")) == ["spouse", "parent", "child", "older_brother", "younger_brother"]
    assert steps(flow) == {"who": ["name", "id_number", "relation"], "promise": ["agree"]}


def test_the_member_accepts_from_sixteen_and_then_waits_for_the_first_of_the_next_month() -> None:
    pack = YUNWAN.pack
    terms = binding_terms(pack, NOW)

    assert (pack.acceptance_required, pack.acceptance_min_age) == (True, 16)
    assert (terms.outcome, terms.effective_from) == ("awaiting_acceptance", None)
    assert takes_effect(pack.effect_online, NOW) == datetime(2026, 4, 1, tzinfo=CHINA)
    assert takes_effect(pack.end_effect, datetime(2026, 12, 31, 23, 59, tzinfo=CHINA)) == datetime(2027, 1, 1, tzinfo=CHINA)
    assert takes_effect(pack.effect_offline, NOW) == datetime(2026, 3, 3, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("pending", "why"),
    [
        ({"needs_acceptance": True, "effective_from": None}, "awaiting_acceptance"),
        ({"effective_from": datetime(2026, 4, 1, tzinfo=CHINA)}, "not_yet_effective"),
    ],
)
def test_paying_before_that_says_what_is_awaited(pending: dict[str, object], why: str) -> None:
    plan = YUNWAN.pays(
        YUNWAN.resident(), [YUNWAN.employee(500_000)], bill(5_000, OUTPATIENT), YUNWAN.at("primary_care"), **pending
    )

    assert split(plan) == (0, 0, 5_000)
    assert [(reason.rule, reason.facts["why"]) for reason in plan.reasons] == [("not_yet_effective", why)]


def test_several_payers_pay_in_the_members_order_each_down_to_the_reserve() -> None:
    member, payers, tills = cascade(205_000, 203_000, 200_000)

    plan = pay(member, tills, 7_000)

    assert list(given(plan).items()) == [(payers[1].person.id, 3_000), (payers[0].person.id, 4_000)]
    assert split(plan) == (0, 7_000, 0)
    assert [(reason.rule, reason.source) for reason in plan.reasons] == [("payer_nothing_shareable", "YW-13")]


def test_what_the_cascade_cannot_cover_is_cash() -> None:
    member, _, tills = cascade(205_000, 203_000)

    plan = pay(member, list(reversed(tills)), 10_000)

    assert split(plan) == (0, 8_000, 2_000)
    assert rules(plan.reasons) == ["payer_balance_insufficient"]


def test_a_payer_over_the_citys_cap_is_passed_over() -> None:
    member, payers, tills = cascade(900_000, 900_000)
    spent = [family.at_till(payers[0], tills[0].relation), family.at_till(payers[1], tills[1].relation, 299_000)]

    plan = pay(member, spent, 5_000)

    assert given(plan) == {payers[0].person.id: 5_000}
    assert rules(plan.reasons) == ["cap_exceeded"]


@pytest.mark.parametrize(("own_fen", "parts"), [(1, (1, 0, 4_999)), (0, (0, 5_000, 0))])
def test_ones_own_account_must_be_empty_before_anybody_elses_is_touched(own_fen: int, parts: tuple[int, int, int]) -> None:
    plan = YUNWAN.pays(YUNWAN.employee(own_fen), [YUNWAN.employee(500_000)], bill(5_000, OUTPATIENT), YUNWAN.at("primary_care"))

    assert split(plan) == parts
    assert rules(plan.reasons) == (["own_balance_not_empty"] if own_fen else [])


def test_the_earlier_years_money_leaves_first() -> None:
    plan = YUNWAN.pays(YUNWAN.employee(3_000, prior_fen=2_000), [], bill(4_000, OUTPATIENT), YUNWAN.at("primary_care"))

    assert (plan.own_prior_year_fen, plan.own_current_year_fen) == (2_000, 2_000)


@pytest.mark.parametrize(
    ("kind", "level", "region", "credential", "told"),
    [
        ("hospital", 2, "990100", "id_card", []),
        ("hospital", 3, "990100", "voucher", ["scope_not_allowed"]),
        ("primary_care", 1, "990200", "voucher", ["scope_not_allowed"]),
        ("primary_care", 1, "990100", "social_card", ["credential_not_accepted"]),
    ],
)
def test_outpatient_visits_are_for_smaller_places_of_the_city(
    kind: str, level: int, region: str, credential: str, told: list[str]
) -> None:
    where = YUNWAN.at(kind, level=level, region=region, capabilities=())

    plan = YUNWAN.pays(YUNWAN.resident(), [YUNWAN.employee(500_000)], bill(5_000, OUTPATIENT, credential_kind=credential), where)

    assert rules(plan.reasons) == told


@pytest.mark.parametrize(("capabilities", "told"), [((), ["institution_not_enabled"]), (("late_night",), [])])
def test_only_pharmacies_open_at_night_share(capabilities: tuple[str, ...], told: list[str]) -> None:
    where = YUNWAN.at("pharmacy", capabilities=capabilities)

    plan = YUNWAN.pays(YUNWAN.resident(), [YUNWAN.employee(500_000)], bill(5_000, PHARMACY), where)

    assert rules(plan.reasons) == told


def test_a_hospital_stay_is_shared_in_the_province() -> None:
    payers = [YUNWAN.employee(500_000)]

    assert split(YUNWAN.pays(YUNWAN.resident(), payers, bill(5_000, INPATIENT), YUNWAN.at(region="990300"))) == (0, 5_000, 0)
    assert split(YUNWAN.pays(YUNWAN.resident(), payers, bill(5_000, INPATIENT), YUNWAN.at(region="980300"))) == (0, 0, 5_000)


def test_a_county_that_pools_for_itself_is_another_pool() -> None:
    assert rules(YUNWAN.bind(YUNWAN.employee(), YUNWAN.resident(region="990181"))) == ["out_of_pool_scope"]
    assert YUNWAN.bind(YUNWAN.employee(), YUNWAN.resident(region="990182")).allowed


def test_a_member_with_a_long_absence_is_refused() -> None:
    away = YUNWAN.resident(conditions=frozenset({"long_term_nonlocal"}))

    assert rules(YUNWAN.bind(YUNWAN.employee(), away)) == ["member_excluded_class"]


def test_a_fourth_payer_and_a_return_within_ninety_days_are_refused() -> None:
    member, _, _ = cascade(300_000, 300_000, 300_000)
    left = family.relation("px", member.person.id, region="990100", ended_at=NOW - timedelta(days=89))
    back = Situation(member.person, True, member.balance, as_member=(left,))

    assert rules(YUNWAN.bind(YUNWAN.employee(), member)) == ["member_already_bound"]
    assert rules(YUNWAN.bind(YUNWAN.employee(), back)) == ["rebind_too_soon"]
    assert may_bind(YUNWAN.pack, YUNWAN.employee(), back, "parent", NOW + timedelta(days=1)).allowed


def test_a_stopped_payer_may_share_and_either_side_may_end() -> None:
    paying, mother = YUNWAN.tie(YUNWAN.employee(status="suspended"), YUNWAN.resident())

    assert YUNWAN.bind(paying, YUNWAN.resident(), "child").allowed
    assert may_end(YUNWAN.pack, mother.as_member[0], mother.person.id, NOW).allowed
    assert rules(may_open(YUNWAN.pack, YUNWAN.employee(), NOW)) == ["account_opening_not_needed"]


def in_force(day: date) -> Pack:
    pack = PACKS.find("990100", day)
    assert pack is not None
    return pack


def test_the_day_of_the_act_decides_between_two_versions() -> None:
    before, after = in_force(date(2026, 12, 31)), in_force(date(2027, 1, 1))

    assert (before.version, after.version) == ("yw-1", "yw-2")
    assert (before.payer_selection, after.payer_selection) == ("cascade_members_order", "cascade_by_balance")
    assert ("older_brother" in before.relations, "older_brother" in after.relations) == (True, False)
    assert after.source("payer_money") == "unknown"
    assert PACKS.find("990100", date(2024, 12, 31)) is None


def test_its_choices_are_choices_that_no_real_pack_makes() -> None:
    real = [pack for code in SHELF.codes() for pack in SHELF.versions(code)]
    own = YUNWAN.pack
    choices = (
        "payer_selection",
        "own_first",
        "payer_money",
        "effect_online",
        "end_effect",
        "acceptance_min_age",
        "buckets_order",
    )

    for choice in choices:
        assert getattr(own, choice) not in {getattr(pack, choice) for pack in real}, choice

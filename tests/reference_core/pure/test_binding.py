"""Who may be added, as what, and every reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reference_core.decisions.rules.verdicts import may_bind, may_end, may_transfer_out
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Insurance, Situation, Verdict
from tests.reference_core.pure.family import (
    CITY,
    COUNTY,
    ELSEWHERE,
    LINYI,
    NOW,
    city_with,
    payer,
    person,
    resident,
    rules,
    situation,
    tie,
)


def bind(member: Situation | None, word: str = "mother", pack: Pack = LINYI, by: Situation | None = None) -> Verdict:
    return may_bind(pack, by or payer(), member, word, NOW)


@pytest.mark.parametrize(
    ("word", "sex"),
    [("spouse", "female"), ("spouse", "male"), ("father", "male"), ("mother", "female"), ("son", "male"), ("daughter", "female")],
)
def test_spouse_parents_and_children_may_be_added(word: str, sex: str) -> None:
    """LY-04, LY-63."""
    assert bind(resident(sex=sex), word).allowed


@pytest.mark.parametrize("word", ["older_sister", "grandmother", "granddaughter", "maternal_grandmother", "godmother"])
def test_other_relatives_are_refused_with_those_on_offer(word: str) -> None:
    """LY-04."""
    told = bind(resident(), word)

    assert rules(told) == ["relation_not_allowed"]
    assert told.reasons[0].text == "临沂市的家庭共济目前只能添加：配偶、父亲、母亲、儿子、女儿。"


def test_a_relative_of_the_wrong_sex_is_refused() -> None:
    assert rules(bind(resident(sex="male"), "mother")) == ["relation_sex_mismatch"]


@pytest.mark.parametrize(("sex", "allowed"), [("male", True), ("female", True)])
def test_a_grouped_city_takes_either_sex_for_its_groups(sex: str, allowed: bool) -> None:
    grouped = city_with(relations=("spouse", "parent", "child"))

    assert bind(resident(sex=sex), "parent", grouped).allowed is allowed
    assert bind(resident(sex=sex), "father" if sex == "male" else "mother", grouped).allowed


def test_a_gendered_city_does_not_take_a_group_that_it_offers_only_half_of() -> None:
    assert rules(bind(resident(), "parent", city_with(relations=("mother",)))) == ["relation_not_allowed"]


@pytest.mark.parametrize("insutype", ["310", "390"])
def test_a_member_may_be_employee_or_resident(insutype: str) -> None:
    """LY-05."""
    assert bind(resident_with(insutype)).allowed


@pytest.mark.parametrize("insutype", [None, "510"])
def test_a_member_needs_one_of_the_citys_insurances(insutype: str | None) -> None:
    """LY-05, Y-16: a known person, rightly named, but not insured."""
    assert rules(bind(resident_with(insutype))) == ["member_not_insured"]


@pytest.mark.parametrize("status", ["suspended", "arrears", "frozen", "transferred_out", "terminated"])
def test_a_members_insurance_must_be_in_order(status: str) -> None:
    """LY-05."""
    assert rules(bind(resident(status=status))) == ["member_status_abnormal"]


def test_an_insurance_in_order_counts_before_one_that_is_not() -> None:
    both = situation(person("310", "suspended", sex="female", more=[Insurance("390", "normal", CITY)]))

    assert bind(both).allowed


@pytest.mark.parametrize(
    ("region", "told"), [(CITY, []), (COUNTY, []), (ELSEWHERE, ["out_of_pool_scope"]), ("130100", ["out_of_pool_scope"])]
)
def test_a_member_must_be_insured_in_the_same_city(region: str, told: list[str]) -> None:
    """LY-05."""
    assert rules(bind(resident(region=region))) == told


def test_a_city_may_share_across_its_province_or_the_nation() -> None:
    near, far = resident(region="370200"), resident(region="130100")

    assert bind(near, pack=city_with(member_pool_scope="province")).allowed
    assert rules(bind(far, pack=city_with(member_pool_scope="province"))) == ["out_of_pool_scope"]
    assert bind(far, pack=city_with(member_pool_scope="nation")).allowed


def test_a_region_that_pools_for_itself_is_not_the_city_around_it() -> None:
    apart = city_with(separate_pools=(COUNTY,))

    assert rules(bind(resident(region=COUNTY), pack=apart)) == ["out_of_pool_scope"]


def test_a_member_needs_an_active_voucher_and_is_the_one_who_can_mend_it() -> None:
    """LY-06, LY-12."""
    told = bind(resident(voucher_active=False))

    assert [(reason.rule, reason.owner) for reason in told.reasons] == [("voucher_not_activated", "member")]
    assert bind(resident(voucher_active=False), pack=city_with(member_voucher_required=False)).allowed


def test_the_members_own_long_absence_is_not_mentioned() -> None:
    """Vector 9: only the payer's record bars."""
    assert bind(resident(conditions=frozenset({"long_term_nonlocal", "retired_cadre"}))).allowed


def test_a_city_may_rule_out_members_too() -> None:
    strict = city_with(member_excluded=("long_term_nonlocal",))

    assert rules(bind(resident(conditions=frozenset({"long_term_nonlocal"})), pack=strict)) == ["member_excluded_class"]


def test_a_member_has_one_payer_at_a_time() -> None:
    """LY-20, vector 4; by whom is not said."""
    other, mother, _ = tie(payer(), resident())

    told = bind(mother)

    assert rules(told) == ["member_already_bound"]
    assert other.person.id not in str(told.reasons)


def test_adding_the_same_member_twice_is_told_as_that() -> None:
    mine, mother, _ = tie(payer(), resident())

    told = bind(mother, by=mine, pack=city_with(max_payers_per_member=None))

    assert [(reason.rule, reason.facts["why"]) for reason in told.reasons] == [("member_already_bound", "by_you")]


@pytest.mark.parametrize(("limit", "told"), [(2, ["member_already_bound"]), (3, []), (None, [])])
def test_a_city_may_allow_several_payers(limit: int | None, told: list[str]) -> None:
    mother = resident()
    for _ in range(2):
        _, mother, _ = tie(payer(), mother)

    assert rules(bind(mother, pack=city_with(max_payers_per_member=limit))) == told


def test_an_ended_tie_leaves_room_for_anybody() -> None:
    """LY-22."""
    _, mother, made = tie(payer(), resident())
    free = replace(mother, as_member=(replace(made, ended_at=NOW),))

    assert bind(free).allowed


def test_a_city_may_make_people_wait_before_binding_again() -> None:
    _, mother, made = tie(payer(), resident())
    free = replace(mother, as_member=(replace(made, ended_at=NOW - timedelta(days=9)),))

    assert rules(bind(free, pack=city_with(rebind_wait_days=10))) == ["rebind_too_soon"]
    assert bind(free, pack=city_with(rebind_wait_days=9)).allowed


def test_what_never_began_makes_nobody_wait() -> None:
    _, mother, made = tie(payer(), resident())
    declined = replace(made, effective_from=None, needs_acceptance=True, ended_at=NOW - timedelta(days=1), end_reason="declined")

    assert bind(replace(mother, as_member=(declined,)), pack=city_with(rebind_wait_days=10)).allowed


def test_a_payer_with_members_cannot_become_a_member_but_one_who_only_opened_can() -> None:
    """LY-20, Y-06, vector 4."""
    busy, _, _ = tie(payer(), resident())

    assert rules(bind(busy, "son")) == ["role_conflict"]
    assert bind(payer(), "son").allowed


def test_who_was_bound_after_opening_can_add_nobody() -> None:
    """Y-06."""
    _, bound, _ = tie(payer(), payer())

    assert rules(bind(resident(), by=bound)) == ["role_conflict"]


def test_nobody_adds_themselves() -> None:
    """Vector 6: a suspended employee insured as a resident does not become their own payer here."""
    both = situation(person("310", "suspended", more=[Insurance("390", "normal", CITY)]), opened=True)

    told = rules(bind(both, "spouse", by=both))

    assert "member_is_payer" in told
    assert "payer_status_not_normal" in told


def test_a_dead_relative_cannot_be_added() -> None:
    assert rules(bind(resident(died_on=date(2026, 3, 1)))) == ["person_died"]


@pytest.mark.parametrize("word", ["mother", "spouse", "older_sister"])
def test_a_name_that_does_not_fit_and_an_unknown_number_get_one_reason_whatever_was_asked(word: str) -> None:
    """Y-16: `None` stands for both, and nothing else about the relative is said."""
    assert rules(bind(None, word)) == ["member_not_found"]


def test_a_payers_own_reasons_are_told_beside_a_relative_who_is_not_found() -> None:
    assert set(rules(bind(None, by=situation()))) == {"member_not_found", "account_not_opened"}


def test_a_quota_counts_each_relative_and_its_group() -> None:
    """Vector 5: second spouse, fifth child."""
    quota = city_with(relations=("spouse", "father", "mother", "child"), relation_quotas={"spouse": 1, "child": 4})
    family = payer()
    for word, sex in [("spouse", "female"), ("son", "male"), ("son", "male"), ("daughter", "female"), ("daughter", "female")]:
        family, _, _ = tie(family, resident(sex=sex), word)

    assert rules(bind(resident(), "spouse", quota, family)) == ["relation_quota_exceeded"]
    assert rules(bind(resident(sex="male"), "child", quota, family)) == ["relation_quota_exceeded"]
    assert bind(resident(), "mother", quota, family).allowed


def test_the_eighth_relative_breaks_the_quota_and_the_whole() -> None:
    """Vector 5, mended: both are told."""
    quotas = {"father": 1, "mother": 1, "spouse": 1, "child": 4}
    seven = city_with(relations=("spouse", "father", "mother", "child"), relation_quotas=quotas, max_members_per_payer=7)
    family = payer()
    for word, sex in [("father", "male"), ("mother", "female"), ("spouse", "female"), *[("son", "male")] * 4]:
        family, _, _ = tie(family, resident(sex=sex), word)

    assert rules(bind(resident(sex="male"), "child", seven, family)) == ["relation_quota_exceeded", "max_members_exceeded"]


def test_everything_wrong_is_told_at_once() -> None:
    _, bad, _ = tie(payer(), resident(sex="male", region=ELSEWHERE, status="arrears", voucher_active=False))

    told = rules(bind(bad, "mother"))

    assert told == [
        "member_status_abnormal",
        "out_of_pool_scope",
        "member_already_bound",
        "relation_sex_mismatch",
        "voucher_not_activated",
    ]


def test_the_payer_ends_a_tie_and_so_may_the_member_where_the_city_lets_them() -> None:
    """LY-22, Y-15."""
    paying, mother, made = tie(payer(), resident())

    assert may_end(LINYI, made, paying.person.id, NOW).allowed
    assert may_end(LINYI, made, mother.person.id, NOW).allowed
    assert rules(may_end(city_with(ended_by=("payer",)), made, mother.person.id, NOW)) == ["only_payer_may_end"]
    assert may_end(None, made, paying.person.id, NOW).allowed
    assert rules(may_end(LINYI, made, "stranger", NOW)) == ["not_your_relation"]
    assert rules(may_end(LINYI, replace(made, ended_at=NOW), paying.person.id, NOW)) == ["relation_ended"]


def test_moving_away_needs_every_tie_ended_first_in_both_roles() -> None:
    """LY-42, Y-07."""
    paying, mother, _ = tie(payer(), resident())
    paying, _, _ = tie(paying, resident())

    his, hers = may_transfer_out(LINYI, paying, NOW), may_transfer_out(LINYI, mother, NOW)

    assert rules(his) == ["must_unbind_before_transfer"] * 2
    assert [reason.facts["role"] for reason in (*his.reasons, *hers.reasons)] == ["payer", "payer", "member"]
    assert {reason.owner for reason in (*his.reasons, *hers.reasons)} == {"payer"}
    assert may_transfer_out(LINYI, payer(), NOW).allowed


def test_a_city_may_let_people_move_with_ties_standing() -> None:
    paying, _, _ = tie(payer(), resident())

    assert may_transfer_out(city_with(on_payer_transfer="ends"), paying, NOW).allowed


def resident_with(insutype: str | None) -> Situation:
    return situation(person(insutype, sex="female", born=date(1957, 11, 20)))

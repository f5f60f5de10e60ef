"""Linyi: opened with a pledge, one payer for one member, all or nothing, and residents inside the city only."""

from __future__ import annotations

import pytest

from reference_core.decisions.rules.verdicts import may_add, may_end, may_open, may_transfer_out
from reference_core.vocabulary.facts import Plan, Situation
from tests.reference_core.cities.town import Town, options, steps
from tests.reference_core.pure.family import INPATIENT, NOW, OUTPATIENT, PHARMACY, bill, rules, situation, split

LINYI = Town("371300")


def pays(member: Situation, paying: Situation, amount_fen: int = 10_000, med_type: str = OUTPATIENT, **where: object) -> Plan:
    """At an institution with the one-card function, unless told otherwise."""
    credential = str(where.pop("credential", "voucher"))
    return LINYI.pays(member, [paying], bill(amount_fen, med_type, credential_kind=credential), LINYI.at(**where))  # type: ignore[arg-type]  # any field


def test_a_bound_member_is_bound_once_and_opens_nothing() -> None:
    """Vector 4, LY-20, LY-21."""
    paying, member = LINYI.tie(LINYI.employee(), LINYI.employee(sex="female"))
    fresh = situation(member.person, as_member=member.as_member)

    assert rules(LINYI.bind(LINYI.employee(), member)) == ["member_already_bound"]
    assert rules(may_open(LINYI.pack, fresh, NOW)) == ["role_conflict"]
    assert rules(LINYI.bind(LINYI.employee(sex="female"), paying, "father")) == ["role_conflict"]


def test_an_open_account_without_members_may_still_be_bound_and_then_adds_nobody() -> None:
    """Vector 4 read with Y-06."""
    opened = LINYI.employee(sex="female")
    assert LINYI.bind(LINYI.employee(), opened).allowed

    _, bound = LINYI.tie(LINYI.employee(), opened)

    assert rules(may_add(LINYI.pack, bound, NOW)) == ["role_conflict"]


def test_a_stopped_account_does_not_pay_its_owners_resident_costs() -> None:
    """Vector 6, LY-07."""
    both = LINYI.employee(9_000, status="suspended", more=[LINYI.insured("390")])

    plan = LINYI.pays(both, [], bill(5_000, INPATIENT), LINYI.at())

    assert split(plan) == (0, 0, 5_000)
    assert "self_relation_not_allowed" in rules(plan.reasons)


def test_the_payers_long_absence_bars_opening_binding_and_use() -> None:
    """Vector 9, LY-10; the member's own absence bars nothing."""
    away = LINYI.employee(90_000, conditions=frozenset({"long_term_nonlocal"}))
    fresh = situation(away.person)

    assert rules(may_open(LINYI.pack, fresh, NOW)) == ["payer_excluded_class"]
    assert rules(LINYI.bind(away, LINYI.resident())) == ["payer_excluded_class"]
    assert rules(pays(LINYI.resident(), away, level=1).reasons) == ["payer_excluded_class"]
    assert LINYI.bind(LINYI.employee(), LINYI.resident(conditions=frozenset({"long_term_nonlocal"}))).allowed


def test_from_the_sixteenth_birthday_on_a_code_needs_a_face_or_a_bank_card() -> None:
    """Vector 10, LY-14, LY-15."""
    pack = LINYI.pack

    assert (pack.voucher_real_person_age, pack.voucher_real_person_age_inclusive) == (16, True)
    assert pack.voucher_methods == ("face", "bank_card")


@pytest.mark.parametrize(("payer_fen", "parts"), [(5_000, (3_000, 0, 7_000)), (7_000, (3_000, 7_000, 0))])
def test_the_payer_pays_all_that_is_left_or_nothing(payer_fen: int, parts: tuple[int, int, int]) -> None:
    """Vector 13, LY-11, LY-23, Y-03."""
    assert split(pays(LINYI.employee(3_000), LINYI.employee(payer_fen))) == parts


@pytest.mark.parametrize(("kind", "level", "shared"), [("hospital", 3, 0), ("hospital", 2, 0), ("primary_care", 1, 10_000)])
def test_a_residents_outpatient_visit_is_shared_at_primary_care_only(kind: str, level: int, shared: int) -> None:
    """Vector 14, LY-30."""
    assert split(pays(LINYI.resident(), LINYI.employee(90_000), kind=kind, level=level))[1] == shared


@pytest.mark.parametrize(("region", "shared"), [("371321", 10_000), ("370100", 0)])
def test_a_resident_shares_inside_the_city_only(region: str, shared: int) -> None:
    """LY-29, LY-31."""
    for med_type, kind in ((INPATIENT, "hospital"), (PHARMACY, "pharmacy")):
        plan = pays(LINYI.resident(), LINYI.employee(90_000), 10_000, med_type, kind=kind, region=region)
        assert split(plan)[1] == shared


@pytest.mark.parametrize(("insutype", "shared"), [("390", 0), ("310", 10_000)])
def test_a_resident_shows_the_code_and_an_employee_may_show_the_card(insutype: str, shared: int) -> None:
    """LY-23, LY-28, Y-17."""
    plan = pays(LINYI.person(insutype), LINYI.employee(90_000), 10_000, INPATIENT, credential="social_card")

    assert split(plan)[1] == shared
    assert rules(plan.reasons) == ([] if shared else ["credential_not_accepted"])


def test_an_institution_without_the_one_card_function_shares_nothing() -> None:
    """LY-43."""
    plan = pays(LINYI.employee(), LINYI.employee(90_000), capabilities=())

    assert rules(plan.reasons) == ["institution_not_enabled"]


def test_what_insurance_does_not_cover_is_cash() -> None:
    """LY-44, LY-45, Y-02."""
    what = bill(4_000, OUTPATIENT, outside_policy_fen=6_000, excluded=frozenset({"checkup"}))

    plan = LINYI.pays(LINYI.employee(), [LINYI.employee(90_000)], what, LINYI.at())

    assert split(plan) == (0, 4_000, 6_000)
    assert rules(plan.reasons) == ["expense_excluded"]


def test_opening_explains_then_asks_for_the_pledge_then_shows_ones_data() -> None:
    """LY-49, LY-53 to LY-59."""
    fresh = situation(LINYI.employee().person)

    assert steps(LINYI.flow("open-account", fresh)) == {"explain": [], "pledge": ["agree"], "details": ["phone", "summary"]}


def test_adding_asks_one_form_with_relatives_by_sex() -> None:
    """LY-60 to LY-63."""
    flow = LINYI.flow("add-member", LINYI.employee())

    assert steps(flow) == {"member": ["name", "id_number", "region", "relation", "phone"]}
    assert list(options(flow, "relation")) == ["spouse", "father", "mother", "son", "daughter"]


def test_either_side_may_end_and_both_must_before_moving_away() -> None:
    """LY-22, LY-42, Y-15."""
    paying, mother = LINYI.tie(LINYI.employee(), LINYI.resident())

    for someone in (paying, mother):
        assert may_end(LINYI.pack, mother.as_member[0], someone.person.id, NOW).allowed
        assert rules(may_transfer_out(LINYI.pack, someone, NOW)) == ["must_unbind_before_transfer"]

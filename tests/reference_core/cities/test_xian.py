"""Xi'an: own account, then the payer's as far as it goes, then cash; always by the patient's own code."""

from __future__ import annotations

import pytest

from reference_core.decisions.rules.verdicts import may_add, may_end, may_open
from reference_core.vocabulary.facts import Situation
from tests.reference_core.cities.town import Town, given, options, steps
from tests.reference_core.pure.family import INPATIENT, NOW, OUTPATIENT, PHARMACY, bill, rules, split

XIAN = Town("610100")
DISTRICT = Town("610113")
ANKANG = Town("610900")


def at_pharmacy(member: Situation, *payers: Situation, amount_fen: int = 10_000) -> tuple[int, int, int]:
    return split(XIAN.pays(member, payers, bill(amount_fen, PHARMACY), XIAN.at("pharmacy", capabilities=())))


def test_own_money_first_then_the_payers_then_cash() -> None:
    """Vector 1, XA-09, XA-10, XA-12: both are employees."""
    assert at_pharmacy(XIAN.employee(3_000), XIAN.employee(5_000)) == (3_000, 5_000, 2_000)


def test_a_resident_uses_the_payers_money_at_once_and_cash_when_there_is_none() -> None:
    """Vector 2, XA-11."""
    assert at_pharmacy(XIAN.resident(), XIAN.employee(5_000)) == (0, 5_000, 5_000)
    assert at_pharmacy(XIAN.resident(), XIAN.employee(0)) == (0, 0, 10_000)


def test_ones_own_money_is_enough_by_itself_where_it_covers_the_bill() -> None:
    """XA-09."""
    assert at_pharmacy(XIAN.employee(12_000), XIAN.employee(5_000)) == (10_000, 0, 0)


@pytest.mark.parametrize("credential", ["social_card", "id_card"])
def test_only_the_patients_own_code_opens_the_payers_account(credential: str) -> None:
    """XA-08, XA-13."""
    plan = XIAN.pays(XIAN.employee(3_000), [XIAN.employee(9_000)], bill(10_000, OUTPATIENT, credential_kind=credential))

    assert split(plan) == (3_000, 0, 7_000)
    assert [(reason.rule, reason.source) for reason in plan.reasons] == [("credential_not_accepted", "XA-08, XA-12")]
    assert "医保码" in plan.reasons[0].next_step


@pytest.mark.parametrize("med_type", [OUTPATIENT, INPATIENT])
def test_visits_inside_the_city_are_shared_and_nobody_needs_to_be_told(med_type: str) -> None:
    """XA-09, XA-24."""
    member, paying = DISTRICT.resident(), XIAN.employee(9_000)

    assert split(XIAN.pays(member, [paying], bill(5_000, med_type), DISTRICT.at("primary_care", capabilities=()))) == (
        0,
        5_000,
        0,
    )
    assert rules(XIAN.pays(member, [paying], bill(5_000, med_type), ANKANG.at()).reasons) == ["scope_not_allowed"]


@pytest.mark.parametrize(("word", "sex"), [("spouse", "female"), ("parent", "male"), ("child", "female"), ("son", "male")])
def test_spouse_parents_and_children_of_any_age_may_be_added(word: str, sex: str) -> None:
    """XA-03, XA-14."""
    assert XIAN.bind(XIAN.employee(), XIAN.resident(sex=sex), word).allowed


def test_other_relatives_may_not_be_added() -> None:
    """XA-03."""
    assert rules(XIAN.bind(XIAN.employee(), XIAN.resident(), "older_sister")) == ["relation_not_allowed"]


@pytest.mark.parametrize(("town", "told"), [(XIAN, []), (DISTRICT, []), (ANKANG, ["out_of_pool_scope"])])
def test_both_are_insured_in_the_city(town: Town, told: list[str]) -> None:
    """XA-24: the post's example."""
    for insutype in ("310", "390"):
        assert rules(XIAN.bind(XIAN.employee(), town.person(insutype, sex="female"))) == told


def test_neither_needs_an_active_code_to_be_bound() -> None:
    """The post asks for the code when paying, not when binding."""
    assert XIAN.bind(XIAN.employee(voucher_active=False), XIAN.resident(voucher_active=False)).allowed


def test_there_is_no_limit_where_none_is_stated() -> None:
    """XA-25."""
    many = XIAN.full(XIAN.employee(), [("son", "male")] * 12)

    assert may_add(XIAN.pack, many, NOW).allowed


def test_several_payers_are_allowed_and_the_fullest_pays_what_it_can_without_pooling() -> None:
    """Y-05: the city is silent, so its own rule for a short balance holds."""
    poorer, richer, mother = XIAN.employee(4_000), XIAN.employee(6_000), XIAN.resident()

    plan = XIAN.pays(mother, [poorer, richer], bill(9_000, OUTPATIENT))

    assert given(plan) == {richer.person.id: 6_000}
    assert split(plan) == (0, 6_000, 3_000)
    _, bound = XIAN.tie(poorer, mother)
    assert XIAN.bind(richer, bound).allowed


def test_a_stopped_insurance_shares_nothing() -> None:
    """The post is silent; until somebody says otherwise a payer must be insured normally."""
    assert rules(may_add(XIAN.pack, XIAN.employee(status="suspended"), NOW)) == ["payer_status_not_normal"]
    assert XIAN.pack.source("payer_statuses") == "unknown"


def test_adding_asks_one_form_and_the_pledge_and_then_offers_the_list_for_minors() -> None:
    """Y-13, XA-15: no opening."""
    flow = XIAN.flow("add-member", XIAN.employee())

    assert steps(flow) == {"member": ["name", "id_number", "relation", "phone"], "pledge": ["agree"]}
    assert options(flow, "relation") == {"spouse": True, "parent": True, "child": True}
    assert rules(may_open(XIAN.pack, XIAN.employee(), NOW)) == ["account_opening_not_needed"]


@pytest.mark.parametrize(
    ("number", "leads_to"),
    [("610199201503020014", ["activate-relative", "add-member"]), ("61019919850302001X", ["add-member"]), (None, ["add-member"])],
)
def test_only_whoever_adds_a_minor_is_led_on_to_the_list_of_relatives(number: str | None, leads_to: list[str]) -> None:
    """Y-13, XA-03, XA-14: the number says it, whether anybody has it or not."""
    answers = {"member": {"id_number": number}} if number else {}

    flow = XIAN.flow("add-member", XIAN.employee(), answers)

    assert [one["flow"] for one in flow["next"]] == leads_to


def test_activating_for_a_minor_follows_the_post() -> None:
    """Vector 10, XA-14, XA-15, XA-18, XA-20: on the sixteenth birthday no face is asked yet."""
    pack = XIAN.pack

    assert (pack.minor_needs_kinship, pack.kinship_slots) == (True, 5)
    assert (pack.voucher_real_person_age, pack.voucher_real_person_age_inclusive, pack.voucher_methods) == (16, False, ("face",))


def test_a_member_asks_the_payer_to_be_let_go() -> None:
    """Y-15."""
    paying, mother = XIAN.tie(XIAN.employee(), XIAN.resident())

    assert may_end(XIAN.pack, mother.as_member[0], paying.person.id, NOW).allowed
    assert rules(may_end(XIAN.pack, mother.as_member[0], mother.person.id, NOW)) == ["only_payer_may_end"]


def test_using_somebody_elses_code_is_called_fraud() -> None:
    """XA-13."""
    assert "骗取医保基金" in XIAN.pack.words.help["own_code"]

"""Hebei: the whole province is one pool, up to eight relatives, and only the fullest of several accounts pays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reference_core.decisions.rules.verdicts import may_add, may_end, may_open, may_remove, may_transfer_out
from reference_core.vocabulary.facts import Situation
from tests.reference_core.cities.town import SHELF, Town, given, options, steps
from tests.reference_core.pure.family import INPATIENT, NOW, OUTPATIENT, PHARMACY, at_till, bill, pay, relation, rules, split

SHIJIAZHUANG, BAODING = Town("130100"), Town("130600")


@pytest.mark.parametrize("region", ["130000", "130100", "130102", "130600", "139900", "130181", "130682"])
def test_one_pack_covers_every_city_of_the_province(region: str) -> None:
    """HB-04: the cities listed by themselves belong to it too."""
    pack = SHELF.find(region, NOW.date())

    assert pack is not None
    assert pack.code == "130000"


@pytest.mark.parametrize("insutype", ["310", "390"])
@pytest.mark.parametrize("region", ["130100", "130600", "139900", "130181", "130682"])
def test_a_relative_may_be_insured_anywhere_in_the_province(insutype: str, region: str) -> None:
    """HB-04."""
    relative = Town(region).person(insutype, sex="female")

    assert SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), relative).allowed


def test_a_relative_of_another_province_cannot_be_bound() -> None:
    """HB-04, NH-18, NH-19: the fourth cause of failure."""
    elsewhere = Town("371300").resident()

    assert rules(SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), elsewhere)) == ["out_of_pool_scope"]


@pytest.mark.parametrize("status", ["suspended", "arrears", "terminated"])
def test_a_relative_must_be_insured_normally(status: str) -> None:
    """HB-04."""
    assert rules(SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), BAODING.resident(status=status))) == ["member_status_abnormal"]


def test_a_relative_without_basic_insurance_cannot_be_bound() -> None:
    """NH-04, NH-14: the first cause of failure."""
    assert rules(SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), BAODING.person("510", sex="female"))) == ["member_not_insured"]


def test_only_employees_have_money_to_share() -> None:
    """NH-09; the value comes from the national answer, because Hebei names it in its `inherits`."""
    told = may_add(SHIJIAZHUANG.pack, SHIJIAZHUANG.resident(), NOW)

    assert [(reason.rule, reason.source) for reason in told.reasons] == [("payer_not_employee_insured", "NH-09")]


@pytest.mark.parametrize(
    ("word", "sex"),
    [("spouse", "male"), ("parent", "female"), ("child", "male"), ("older_brother", "male"), ("daughters_son", "male")],
)
def test_near_relatives_of_the_civil_code_may_be_bound(word: str, sex: str) -> None:
    """NH-03, Y-04: Hebei says near relatives, so siblings and grandchildren count."""
    assert SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), BAODING.resident(sex=sex), word).allowed


def test_relatives_by_marriage_may_not_be_bound() -> None:
    """NH-03."""
    assert rules(SHIJIAZHUANG.bind(SHIJIAZHUANG.employee(), BAODING.resident(), "mother_in_law")) == ["relation_not_allowed"]


def test_the_ninth_relative_is_one_too_many() -> None:
    """HB-05."""
    seven = SHIJIAZHUANG.full(SHIJIAZHUANG.employee(), [("older_sister", "female")] * 7)
    eight = SHIJIAZHUANG.full(seven, [("older_sister", "female")])

    assert SHIJIAZHUANG.bind(seven, BAODING.resident()).allowed
    assert rules(SHIJIAZHUANG.bind(eight, BAODING.resident())) == ["max_members_exceeded"]


def test_a_relative_may_have_several_payers_and_pay_for_others_too() -> None:
    """HB-09; nothing is said that roles exclude each other."""
    _, shared = BAODING.tie(BAODING.employee(), BAODING.employee(sex="female"))
    _, shared = BAODING.tie(BAODING.employee(), shared)

    assert BAODING.bind(SHIJIAZHUANG.employee(), shared).allowed
    assert may_add(BAODING.pack, shared, NOW).allowed


def test_hospitals_of_the_whole_nation_are_shared_by_code_or_card() -> None:
    """HB-07, HB-08, Y-17: nobody has to be told."""
    far = SHIJIAZHUANG.at(region="440100", capabilities=())
    for credential in ("voucher", "social_card"):
        for med_type in (OUTPATIENT, INPATIENT):
            plan = BAODING.pays(
                BAODING.resident(), [SHIJIAZHUANG.employee(9_000)], bill(5_000, med_type, credential_kind=credential), far
            )
            assert split(plan) == (0, 5_000, 0)


def test_an_identity_card_alone_is_no_code_and_no_card() -> None:
    """HB-07."""
    plan = BAODING.pays(BAODING.resident(), [BAODING.employee(9_000)], bill(5_000, OUTPATIENT, credential_kind="id_card"))

    assert rules(plan.reasons) == ["credential_not_accepted"]


@pytest.mark.parametrize(("region", "shared", "told"), [("130681", 5_000, []), ("371300", 0, ["scope_not_allowed"])])
def test_pharmacies_are_shared_inside_the_province_only(region: str, shared: int, told: list[str]) -> None:
    """Y-04: of pharmacies beyond it nothing is said, and what is unknown is refused."""
    pharmacy = BAODING.at("pharmacy", region=region)

    plan = BAODING.pays(BAODING.resident(), [BAODING.employee(9_000)], bill(5_000, PHARMACY), pharmacy)

    assert (split(plan)[1], rules(plan.reasons)) == (shared, told)


@pytest.mark.parametrize(("amount_fen", "gives"), [(7_000, [7_000]), (8_000, [8_000]), (9_000, []), (14_000, [])])
def test_the_larger_of_two_accounts_pays_all_or_nothing(amount_fen: int, gives: list[int]) -> None:
    """Vector 3, HB-10, HB-11, HB-12: never eighty and ten."""
    poorer, richer = BAODING.employee(6_000), BAODING.employee(8_000)

    plan = BAODING.pays(BAODING.resident(), [poorer, richer], bill(amount_fen, OUTPATIENT))

    assert list(given(plan).values()) == gives
    assert set(given(plan)) <= {richer.person.id}
    assert split(plan) == (0, sum(gives), amount_fen - sum(gives))
    assert rules(plan.reasons) == ([] if gives else ["payer_balance_insufficient"])


def test_one_payer_alone_pays_all_or_nothing_too_and_the_text_says_why() -> None:
    """Y-04, HB-11."""
    plan = BAODING.pays(BAODING.resident(), [BAODING.employee(4_000)], bill(5_000, OUTPATIENT))

    assert split(plan) == (0, 0, 5_000)
    assert "不会从几个账户里拼凑" in plan.reasons[0].text


def test_ones_own_account_pays_even_when_sharing_does_not() -> None:
    """Y-04: what must be covered is what one's own account leaves."""
    member = BAODING.employee(3_000)

    assert split(BAODING.pays(member, [BAODING.employee(5_000)], bill(10_000, OUTPATIENT))) == (3_000, 0, 7_000)
    assert split(BAODING.pays(member, [BAODING.employee(7_000)], bill(10_000, OUTPATIENT))) == (3_000, 7_000, 0)


def test_who_may_not_pay_today_is_dropped_before_the_largest_is_chosen() -> None:
    """Y-04."""
    fit, richer = BAODING.employee(6_000), BAODING.employee(9_000, status="suspended")

    plan = BAODING.pays(BAODING.resident(), [richer, fit], bill(5_000, OUTPATIENT))

    assert given(plan) == {fit.person.id: 5_000}
    assert rules(plan.reasons) == ["payer_status_not_normal"]


def test_equal_balances_go_to_the_earliest_bound() -> None:
    """Y-04."""
    early, late, mother = BAODING.employee(6_000), BAODING.employee(6_000), BAODING.resident()
    young = relation(late.person.id, mother.person.id, region="130600", bound_at=NOW - timedelta(days=2))
    old = relation(early.person.id, mother.person.id, region="130600", bound_at=NOW - timedelta(days=3))

    for tills in ([at_till(late, young), at_till(early, old)], [at_till(early, old), at_till(late, young)]):
        assert given(pay(mother, tills, bill(100, OUTPATIENT), BAODING.at(), SHELF)) == {early.person.id: 100}


def test_showing_a_relatives_code_is_not_sharing() -> None:
    """NH-05, NH-06, NH-15: the second cause of failure."""
    plan = BAODING.pays(BAODING.resident(), [], bill(5_000, OUTPATIENT))

    assert rules(plan.reasons) == ["not_mutual_aid"]
    assert "亲情账户" in plan.reasons[0].text


def test_an_empty_account_is_named_as_the_cause() -> None:
    """NH-17: the third cause of failure."""
    plan = BAODING.pays(BAODING.resident(), [BAODING.employee(0)], bill(5_000, OUTPATIENT))

    assert rules(plan.reasons) == ["payer_balance_zero"]


def test_nothing_is_opened_and_no_pledge_is_signed() -> None:
    """Y-04: name, certificate, relation, done."""
    flow = BAODING.flow("add-member", BAODING.employee())

    assert rules(may_open(BAODING.pack, BAODING.employee(), NOW)) == ["account_opening_not_needed"]
    assert "open-account" not in BAODING.pack.flows
    assert steps(flow) == {"member": ["name", "cert_type", "id_number", "relation"]}
    assert len(options(flow, "relation")) == 15
    assert BAODING.pack.kinship_proofs == ()
    assert BAODING.pack.pledges == {}


def test_the_payer_unbinds_and_the_relative_cannot() -> None:
    """HB-06, Y-15."""
    paying, mother = BAODING.tie(BAODING.employee(), BAODING.resident())
    tie = mother.as_member[0]

    assert may_remove(BAODING.pack, paying, NOW).allowed
    assert list(steps(BAODING.flow("remove-member", paying))) == ["member", "confirm"]
    assert may_end(BAODING.pack, tie, paying.person.id, NOW).allowed
    assert rules(may_end(BAODING.pack, tie, mother.person.id, NOW)) == ["only_payer_may_end"]


def test_moving_away_needs_nothing_ended_but_is_not_shared_afterwards() -> None:
    """Y-07: Hebei is silent about moving."""
    paying, _ = BAODING.tie(BAODING.employee(), BAODING.resident())

    assert may_transfer_out(BAODING.pack, paying, NOW).allowed
    gone: Situation = Town("371300").employee(9_000)
    plan = BAODING.pays(BAODING.resident(), [gone], bill(5_000, OUTPATIENT))
    assert rules(plan.reasons) == ["out_of_pool_scope"]


def test_the_counter_helps_those_without_a_phone() -> None:
    """HB-13."""
    assert BAODING.pack.offline_supported
    assert BAODING.pack.source("offline_supported") == "HB-13"

"""Hefei: seven close relatives by quota, a second look at the number, and only money of earlier years is shared."""

from __future__ import annotations

import pytest

from reference_core.decisions.rules.verdicts import may_add, may_end, may_open, may_transfer_out
from reference_core.decisions.settlement.payers import shareable_fen
from reference_core.decisions.settlement.plan import plan_refund
from reference_core.vocabulary.admdvs import same_pool
from reference_core.vocabulary.facts import Balance, PaidParts, PayerPart
from tests.reference_core.cities.town import SHELF, Town, given, options, steps
from tests.reference_core.pure.family import CHILDBIRTH, CHRONIC, INPATIENT, NOW, OUTPATIENT, PHARMACY, bill, rules, split

HEFEI = Town("340100")
COUNTIES = ("340121", "340122", "340123", "340124", "340181")
SEVEN = [("father", "male"), ("mother", "female"), ("spouse", "female"), *[("son", "male")] * 2, *[("daughter", "female")] * 2]
NAMED = {
    "female": {"who": {"name": "林秀兰", "id_number": "340100195711200022"}},
    "male": {"who": {"name": "林大海", "id_number": "340100195711200014"}},
}


@pytest.mark.parametrize(("word", "sex"), [("father", "male"), ("mother", "female"), ("spouse", "male"), ("child", "female")])
def test_parents_spouse_and_children_may_be_bound(word: str, sex: str) -> None:
    """HF-03."""
    assert HEFEI.bind(HEFEI.employee(), HEFEI.resident(sex=sex), word).allowed


@pytest.mark.parametrize("word", ["older_brother", "grandmother", "granddaughter"])
def test_other_relatives_may_not_be_bound(word: str) -> None:
    """HF-03."""
    assert rules(HEFEI.bind(HEFEI.employee(), HEFEI.resident(), word))[0] == "relation_not_allowed"


@pytest.mark.parametrize("insutype", ["310", "390", "510"])
def test_a_member_may_be_employee_resident_or_in_maternity_insurance(insutype: str) -> None:
    """HF-05, HF-06."""
    assert HEFEI.bind(HEFEI.employee(), HEFEI.person(insutype, sex="female")).allowed


@pytest.mark.parametrize("status", ["suspended", "arrears", "frozen"])
def test_a_members_benefits_must_be_in_order(status: str) -> None:
    """HF-05."""
    assert rules(HEFEI.bind(HEFEI.employee(), HEFEI.resident(status=status))) == ["member_status_abnormal"]


def test_both_are_insured_in_the_city_or_its_counties() -> None:
    """HF-04, HF-05, HF-19."""
    for county in COUNTIES:
        assert HEFEI.bind(HEFEI.employee(), Town(county).resident()).allowed
        assert Town(county).bind(Town(county).employee(), HEFEI.resident()).allowed
    assert rules(HEFEI.bind(HEFEI.employee(), HEFEI.resident(region="340200"))) == ["out_of_pool_scope"]


def test_only_an_employee_of_the_city_provides() -> None:
    """HF-04."""
    assert rules(may_add(HEFEI.pack, HEFEI.resident(), NOW)) == ["payer_not_employee_insured"]


def test_a_stopped_insurance_may_still_provide_for_relatives() -> None:
    """Y-09: the notice asks a status of the member only."""
    stopped = HEFEI.employee(prior_fen=9_000, status="suspended")

    assert HEFEI.bind(stopped, HEFEI.resident()).allowed
    assert split(HEFEI.pays(HEFEI.resident(), [stopped], bill(5_000, OUTPATIENT))) == (0, 5_000, 0)


def test_each_relative_has_a_quota() -> None:
    """Vector 5, HF-17: a second spouse, a second father, a fifth child."""
    family = HEFEI.full(HEFEI.employee(), SEVEN)

    told = {
        word: rules(HEFEI.bind(family, HEFEI.resident(sex=sex), word)) for word, sex in [("spouse", "male"), ("father", "male")]
    }

    assert told == {word: ["relation_quota_exceeded", "max_members_exceeded"] for word in told}
    four = HEFEI.full(HEFEI.employee(), SEVEN[3:])
    assert rules(HEFEI.bind(four, HEFEI.resident(), "child")) == ["relation_quota_exceeded"]
    assert HEFEI.bind(four, HEFEI.resident(), "mother").allowed


def test_who_has_everybody_is_told_of_every_quota_before_naming_an_eighth() -> None:
    """Vector 5, mended: whoever it would be, a quota stands in the way, and the whole too."""
    flow = HEFEI.flow("add-member", HEFEI.full(HEFEI.employee(), SEVEN), {})

    told = [(one["rule"], one["facts"].get("relation")) for one in flow["verdict"]["reasons"]]

    quotas = [("relation_quota_exceeded", label) for label in ("父亲", "母亲", "配偶", "子女")]
    assert sorted(told) == sorted([*quotas, ("max_members_exceeded", None)])
    assert HEFEI.flow("add-member", HEFEI.full(HEFEI.employee(), SEVEN[1:]), {})["verdict"]["allowed"]


def test_the_eighth_relative_breaks_the_quota_and_the_whole() -> None:
    """Vector 5, mended; HF-16. The seventh still fits."""
    assert HEFEI.bind(HEFEI.full(HEFEI.employee(), SEVEN[:6]), HEFEI.resident(), "child").allowed

    told = HEFEI.bind(HEFEI.full(HEFEI.employee(), SEVEN), HEFEI.resident(), "child")

    assert [(reason.rule, reason.source) for reason in told.reasons] == [
        ("relation_quota_exceeded", "HF-17"),
        ("max_members_exceeded", "HF-16"),
    ]


@pytest.mark.parametrize(("sex", "offered"), [("female", ["mother", "spouse", "child"]), ("male", ["father", "spouse", "child"])])
def test_relations_that_do_not_fit_the_sex_are_absent(sex: str, offered: list[str]) -> None:
    """Vector 5, HF-24, Y-11."""
    flow = HEFEI.flow("add-member", HEFEI.employee(), NAMED[sex], candidate=HEFEI.resident(sex=sex))

    assert list(options(flow, "relation")) == offered


@pytest.mark.parametrize(("sex", "called"), [("female", "女"), ("male", "男")])
def test_what_the_number_says_is_echoed_with_the_name_before_a_relation_is_chosen(sex: str, called: str) -> None:
    """HF-23, HF-28, Y-10: nothing masked, and the same whether or not anybody has that number."""
    typed = NAMED[sex]["who"]
    known, unknown = (
        HEFEI.flow("add-member", HEFEI.employee(), NAMED[sex], candidate=found) for found in (HEFEI.resident(sex=sex), None)
    )

    asked = {field["name"]: field.get("items", []) for step in known["steps"] for field in step["fields"]}

    shown = {item["label"]: item["value"] for item in asked["summary"]}
    assert shown == {"姓名": typed["name"], "性别": called, "出生日期": "1957-11-20", "身份证号码": typed["id_number"]}
    assert [item["value"] for item in asked["confirm_id_number"]] == [typed["name"], typed["id_number"]]
    assert all(item["private"] for item in (*asked["summary"], *asked["confirm_id_number"]))
    assert known["steps"] == unknown["steps"]


def test_a_full_relation_is_shown_but_cannot_be_chosen() -> None:
    """Y-11."""
    married = HEFEI.full(HEFEI.employee(), [("spouse", "female")])

    flow = HEFEI.flow("add-member", married, NAMED["female"], candidate=HEFEI.resident())

    assert options(flow, "relation") == {"mother": True, "spouse": False, "child": True}


def test_the_flow_asks_who_then_as_what_then_the_pledge_then_once_more() -> None:
    """HF-21 to HF-29, Y-10: number and name first, nothing opened, nothing typed twice."""
    flow = HEFEI.flow("add-member", HEFEI.employee())

    assert steps(flow) == {
        "who": ["id_number", "name"],
        "relation": ["summary", "relation"],
        "pledge": ["agree"],
        "confirm": ["confirm_id_number"],
    }
    assert HEFEI.pack.second_confirmation
    assert rules(may_open(HEFEI.pack, HEFEI.employee(), NOW)) == ["account_opening_not_needed"]


def test_nobody_is_bound_without_agreeing_to_this_citys_pledge() -> None:
    """HF-25, HF-26, HF-27: three articles, the first about money of earlier years."""
    pledge = HEFEI.pack.pledges["add-member"]
    flow = HEFEI.flow("add-member", HEFEI.employee(), {"pledge": {"agree": "another text"}})
    faults = next(step for step in flow["steps"] if step["step"] == "pledge")["faults"]

    assert len(pledge.clauses) == 3
    assert "往年的结余" in pledge.clauses[0]
    assert faults["agree"]["code"] == "text_changed"


def test_only_money_of_earlier_years_is_shared() -> None:
    """Vector 15, HF-26, Y-12."""
    provider = HEFEI.employee(94_000, prior_fen=6_000)

    plan = HEFEI.pays(HEFEI.resident(), [provider], bill(10_000, OUTPATIENT))

    assert split(plan) == (0, 6_000, 4_000)
    assert plan.payers[0].prior_year_fen == 6_000
    assert rules(plan.reasons) == ["payer_balance_insufficient"]


def test_an_account_with_this_years_money_alone_says_why_it_is_not_shared() -> None:
    """HF-26."""
    plan = HEFEI.pays(HEFEI.resident(), [HEFEI.employee(94_000)], bill(10_000, OUTPATIENT))

    assert [(reason.rule, reason.source) for reason in plan.reasons] == [("payer_nothing_shareable", "HF-26")]


def test_a_refund_returns_to_the_year_that_it_left() -> None:
    """Y-12: across New Year too, since the part says which bucket it took."""
    paid = PaidParts(payers=(PayerPart("p", "r", current_year_fen=0, prior_year_fen=6_000),), cash_fen=4_000)

    back = plan_refund(paid, PaidParts(), 7_000)

    assert (back.cash_fen, back.payers) == (4_000, (PayerPart("p", "r", current_year_fen=0, prior_year_fen=3_000),))


def test_ones_own_spending_takes_this_years_money_first() -> None:
    """Y-12."""
    plan = HEFEI.pays(HEFEI.employee(3_000, prior_fen=3_000), [], bill(4_000, OUTPATIENT))

    assert (plan.own_current_year_fen, plan.own_prior_year_fen) == (3_000, 1_000)


def test_own_money_comes_first_and_the_providers_follows_by_itself() -> None:
    """HF-14: the employee's own balance, then the provider's; nobody has to say so."""
    plan = HEFEI.pays(HEFEI.employee(3_000), [HEFEI.employee(prior_fen=5_000)], bill(10_000, INPATIENT))

    assert split(plan) == (3_000, 5_000, 2_000)


def test_a_stopped_account_pays_its_owners_resident_costs_without_any_tie() -> None:
    """Vector 6, HF-07, Y-09: the whole balance, not only that of earlier years."""
    both = HEFEI.employee(2_000, prior_fen=3_000, status="suspended", more=[HEFEI.insured("390")])

    assert split(HEFEI.pays(both, [], bill(10_000, OUTPATIENT))) == (5_000, 0, 5_000)


def test_nobody_has_to_add_themselves() -> None:
    """Y-09: outside the quota of seven."""
    both = HEFEI.employee(status="suspended", more=[HEFEI.insured("390")])

    assert "member_is_payer" in rules(HEFEI.bind(both, both, "spouse"))


@pytest.mark.parametrize("med_type", [INPATIENT, OUTPATIENT, CHRONIC])
@pytest.mark.parametrize("insutype", ["310", "390"])
def test_visits_are_shared(med_type: str, insutype: str) -> None:
    """HF-11."""
    plan = HEFEI.pays(HEFEI.person(insutype), [HEFEI.employee(prior_fen=9_000)], bill(5_000, med_type))

    assert split(plan) == (0, 5_000, 0)


@pytest.mark.parametrize(("insutype", "shared"), [("310", 5_000), ("510", 5_000), ("390", 0)])
def test_childbirth_is_shared_with_employees(insutype: str, shared: int) -> None:
    """HF-06, HF-11: employee maternity."""
    plan = HEFEI.pays(HEFEI.person(insutype, sex="female"), [HEFEI.employee(prior_fen=9_000)], bill(5_000, CHILDBIRTH))

    assert split(plan)[1] == shared


def test_maternity_insurance_alone_shares_no_other_visit() -> None:
    """HF-06, HF-11."""
    plan = HEFEI.pays(HEFEI.person("510", sex="female"), [HEFEI.employee(prior_fen=9_000)], bill(5_000, OUTPATIENT))

    assert rules(plan.reasons) == ["scope_not_allowed"]


def test_a_pharmacy_is_refused_and_the_notice_is_named() -> None:
    """HF-35, Y-25."""
    plan = HEFEI.pays(HEFEI.resident(), [HEFEI.employee(prior_fen=9_000)], bill(5_000, PHARMACY), HEFEI.at("pharmacy"))

    assert split(plan) == (0, 0, 5_000)
    assert rules(plan.reasons) == ["scope_not_allowed"]
    assert "合医管〔2019〕97号" in plan.reasons[0].next_step


def test_an_institution_must_have_adapted_its_system() -> None:
    """HF-18."""
    plan = HEFEI.pays(
        HEFEI.resident(), [HEFEI.employee(prior_fen=9_000)], bill(5_000, OUTPATIENT), HEFEI.at(capabilities=("one_card",))
    )

    assert rules(plan.reasons) == ["institution_not_enabled"]
    assert "个人账户共济结算" in plan.reasons[0].text


def test_commercial_health_insurance_is_among_the_scenes() -> None:
    """HF-13."""
    for insutype in ("310", "390", "510"):
        rule = HEFEI.pack.scene_rules(insutype, "commercial_health_insurance")
        assert [(one.institutions[0].kind, one.source) for one in rule] == [("insurer", "HF-13, HF-14")]


def test_a_moved_provider_or_a_drawn_out_account_pays_no_more() -> None:
    """HF-08, Y-07: the tie ends by itself, so nobody must end it before."""
    provider, _ = HEFEI.tie(HEFEI.employee(), HEFEI.resident())
    pack = HEFEI.pack

    assert (pack.on_payer_transfer, pack.on_account_closed) == ("ends", "ends")
    assert may_transfer_out(pack, provider, NOW).allowed
    for gone in (
        HEFEI.employee(prior_fen=9_000, status="transferred_out"),
        HEFEI.employee(prior_fen=9_000, conditions=frozenset({"account_closed"})),
    ):
        told = HEFEI.pays(HEFEI.resident(), [gone], bill(5_000, OUTPATIENT)).reasons
        assert [(reason.rule, reason.source) for reason in told] == [("payer_excluded_class", "HF-08")]


def test_several_providers_are_allowed_and_the_fullest_pays_what_it_can() -> None:
    """HF-36, Y-03, Y-05: fullest by the money that may be shared, not by the balance."""
    rich_this_year, saver, mother = HEFEI.employee(90_000, prior_fen=2_000), HEFEI.employee(prior_fen=4_000), HEFEI.resident()

    plan = HEFEI.pays(mother, [rich_this_year, saver], bill(5_000, OUTPATIENT))

    assert given(plan) == {saver.person.id: 4_000}
    assert split(plan) == (0, 4_000, 1_000)
    _, bound = HEFEI.tie(saver, mother)
    assert HEFEI.bind(rich_this_year, bound).allowed


def test_two_employees_may_provide_for_each_other() -> None:
    """HF-06: nothing says that roles exclude each other."""
    husband, wife = HEFEI.tie(HEFEI.employee(), HEFEI.employee(sex="female"), "spouse")

    assert HEFEI.bind(wife, husband, "spouse").allowed


def test_the_provider_unbinds() -> None:
    """HF-30, Y-15."""
    provider, mother = HEFEI.tie(HEFEI.employee(), HEFEI.resident())
    tie = mother.as_member[0]

    assert may_end(HEFEI.pack, tie, provider.person.id, NOW).allowed
    assert rules(may_end(HEFEI.pack, tie, mother.person.id, NOW)) == ["only_payer_may_end"]


@pytest.mark.parametrize("county", COUNTIES)
def test_a_county_has_the_citys_rules_and_its_own_interface(county: str) -> None:
    """HF-19, HF-31 to HF-34, vector 16."""
    pack, city = Town(county).pack, HEFEI.pack

    assert pack.code == county
    assert (pack.max_members_per_payer, pack.relation_quotas, pack.pledges, pack.scenes, pack.words) == (
        city.max_members_per_payer,
        city.relation_quotas,
        city.pledges,
        city.scenes,
        city.words,
    )
    assert city.legacy_amount_fields == {"akc262": "included_in_account_pay"}
    assert pack.legacy_amount_fields == {
        "akc262": "included_in_account_pay",
        "familyAccountMoney": "exact_mutual_aid",
        "currFamilyEnableMoney": "exact_mutual_aid",
    }
    assert pack.source("legacy_amount_fields.currFamilyEnableMoney") == "HF-34"
    assert same_pool(pack.member_pool_scope, county, "340100", pack.city_digits, pack.separate_pools)


def test_every_county_beside_the_city_has_its_pack_and_the_districts_have_the_citys() -> None:
    """X-37."""
    assert [code for code in SHELF.codes() if code.startswith("3401")] == ["340100", *COUNTIES]
    assert Town("340104").pack.code == "340100"


def test_a_county_resident_shares_like_anybody_of_the_city() -> None:
    """HF-19."""
    county = Town(COUNTIES[0])

    assert split(county.pays(county.resident(), [HEFEI.employee(prior_fen=9_000)], bill(5_000, INPATIENT), HEFEI.at())) == (
        0,
        5_000,
        0,
    )


def test_what_the_family_may_use_is_told_apart_from_the_balance() -> None:
    """Y-12."""
    balance = Balance(prior_year_fen=6_000, current_year_fen=94_000)

    assert shareable_fen(HEFEI.pack, balance.prior_year_fen, balance.total_fen) == 6_000

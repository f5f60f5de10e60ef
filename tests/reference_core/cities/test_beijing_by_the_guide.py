"""Beijing as the unverified guide tells it: papers, review, acceptance, caps, and the till must be told."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.id_number import IdNumberError, parse_id_number
from reference_core.decisions.binding_terms import binding_terms
from reference_core.decisions.rules.verdicts import may_add, may_end, may_open, may_transfer_out
from reference_core.vocabulary.facts import Bill, Institution, Plan, Situation
from tests.reference_core.cities.town import SHELF, Town, options, steps
from tests.reference_core.pure import family
from tests.reference_core.pure.family import INPATIENT, NOW, OUTPATIENT, PHARMACY, bill, rules, split

BEIJING, HAIDIAN = Town("110000"), Town("110108")
HOME = BEIJING.at(region="110105", capabilities=())
SILENT_CONDITIONS = ("long_term_nonlocal", "retired_cadre", "preferential")


def told_till(amount_fen: int, med_type: str = OUTPATIENT, **facts: object) -> Bill:
    return bill(amount_fen, med_type, **{"declares_mutual_aid": True, **facts})


def pays_once(member: Situation, paying: Situation, what: Bill, spent_fen: int = 0, **tie: object) -> Plan:
    """One payer, tied with a cap or a scope, who spent something this month already."""
    bound, member, made = family.tie(paying, member, "mother", **{"region": "110000", **tie})
    return family.pay(member, [family.at_till(bound, made, spent_fen)], what, HOME, SHELF)


@pytest.mark.parametrize("number", ["110101198001011234", "110101201001011234"])
def test_the_guides_sample_numbers_are_no_numbers(number: str) -> None:
    """Vector 12, X-38: the check digit is wrong."""
    with pytest.raises(IdNumberError, match="check"):
        parse_id_number(number, NOW.date())


def test_opening_comes_first_and_asks_for_both_papers_and_an_active_code() -> None:
    """GD-11, GD-15, GD-16."""
    fresh = family.situation(family.person(region="110000"))

    assert may_open(BEIJING.pack, fresh, NOW).allowed
    assert rules(may_add(BEIJING.pack, fresh, NOW)) == ["account_not_opened"]
    assert rules(may_open(BEIJING.pack, family.situation(family.person(region="110000", voucher_active=False)), NOW)) == [
        "voucher_not_activated"
    ]
    assert steps(BEIJING.flow("open-account", fresh)) == {"papers": [], "details": ["summary"]}


@pytest.mark.parametrize(("status", "allowed"), [("normal", True), ("arrears", False), ("frozen", False), ("suspended", False)])
def test_a_payer_is_neither_lapsed_nor_frozen(status: str, allowed: bool) -> None:
    """GD-07, GD-09, GD-49."""
    assert may_add(BEIJING.pack, BEIJING.employee(status=status), NOW).allowed is allowed


@pytest.mark.parametrize("condition", SILENT_CONDITIONS)
def test_a_condition_that_the_guide_does_not_name_bars_nobody(condition: str) -> None:
    """Vector 9: the guide is silent about a long absence, so it is allowed."""
    assert may_add(BEIJING.pack, BEIJING.employee(conditions=frozenset({condition})), NOW).allowed


@pytest.mark.parametrize("word", ["older_brother", "grandfather", "grandson"])
def test_siblings_and_grandparents_are_refused(word: str) -> None:
    """GD-05, GD-35: the guide's first error."""
    assert rules(BEIJING.bind(BEIJING.employee(), BEIJING.resident(sex="male"), word)) == ["relation_not_allowed"]


@pytest.mark.parametrize("status", ["arrears", "suspended"])
def test_a_member_who_has_not_paid_is_refused_and_told_to_pay_this_year(status: str) -> None:
    """GD-06, GD-10, GD-36: the second error."""
    told = BEIJING.bind(BEIJING.employee(), BEIJING.resident(status=status))

    assert rules(told) == ["member_status_abnormal"]
    assert "今年" in told.reasons[0].next_step


def test_a_member_has_one_payer() -> None:
    """GD-40: the sixth error."""
    _, bound = BEIJING.tie(BEIJING.employee(), BEIJING.resident())

    assert rules(BEIJING.bind(BEIJING.employee(), bound)) == ["member_already_bound"]


def test_a_member_may_be_insured_in_any_district_and_in_no_other_province() -> None:
    """GD-48."""
    assert BEIJING.bind(BEIJING.employee(), HAIDIAN.resident()).allowed
    assert rules(BEIJING.bind(BEIJING.employee(), BEIJING.resident(region="130600"))) == ["out_of_pool_scope"]


def test_a_new_tie_waits_for_review_and_acceptance() -> None:
    """Vector 7, GD-25, GD-27, BJ-08, Y-19: it takes effect at no hour that could be told now."""
    terms = binding_terms(BEIJING.pack, NOW)

    assert (terms.needs_review, terms.needs_acceptance, terms.effective_from, terms.outcome) == (True, True, None, "under_review")
    assert list(BEIJING.pack.review_workdays or ()) == [3, 5]
    assert BEIJING.pack.effect_offline == "at_once"


@pytest.mark.parametrize(
    ("pending", "why"),
    [({"needs_review": True}, "under_review"), ({"needs_acceptance": True}, "awaiting_acceptance")],
)
def test_paying_before_review_or_acceptance_says_what_is_awaited(pending: dict[str, bool], why: str) -> None:
    """Vector 7, GD-38: the fourth error."""
    plan = pays_once(BEIJING.resident(), BEIJING.employee(9_000), told_till(5_000), effective_from=None, **pending)

    assert split(plan) == (0, 0, 5_000)
    assert [(reason.rule, reason.facts["why"]) for reason in plan.reasons] == [("not_yet_effective", why)]


@pytest.mark.parametrize(("own_fen", "parts", "told"), [(0, (0, 0, 10_000), ["cap_exceeded"]), (6_000, (6_000, 4_000, 0), [])])
def test_a_cap_refuses_the_payers_whole_part_and_nothing_else(own_fen: int, parts: tuple[int, ...], told: list[str]) -> None:
    """Vector 8, GD-19, GD-40: cap 500, 450 used, bill 100."""
    member = BEIJING.employee(own_fen)

    plan = pays_once(member, BEIJING.employee(90_000), told_till(10_000), 45_000, monthly_cap_fen=50_000)

    assert (split(plan), rules(plan.reasons)) == (parts, told)


def test_an_account_that_does_not_suffice_is_left_alone() -> None:
    """GD-37, Y-03: the third error; own money pays all the same."""
    plan = BEIJING.pays(BEIJING.employee(3_000), [BEIJING.employee(5_000)], told_till(10_000), HOME)

    assert split(plan) == (3_000, 0, 7_000)
    assert rules(plan.reasons) == ["payer_balance_insufficient"]


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_till_must_be_told(kind: str) -> None:
    """GD-31, GD-33."""
    what, where = (PHARMACY if kind == "pharmacy" else OUTPATIENT), BEIJING.at(kind, capabilities=())

    assert rules(BEIJING.pays(BEIJING.resident(), [BEIJING.employee(9_000)], bill(5_000, what), where).reasons) == [
        "not_declared"
    ]
    assert split(BEIJING.pays(BEIJING.resident(), [BEIJING.employee(9_000)], told_till(5_000, what), where)) == (0, 5_000, 0)


@pytest.mark.parametrize(("credential", "told"), [("voucher", []), ("social_card", []), ("id_card", ["credential_not_accepted"])])
def test_the_members_code_or_card_is_shown(credential: str, told: list[str]) -> None:
    """GD-31, GD-47, Y-17."""
    plan = BEIJING.pays(BEIJING.resident(), [BEIJING.employee(9_000)], told_till(5_000, credential_kind=credential), HOME)

    assert rules(plan.reasons) == told


def test_away_from_home_needs_a_record_and_a_hospital_that_supports_it() -> None:
    """GD-39: the fifth error, in each of its two halves."""
    recorded, plain = BEIJING.resident(conditions=frozenset({"nonlocal_record"})), BEIJING.resident()
    supports, lacks = BEIJING.at(region="440100"), BEIJING.at(region="440100", capabilities=())

    def told(member: Situation, where: Institution) -> list[str]:
        return rules(BEIJING.pays(member, [BEIJING.employee(9_000)], told_till(5_000, INPATIENT), where).reasons)

    assert told(recorded, supports) == []
    assert told(plain, supports) == ["nonlocal_not_supported"]
    assert told(recorded, lacks) == ["institution_not_enabled"]
    assert told(plain, HOME) == []


def test_a_scope_that_the_payer_did_not_choose_is_not_shared() -> None:
    """GD-20, BJ-06."""
    plan = pays_once(BEIJING.resident(), BEIJING.employee(9_000), told_till(5_000), scopes=frozenset({"inpatient"}))

    assert [(reason.rule, reason.facts["why"]) for reason in plan.reasons] == [("scope_not_allowed", "chosen")]


def test_a_deposit_may_be_shared() -> None:
    """GD-32."""
    assert BEIJING.pack.scene_rules("390", "inpatient_deposit")


def test_a_frozen_account_stays_unused_until_it_is_taken_up_again() -> None:
    """GD-49."""
    plan = BEIJING.pays(BEIJING.resident(), [BEIJING.employee(9_000, status="frozen")], told_till(5_000), HOME)

    assert rules(plan.reasons) == ["payer_status_not_normal"]
    assert (BEIJING.pack.on_payer_frozen, BEIJING.pack.on_payer_unfrozen) == ("suspends", "reactivate")


def test_moving_away_needs_the_payers_ties_ended_first() -> None:
    """GD-46."""
    paying, mother = BEIJING.tie(BEIJING.employee(), BEIJING.resident())

    assert rules(may_transfer_out(BEIJING.pack, paying, NOW)) == ["must_unbind_before_transfer"]
    assert may_transfer_out(BEIJING.pack, mother, NOW).allowed


def test_only_the_payer_unbinds_and_looks_into_the_camera() -> None:
    """GD-45, Y-15."""
    paying, mother = BEIJING.tie(BEIJING.employee(), BEIJING.resident())

    assert may_end(BEIJING.pack, mother.as_member[0], paying.person.id, NOW).allowed
    assert rules(may_end(BEIJING.pack, mother.as_member[0], mother.person.id, NOW)) == ["only_payer_may_end"]
    assert steps(BEIJING.flow("remove-member", paying))["real_person"] == ["real_person"]


def test_beijing_shows_the_papers_first_and_ends_with_the_signed_form_and_the_camera() -> None:
    """BJ-03 to BJ-08, GD-21 to GD-24."""
    flow = BEIJING.flow("add-member", BEIJING.employee())

    assert steps(flow) == {
        "papers": [],
        "payer": ["summary"],
        "member": ["name", "id_number", "relation", "card_number", "phone"],
        "rules": ["starts_on", "monthly_cap_fen", "scopes"],
        "documents": ["documents"],
        "form": ["signed_form"],
        "passcode": ["passcode"],
        "real_person": ["real_person"],
    }
    assert options(flow, "relation") == {"spouse": True, "parent": True, "child": True}
    assert "3 到 5 个工作日" in flow["done_text"]


def test_the_guide_itself_asks_no_signed_form() -> None:
    """GD-17 to GD-27; changing a cap asks for the camera again (GD-44)."""
    guide = SHELF.versions("guide-003")[0]
    asked = {name: [field.name for step in flow.steps for field in step.questions] for name, flow in guide.flows.items()}

    assert "signed_form" not in asked["add-member"]
    assert guide.kinship_proofs == ("documents",)
    assert asked["change-limit"] == ["member", "monthly_cap_fen", "real_person"]
    assert asked["accept-relation"] == ["summary", "real_person"]


def test_advice_never_bars_anybody() -> None:
    """GD-08, GD-13, GD-43, X-33."""
    pack = BEIJING.pack

    assert (pack.advice_reserve_fen, pack.advice_balance_before_bind_fen, pack.reminder_months) == (50_000, 100_000, 1)
    assert may_add(pack, BEIJING.employee(0), NOW).allowed
    assert split(BEIJING.pays(BEIJING.resident(), [BEIJING.employee(5_000)], told_till(5_000), HOME)) == (0, 5_000, 0)


def test_a_minor_pays_with_the_card_alone() -> None:
    """GD-47, X-19."""
    child = BEIJING.resident(born=date(2015, 1, 1), voucher_active=False)

    assert BEIJING.bind(BEIJING.employee(), child, "child").allowed
    assert not BEIJING.pack.minor_needs_kinship


def test_the_medical_insurance_line_is_named_and_not_that_of_another_office() -> None:
    """GD-55, X-32."""
    assert BEIJING.pack.words.hotline == "12393"

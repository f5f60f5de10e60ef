"""What the source texts say of forms, words and whose money it is, asked of the packs as they are."""

from __future__ import annotations

import pytest
import yaml

from groundwork.id_number import IdNumberError, parse_id_number
from reference_core.decisions.flow_plans.context import read_name
from reference_core.decisions.settlement.plan import plan_payment
from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.facts import Balance, Bill, Institution, PayerAtTill, Situation
from tests.reference_core.pure.family import NOW, REGIONS, person, relation

SHELF = load_packs([REGIONS])
LINYI, HEBEI, XIAN, HEFEI, COUNTY, BEIJING = "371300", "130000", "610100", "340100", "340121", "110000"
CITIES = [LINYI, "130100", XIAN, HEFEI, COUNTY, BEIJING]


def pack_of(code: str) -> Pack:
    return SHELF.versions(code)[-1]


def asked(code: str, flow: str) -> list[tuple[str, list[str]]]:
    return [(step.step, [question.name for question in step.questions]) for step in pack_of(code).flows[flow].steps]


def all_asked(code: str, flow: str) -> list[str]:
    return [name for _step, names in asked(code, flow) for name in names]


@pytest.mark.parametrize("region", CITIES)
@pytest.mark.parametrize("insutype", ["310", "390"])
def test_sharing_spends_the_payers_money_for_the_members_care(region: str, insutype: str) -> None:
    """LY-02, NH-07, XA-02, GD-01: the account is the payer's, the bill the member's."""
    mother = Situation(person(insutype, region=region), True, Balance())
    son = Situation(person(region=region), True, Balance(900, 0))
    tie = relation(son.person.id, mother.person.id, region=region)
    stay = Bill("21", 700, declares_mutual_aid=True)
    hospital = Institution("i", "医院", region, "hospital", 3, frozenset({"one_card", "mutual_aid"}))

    plan = plan_payment(SHELF, stay, hospital, mother, [PayerAtTill(son, tie)], now=NOW)

    assert [(part.payer_id, part.paid_fen) for part in plan.payers] == [(son.person.id, 700)]
    assert (plan.own_fen, plan.cash_fen) == (0, 0)


def test_every_region_states_its_own_way_of_adding_somebody() -> None:
    """NH-21: no two cities ask the same in the same order."""
    ways = [str(asked(code, "add-member")) for code in (LINYI, HEBEI, XIAN, HEFEI, BEIJING)]

    assert len(set(ways)) == len(ways)


def test_hebei_asks_for_name_certificate_and_relation_and_for_nothing_else() -> None:
    """HB-02, HB-03: one page, reached without any opening."""
    assert asked(HEBEI, "add-member") == [("member", ["name", "cert_type", "id_number", "relation"])]
    assert "open-account" not in pack_of(HEBEI).flows
    assert pack_of(HEBEI).pledges == {}


def test_hefei_asks_number_and_name_shows_who_was_found_and_then_asks_the_relation() -> None:
    """HF-22, HF-23: from one's own page straight to the relative."""
    assert asked(HEFEI, "add-member")[:2] == [("who", ["id_number", "name"]), ("relation", ["summary", "relation"])]
    assert not pack_of(HEFEI).open_account_required


def test_hefei_shows_the_number_once_more_after_the_letter_and_before_it_counts() -> None:
    """HF-28."""
    assert all_asked(HEFEI, "add-member")[-2:] == ["agree", "confirm_id_number"]


def test_in_hefei_the_payers_word_proves_the_kinship_and_whoever_errs_bears_the_loss() -> None:
    """HF-10, HF-15."""
    pledge = pack_of(HEFEI).pledges["add-member"]

    assert pack_of(HEFEI).kinship_proofs == ("pledge",)
    assert any("填错" in clause and "由我承担" in clause for clause in pledge.clauses)


def test_in_hefei_the_payer_alone_binds_and_ends_and_no_counter_is_named() -> None:
    """HF-09."""
    assert pack_of(HEFEI).ended_by == ("payer",)
    assert not pack_of(HEFEI).offline_supported


def test_hefei_shares_for_whatever_else_accounts_may_pay() -> None:
    """HF-12: a kind of visit that no list names."""
    member = Situation(person("390", region=HEFEI), True, Balance())
    son = Situation(person(region=HEFEI), True, Balance(900, 0))
    tie = relation(son.person.id, member.person.id, region=HEFEI)
    hospital = Institution("i", "医院", HEFEI, "hospital", 2, frozenset({"mutual_aid"}))

    plan = plan_payment(SHELF, Bill("9999", 300), hospital, member, [PayerAtTill(son, tie)], now=NOW)

    assert sum(part.paid_fen for part in plan.payers) == 300


def test_the_word_with_two_meanings_is_used_by_no_city() -> None:
    """HF-20, X-21: in one text it is the payer, in another the member."""
    for file in sorted(REGIONS.glob("*.yaml")):
        assert "绑定人" not in str(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_old_amount_fields_mean_one_thing_in_the_city_and_another_in_the_counties() -> None:
    """HF-31, HF-32, HF-33, HF-34: of a stay and of a visit alike."""
    assert pack_of(HEFEI).legacy_amount_fields == {"akc262": "included_in_account_pay"}
    assert pack_of(COUNTY).legacy_amount_fields == {
        "akc262": "included_in_account_pay",
        "familyAccountMoney": "exact_mutual_aid",
        "currFamilyEnableMoney": "exact_mutual_aid",
    }


@pytest.mark.parametrize("code", ["guide-003", BEIJING])
def test_the_guide_asks_for_a_first_day_papers_and_the_payers_face(code: str) -> None:
    """GD-18, GD-22, GD-23; a first day may be left out, which means at once."""
    flow = pack_of(code).flows["add-member"]
    required = {question.name: question.required for step in flow.steps for question in step.questions}

    assert required["starts_on"] is False
    assert required["documents"] is True
    assert required["real_person"] is True
    assert "bind" in pack_of(code).real_person_on
    assert "documents" in pack_of(code).kinship_proofs


def test_the_guide_makes_a_tie_effective_at_once_at_a_counter_and_corrects_nothing_in_place() -> None:
    """GD-30, GD-50."""
    assert (pack_of("guide-003").effect_offline, pack_of("guide-003").edit_in_place) == ("at_once", False)


def test_beijing_shows_the_payers_card_asks_the_members_and_wants_a_signed_form() -> None:
    """BJ-04, BJ-05, BJ-07."""
    flow = pack_of(BEIJING).flows["add-member"]
    shown = [item.show for step in flow.steps if step.step == "payer" for question in step.questions for item in question.items]

    assert shown == ["name", "id_number", "card_number"]
    assert {"name", "id_number", "relation", "card_number"} <= set(all_asked(BEIJING, "add-member"))
    assert "signed_form" in all_asked(BEIJING, "add-member")
    assert "signed_form" in pack_of(BEIJING).kinship_proofs


@pytest.mark.parametrize("typed", ["1101011980O1011234", "１１０１０１１９８００１０１１２３２", "110101 19800101 1232"])
def test_a_number_with_wrong_characters_is_named_as_such_and_a_name_loses_its_outer_spaces_only(typed: str) -> None:
    """GD-41: the half about what is typed."""
    with pytest.raises(IdNumberError) as wrong:
        parse_id_number(typed, NOW.date())

    assert wrong.value.code in ("characters", "length")
    assert read_name("  王小明 ") == "王小明"
    assert read_name("王小明!") is None

"""What can keep a card or a code from paying at a window: whose fault it is, and what the staff pass on."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, OUTPATIENT_VISIT, PHARMACY_VISIT, employee, payer_with, resident, rules
from tests.journeys.failures.asking import shows_card, the_reason


@pytest.fixture
def mother(world: World) -> Json:
    """An employed mother, who may pay by card, with a little money of her own and a son who shares."""
    mother = employee(world, sex="female", born="1957-11-20", balance_fen=300)
    payer_with(world, mother, "mother")
    return mother


def test_a_pharmacy_without_the_one_card_function_takes_only_ones_own_money(world: World, mother: Json) -> None:
    """LY-43: the institution's own affair."""
    pharmacy = world.institution(CITY, "pharmacy", capabilities=[])

    paid = shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert (paid["own_fen"], paid["payers"], paid["cash_fen"]) == (300, [], 700)
    told = the_reason(paid["reasons"], "institution_not_enabled")
    assert (told["owner"], told["facts"]["capability"]) == ("institution", ["一卡通行"])


def test_what_lies_outside_the_policy_is_nobodys_but_the_patients(world: World, mother: Json) -> None:
    """LY-44: the covered part is shared, the rest is cash."""
    items = [
        {"name": "药", "amount_fen": 1_000, "category": "covered"},
        {"name": "体检", "amount_fen": 500, "category": "checkup"},
    ]

    paid = Phone(world, mother).arrive().pay(world.institution(CITY, "hospital"), 0, OUTPATIENT_VISIT, items=items).ok()

    assert (paid["own_fen"], [one["paid_fen"] for one in paid["payers"]], paid["cash_fen"]) == (300, [700], 500)
    assert the_reason(paid["reasons"], "expense_excluded")["owner"] == "me"


@pytest.mark.parametrize("category", ["public_health", "fitness", "checkup", "wellness", "other"])
def test_a_basket_with_nothing_in_it_that_accounts_may_pay_is_turned_away(world: World, mother: Json, category: str) -> None:
    """LY-45."""
    items = [{"name": "项目", "amount_fen": 500, "category": category}]

    told = Phone(world, mother).arrive().pay(world.institution(CITY, "hospital"), 0, OUTPATIENT_VISIT, items=items)

    assert told.refused() == {"expense_excluded"}


@pytest.mark.parametrize(
    ("card", "rule", "owner"),
    [
        ("not_activated", "card_not_activated", "hr_bureau"),
        ("reported_lost", "card_reported_lost", "bank"),
        ("blocked_by_bank", "card_blocked_by_bank", "bank"),
    ],
)
def test_a_card_that_its_bureau_or_bank_keeps_from_paying_pays_nothing_and_the_code_on_the_phone_does(
    world: World, mother: Json, card: str, rule: str, owner: str
) -> None:
    """LY-47: not the agency's fault, and told so; a lost card does not even spend its owner's own money."""
    world.life(mother, card=card)
    pharmacy = world.institution(CITY, "pharmacy")

    refused = shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).problem(422, "refused")
    by_code = Phone(world, mother).arrive().pay(pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert the_reason(refused["reasons"], rule)["owner"] == owner
    assert (by_code["own_fen"], [one["paid_fen"] for one in by_code["payers"]]) == (300, [700])


def test_a_card_that_was_found_again_pays_again(world: World, mother: Json) -> None:
    """LY-47."""
    pharmacy = world.institution(CITY, "pharmacy")
    world.life(mother, card="reported_lost")
    shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).problem(422, "refused")

    world.life(mother, card="in_use")

    assert shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).ok()["own_fen"] == 300


def test_software_that_the_vendor_has_not_updated_is_the_vendors_to_mend(world: World, mother: Json) -> None:
    """LY-47, HF-18: the function is there, the software behind it is too old for it."""
    pharmacy = world.institution(CITY, "pharmacy", capabilities=["one_card"], system="outdated")

    paid = shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert (paid["own_fen"], paid["payers"]) == (300, [])
    assert the_reason(paid["reasons"], "institution_system_outdated")["owner"] == "vendor"


def test_what_the_agency_itself_holds_back_is_the_agencys_to_explain(world: World) -> None:
    """LY-47, LY-07: the son's insurance was stopped since."""
    mother = resident(world)
    son = payer_with(world, mother, "mother")
    world.life(son.person, insurances=[{"insutype": "310", "status": "suspended"}])

    paid = Phone(world, mother).arrive().pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert the_reason(paid["reasons"], "payer_status_not_normal")["owner"] == "agency"


def test_several_causes_are_told_at_once_each_with_its_owner(world: World, mother: Json) -> None:
    """LY-47: the staff learn everything the first time."""
    pharmacy = world.institution(CITY, "pharmacy", capabilities=[], system="outdated")

    paid = shows_card(world, mother, pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert [(one["rule"], one["owner"]) for one in paid["reasons"]] == [
        ("institution_system_outdated", "vendor"),
        ("institution_not_enabled", "institution"),
    ]


def test_the_code_on_the_slip_is_what_staff_pass_on_and_says_to_the_bureau_what_the_till_saw(world: World, mother: Json) -> None:
    """LY-47: nobody has to copy a sentence; who is not signed in, and not a patient, can look it up too."""
    world.life(mother, card="blocked_by_bank")
    told = shows_card(world, mother, world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).problem(422, "refused")
    (reason,) = told["reasons"]

    meaning = Phone(world, {}).get(f"/help/codes/{reason['cashier_code'].lower()}").ok()

    assert (meaning["rule"], meaning["owner"], meaning["text"]) == (reason["rule"], "bank", reason["text"])
    assert "发卡银行" in meaning["clerk_text"]
    assert rules([reason]) == {"card_blocked_by_bank"}

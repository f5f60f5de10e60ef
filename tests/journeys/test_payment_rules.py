"""The city's rules on paying, each as the till tells it."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import (
    CITY,
    ELSEWHERE,
    INPATIENT_STAY,
    OUTPATIENT_VISIT,
    PHARMACY_VISIT,
    employee,
    payer_with,
    resident,
    rules,
)


def family(world: World, member: Json, **payer: object) -> Phone:
    """The member's phone, after somebody opened an account and added them as mother."""
    payer_with(world, member, "mother", **payer)
    return Phone(world, member).arrive()


def split(paid: Json) -> tuple[int, int, int]:
    return paid["own_fen"], sum(one["paid_fen"] for one in paid["payers"]), paid["cash_fen"]


def employed_mother(world: World, own_fen: int) -> Json:
    return employee(world, sex="female", born="1957-11-20", balance_fen=own_fen)


def test_an_employees_own_account_is_used_first(world: World) -> None:
    """LY-23, vector 13: own 30, payer 70."""
    phone = family(world, employed_mother(world, 3_000), balance_fen=7_000)

    assert split(phone.pay(world.institution(CITY, "pharmacy"), 10_000, PHARMACY_VISIT).ok()) == (3_000, 7_000, 0)


def test_a_payer_who_cannot_cover_the_rest_gives_nothing_and_the_till_says_so(world: World) -> None:
    """LY-11, Y-03, vector 13: own 30, payer 50 of the missing 70 → 30 / 0 / 70."""
    phone = family(world, employed_mother(world, 3_000), balance_fen=5_000)

    paid = phone.pay(world.institution(CITY, "pharmacy"), 10_000, PHARMACY_VISIT).ok()

    assert split(paid) == (3_000, 0, 7_000)
    assert rules(paid["reasons"]) == {"payer_balance_insufficient"}


def test_an_empty_payer_is_named_as_empty(world: World) -> None:
    """Failure 3 of the national text."""
    phone = family(world, resident(world), balance_fen=0)

    paid = phone.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert split(paid) == (0, 0, 1_000)
    assert rules(paid["reasons"]) == {"payer_balance_zero"}


def test_while_the_own_account_suffices_the_payer_is_left_alone(world: World) -> None:
    """LY-23."""
    phone = family(world, employed_mother(world, 10_000), balance_fen=10_000)

    assert split(phone.pay(world.institution(CITY, "pharmacy"), 10_000, PHARMACY_VISIT).ok()) == (10_000, 0, 0)


@pytest.mark.parametrize(
    ("kind", "med_type"),
    [
        ("hospital", OUTPATIENT_VISIT),
        ("hospital", INPATIENT_STAY),
        ("primary_care", OUTPATIENT_VISIT),
        ("pharmacy", PHARMACY_VISIT),
    ],
)
def test_an_employed_member_is_paid_for_in_hospitals_and_pharmacies(world: World, kind: str, med_type: str) -> None:
    """LY-24, LY-25."""
    phone = family(world, employed_mother(world, 0))

    assert split(phone.pay(world.institution(CITY, kind), 2_000, med_type).ok()) == (0, 2_000, 0)


def test_a_resident_member_is_paid_for_straight_from_the_payers_account(world: World) -> None:
    """LY-28."""
    phone = family(world, resident(world))

    assert split(phone.pay(world.institution(CITY, "pharmacy"), 2_000, PHARMACY_VISIT).ok()) == (0, 2_000, 0)


def test_a_resident_who_shows_a_card_is_not_paid_for_and_learns_why(world: World) -> None:
    """LY-28, Y-17."""
    mother = resident(world)
    payer_with(world, mother, "mother")
    card = {"kind": "social_card", "value": mother["card_number"]}

    paid = world.till(
        world.institution(CITY, "pharmacy"), "settlements", {"credential": card, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}
    ).ok()  # fmt: skip

    assert split(paid) == (0, 0, 1_000)
    assert rules(paid["reasons"]) == {"credential_not_accepted"}


def test_an_employed_member_is_paid_for_by_card_too(world: World) -> None:
    """Y-17."""
    mother = employed_mother(world, 0)
    payer_with(world, mother, "mother")
    card = {"kind": "social_card", "value": mother["card_number"]}

    paid = world.till(
        world.institution(CITY, "pharmacy"), "settlements", {"credential": card, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}
    ).ok()  # fmt: skip

    assert split(paid) == (0, 1_000, 0)


def test_a_resident_in_hospital_beds_is_paid_for_after_the_pool(world: World) -> None:
    """LY-29: what is left after reimbursement; the pool's part is nobody's."""
    phone = family(world, resident(world))

    paid = phone.pay(world.institution(CITY, "hospital"), 30_000, INPATIENT_STAY, fund_fen=70_000).ok()

    assert split(paid) == (0, 30_000, 0)
    assert (paid["bill_fen"], paid["fund_fen"]) == (100_000, 70_000)


def test_a_resident_outpatient_is_paid_for_at_primary_level_only(world: World) -> None:
    """LY-30, vector 14: city hospital not shared, township hospital shared."""
    phone = family(world, resident(world))

    refused = phone.pay(world.institution(CITY, "hospital"), 2_000, OUTPATIENT_VISIT).ok()
    shared = phone.pay(world.institution(CITY, "primary_care"), 2_000, OUTPATIENT_VISIT).ok()

    assert split(refused) == (0, 0, 2_000)
    assert rules(refused["reasons"]) == {"scope_not_allowed"}
    assert split(shared) == (0, 2_000, 0)


@pytest.mark.parametrize(
    ("kind", "med_type"), [("pharmacy", PHARMACY_VISIT), ("hospital", INPATIENT_STAY), ("primary_care", OUTPATIENT_VISIT)]
)
def test_a_resident_outside_the_city_is_not_paid_for(world: World, kind: str, med_type: str) -> None:
    """LY-29, LY-31."""
    phone = family(world, resident(world))
    far = world.institution(ELSEWHERE, kind, level=1, capabilities=["one_card"])

    paid = phone.pay(far, 2_000, med_type).ok()

    assert split(paid) == (0, 0, 2_000)
    assert rules(paid["reasons"]) & {"scope_not_allowed", "nonlocal_not_supported"}


def test_an_institution_without_the_one_card_function_cannot_share(world: World) -> None:
    """LY-43: the own account still pays there."""
    phone = family(world, employed_mother(world, 1_000))
    plain = world.institution(CITY, "pharmacy", capabilities=[])

    paid = phone.pay(plain, 3_000, PHARMACY_VISIT).ok()

    assert split(paid) == (1_000, 0, 2_000)
    assert rules(paid["reasons"]) == {"institution_not_enabled"}


def test_only_the_policy_part_comes_from_accounts(world: World) -> None:
    """LY-44, LY-45, Y-02: the rest is cash, from nobody's account."""
    phone = family(world, employed_mother(world, 500))
    items = [
        {"name": "降压药", "amount_fen": 2_000, "category": "covered"},
        {"name": "体检", "amount_fen": 9_000, "category": "checkup"},
    ]

    paid = phone.pay(world.institution(CITY, "hospital"), 0, OUTPATIENT_VISIT, items=items).ok()

    assert split(paid) == (500, 1_500, 9_000)
    assert paid["bill_fen"] == 11_000
    assert rules(paid["reasons"]) == {"expense_excluded"}


@pytest.mark.parametrize("category", ["public_health", "fitness", "checkup", "wellness", "other"])
def test_a_basket_of_nothing_but_excluded_things_is_refused(world: World, category: str) -> None:
    """LY-45."""
    phone = family(world, resident(world))
    items = [{"name": "项目", "amount_fen": 9_000, "category": category}]

    assert phone.pay(world.institution(CITY, "hospital"), 0, OUTPATIENT_VISIT, items=items).refused() == {"expense_excluded"}


def test_benefits_are_not_shared_only_the_account_is(world: World) -> None:
    """LY-33, LY-34: what the pool pays for the member stays what the till was told, whoever pays the rest."""
    phone = family(world, resident(world))

    paid = phone.pay(world.institution(CITY, "hospital"), 10_000, INPATIENT_STAY, fund_fen=0).ok()

    assert paid["fund_fen"] == 0
    assert paid["bill_fen"] == 10_000


def test_a_payer_suspended_since_pays_no_more_and_the_till_says_so(world: World) -> None:
    """LY-07 at the moment of use."""
    mother = resident(world)
    payer = payer_with(world, mother, "mother")
    phone = Phone(world, mother).arrive()
    world.life(payer.person, insurances=[{"insutype": "310", "status": "suspended"}])

    paid = phone.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert split(paid) == (0, 0, 1_000)
    assert rules(paid["reasons"]) == {"payer_status_not_normal"}


def test_a_payer_with_a_long_term_record_elsewhere_pays_no_more(world: World) -> None:
    """LY-10, vector 9: at use too; the member's own record does not matter."""
    mother = resident(world)
    payer = payer_with(world, mother, "mother")
    phone = Phone(world, mother).arrive()
    pharmacy = world.institution(CITY, "pharmacy")

    world.life(mother, conditions=["long_term_nonlocal"])
    assert split(phone.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()) == (0, 1_000, 0)
    world.life(payer.person, conditions=["long_term_nonlocal"])
    paid = phone.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()

    assert split(paid) == (0, 0, 1_000)
    assert rules(paid["reasons"]) == {"payer_excluded_class"}


def test_who_was_never_added_by_anybody_learns_that_at_the_till(world: World) -> None:
    """Failure 2 of the national text."""
    phone = Phone(world, resident(world)).arrive()

    paid = phone.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert split(paid) == (0, 0, 1_000)
    assert rules(paid["reasons"]) == {"not_mutual_aid"}


def test_ones_own_account_stays_usable_whatever_bars_it_from_sharing(world: World) -> None:
    """Only sharing is barred to a long-term absentee."""
    phone = Phone(world, employee(world, conditions=["long_term_nonlocal"], balance_fen=5_000)).arrive()

    assert split(phone.pay(world.institution(CITY, "pharmacy"), 2_000, PHARMACY_VISIT).ok()) == (2_000, 0, 0)


def test_a_code_pays_once(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    pharmacy = world.institution(CITY, "pharmacy")
    bill = {
        "credential": {"kind": "voucher", "value": phone.show_code()["code"]},
        "med_type": PHARMACY_VISIT,
        "amount_fen": 1_000,
    }

    world.till(pharmacy, "settlements", bill).ok()

    world.till(pharmacy, "settlements", bill).problem(409, "voucher_code_used")


def test_a_code_lives_for_a_minute(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    shown = phone.show_code()
    bill = {"credential": {"kind": "voucher", "value": shown["code"]}, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}

    assert shown["ttl_s"] == 60
    assert shown["qr_svg"].startswith("<svg")
    world.clock(world.later(seconds=61))
    world.till(world.institution(CITY, "pharmacy"), "settlements", bill).problem(404, "voucher_code_unknown")


def test_presettling_shows_the_split_and_leaves_the_code_usable_here_for_ten_minutes(world: World) -> None:
    phone = family(world, resident(world))
    pharmacy, other = world.institution(CITY, "pharmacy"), world.institution(CITY, "hospital")
    bill = {
        "credential": {"kind": "voucher", "value": phone.show_code()["code"]},
        "med_type": PHARMACY_VISIT,
        "amount_fen": 1_000,
    }

    planned = world.till(pharmacy, "presettlements", bill).ok()
    world.clock(world.later(minutes=9))

    world.till(other, "settlements", bill).problem(404, "voucher_code_unknown")
    paid = world.till(pharmacy, "settlements", bill).ok()
    assert split(planned) == split(paid) == (0, 1_000, 0)
    assert (planned["status"], planned["settlement_id"], paid["status"]) == ("presettled", None, "settled")


def test_a_settlement_sent_again_is_answered_again_and_paid_once(world: World) -> None:
    phone = Phone(world, employee(world, balance_fen=10_000)).arrive()
    pharmacy = world.institution(CITY, "pharmacy")
    bill = {
        "credential": {"kind": "voucher", "value": phone.show_code()["code"]},
        "med_type": PHARMACY_VISIT,
        "amount_fen": 1_000,
    }
    key = new_id()

    first, again = world.till(pharmacy, "settlements", bill, key).ok(), world.till(pharmacy, "settlements", bill, key).ok()

    assert first == again
    assert phone.get("/account").ok()["balance_fen"] == 9_000
    world.till(pharmacy, "settlements", {**bill, "amount_fen": 2_000}, key).problem(409, "key_reused")
    assert world.play("GET", f"/tills/{pharmacy['id']}/settlements/{key}").ok()["settlement_id"] == first["settlement_id"]


def test_a_refund_goes_back_the_way_the_money_came(world: World) -> None:
    """Last paid, first returned: cash, then the payer, then one's own; never more than was paid."""
    mother = employed_mother(world, 2_000)
    payer = payer_with(world, mother, "mother", balance_fen=5_000)
    phone = Phone(world, mother).arrive()
    pharmacy = world.institution(CITY, "pharmacy")
    paid = phone.pay(pharmacy, 6_000, PHARMACY_VISIT).ok()
    assert split(paid) == (2_000, 4_000, 0)

    part = world.till(pharmacy, "refunds", {"settlement_id": paid["settlement_id"], "amount_fen": 4_500}).ok()
    assert (part["status"], part["returned"]["own_fen"]) == ("partly_refunded", 500)
    assert payer.get("/account").ok()["balance_fen"] == 5_000
    world.till(pharmacy, "refunds", {"settlement_id": paid["settlement_id"], "amount_fen": 1_501}).problem(422, "refused")
    rest = world.till(pharmacy, "refunds", {"settlement_id": paid["settlement_id"]}).ok()
    assert (rest["status"], rest["returned"]["own_fen"]) == ("refunded", 1_500)
    assert phone.get("/account").ok()["balance_fen"] == 2_000
    assert phone.records()[0]["status"] == "refunded"


def test_a_payer_sees_only_what_the_own_account_paid_a_part_of(world: World) -> None:
    """Y-14: nothing before the binding, nothing after the removal, nothing that the member paid alone."""
    mother = employed_mother(world, 1_000)
    phone = Phone(world, mother).arrive()
    pharmacy = world.institution(CITY, "pharmacy")
    phone.pay(pharmacy, 400, PHARMACY_VISIT).ok()
    payer = payer_with(world, mother, "mother")
    phone.pay(pharmacy, 600, PHARMACY_VISIT).ok()
    phone.pay(pharmacy, 700, PHARMACY_VISIT).ok()
    payer.remove(payer.members()[0]["id"])
    phone.pay(pharmacy, 800, PHARMACY_VISIT).ok()

    assert [one["bill_fen"] for one in payer.records()] == [700]
    assert [one["bill_fen"] for one in phone.records()] == [800, 700, 600, 400]


@pytest.mark.parametrize("amount", [0, -1, 1.5, "100", True, None, 10**15])
def test_a_bad_amount_is_refused_as_malformed(world: World, amount: object) -> None:
    phone = Phone(world, employee(world)).arrive()
    bill = {
        "credential": {"kind": "voucher", "value": phone.show_code()["code"]},
        "med_type": PHARMACY_VISIT,
        "amount_fen": amount,
    }

    told = world.till(world.institution(CITY, "pharmacy"), "settlements", bill)

    assert told.status == 400
    assert "amount_fen" in told.body["fields"]

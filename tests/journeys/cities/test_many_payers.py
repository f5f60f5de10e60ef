"""A province where several relatives may pay for one: no opening, no pledge, the largest balance, all or nothing."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, employee, resident, rules

PROVINCE, ONE_CITY, OTHER_CITY, OWN_POOL = "130000", "130100", "130600", "130181"


def payer(world: World, balance_fen: int, region: str = ONE_CITY) -> Phone:
    return Phone(world, employee(world, region=region, balance_fen=balance_fen)).arrive()


def split(paid: Json) -> tuple[int, list[int], int]:
    return paid["own_fen"], [one["paid_fen"] for one in paid["payers"]], paid["cash_fen"]


@pytest.fixture
def hospital(world: World) -> Json:
    return world.institution(PROVINCE, "hospital")


def test_one_form_with_certificate_and_relation_is_all_there_is(world: World) -> None:
    """HB-02, HB-03, Y-04: neither opening nor pledge."""
    phone = payer(world, 50_000)

    screen = phone.post("/flows/add-member").ok()

    assert [asked["name"] for asked in screen["fields"]] == ["name", "cert_type", "id_number", "relation"]
    assert screen["progress"]["upcoming"] == []
    assert next(asked for asked in screen["fields"] if asked["name"] == "cert_type")["value"] == "01"
    assert not phone.flow_reasons("add-member")


def test_family_may_be_insured_anywhere_in_the_province(world: World, hospital: Json) -> None:
    """HB-04."""
    mother = resident(world, region=OTHER_CITY)
    payer(world, 50_000).add(mother, "parent")

    assert split(Phone(world, mother).arrive().pay(hospital, 3_000, OUTPATIENT_VISIT).ok()) == (0, [3_000], 0)


def test_a_city_that_pools_for_itself_is_still_in_the_province(world: World) -> None:
    phone = payer(world, 50_000, region=OWN_POOL)

    phone.add(resident(world, region=ONE_CITY), "parent")

    assert len(phone.members()) == 1


def test_who_is_insured_in_another_province_cannot_be_added(world: World) -> None:
    """NH-19, HB-04."""
    phone = payer(world, 50_000)
    stranger = resident(world, region="140100")
    phone.post("/flows/add-member").ok()

    told = phone.put(
        "/flows/add-member/steps/member", {"name": stranger["name"], "id_number": stranger["id_number"], "relation": "parent"}
    )

    assert told.refused() == {"out_of_pool_scope"}


@pytest.mark.parametrize(
    ("bill_fen", "paid", "why"),
    [(7_000, (0, [7_000], 0), set()), (9_000, (0, [], 9_000), {"payer_balance_insufficient"})],
)
def test_the_largest_balance_pays_all_or_nothing_and_nobody_chips_in(
    world: World, hospital: Json, bill_fen: int, paid: tuple[int, list[int], int], why: set[str]
) -> None:
    """HB-09…HB-12, vector 3: 60 and 80 for 70 → 80 pays; for 90 → nobody."""
    poorer, richer = payer(world, 6_000), payer(world, 8_000)
    member = resident(world, region=ONE_CITY)
    poorer.add(member, "parent")
    richer.add(member, "parent")

    told = Phone(world, member).arrive().pay(hospital, bill_fen, OUTPATIENT_VISIT).ok()

    assert split(told) == paid
    assert rules(told["reasons"]) == why
    assert poorer.get("/account").ok()["balance_fen"] == 6_000


def test_eight_relatives_and_no_ninth(world: World) -> None:
    """HB-05."""
    phone = payer(world, 50_000)
    for _ in range(8):
        phone.add(resident(world, region=ONE_CITY, born="2012-03-04"), "child")

    assert phone.flow_reasons("add-member") == {"max_members_exceeded"}


def test_a_brother_may_be_added_here(world: World) -> None:
    """NH-03, Y-04: close relatives."""
    phone = payer(world, 50_000)

    phone.add(resident(world, region=ONE_CITY, sex="male", born="1990-01-01"), "younger_brother")

    assert [one["relation"] for one in phone.members()] == ["younger_brother"]


def test_away_from_home_hospitals_share_and_pharmacies_do_not(world: World) -> None:
    """HB-07, Y-04: nationwide is said of hospitals only."""
    member = resident(world, region=ONE_CITY)
    payer(world, 50_000).add(member, "parent")
    phone = Phone(world, member).arrive()
    far_hospital = world.institution("330100", "hospital", level=3, capabilities=[])
    far_pharmacy = world.institution("330100", "pharmacy", level=1, capabilities=[])

    assert split(phone.pay(far_hospital, 2_000, OUTPATIENT_VISIT).ok()) == (0, [2_000], 0)
    told = phone.pay(far_pharmacy, 2_000, PHARMACY_VISIT).ok()
    assert split(told) == (0, [], 2_000)
    assert rules(told["reasons"]) == {"scope_not_allowed"}


def test_a_card_is_as_good_as_a_code(world: World, hospital: Json) -> None:
    """HB-07, Y-17."""
    member = resident(world, region=ONE_CITY)
    payer(world, 50_000).add(member, "parent")
    card = {"kind": "social_card", "value": member["card_number"]}

    paid = world.till(hospital, "settlements", {"credential": card, "med_type": OUTPATIENT_VISIT, "amount_fen": 1_000}).ok()

    assert split(paid) == (0, [1_000], 0)

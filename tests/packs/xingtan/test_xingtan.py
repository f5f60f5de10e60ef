"""Xingtan: a cascade by balance above a reserve, all or nothing, after an empty own account, from next month on."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, employee, resident, rules

CITY, NEIGHBOUR = "990200", "990300"


@pytest.fixture
def hospital(world: World) -> Json:
    """The first of its kind in its region, so able to do whatever a pack asks: here a window for families."""
    facts = {"id": "H-XINGTAN-1", "name": "杏滩医院", "region": CITY, "kind": "hospital", "level": 2}
    return world.play("POST", "/institutions", facts).ok()


def payer(world: World, balance_fen: int) -> Phone:
    phone = Phone(world, employee(world, region=CITY, balance_fen=balance_fen)).arrive()
    # The platform vouched for the number when the payer said who they are.
    phone.walk("open-account", {})
    return phone


def tied(world: World, member: Json, *balances_fen: int) -> Phone:
    """The phone of a member whom as many payers added, on the first of the month after all was accepted."""
    hers = Phone(world, member).arrive()
    for balance_fen in balances_fen:
        one = payer(world, balance_fen)
        assert one.add(member, "grandmother")["outcome"] == "awaiting_acceptance"
        hers.walk("accept-relation", {"member": one.members()[0]["id"]})
    now = world.later(days=0)
    year, month = int(now[:4]), int(now[5:7])
    world.clock(f"{year + month // 12}-{month % 12 + 1:02d}-01T09:00:00+08:00")
    return hers.sign_in()


def grandmother(world: World, **facts: Json) -> Json:
    return resident(world, **{"region": CITY, "sex": "female", "born": "1948-04-04", **facts})


def split(paid: Json) -> tuple[int, list[int], int]:
    return paid["own_fen"], [one["paid_fen"] for one in paid["payers"]], paid["cash_fen"]


def test_a_typed_number_does_not_open_an_account_and_the_platforms_does(world: World) -> None:
    """XT-06; nobody is told of a number that was only typed before, as if it were good."""
    phone = Phone(world, employee(world, region=CITY)).sign_in()
    phone.walk("verify-identity", {name: phone.person[name] for name in ("name", "id_number", "phone")})
    phone.post("/flows/open-account").ok()
    asked = phone.put("/flows/open-account/steps/promise", {"agree": "?"}).problem(422, "invalid_answers")["screen"]["fields"][0]
    contact = phone.put("/flows/open-account/steps/promise", {"agree": asked["text_hash"]}).ok()
    assert "value" not in contact["fields"][0]
    assert "手填" in contact["fields"][0]["hint"]

    typed = phone.put("/flows/open-account/steps/contact", {"phone": phone.person["phone"]}).problem(422, "invalid_answers")
    phone.put("/flows/open-account/steps/contact", {"phone": phone.channel_phone()}).ok()

    assert typed["fields"]["phone"]["code"] == "phone_unverified"
    assert phone.post("/flows/open-account/completion").ok()["outcome"] == "done"


def test_the_richer_grandchild_gives_first_and_the_other_the_rest(world: World, hospital: Json) -> None:
    """XT-10, XT-11."""
    hers = tied(world, grandmother(world), 60_000, 80_000)

    assert split(hers.pay(hospital, 35_000, OUTPATIENT_VISIT).ok()) == (0, [30_000, 5_000], 0)


def test_when_both_together_cannot_cover_it_nobody_gives(world: World, hospital: Json) -> None:
    """XT-10: all or nothing, above the reserve."""
    hers = tied(world, grandmother(world), 60_000, 80_000)

    paid = hers.pay(hospital, 40_001, OUTPATIENT_VISIT).ok()

    assert split(paid) == (0, [], 40_001)
    assert rules(paid["reasons"]) == {"payer_balance_insufficient"}


def test_one_empties_the_own_account_first(world: World, hospital: Json) -> None:
    """XT-09."""
    hers = tied(world, employee(world, region=CITY, sex="female", born="1948-04-04", balance_fen=700), 90_000)

    assert split(hers.pay(hospital, 1_000, OUTPATIENT_VISIT).ok()) == (700, [], 300)
    assert split(hers.pay(hospital, 1_000, OUTPATIENT_VISIT).ok()) == (0, [1_000], 0)


def test_a_third_payer_is_one_too_many(world: World) -> None:
    """XT-05."""
    her = grandmother(world)
    tied(world, her, 60_000, 60_000)
    third = payer(world, 60_000)
    third.post("/flows/add-member").ok()

    told = third.put(
        "/flows/add-member/steps/who", {"name": her["name"], "id_number": her["id_number"], "relation": "grandmother"}
    )

    assert told.refused() == {"member_already_bound"}


def test_a_relative_insured_next_door_in_the_province_may_join(world: World) -> None:
    """XT-03."""
    phone = payer(world, 60_000)

    phone.add(grandmother(world, region=NEIGHBOUR), "grandmother")

    assert [one["status"] for one in phone.members()] == ["awaiting_acceptance"]


def test_a_pharmacy_elsewhere_in_the_province_will_do_and_a_card_will_not(world: World) -> None:
    """XT-12."""
    her = grandmother(world)
    hers = tied(world, her, 90_000)
    facts = {"id": "P-XINGTAN-2", "name": "邻市药店", "region": NEIGHBOUR, "kind": "pharmacy", "level": 1}
    pharmacy = world.play("POST", "/institutions", facts).ok()

    assert split(hers.pay(pharmacy, 2_000, PHARMACY_VISIT).ok()) == (0, [2_000], 0)
    card = {"kind": "social_card", "value": her["card_number"]}
    told = world.till(pharmacy, "settlements", {"credential": card, "med_type": PHARMACY_VISIT, "amount_fen": 2_000}).ok()
    assert rules(told["reasons"]) == {"credential_not_accepted"}

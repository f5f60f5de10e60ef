"""The city that only a folder of the tests knows: its choices are its own, and no code was written for it."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident, rules

CITY = "990100"


@pytest.fixture
def hospital(world: World) -> Json:
    return world.play(
        "POST", "/institutions", {"id": "H-YUNWAN-1", "name": "云湾医院", "region": CITY, "kind": "hospital", "level": 2}
    ).ok()


def payer(world: World, balance_fen: int) -> Phone:
    return Phone(world, employee(world, region=CITY, balance_fen=balance_fen)).arrive()


def sister(world: World) -> Json:
    return resident(world, region=CITY, sex="female", born="1990-08-08")


def next_month(world: World) -> str:
    now = world.later(days=0)
    year, month = int(now[:4]), int(now[5:7])
    return f"{year + month // 12}-{month % 12 + 1:02d}-01T09:00:00+08:00"


def tied(world: World, member: Json, *balances_fen: int) -> list[Phone]:
    """Payers who each added the member, who accepted each of them; from next month on it counts."""
    phones = [payer(world, fen) for fen in balances_fen]
    members_phone = Phone(world, member).arrive()
    for phone in phones:
        assert phone.add(member, "younger_sister")["outcome"] == "awaiting_acceptance"
        members_phone.walk("accept-relation", {"member": phone.members()[0]["id"]})
    return phones


def test_a_sister_may_be_added_and_must_accept_and_then_wait_for_the_next_month(world: World, hospital: Json) -> None:
    """Siblings, acceptance, effect on the first of next month."""
    her = sister(world)
    [brother] = tied(world, her, 500_000)
    phone = Phone(world, her).arrive()
    assert [one["status"] for one in brother.members()] == ["not_yet_effective"]

    early = phone.pay(hospital, 1_000, OUTPATIENT_VISIT).ok()
    assert (early["payers"], rules(early["reasons"])) == ([], {"not_yet_effective"})
    world.clock(next_month(world))
    paid = phone.sign_in().pay(hospital, 1_000, OUTPATIENT_VISIT).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [1_000]


def test_several_payers_give_one_after_the_other_down_to_their_reserve(world: World, hospital: Json) -> None:
    """A cascade in the order in which they were bound; two thousand yuan always stay."""
    her = sister(world)
    first, second = tied(world, her, 203_000, 250_000)
    world.clock(next_month(world))

    paid = Phone(world, her).sign_in().pay(hospital, 10_000, OUTPATIENT_VISIT).ok()

    assert [one["paid_fen"] for one in paid["payers"]] == [3_000, 7_000]
    assert first.sign_in().get("/account").ok()["balance_fen"] == 200_000
    assert second.sign_in().get("/account").ok()["balance_fen"] == 243_000


def test_while_ones_own_account_is_not_empty_nobody_else_pays(world: World, hospital: Json) -> None:
    """Must be empty first."""
    her = employee(world, region=CITY, sex="female", born="1990-08-08", balance_fen=400)
    tied(world, her, 500_000)
    world.clock(next_month(world))
    phone = Phone(world, her).sign_in()

    first, then = phone.pay(hospital, 1_000, OUTPATIENT_VISIT).ok(), phone.pay(hospital, 1_000, OUTPATIENT_VISIT).ok()

    assert (first["own_fen"], first["payers"], first["cash_fen"]) == (400, [], 600)
    assert rules(first["reasons"]) == {"own_balance_not_empty"}
    assert [one["paid_fen"] for one in then["payers"]] == [1_000]


def test_it_shows_its_own_words_and_rules(world: World) -> None:
    """What the city calls things comes from its file too."""
    told = world.call("GET", f"{world.bff_url}/api/v1/regions/{CITY}").ok()

    assert "共济小金库" in str(told)
    assert "YW-13" in str(told)


def test_from_16_on_one_accepts_oneself(world: World) -> None:
    """Below, the guardian does, here the payer."""
    older = resident(world, region=CITY, sex="male", born="2009-01-01")
    younger = resident(world, region=CITY, sex="male", born="2015-01-01")
    brother = payer(world, 500_000)

    outcomes = [brother.add(one, "younger_brother")["outcome"] for one in (older, younger)]

    assert outcomes[0] == "awaiting_acceptance"

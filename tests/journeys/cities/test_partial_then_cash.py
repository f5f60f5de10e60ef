"""A city where the payer gives what there is and the rest is cash; the pledge is signed when a relative is added."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, employee, resident, rules

CITY = "610100"


def split(paid: Json) -> tuple[int, int, int]:
    return paid["own_fen"], sum(one["paid_fen"] for one in paid["payers"]), paid["cash_fen"]


def wife_of(world: World, husband_fen: int, own_fen: int | None) -> Phone:
    """The phone of a wife whom her husband added; employed with `own_fen`, or a resident."""
    husband = Phone(world, employee(world, region=CITY, balance_fen=husband_fen)).arrive()
    about: Json = {"sex": "female", "born": "1987-06-15", "region": CITY}
    wife = resident(world, **about) if own_fen is None else employee(world, balance_fen=own_fen, **about)
    husband.add(wife, "spouse")
    return Phone(world, wife).arrive()


def test_the_pledge_is_part_of_adding_and_nothing_needs_opening(world: World) -> None:
    """XA-23, Y-13."""
    phone = Phone(world, employee(world, region=CITY)).arrive()

    titles = [screen["kind"] for screen in walk_kinds(phone, resident(world, region=CITY))]

    assert titles == ["form", "consent"]
    assert "open-account" not in startable(phone)


def walk_kinds(phone: Phone, member: Json) -> list[dict[str, str]]:
    screen, seen = phone.post("/flows/add-member").ok(), []
    mine = {"name": member["name"], "id_number": member["id_number"], "relation": "parent"}
    while screen["step"] is not None:
        kinds = {asked["kind"] for asked in screen["fields"]}
        seen.append({"kind": "consent" if "consent" in kinds else "form"})
        screen = phone.put(f"/flows/add-member/steps/{screen['step']}", phone.fill(screen, mine)).ok()
    return seen


def startable(phone: Phone) -> set[str]:
    return {item["name"] for item in phone.get("/flows").ok()["items"] if item["can_start"]}


@pytest.mark.parametrize(
    ("husband_fen", "own_fen", "paid", "why"),
    [
        (5_000, 3_000, (3_000, 5_000, 2_000), {"payer_balance_insufficient"}),
        (0, 3_000, (3_000, 0, 7_000), {"payer_balance_zero"}),
        (20_000, None, (0, 10_000, 0), set()),
        (0, None, (0, 0, 10_000), {"payer_balance_zero"}),
    ],
)
def test_own_then_husband_then_cash(
    world: World, husband_fen: int, own_fen: int | None, paid: tuple[int, int, int], why: set[str]
) -> None:
    """XA-09…XA-11, vectors 1 and 2."""
    told = wife_of(world, husband_fen, own_fen).pay(world.institution(CITY, "pharmacy"), 10_000, PHARMACY_VISIT).ok()

    assert split(told) == paid
    assert rules(told["reasons"]) == why


def test_two_payers_are_possible_and_only_one_of_them_pays(world: World) -> None:
    """Y-05: silent on the number, so allowed; the larger balance, never pooled."""
    member = resident(world, region=CITY)
    for fen in (4_000, 6_000):
        Phone(world, employee(world, region=CITY, balance_fen=fen)).arrive().add(member, "parent")

    told = Phone(world, member).arrive().pay(world.institution(CITY, "hospital"), 10_000, OUTPATIENT_VISIT).ok()

    assert [one["paid_fen"] for one in told["payers"]] == [6_000]
    assert told["cash_fen"] == 4_000

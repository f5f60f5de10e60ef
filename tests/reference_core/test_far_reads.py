"""A code shown in one city and read in another: held back, told to the phone, and good again once its holder confirmed."""

from __future__ import annotations

import pytest

from tests.reference_core.callers import CITY, Callers, Json, Told, World
from tests.reference_core.helpers import Kin

FAR = "610100"


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


def code_in(kin: Kin, person: Json, region: str = CITY) -> str:
    return str(kin.code(person, kin.own(person)["id"], region=region).ok()["code"])


def read(world: World, callers: Callers, place: str, code: str, path: str = "/settlements") -> Told:
    return callers.till(place, path, world.bill({}, 500, code=code))


def clear(kin: Kin, person: Json, **look: str) -> Told:
    body = {"verified_by": kin.look(**look)}
    return kin.callers.citizen("POST", "/code-step-ups", body, person=person["person_id"])


@pytest.mark.parametrize("path", ["/presettlements", "/settlements"])
def test_a_code_read_in_another_city_is_held_back(world: World, kin: Kin, callers: Callers, path: str) -> None:
    """T9: shown here, read ten seconds later far away; the till is told why and the phone is asked."""
    me = world.employee(1_000)
    code, far = code_in(kin, me), world.institution(region=FAR)

    told = read(world, callers, far, code, path).problem(409, "step_up_required")

    assert [reason["rule"] for reason in told["reasons"]] == ["code_read_far_away"]
    assert kin.told(me, "voucher_code_far_read") == [{"region": FAR, "shown_in": CITY}]
    assert world.account(me)["balance_fen"] == 1_000


def test_reading_it_again_does_not_ring_again(world: World, kin: Kin, callers: Callers) -> None:
    me = world.employee(1_000)
    code, far = code_in(kin, me), world.institution(region=FAR)
    for _ in range(3):
        read(world, callers, far, code).problem(409, "step_up_required")

    assert len(kin.told(me, "voucher_code_far_read")) == 1


def test_in_the_same_city_nobody_is_asked(world: World, kin: Kin, callers: Callers) -> None:
    """A county of the city is the city."""
    me = world.employee(1_000)

    read(world, callers, world.institution(region="371321"), code_in(kin, me)).ok()


def test_a_code_whose_place_nobody_told_is_read_everywhere(world: World, kin: Kin, callers: Callers) -> None:
    me = world.employee(1_000)
    code = str(kin.code(me, kin.own(me)["id"]).ok()["code"])

    read(world, callers, world.institution(region=FAR), code).ok()


def test_once_its_holder_looked_into_the_camera_a_new_code_is_good_there(world: World, kin: Kin, callers: Callers) -> None:
    me = world.employee(1_000)
    far, elsewhere = world.institution(region=FAR), world.institution(region="340100")
    read(world, callers, far, code_in(kin, me)).problem(409, "step_up_required")

    assert clear(kin, me).ok()["regions"] == [FAR]

    read(world, callers, far, code_in(kin, me)).ok()
    read(world, callers, elsewhere, code_in(kin, me)).problem(409, "step_up_required")
    world.later(minutes=11)
    read(world, callers, far, code_in(kin, me)).problem(409, "step_up_required")


def test_it_takes_a_fresh_look_of_ones_own(world: World, kin: Kin) -> None:
    me = world.employee(1_000)

    clear(kin, me, about="relative").problem(403, "step_up_required")
    clear(kin, me, method="bank_card").problem(403, "step_up_required")


def test_of_a_relatives_code_both_are_told_and_the_helper_confirms(world: World, kin: Kin, callers: Callers) -> None:
    helper, child, far = world.employee(), kin.child(), world.institution(region=FAR)
    voucher = kin.add_child(helper, child).ok()["id"]

    def shown() -> str:
        return str(kin.code(helper, voucher, region=CITY).ok()["code"])

    read(world, callers, far, shown()).problem(409, "step_up_required")
    clear(kin, child).ok()
    read(world, callers, far, shown()).problem(409, "step_up_required")
    clear(kin, helper).ok()

    read(world, callers, far, shown()).ok()
    assert len(kin.told(helper, "voucher_code_far_read")) == 2
    assert len(kin.told(child, "voucher_code_far_read")) == 2

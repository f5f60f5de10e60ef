"""A member's name and number in clear go to their own payer alone, and only while the tie stands."""

from __future__ import annotations

from tests.reference_core.callers import Json, Told, World


def asked(world: World, payer: Json, relation_id: str) -> Told:
    return world.callers.citizen("GET", f"/members/{relation_id}/identity", person=payer["person_id"])


def test_the_payer_of_a_member_learns_whom_the_camera_is_to_see(world: World) -> None:
    payer, member = world.employee(), world.resident()
    tie = world.family(payer, member)

    told = asked(world, payer, tie["id"]).ok()

    assert told == {"name": member["name"], "id_number": member["id_number"], "cert_type": "01"}


def test_nobody_else_learns_it_and_nobody_when_it_is_over(world: World) -> None:
    payer, member, stranger = world.employee(), world.resident(), world.employee()
    tie = world.family(payer, member)

    for person in (stranger, member):
        asked(world, person, tie["id"]).problem(404, "not_found")
    world.end(payer, tie["id"]).ok()
    asked(world, payer, tie["id"]).problem(404, "not_found")
    asked(world, payer, "01a20000-0000-7000-8000-00000000dead").problem(404, "not_found")

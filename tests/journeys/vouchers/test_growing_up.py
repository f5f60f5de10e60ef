"""What years do to a list: at the age a look falls due, at eighteen the guardian's word ends, and death ends all showing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dev.player import Json, Phone, World
from groundwork.clock import CHINA
from tests.journeys.vouchers.relatives import (
    asked,
    at_the_proof,
    child,
    consent_text,
    grandmother,
    helper,
    prove,
    shown,
    today,
    years_before,
)


def on_the_birthday(world: World, phone: Phone, born: str, years: int, days: int = 0) -> None:
    """Move the world to that birthday, at noon, and sign in again."""
    first = datetime.fromisoformat(born).date()
    day = first.replace(year=first.year + years) + timedelta(days=days)
    world.clock(datetime.combine(day, time(12), CHINA).isoformat())
    phone.sign_in()


def teenager(world: World, years: int) -> Json:
    """Turns `years` in ten days."""
    return child(world, sex="male", born=years_before(today(world) + timedelta(days=10), years).isoformat())


def test_at_sixteen_a_look_falls_due_and_mends_it(world: World) -> None:
    """LY-14, LY-15, X-18."""
    mother, son = helper(world, sex="female"), teenager(world, 16)
    mother.help(son, "son")
    voucher = shown(mother, son)["id"]
    on_the_birthday(world, mother, son["born"], 16, days=-1)
    assert mother.show_code(voucher)["code"]
    on_the_birthday(world, mother, son["born"], 16)

    assert mother.post(f"/vouchers/{voucher}/codes").refused() == {"voucher_check_due"}
    assert shown(mother, son)["check_due"]["rule"] == "voucher_check_due"

    mother.help(son, "son")
    assert mother.show_code(voucher)["code"]
    assert shown(mother, son)["check_due"] is None


def test_at_eighteen_the_guardians_word_ends(world: World) -> None:
    """XA-03, XA-14: a grown-up decides alone."""
    father, son = helper(world), teenager(world, 18)
    father.help(son, "son")
    voucher = shown(father, son)["id"]
    on_the_birthday(world, father, son["born"], 18)

    told = father.post(f"/vouchers/{voucher}/codes").refused()

    assert told == {"kinship_needs_own_consent"}
    father.help(son, "son")
    assert father.show_code(voucher)["code"]


def test_a_seventeen_year_old_looks_and_the_guardian_agrees(world: World) -> None:
    """XA-18, Y-13: the own face, and a minor otherwise."""
    father, son = helper(world), child(world, 17, sex="male")

    text = consent_text(father, son, "son")
    screen = at_the_proof(father, son, "son")
    look = asked(screen)["real_person"]["check"]
    father.look_into_camera(look["id"], who=son)
    prove(father, real_person=look["id"])

    assert "监护人" in text
    assert father.show_code(shown(father, son)["id"])["code"]


def test_of_the_dead_nothing_is_shown(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    grandson.help(old, "grandmother")
    voucher = shown(grandson, old)["id"]

    world.life(old, died_on=today(world).isoformat())

    assert "person_died" in grandson.post(f"/vouchers/{voucher}/codes").refused()


def test_who_has_died_cannot_be_put_into_a_list(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    world.life(old, died_on=today(world).isoformat())
    named = {"name": old["name"], "id_number": old["id_number"], "relation": "grandmother"}
    screen = grandson.walk_until("relative", grandson.post("/flows/activate-relative").ok(), {})

    told = grandson.put(f"/flows/activate-relative/steps/{screen['step']}", named)

    assert "person_died" in told.refused()
    assert Phone(world, grandson.person).arrive().vouchers()[1:] == []

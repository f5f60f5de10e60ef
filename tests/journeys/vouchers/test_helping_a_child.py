"""A guardian helps a child to a voucher: no face is asked below the age, a consent is, and the code is the child's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dev.player import Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, resident
from tests.journeys.vouchers.relatives import CHANNELS, XIAN, child, consent_text, helper, listed, shown, today, years_before


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("region", [CITY, XIAN])
def test_a_child_of_ten_gets_a_voucher_through_a_guardian(world: World, channel: str, region: str) -> None:
    """LY-13, LY-15, XA-14, XA-15, XA-17, XA-22, GD-47, NH-16: a number is enough, no card is shown to anybody."""
    mother, son = helper(world, channel, region, sex="female"), child(world, region=region, sex="male")
    kinds: list[str] = []

    screen = mother.post("/flows/activate-relative").ok()
    answers = {"name": son["name"], "id_number": son["id_number"], "relation": "son"}
    while screen["step"] is not None:
        kinds += [one["kind"] for one in screen["fields"]]
        screen = mother.put(f"/flows/activate-relative/steps/{screen['step']}", mother.fill(screen, answers)).ok()
    done = mother.post("/flows/activate-relative/completion").ok()

    assert done["outcome"] == "done"
    assert "consent" in kinds
    assert not {"real_person", "photo"} & set(kinds)
    assert listed(mother) == [("son", "active")]
    code = mother.show_code(shown(mother, son)["id"])
    assert code["relation"] == "son"


@pytest.mark.parametrize(
    ("region", "days_past_birthday", "must_look"),
    [(CITY, -1, False), (CITY, 0, True), (XIAN, 0, False), (XIAN, 1, True)],
)
def test_on_the_sixteenth_birthday_each_city_draws_its_own_line(
    world: World, region: str, days_past_birthday: int, must_look: bool
) -> None:
    """LY-14, LY-15, XA-18, X-18: one city counts the birthday itself, the other begins the day after."""
    birthday = today(world) - timedelta(days=days_past_birthday)
    nephew = child(world, region=region, sex="male", born=years_before(birthday, 16).isoformat())
    mother = helper(world, region=region, sex="female")
    screen = mother.post("/flows/activate-relative").ok()
    named = {"name": nephew["name"], "id_number": nephew["id_number"], "relation": "son"}
    seen: set[str] = set()
    while screen["step"] is not None:
        seen |= {one["kind"] for one in screen["fields"]}
        screen = mother.put(f"/flows/activate-relative/steps/{screen['step']}", mother.fill(screen, named)).ok()

    assert ("real_person" in seen) == must_look
    assert mother.post("/flows/activate-relative/completion").ok()["outcome"] == "done"


@pytest.mark.parametrize(("day", "must_look"), [("2032-02-28", False), ("2032-02-29", True), ("2033-02-28", True)])
def test_who_was_born_on_a_leap_day_comes_of_age_on_it(world: World, day: str, must_look: bool) -> None:
    """LY-14, X-18."""
    daughter = child(world, born="2016-02-29")
    mother = helper(world, sex="female")
    world.clock(f"{day}T12:00:00+08:00")
    mother.sign_in()

    screen = mother.post("/flows/activate-relative").ok()
    named = {"name": daughter["name"], "id_number": daughter["id_number"], "relation": "daughter"}
    screen = mother.walk_until("check", screen, named)

    assert (screen["step"] == "check") == must_look


@pytest.mark.parametrize(("day", "guardian_speaks"), [("2030-02-28", True), ("2030-03-01", False)])
def test_in_a_year_without_leap_day_the_first_of_march_is_the_birthday(world: World, day: str, guardian_speaks: bool) -> None:
    """XA-03, XA-14: until the eighteenth birthday a guardian agrees."""
    daughter = child(world, born="2012-02-29")
    mother = helper(world, sex="female")
    world.clock(f"{day}T00:00:30+08:00")
    mother.sign_in()

    text = consent_text(mother, daughter, "daughter")

    assert ("监护人" in text) == guardian_speaks


def test_five_fit_into_the_list_and_the_sixth_is_refused_with_the_remedy(world: World) -> None:
    """LY-48, XA-20, Y-22: five places, whichever channel filled them."""
    mother = helper(world, sex="female")
    on_alipay = Phone(world, mother.person, "alipay").arrive()
    names = ("程小一", "程小二", "程小三", "程小四", "程小五")
    for number, name in enumerate(names):
        (mother, on_alipay)[number % 2].help(child(world, name=name), "daughter")

    sixth = child(world, name="程小六")
    mother.walk_until("relative", mother.post("/flows/activate-relative").ok(), {})
    named = {"name": sixth["name"], "id_number": sixth["id_number"], "relation": "daughter"}
    told = mother.put("/flows/activate-relative/steps/relative", named)

    assert told.refused() == {"proxy_limit_exceeded"}
    reason = told.body["reasons"][0]
    assert reason["facts"]["limit"] == 5
    assert reason["next_step"]
    assert len(listed(on_alipay)) == 5


def test_a_place_that_is_given_up_is_free_again(world: World) -> None:
    """LY-48, XA-20."""
    mother = helper(world, sex="female")
    for name in ("程小一", "程小二", "程小三", "程小四", "程小五"):
        mother.help(child(world, name=name), "daughter")

    assert mother.delete(f"/vouchers/{mother.vouchers()[1]['id']}").status == 204
    world.clock(world.later(days=1, minutes=1))
    mother.sign_in()

    assert mother.help(child(world, name="程小六"), "daughter")["outcome"] == "done"
    assert len(listed(mother)) == 5


def test_both_parents_may_show_the_same_childs_code(world: World) -> None:
    """XA-22, Y-22: a child is nobody's alone."""
    son = child(world, sex="male")
    for phone in (helper(world, sex="female"), helper(world)):
        phone.help(son, "son")
        assert listed(phone) == [("son", "active")]


def test_a_childs_code_spends_what_is_the_childs(world: World) -> None:
    """NH-06, XA-08: no money of the parent who shows it."""
    mother, son = helper(world, sex="female", balance_fen=50_000), child(world, sex="male")
    mother.help(son, "son")
    code = mother.show_code(shown(mother, son)["id"])["code"]
    bill = {"credential": {"kind": "voucher", "value": code}, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}

    paid = world.till(world.institution(CITY, "pharmacy"), "settlements", bill).ok()

    assert (paid["own_fen"], paid["payers"], paid["cash_fen"]) == (0, [], 1_000)
    assert mother.get("/account").ok()["balance_fen"] == 50_000


def test_a_stranger_is_answered_as_add_member_answers(world: World) -> None:
    """Nobody learns by trying who exists."""
    mother, somebody = helper(world, sex="female"), resident(world)
    wrong = {"id_number": somebody["id_number"], "name": "白不是", "relation": "mother"}
    nobody = {"id_number": child(world)["id_number"], "name": "程没有", "relation": "daughter"}
    answers = []
    for named in (wrong, nobody):
        screen = mother.walk_until("relative", mother.post("/flows/activate-relative").ok(), {})
        answers.append(mother.put(f"/flows/activate-relative/steps/{screen['step']}", named))
        mother.delete("/flows/activate-relative")

    assert [told.refused() for told in answers] == [{"member_not_found"}] * 2
    assert len({len(str(told.body["reasons"])) for told in answers}) == 1

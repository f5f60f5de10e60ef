"""A guardian's consent for a young child stands in the ledger; taking it back takes the child's code off the phone too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dev.player import Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import employee
from tests.journeys.vouchers.relatives import CHANNELS, child, grandmother, helper, listed, shown, today, years_before


def given(phone: Phone) -> list[Json]:
    """What this person agreed to for a child, newest first."""
    return [one for one in phone.get("/consents").ok()["items"] if one["for_relative"]]


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_a_guardian_agrees_to_is_in_the_ledger_word_for_word(world: World, channel: str) -> None:
    """XA-14."""
    mother, son = helper(world, channel, sex="female"), child(world, sex="male")

    mother.help(son, "son")

    [consent] = given(mother)
    assert (consent["purpose"], consent["channel"], consent["withdrawable"]) == ("child_voucher", channel, True)
    assert consent["title"].endswith("（**满）")
    assert any("监护人" in line for line in consent["text"])
    assert consent["text_hash"] in {pledge["text_hash"] for pledge in mother.get("/pledges").ok()["items"]}


def test_taking_it_back_takes_this_childs_code_off_the_phone_and_nobody_elses(world: World) -> None:
    mother, father = helper(world, sex="female"), helper(world)
    son, daughter = child(world, sex="male"), child(world, name="程小雨")
    for guardian in (mother, father):
        guardian.help(son, "son")
    mother.help(daughter, "daughter")
    voucher = shown(mother, son)["id"]
    for_son = next(one for one in given(mother) if "满" in one["title"])

    assert mother.delete(f"/consents/{for_son['id']}").status == 204

    assert listed(mother) == [("daughter", "active")]
    assert mother.post(f"/vouchers/{voucher}/codes").status == 404
    assert listed(father) == [("son", "active")]
    assert [one["withdrawable"] for one in given(mother)] == [True, False]
    mother.get("/account").ok()


def test_taking_it_back_twice_changes_nothing_and_agreeing_anew_begins_anew(world: World) -> None:
    mother, son = helper(world, sex="female"), child(world, sex="male")
    mother.help(son, "son")
    [consent] = given(mother)
    for _ in range(2):
        assert mother.delete(f"/consents/{consent['id']}").status == 204

    mother.help(son, "son")

    assert listed(mother) == [("son", "active")]
    assert [one["withdrawn_at"] is None for one in given(mother)] == [True, False]


def test_a_core_that_fails_meanwhile_lets_it_be_taken_back_once_more(world: World) -> None:
    """The word is withdrawn first; the same wish again takes the code off too."""
    mother, son = helper(world, sex="female"), child(world, sex="male")
    mother.help(son, "son")
    [consent] = given(mother)
    world.fault(upstream="core", endpoint="/citizen/wards/*/end", kind="refuse", times=9)
    assert mother.delete(f"/consents/{consent['id']}").status == 503
    world.no_faults()

    assert mother.delete(f"/consents/{consent['id']}").status == 204

    assert listed(mother) == []


@pytest.mark.parametrize("kind", ["drop_reply", "refuse"])
def test_an_end_whose_reply_is_lost_still_writes_it_down_once(world: World, kind: str) -> None:
    mother, son = helper(world, sex="female"), child(world, sex="male")
    named = {"name": son["name"], "id_number": son["id_number"], "relation": "son"}
    mother.walk_until(None, mother.post("/flows/activate-relative").ok(), named)
    key = f"help-a-child-{new_id()}"
    world.fault(upstream="core", endpoint="/app/identities/*/consents", kind=kind, times=9)
    mother.post("/flows/activate-relative/completion", key=key)
    world.no_faults()

    mother.post("/flows/activate-relative/completion", key=key).ok()

    assert listed(mother) == [("son", "active")]
    assert len(given(mother)) == 1


@pytest.mark.parametrize(("days", "counts"), [(-1, 1), (0, 0)])
def test_from_the_fourteenth_birthday_on_the_guardians_word_is_no_such_consent(world: World, days: int, counts: int) -> None:
    """To the day: until then the child's data are the guardian's to agree to."""
    fourteen = years_before(today(world) - timedelta(days=days), 14)
    mother, son = helper(world, sex="female"), child(world, sex="male", born=fourteen.isoformat())

    mother.help(son, "son")

    assert len(given(mother)) == counts


def test_a_grown_ups_own_word_is_not_the_helpers_consent(world: World) -> None:
    grandson = helper(world)

    grandson.help(grandmother(world), "grandmother")

    assert given(grandson) == []


def test_a_child_who_was_taken_off_before_does_not_keep_the_word_from_being_taken_back(world: World) -> None:
    mother, son = helper(world, sex="female"), child(world, sex="male")
    mother.help(son, "son")
    mother.delete(f"/vouchers/{shown(mother, son)['id']}")

    assert mother.delete(f"/consents/{given(mother)[0]['id']}").status == 204

    assert [one["withdrawable"] for one in given(mother)] == [False]


def test_nobody_takes_back_another_guardians_word(world: World) -> None:
    mother, son, stranger = helper(world, sex="female"), child(world, sex="male"), Phone(world, employee(world)).arrive()
    mother.help(son, "son")

    stranger.delete(f"/consents/{given(mother)[0]['id']}").problem(404, "not_found")

    assert listed(mother) == [("son", "active")]

"""A guardian's consent for a young child stands in the ledger; taking it back takes the child's code off the phone, and the
child off the account, each by its own word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dev.player import Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import CITY, employee
from tests.journeys.vouchers.relatives import (
    CHANNELS,
    XIAN,
    asked,
    child,
    grandmother,
    helper,
    listed,
    shown,
    today,
    years_before,
)


def given(phone: Phone) -> list[Json]:
    """What this person agreed to for a child, newest first."""
    return [one for one in phone.get("/consents").ok()["items"] if one["for_relative"]]


def sharing(world: World, region: str) -> Phone:
    """The phone of a mother whose account is open, where her city opens any."""
    mother = helper(world, region=region, sex="female")
    if "open-account" in {one["name"] for one in mother.get("/flows").ok()["items"]}:
        mother.open_account()
    return mother


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


def test_a_phone_that_signed_in_before_anybody_was_shown_takes_it_back_all_the_same(world: World) -> None:
    """The same account, signed in twice; on one of the two its owner then showed who they are."""
    mother, son = employee(world, sex="female"), child(world, sex="male")
    early, late = Phone(world, mother).sign_in(), Phone(world, mother).arrive()
    late.help(son, "son")
    [consent] = given(early)

    assert early.delete(f"/consents/{consent['id']}").status == 204

    assert listed(late) == []
    assert [one["withdrawable"] for one in given(late)] == [False]
    own = next(one for one in early.get("/consents").ok()["items"] if one["purpose"] == "identity_verification")
    late.get("/account").ok()
    assert early.delete(f"/consents/{own['id']}").status == 204
    late.get("/account").problem(403, "consent_required")


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


@pytest.mark.parametrize(("region", "steps"), [(CITY, ["guardians_word"]), (XIAN, ["pledge"])])
def test_who_adds_a_young_child_agrees_as_guardian_where_the_pledge_is_or_on_a_screen_of_its_own(
    world: World, region: str, steps: list[str]
) -> None:
    """GD-47: one consent, whether the city asks the payer for a pledge here or not."""
    mother, son = sharing(world, region), child(world, region=region, sex="male", voucher=True)
    named = {"name": son["name"], "id_number": son["id_number"], "relation": "son"}
    screen = mother.walk_until(steps[0], mother.post("/flows/add-member").ok(), named)
    text = asked(screen)["agree"]["text"]

    assert screen["progress"]["total"] == screen["progress"]["done"] + 1
    mother.walk_on(screen, named)

    [consent] = given(mother)
    assert (consent["purpose"], consent["text"], consent["withdrawable"]) == ("child_member", text, True)
    assert consent["title"].endswith("（**满）")
    assert any("监护人" in line for line in text)
    assert consent["text_hash"] in {pledge["text_hash"] for pledge in mother.get("/pledges").ok()["items"]}


def test_taking_it_back_ends_the_sharing_and_leaves_the_code(world: World) -> None:
    mother, son = sharing(world, CITY), child(world, sex="male")
    mother.help(son, "son")
    mother.add(son, "son")
    word = next(one for one in given(mother) if one["purpose"] == "child_member")

    for _ in range(2):
        assert mother.delete(f"/consents/{word['id']}").status == 204

    assert mother.members() == []
    assert listed(mother) == [("son", "active")]
    assert [one["purpose"] for one in given(mother) if one["withdrawable"]] == ["child_voucher"]


@pytest.mark.parametrize(("days", "asks"), [(1, True), (0, False)])
def test_from_the_fourteenth_birthday_on_nobody_asks_a_guardian_for_a_member(world: World, days: int, asks: bool) -> None:
    fourteen = years_before(today(world) + timedelta(days=days), 14).isoformat()
    mother, son = sharing(world, CITY), child(world, sex="male", born=fourteen, voucher=True)

    mother.add(son, "son")

    assert bool(given(mother)) is asks


def test_a_young_child_is_added_by_nobody_for_whom_they_cannot_be_a_ward(world: World) -> None:
    """GD-47."""
    boy = child(world, sex="male", voucher=True)
    named = {"name": boy["name"], "id_number": boy["id_number"], "relation": "father"}
    payer = sharing(world, CITY)
    screen = payer.post("/flows/add-member").ok()

    told = payer.put("/flows/add-member/steps/member", payer.fill(screen, named))

    assert "guardian_must_act" in told.refused()


def test_nobody_takes_back_another_guardians_word(world: World) -> None:
    mother, son, stranger = helper(world, sex="female"), child(world, sex="male"), Phone(world, employee(world)).arrive()
    mother.help(son, "son")

    stranger.delete(f"/consents/{given(mother)[0]['id']}").problem(404, "not_found")

    assert listed(mother) == [("son", "active")]

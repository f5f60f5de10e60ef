"""What keeps a list of relatives honest: a fresh look before a relative's code, an end from either side, and a daily limit."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.vouchers.relatives import careful_mother, child, grandmother, helper, listed, shown


def test_a_relatives_code_asks_for_a_fresh_look_where_the_city_says_so(world: World) -> None:
    mother, sons = careful_mother(world)

    told = mother.post(f"/vouchers/{sons['id']}/codes").problem(403, "step_up_required")
    mother.walk_on(mother.post(f"/flows/{told['step_up']['flow']}", {"answers": told["step_up"]["answers"]}).ok(), {})

    assert told["step_up"] == {"flow": "verify-identity", "answers": {"purpose": "show_relative_code"}}
    assert mother.show_code(sons["id"])["relation"] == "son"


def test_a_fresh_look_is_good_for_one_code_and_not_for_long(world: World) -> None:
    mother, sons = careful_mother(world)
    mother.step_up("show_relative_code")
    mother.show_code(sons["id"])

    mother.post(f"/vouchers/{sons['id']}/codes").problem(403, "step_up_required")
    mother.step_up("show_relative_code")
    world.clock(world.later(minutes=11))

    mother.post(f"/vouchers/{sons['id']}/codes").problem(403, "step_up_required")


def test_a_look_for_one_purpose_serves_no_other(world: World) -> None:
    mother, sons = careful_mother(world)

    mother.step_up("use_code_far_away")

    mother.post(f"/vouchers/{sons['id']}/codes").problem(403, "step_up_required")


def test_ones_own_code_never_asks_for_it(world: World) -> None:
    mother, _ = careful_mother(world)

    assert mother.show_code()["relation"] is None


def test_whose_code_is_shown_sees_by_whom_and_ends_it(world: World) -> None:
    """XA-22: whoever was helped stays the owner."""
    grandson, old = helper(world), grandmother(world)
    grandson.help(old, "grandmother")
    hers = Phone(world, old, "alipay").arrive()
    [seen] = hers.get("/vouchers").ok()["helpers"]

    assert hers.delete(f"/vouchers/helpers/{seen['id']}").status == 204

    assert (seen["relation"], seen["status"]) == ("grandmother", "active")
    assert seen["name_masked"].endswith("舟")
    assert hers.get("/vouchers").ok()["helpers"] == []
    assert hers.vouchers()[0]["status"] == "active"
    assert listed(grandson) == []
    assert hers.delete(f"/vouchers/helpers/{seen['id']}").status == 404


def test_who_was_asked_may_say_no(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    grandson.help(old, "grandmother", on_own_phone=True)
    hers = Phone(world, old, "alipay").arrive()
    [asked] = hers.get("/vouchers").ok()["helpers"]

    assert hers.delete(f"/vouchers/helpers/{asked['id']}").status == 204

    assert asked["status"] == "awaiting_acceptance"
    assert listed(grandson) == []


def test_nobody_ends_what_is_between_others(world: World) -> None:
    grandson, old, stranger = helper(world), grandmother(world), helper(world, name="程二舟")
    grandson.help(old, "grandmother")
    [seen] = Phone(world, old, "alipay").arrive().get("/vouchers").ok()["helpers"]

    assert stranger.delete(f"/vouchers/helpers/{seen['id']}").status == 404
    assert listed(grandson) == [("grandmother", "active")]


def test_a_phone_helps_so_many_in_a_day_and_is_told_when_to_come_back(world: World) -> None:
    """Taking relatives off the list makes room in it, and no more activations."""
    mother, told = helper(world, sex="female"), None
    for name in ("程小一", "程小二", "程小三", "程小四", "程小五", "程小六"):
        daughter = child(world, name=name)
        named = {"name": name, "id_number": daughter["id_number"], "relation": "daughter"}
        mother.walk_until(None, mother.post("/flows/activate-relative").ok(), named)
        told = mother.post("/flows/activate-relative/completion")
        if told.status != 200:
            break
        mother.delete(f"/vouchers/{shown(mother, daughter)['id']}")

    assert told is not None
    assert told.problem(429, "too_many_activations")["retry"]
    assert 0 < int(told.headers["Retry-After"]) <= 86_400

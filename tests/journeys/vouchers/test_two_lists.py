"""Whose code I show and whose costs I pay are two lists: neither follows from the other, and each difference can be mended."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.cast import CITY, OUTPATIENT_VISIT, PHARMACY_VISIT, payer_with, resident, rules
from tests.journeys.vouchers.relatives import XIAN, asked, child, grandmother, helper, listed, prove, shown


def test_the_first_screen_tells_the_two_apart_and_leads_to_the_other(world: World) -> None:
    """NH-05, NH-06, NH-07, GD-16, X-20: their money and their code here, my money there."""
    screen = helper(world).post("/flows/activate-relative").ok()

    said = "".join(screen["text"])
    assert "家人自己" in said
    assert "共济" in said
    assert screen["fields"] == []
    assert [one["flow"] for one in screen["instead"]] == ["add-member"]


def test_showing_a_relatives_code_shares_no_money(world: World) -> None:
    """NH-05, NH-06, NH-15: the father shows the child's code, and nothing of his is spent."""
    father, daughter = helper(world, balance_fen=80_000), child(world)
    father.open_account()
    father.help(daughter, "daughter")
    code = father.show_code(shown(father, daughter)["id"])["code"]
    bill = {"credential": {"kind": "voucher", "value": code}, "med_type": PHARMACY_VISIT, "amount_fen": 3_000}

    paid = world.till(world.institution(CITY, "pharmacy"), "settlements", bill).ok()

    assert (paid["payers"], paid["cash_fen"]) == ([], 3_000)
    assert father.get("/account").ok()["balance_fen"] == 80_000


def test_sharing_money_puts_nobody_into_the_list_of_codes(world: World) -> None:
    """NH-07, X-20."""
    payer = payer_with(world, resident(world), "mother")

    assert listed(payer) == []
    assert [one["relation"] for one in payer.members()] == ["mother"]


def test_whose_code_is_shown_and_who_shares_no_money_is_mended_in_one_tap(world: World) -> None:
    """NH-15, XA-15, Y-13."""
    father, daughter = helper(world), child(world)
    father.open_account()
    father.help(daughter, "daughter")

    advice = next(one for one in father.advice() if one["flow"] == "add-member")
    screen = father.post("/flows/add-member", {"answers": advice["answers"]}).ok()
    father.walk_on(screen, {})

    assert advice["rule"] == "kinship_without_sharing"
    assert advice["next_step"]
    assert [one["relation"] for one in father.members()] == ["daughter"]
    assert father.advice() == []


def test_a_minor_who_shares_the_money_is_put_into_the_list_in_one_tap(world: World) -> None:
    """XA-14, XA-15, XA-19, X-19, Y-13: a city where a minor pays through the list offers it."""
    father = helper(world, region=XIAN)
    son = child(world, region=XIAN, sex="male", voucher=True)
    father.walk("add-member", {"name": son["name"], "id_number": son["id_number"], "relation": "child"})

    advice = next(one for one in father.advice() if one["flow"] == "activate-relative")
    screen = father.post("/flows/activate-relative", {"answers": advice["answers"]}).ok()
    father.walk_on(screen, {"relation": "son"})

    assert advice["rule"] == "sharing_without_kinship"
    assert listed(father) == [("son", "active")]
    assert father.advice() == []


def test_a_grown_up_who_shares_the_money_looks_into_the_camera_without_being_named_again(world: World) -> None:
    """XA-15, XA-18: what is known of a member is filled in and never shown in full."""
    old = grandmother(world, voucher=True)
    payer = payer_with(world, old, "mother")
    advice = next(one for one in payer.advice() if one["flow"] == "activate-relative")

    screen = payer.post("/flows/activate-relative", {"answers": advice["answers"]}).ok()
    screen = payer.walk_until("check", screen, {"relation": "mother"})
    look = asked(screen)["real_person"]["check"]
    payer.look_into_camera(look["id"], who=old)
    prove(payer, real_person=look["id"])

    assert listed(payer) == [("mother", "active")]
    assert old["id_number"] not in str(screen)


def test_two_words_for_one_relative_are_a_warning_and_no_refusal(world: World) -> None:
    """XA-15, Y-13: a till cannot know whose phone shows the code."""
    mother = resident(world, voucher=False, name="白秋水")
    son = helper(world)
    son.open_account()
    son.help(mother, "grandmother")
    son.add(mother, "mother")

    told = [one for one in son.advice() if one["rule"] == "proxy_data_mismatch"]

    assert len(told) == 1
    assert told[0]["answers"]
    hers = Phone(world, mother).arrive()
    assert hers.pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()["cash_fen"] == 0


def test_nothing_is_amiss_where_both_lists_agree_or_are_empty(world: World) -> None:
    """XA-15."""
    father, daughter = helper(world), child(world)
    before = father.advice()
    father.open_account()
    father.help(daughter, "daughter")
    father.add(daughter, "daughter")

    assert (before, father.advice()) == ([], [])


def test_a_kinship_mismatch_never_stops_a_payment(world: World) -> None:
    """XA-14, XA-15, Y-13: the minor's code pays from the parent's account whether or not it stands in the list."""
    father = helper(world, region=XIAN, balance_fen=50_000)
    son = child(world, region=XIAN, sex="male", voucher=True)
    father.walk("add-member", {"name": son["name"], "id_number": son["id_number"], "relation": "child"})

    paid = Phone(world, son).arrive().pay(world.institution(XIAN, "hospital"), 3_000, OUTPATIENT_VISIT).ok()

    assert [one["paid_fen"] for one in paid["payers"]] == [3_000]
    assert rules(paid["reasons"]) == set()

"""Showing a code: once, for a minute, with whose it is, and a warning that nobody else may be treated on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from dev.player import Answer, Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import CITY, ELSEWHERE, PHARMACY_VISIT, payer_with, resident
from tests.journeys.vouchers.relatives import child, helper, listed, shown

AT_ONCE = 100


def bill(code: str, amount_fen: int = 1_000, med_type: str = PHARMACY_VISIT) -> Json:
    return {"credential": {"kind": "voucher", "value": code}, "med_type": med_type, "amount_fen": amount_fen}


def read_at(world: World, region: str, code: str) -> Answer:
    """A pharmacy of that city reads the code."""
    return world.till(world.institution(region, "pharmacy"), "settlements", bill(code))


def test_a_relatives_code_says_whose_it_is_and_that_it_is_theirs_alone(world: World) -> None:
    """XA-13, NH-10, NH-16, XA-08."""
    mother, daughter = helper(world, sex="female"), child(world)
    mother.help(daughter, "daughter")

    told = mother.show_code(shown(mother, daughter)["id"])
    own = mother.show_code()

    assert told["name_masked"].endswith("满")
    assert told["relation"] == "daughter"
    assert own["relation"] is None
    for code in (told, own):
        assert "骗" in code["warning"]
        assert code["qr_svg"].startswith("<svg")
        assert code["ttl_s"] == 60


def test_a_payers_own_code_pays_for_the_payer_and_the_members_code_for_the_member(world: World) -> None:
    """NH-10, XA-13, XA-08: money is shared, codes are not; the patient on the bill is whose code was read."""
    mother = resident(world)
    payer = payer_with(world, mother, "mother")
    hers = Phone(world, mother).arrive()
    pharmacy = world.institution(CITY, "pharmacy")

    payer.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()
    hers.pay(pharmacy, 2_000, PHARMACY_VISIT).ok()

    seen = [(one["member"]["relation"], one["bill_fen"]) for one in payer.records()]
    assert seen == [("mother", 2_000), ("self", 1_000)]


def test_a_hundred_tills_read_one_code_at_once_and_one_succeeds(world: World) -> None:
    phone = helper(world, balance_fen=500_000)
    code, pharmacy = phone.show_code()["code"], world.institution(CITY, "pharmacy")

    with ThreadPoolExecutor(16) as tills:
        read = list(tills.map(lambda _: world.till(pharmacy, "settlements", bill(code), new_id()), range(AT_ONCE)))

    statuses = [one.status for one in read]
    assert statuses.count(200) == 1
    assert {one.body["code"] for one in read if one.status != 200} <= {"voucher_code_used", "try_again"}
    assert phone.get("/account").ok()["balance_fen"] == 499_000


def test_a_code_that_was_used_or_is_old_is_worth_nothing(world: World) -> None:
    phone = helper(world)
    used, old = phone.show_code()["code"], phone.show_code()["code"]
    read_at(world, CITY, used).ok()

    read_at(world, CITY, used).problem(409, "voucher_code_used")
    world.clock(world.later(minutes=2))

    read_at(world, CITY, old).problem(404, "voucher_code_unknown")


def test_one_key_gives_one_code_for_a_relative_too(world: World) -> None:
    mother, daughter = helper(world, sex="female"), child(world)
    mother.help(daughter, "daughter")
    path, key = f"/vouchers/{shown(mother, daughter)['id']}/codes", "show-relatives-code-000001" + new_id()[-6:]
    mother.post(path, key=key).ok()

    mother.post(path, key=key).problem(409, "key_spent")


def test_who_is_taken_off_the_list_is_shown_no_more_and_keeps_their_voucher(world: World) -> None:
    """XA-19, XA-20."""
    mother, son = helper(world, sex="female"), child(world, sex="male")
    mother.help(son, "son")
    voucher = shown(mother, son)["id"]

    assert mother.delete(f"/vouchers/{voucher}").status == 204

    assert listed(mother) == []
    assert mother.post(f"/vouchers/{voucher}/codes").status == 404
    assert mother.delete(f"/vouchers/{voucher}").status == 404
    father = helper(world)
    father.help(son, "son")
    assert listed(father) == [("son", "active")]


def test_ones_own_voucher_cannot_be_taken_off(world: World) -> None:
    phone = helper(world)

    assert phone.delete(f"/vouchers/{phone.vouchers()[0]['id']}").status in (404, 409)

    assert phone.vouchers()[0]["status"] == "active"


def test_a_strangers_relative_is_nobodys_to_show_or_to_take_off(world: World) -> None:
    mother, son, stranger = helper(world, sex="female"), child(world, sex="male"), helper(world, name="程二舟")
    mother.help(son, "son")
    voucher = shown(mother, son)["id"]

    assert stranger.post(f"/vouchers/{voucher}/codes").status == 404
    assert stranger.delete(f"/vouchers/{voucher}").status == 404
    assert listed(mother) == [("son", "active")]


def test_a_code_read_far_from_where_it_was_issued_asks_for_a_look_first(world: World) -> None:
    """Photographed here and read there within seconds is how codes are stolen."""
    phone = helper(world, balance_fen=100_000)
    far = world.institution(ELSEWHERE, "pharmacy", id=f"P{ELSEWHERE}{new_id()[-5:]}".upper())
    code = phone.show_code(region=CITY)["code"]

    world.till(far, "settlements", bill(code)).problem(409, "step_up_required")
    assert phone.get("/account").ok()["balance_fen"] == 100_000
    phone.step_up("use_code_far_away")

    assert world.till(far, "settlements", bill(phone.show_code(region=CITY)["code"])).status == 200


def test_a_code_read_in_its_own_city_asks_for_nothing(world: World) -> None:
    phone = helper(world)

    assert read_at(world, CITY, phone.show_code(region=CITY)["code"]).status == 200
    assert read_at(world, CITY, phone.show_code()["code"]).status == 200

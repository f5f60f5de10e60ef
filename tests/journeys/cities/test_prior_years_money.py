"""A city that shares prior years' money only, counts relatives one by one and asks everything twice."""

from __future__ import annotations

import pytest

from dev.player import Answer, Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, employee, resident, rules

CITY, COUNTY = "340100", "340123"


@pytest.fixture
def payer(world: World) -> Phone:
    return Phone(world, employee(world, region=CITY, balance_fen=100_000, prior_year_fen=6_000)).arrive()


def ask_for(phone: Phone, member: Json) -> Answer:
    """Name and number are typed; the screen with the person's data comes back."""
    phone.delete("/flows/add-member")
    phone.post("/flows/add-member").ok()
    return phone.put("/flows/add-member/steps/who", {"name": member["name"], "id_number": member["id_number"]})


def relations_on(screen: Json) -> dict[str, bool]:
    """What the picker offers, and whether it can be chosen."""
    picker = next(asked for asked in screen["fields"] if asked["name"] == "relation")
    return {option["value"]: not option.get("disabled", False) for option in picker["options"]}


def test_number_and_name_first_then_the_relation_then_pledge_then_once_more(payer: Phone, world: World) -> None:
    """HF-21…HF-29, Y-10."""
    screen = ask_for(payer, resident(world, region=CITY)).ok()

    assert [screen["title"], *screen["progress"]["upcoming"]] == ["家人是您的什么人", "请阅读并同意承诺书", "再核对一次"]


def test_what_was_typed_is_echoed_in_full_to_be_checked_and_never_inside_an_error(payer: Phone, world: World) -> None:
    """HF-23, HF-28, Y-10."""
    member = resident(world, region=CITY, born="1957-11-20", sex="female")

    shown = ask_for(payer, member).ok()["fields"][0]["items"]
    refused = payer.put("/flows/add-member/steps/relation", {"summary": False, "relation": "mother"}).problem(
        422, "invalid_answers"
    )

    assert [item["value"] for item in shown] == [member["name"], "女", "1957-11-20", member["id_number"]]
    assert refused["screen"]["fields"][0]["items"] == []
    assert member["name"] not in str(refused)
    assert member["id_number"] not in str(refused)


@pytest.mark.parametrize(("sex", "offered"), [("female", {"mother", "spouse", "child"}), ("male", {"father", "spouse", "child"})])
def test_only_relations_that_fit_the_sex_are_offered(payer: Phone, world: World, sex: str, offered: set[str]) -> None:
    """HF-24, Y-11."""
    assert set(relations_on(ask_for(payer, resident(world, region=CITY, sex=sex)).ok())) == offered


def test_a_second_spouse_is_shown_but_cannot_be_chosen(payer: Phone, world: World) -> None:
    """HF-17, Y-11, vector 5."""
    payer.add(resident(world, region=CITY, born="1986-01-01"), "spouse")

    picker = ask_for(payer, resident(world, region=CITY, born="1988-01-01")).ok()

    assert relations_on(picker) == {"mother": True, "spouse": False, "child": True}


def test_four_children_and_no_fifth(payer: Phone, world: World) -> None:
    """HF-17."""
    for _ in range(4):
        payer.add(resident(world, region=CITY, born="2014-05-06"), "child")

    assert relations_on(ask_for(payer, resident(world, region=CITY, born="2015-05-06")).ok())["child"] is False


def test_the_family_gets_prior_years_money_and_no_more(payer: Phone, world: World) -> None:
    """HF-26, vector 15: 1000 of which 60 are prior; a bill of 100 → 60, cash 40."""
    mother = resident(world, region=CITY)
    payer.add(mother, "mother")

    told = Phone(world, mother).arrive().pay(world.institution(CITY, "hospital"), 10_000, OUTPATIENT_VISIT).ok()

    assert (told["payers"][0]["paid_fen"], told["cash_fen"]) == (6_000, 4_000)
    account = payer.get("/account").ok()
    assert (account["prior_year_fen"], account["current_year_fen"], account["shareable_fen"]) == (0, 94_000, 0)


def test_at_new_year_what_was_current_becomes_prior(payer: Phone, world: World) -> None:
    """HF-26, Y-12."""
    before = payer.get("/account").ok()
    year = int(world.later(days=0)[:4])
    world.clock(f"{year + 1}-01-01T00:00:01+08:00")
    payer.sign_in()

    after = payer.get("/account").ok()

    assert (before["shareable_fen"], after["shareable_fen"]) == (6_000, 100_000)
    assert after["prior_year_fen"] == after["balance_fen"] == before["balance_fen"]


def test_a_refund_across_new_year_goes_back_to_the_money_it_left(payer: Phone, world: World) -> None:
    """Y-12."""
    hospital = world.institution(CITY, "hospital")
    paid = payer.pay(hospital, 7_000, OUTPATIENT_VISIT).ok()
    assert payer.get("/account").ok()["prior_year_fen"] == 6_000
    year = int(world.later(days=0)[:4])
    world.clock(f"{year + 1}-01-01T08:00:00+08:00")
    world.till(hospital, "refunds", {"settlement_id": paid["settlement_id"]}).ok()

    assert payer.sign_in().get("/account").ok()["prior_year_fen"] == 100_000


def test_pharmacies_are_not_named_and_so_not_shared(payer: Phone, world: World) -> None:
    """HF-35, Y-25."""
    mother = resident(world, region=CITY)
    payer.add(mother, "mother")

    told = Phone(world, mother).arrive().pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()

    assert (told["payers"], told["cash_fen"]) == ([], 1_000)
    assert rules(told["reasons"]) == {"scope_not_allowed"}


def test_a_stopped_employee_pays_the_own_residents_bill_from_the_old_account(world: World) -> None:
    """HF-07, Y-09: automatic, no binding."""
    both = [{"insutype": "310", "status": "suspended", "balance_fen": 5_000}, {"insutype": "390", "status": "normal"}]
    phone = Phone(world, employee(world, region=CITY, insurances=both)).arrive()

    told = phone.pay(world.institution(CITY, "hospital"), 3_000, OUTPATIENT_VISIT).ok()

    assert (told["own_fen"], told["cash_fen"]) == (3_000, 0)


def test_a_county_has_its_citys_rules(world: World) -> None:
    """HF-19, X-37."""
    phone = Phone(world, employee(world, region=COUNTY, balance_fen=20_000, prior_year_fen=20_000)).arrive()
    mother = resident(world, region=CITY)

    phone.add(mother, "mother")

    told = Phone(world, mother).arrive().pay(world.institution(CITY, "hospital"), 2_000, OUTPATIENT_VISIT).ok()
    assert [one["paid_fen"] for one in told["payers"]] == [2_000]

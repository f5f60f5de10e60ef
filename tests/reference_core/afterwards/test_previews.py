"""A payment that is only imagined: what the till would say, told to each side as far as it is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_core.callers import ELSEWHERE, OUTPATIENT_VISIT, PHARMACY_VISIT, Callers, Json, Told, World

PROVINCE = "130100"


def imagine(callers: Callers, person: Json, institution: str, amount_fen: int, member: str = "self", **more: Any) -> Told:
    body = {"member": member, "institution": institution, "med_type": PHARMACY_VISIT, "amount_fen": amount_fen, **more}
    if "items" in more:
        del body["amount_fen"]
    return callers.citizen("POST", "/previews", body, person=person["person_id"])


@pytest.fixture
def pharmacy(world: World) -> str:
    return world.institution()


def test_what_is_imagined_is_what_the_till_then_answers(world: World, callers: Callers, pharmacy: str) -> None:
    son, mother = world.employee(50_000), world.employee(700, sex="female", born="1957-01-01")
    world.family(son, mother)

    imagined = imagine(callers, mother, pharmacy, 3_000).ok()
    settled = world.pay(pharmacy, mother, 3_000).ok()

    paid = [(one["name_masked"], one["paid_fen"]) for one in imagined["payers"]]
    assert paid == [(one["name_masked"], one["paid_fen"]) for one in settled["payers"]]
    for figure in ("bill_fen", "fund_fen", "own_fen", "cash_fen", "reasons"):
        assert imagined[figure] == settled[figure]
    assert (imagined["own_fen"], paid[0][1], imagined["status"]) == (700, 2_300, "presettled")
    assert "settlement_id" not in imagined


def test_imagining_spends_nothing_and_uses_up_no_code(world: World, callers: Callers, pharmacy: str) -> None:
    person = world.employee(5_000)
    start = callers.events()["next_after"]

    imagine(callers, person, pharmacy, 5_000).ok()

    assert world.account(person)["balance_fen"] == 5_000
    assert callers.citizen("GET", "/records", person=person["person_id"]).ok()["items"] == []
    assert callers.events(start)["items"] == []


def test_a_member_is_told_which_account_would_pay_and_why(world: World, callers: Callers) -> None:
    """HB-02: several relatives may pay for one, and the largest balance does."""
    hospital = world.institution("hospital", PROVINCE)
    rich, poor = (world.employee(fen, region=PROVINCE) for fen in (9_000, 100))
    mother = world.resident(region=PROVINCE)
    for payer in (rich, poor):
        world.bind(payer, mother, "parent").ok()

    (one,) = imagine(callers, mother, hospital, 2_000, med_type=OUTPATIENT_VISIT).ok()["payers"]

    assert (one["paid_fen"], one["is_me"]) == (2_000, False)
    assert "余额最多" in one["why"]


def test_a_payer_sees_only_the_own_part_of_what_a_member_would_pay(world: World, callers: Callers, pharmacy: str) -> None:
    son, mother = world.employee(50_000), world.employee(700, sex="female", born="1957-01-01")
    tie = world.family(son, mother)["id"]

    seen = imagine(callers, son, pharmacy, 3_000, tie).ok()

    assert (seen["own_fen"], seen["cash_fen"]) == (None, None)
    assert [(one["is_me"], one["paid_fen"]) for one in seen["payers"]] == [(True, 2_300)]


def test_a_payer_hears_nothing_of_another_payer(world: World, callers: Callers) -> None:
    hospital = world.institution("hospital", PROVINCE)
    rich, poor = (world.employee(fen, region=PROVINCE) for fen in (9_000, 0))
    mother = world.resident(region=PROVINCE)
    ties = {payer["person_id"]: world.bind(payer, mother, "parent").ok()["id"] for payer in (rich, poor)}

    def seen(payer: Json) -> Json:
        return imagine(callers, payer, hospital, 2_000, ties[payer["person_id"]], med_type=OUTPATIENT_VISIT).ok()

    assert [reason["rule"] for reason in seen(poor)["reasons"]] == ["payer_balance_zero"]
    assert seen(poor)["payers"] == []
    assert seen(rich)["reasons"] == []
    assert [one["paid_fen"] for one in seen(rich)["payers"]] == [2_000]


def test_every_reason_is_told_with_what_would_change_it(world: World, callers: Callers) -> None:
    son, mother = world.employee(50_000), world.resident()
    world.family(son, mother)
    away = world.institution(region=ELSEWHERE)

    reasons = imagine(callers, mother, away, 3_000).ok()["reasons"]

    assert {reason["rule"] for reason in reasons} == {"scope_not_allowed"}
    assert all(reason["next_step"] for reason in reasons)


def test_what_a_till_would_refuse_is_refused_here_too(world: World, callers: Callers, pharmacy: str) -> None:
    items = [{"name": "体检", "amount_fen": 900, "category": "checkup"}]

    told = imagine(callers, world.employee(5_000), pharmacy, 0, items=items)

    assert told.refused() == {"expense_excluded"}


def test_a_bill_is_imagined_by_its_items_or_by_its_amount(world: World, callers: Callers, pharmacy: str) -> None:
    body = {"member": "self", "institution": pharmacy, "med_type": PHARMACY_VISIT}
    items = [{"name": "感冒药", "amount_fen": 900, "category": "covered"}]
    person = world.employee(5_000)["person_id"]

    for amount, code in (({}, "required"), ({"items": items, "amount_fen": 900}, "invalid")):
        told = callers.citizen("POST", "/previews", {**body, **amount}, person=person).problem(400, "malformed")
        assert told["fields"]["amount_fen"]["code"] == code
    callers.citizen("POST", "/previews", {**body, "items": items}, person=person).ok()


def test_nobody_imagines_payments_of_people_whom_they_do_not_help(world: World, callers: Callers, pharmacy: str) -> None:
    son, mother, stranger = world.employee(500), world.resident(), world.employee(500)
    tie = world.family(son, mother)["id"]

    imagine(callers, stranger, pharmacy, 100, tie).problem(404, "not_found")
    imagine(callers, mother, pharmacy, 100, tie).problem(404, "not_found")
    world.end(son, tie).ok()
    imagine(callers, son, pharmacy, 100, tie).problem(404, "not_found")
    imagine(callers, son, "H-nowhere", 100).problem(404, "not_found")


def test_institutions_are_found_by_region_and_name_page_by_page(world: World, callers: Callers) -> None:
    region = "341823"
    for name in ("丙药房", "甲药房", "乙医院"):
        world.institution(region=region, name=name)

    def found(query: str) -> list[str]:
        page = callers.citizen("GET", f"/institutions?{query}", person=world.employee()["person_id"]).ok()
        return [one["name"] for one in page["items"]]

    everybody = found("region=341800")
    assert sorted(everybody) == sorted(found("region=341823")) == ["丙药房", "乙医院", "甲药房"]
    assert found("region=341823&q=%E5%8C%BB%E9%99%A2") == ["乙医院"]
    assert found("region=341824") == []
    person = world.employee()["person_id"]
    first = callers.citizen("GET", "/institutions?region=341823&limit=2", person=person).ok()
    rest = callers.citizen("GET", f"/institutions?region=341823&limit=2&cursor={first['next_cursor']}", person=person).ok()
    assert [one["name"] for one in first["items"] + rest["items"]] == everybody
    assert rest["next_cursor"] is None
    assert set(first["items"][0]) == {"id", "name", "region", "kind", "level"}

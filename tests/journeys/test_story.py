"""The story of one family, sentence by sentence, through HTTP as the phones and tills would."""

from __future__ import annotations

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, ELSEWHERE, PHARMACY_VISIT, employee, resident


@pytest.fixture
def payer(world: World) -> Phone:
    return Phone(world, employee(world)).arrive()


@pytest.fixture
def mother(world: World) -> Json:
    return resident(world, sex="female", born="1957-11-20")


@pytest.fixture
def pharmacy(world: World) -> Json:
    return world.institution(CITY, "pharmacy")


def test_before_proving_who_one_is_only_the_way_in_answers(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()

    assert phone.get("/me").ok()["assurance"] == "signed_in"
    for path in ("/account", "/members", "/payers", "/records", "/vouchers", "/notices", "/consents", "/pledges"):
        phone.get(path).problem(403, "identity_required")
    phone.post("/flows/open-account").problem(403, "identity_required")
    assert phone.get("/regions").ok()["items"] != []


def test_a_person_proves_who_they_are_with_name_number_phone_and_camera(payer: Phone) -> None:
    me = payer.get("/me").ok()

    assert me["assurance"] == "real_person"
    assert me["name_masked"].endswith(payer.person["name"][-1])
    assert payer.person["name"] not in str(me)
    assert me["region"] == CITY


def test_the_app_shows_what_opening_means_before_anything_is_signed(payer: Phone) -> None:
    """LY-53: the explanation comes first, then the pledge, then one's own data."""
    screen = payer.post("/flows/open-account").ok()

    assert screen["text"] != []
    assert screen["progress"]["done"] == 0
    assert screen["progress"]["total"] == len(screen["progress"]["upcoming"]) + 1


def test_the_pledge_has_four_clauses_and_is_kept_as_signed(payer: Phone) -> None:
    """LY-53…LY-57."""
    payer.post("/flows/open-account").ok()
    screen = payer.put("/flows/open-account/steps/explain", {}).ok()
    pledge = next(asked for asked in screen["fields"] if asked["kind"] == "consent")

    assert len(pledge["text"]) == 4
    payer.open_account()
    assert payer.get("/account").ok()["status"] == "opened"


def test_a_pledge_that_one_did_not_see_cannot_be_signed(payer: Phone) -> None:
    """One agrees to a text, not to a box."""
    payer.post("/flows/open-account").ok()
    payer.put("/flows/open-account/steps/explain", {}).ok()

    told = payer.put("/flows/open-account/steps/pledge", {"agree": "0" * 64}).problem(422, "invalid_answers")

    assert "agree" in told["fields"]


def test_the_opening_form_asks_for_a_phone_and_shows_ones_own_data(payer: Phone) -> None:
    """LY-58: the phone is mandatory; name, number, place and balance are shown, masked."""
    payer.post("/flows/open-account").ok()
    screen = payer.put("/flows/open-account/steps/explain", {}).ok()
    agree = payer.fill(screen, {})
    screen = payer.put("/flows/open-account/steps/pledge", agree).ok()

    asked = {one["name"]: one for one in screen["fields"]}
    assert asked["phone"]["required"]
    shown = str(asked["summary"]["items"])
    assert payer.person["name"] not in shown
    assert payer.person["id_number"] not in shown
    assert len(asked["summary"]["items"]) >= 4


def test_the_account_opens_when_the_data_shown_were_confirmed_and_not_before(payer: Phone) -> None:
    """LY-59."""
    payer.post("/flows/open-account").ok()
    payer.put("/flows/open-account/steps/explain", {}).ok()
    screen = payer.put("/flows/open-account/steps/pledge", payer.fill(payer.get("/flows/open-account").ok(), {})).ok()
    assert payer.put("/flows/open-account/steps/details", {"phone": payer.person["phone"]}).status == 422
    assert payer.get("/account").ok()["status"] == "not_opened"

    payer.put("/flows/open-account/steps/details", payer.fill(screen, {"phone": payer.person["phone"]})).ok()
    payer.post("/flows/open-account/completion").ok()

    assert payer.get("/account").ok()["status"] == "opened"


def test_he_adds_his_mother_and_sees_her_in_his_list(payer: Phone, mother: Json) -> None:
    """LY-60…LY-62: it completes at once, without review or acceptance."""
    payer.open_account()

    done = payer.add(mother, "mother")

    assert done["outcome"] == "done"
    assert [(one["relation"], one["status"]) for one in payer.members()] == [("mother", "active")]


def test_his_account_pays_for_his_mothers_medicine(payer: Phone, mother: Json, pharmacy: Json) -> None:
    payer.open_account()
    payer.add(mother, "mother")
    before_fen = payer.get("/account").ok()["balance_fen"]

    paid = Phone(payer.world, mother).arrive().pay(pharmacy, 12_850, PHARMACY_VISIT).ok()

    assert (paid["own_fen"], [one["paid_fen"] for one in paid["payers"]], paid["cash_fen"]) == (0, [12_850], 0)
    assert payer.get("/account").ok()["balance_fen"] == before_fen - 12_850


def test_his_own_account_pays_for_what_he_buys_himself(payer: Phone, pharmacy: Json) -> None:
    payer.open_account()

    paid = payer.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()

    assert (paid["own_fen"], paid["payers"], paid["cash_fen"], paid["reasons"]) == (3_000, [], 0, [])


def test_his_records_say_who_spent_where_when_and_whose_money(payer: Phone, mother: Json, pharmacy: Json) -> None:
    """LY-65."""
    payer.open_account()
    payer.add(mother, "mother")
    Phone(payer.world, mother).arrive().pay(pharmacy, 12_850, PHARMACY_VISIT).ok()
    payer.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()

    own, hers = payer.records()

    assert (own["member"]["relation"], own["own_fen"], own["payer_fen"]) == ("self", 3_000, 0)
    assert (hers["member"]["relation"], hers["own_fen"], hers["payer_fen"], hers["cash_fen"]) == ("mother", 0, 12_850, 0)
    assert [(one["is_me"], one["paid_fen"]) for one in hers["payers"]] == [(True, 12_850)]
    assert hers["institution"]["id"] == pharmacy["id"]
    assert hers["at"].endswith("+08:00")
    assert hers["at"] <= own["at"]
    assert payer.get(f"/records/{hers['id']}").ok()["id"] == hers["id"]


def test_a_member_sees_whose_money_may_be_used(payer: Phone, mother: Json) -> None:
    """Y-15."""
    payer.open_account()
    payer.add(mother, "mother")

    payers = Phone(payer.world, mother).arrive().get("/payers").ok()["items"]

    assert [one["status"] for one in payers] == ["active"]
    assert payer.person["name"] not in str(payers)


def test_a_wife_in_alipay_is_told_every_reason_before_she_opens_the_flow(world: World) -> None:
    """LY-06, LY-07: suspended, and the voucher not active; both are listed before and after asking."""
    wife = employee(world, sex="female", born="1987-06-15", voucher=False, status="suspended")
    phone = Phone(world, wife, "alipay").arrive()

    expected = {"payer_status_not_normal", "voucher_not_activated"}
    assert phone.flow_reasons("open-account") == expected
    assert phone.post("/flows/open-account").refused() == expected
    assert expected <= phone.flow_reasons("add-member")


def test_a_removed_mother_is_not_paid_for_and_the_till_says_why(payer: Phone, mother: Json, pharmacy: Json) -> None:
    """LY-22, LY-65."""
    payer.open_account()
    payer.add(mother, "mother")
    hers = Phone(payer.world, mother).arrive()
    payer.remove(payer.members()[0]["id"])

    paid = hers.pay(pharmacy, 5_000, PHARMACY_VISIT).ok()

    assert (paid["payers"], paid["cash_fen"]) == ([], 5_000)
    assert {reason["rule"] for reason in paid["reasons"]} == {"relation_ended"}
    assert payer.world.life(mother)["name"] == mother["name"]


def test_who_is_about_to_move_is_told_what_must_be_ended_first(payer: Phone, mother: Json) -> None:
    """LY-42, Y-07: both the payer and the member."""
    payer.open_account()
    assert payer.get("/me").ok()["transfer_out"]["allowed"]
    payer.add(mother, "mother")

    his, hers = payer.get("/me").ok()["transfer_out"], Phone(payer.world, mother).arrive().get("/me").ok()["transfer_out"]

    for verdict in (his, hers):
        assert not verdict["allowed"]
        assert {reason["rule"] for reason in verdict["reasons"]} == {"must_unbind_before_transfer"}
        assert {reason["owner"] for reason in verdict["reasons"]} <= {"me", "payer", "member"}


def test_who_moved_all_the_same_shares_nothing_any_more(payer: Phone, mother: Json, pharmacy: Json) -> None:
    """Y-07."""
    payer.open_account()
    payer.add(mother, "mother")
    hers = Phone(payer.world, mother).arrive()
    payer.world.life(payer.person, region=ELSEWHERE)

    paid = hers.pay(pharmacy, 2_000, PHARMACY_VISIT).ok()

    assert (paid["payers"], paid["cash_fen"]) == ([], 2_000)
    assert "out_of_pool_scope" in {reason["rule"] for reason in paid["reasons"]}

"""An operator with two apps of one owner on WeChat, and without a contract with the 医保 platform on Alipay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.player import Json, Phone, World
from dev.servers import RunningServer, create_database
from dev.settings import Urls
from groundwork.chance import new_id
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident
from tests.journeys.vouchers.relatives import asked, at_the_proof, grandmother, helper, listed, proof, prove
from tests.worlds import serving_world


@pytest.fixture(scope="module")
def operator(redis_server: RunningServer, postgres_server: RunningServer, server_folder: Path) -> Iterator[World]:
    """A world of that operator."""
    folder = server_folder / "operator"
    folder.mkdir(exist_ok=True)
    urls = Urls(redis_server.url, create_database(postgres_server, f"operator_{new_id().replace('-', '')}"))
    with serving_world(folder, urls, sandbox={"SANDBOX_WECHAT_UNION_ID": "on"}, bff={"ALIPAY_MEDICAL": "off"}) as world:
        yield world


def on_the_page(world: World, person: Json) -> Phone:
    return Phone(world, person, "wechat_official").sign_in()


def test_who_proved_themselves_in_the_mini_program_is_the_same_citizen_on_the_page(operator: World) -> None:
    person = employee(operator, balance_fen=70_000)
    app = Phone(operator, person).arrive()
    app.open_account()

    page = on_the_page(operator, person)

    assert page.get("/me").ok() == app.get("/me").ok()
    assert page.get("/account").ok()["balance_fen"] == 70_000
    assert {one["channel"] for one in app.get("/sessions").ok()["items"]} == {"wechat", "wechat_official"}
    assert page.pay(operator.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()["own_fen"] == 1_000


def test_who_came_to_the_page_first_is_known_there_after_proving_themselves_in_the_mini_program(operator: World) -> None:
    person = employee(operator)
    page = on_the_page(operator, person)
    told = page.post("/flows/verify-identity").problem(422, "check_not_possible")
    assert "重新登录" in told["detail"]

    Phone(operator, person).arrive()

    assert page.get("/me").ok()["assurance"] == "signed_in"
    assert page.sign_in().get("/me").ok()["assurance"] == "real_person"
    assert page.get("/account").ok()["status"] == "not_opened"


def test_somebody_elses_account_on_the_same_platform_stays_a_stranger(operator: World) -> None:
    Phone(operator, employee(operator)).arrive()

    assert on_the_page(operator, resident(operator)).get("/me").ok()["assurance"] == "signed_in"


def test_an_account_whose_authorisation_was_withdrawn_vouches_for_nobody_on_the_page(operator: World) -> None:
    person = employee(operator)
    Phone(operator, person).arrive()
    event = {"channel": "wechat", "kind": "authorisation_revoked", "deliveries": 1}
    operator.play("POST", f"/phones/{person['id_number']}/channel-events", event).ok()

    assert on_the_page(operator, person).get("/me").ok()["assurance"] == "signed_in"


def test_what_wants_a_look_is_done_in_the_mini_program(operator: World) -> None:
    person = employee(operator)
    Phone(operator, person).arrive()

    page = on_the_page(operator, person)
    assert page.flow_reasons("export-my-data") == page.flow_reasons("delete-my-data") == {"camera_elsewhere"}
    assert page.flow_reasons("open-account") == set()

    told = page.post("/flows/export-my-data").problem(422, "check_not_possible")

    assert "小程序" in told["detail"]


def test_what_a_city_wants_a_look_for_says_so_in_the_list_and_before_it_asks_anything(operator: World) -> None:
    person = employee(operator, region="110105")
    app = Phone(operator, person).arrive()

    page = on_the_page(operator, person)
    assert page.flow_reasons("add-member") == app.flow_reasons("add-member") | {"camera_elsewhere"}
    assert page.flow_reasons("activate-relative") == app.flow_reasons("activate-relative")

    told = page.post("/flows/add-member")

    assert told.refused() == page.flow_reasons("add-member")
    assert told.body["screen"]["fields"] == []
    assert "小程序" in told.body["reasons"][-1]["next_step"]


def test_a_relative_looks_into_the_helpers_alipay_also_without_the_contract(operator: World) -> None:
    grandson, old = helper(operator, "alipay"), grandmother(operator)
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"], who=old)

    done = prove(grandson, real_person=check["id"])

    assert "authorise_at" not in check
    assert done["outcome"] == "done"
    assert listed(grandson) == [("grandmother", "active")]


def test_the_helpers_own_face_is_not_the_relatives(operator: World) -> None:
    grandson, old = helper(operator, "alipay"), grandmother(operator)
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"], who=grandson.person)

    told = grandson.put("/flows/activate-relative/steps/check", proof(grandson, real_person=check["id"]))

    assert told.problem(422, "invalid_answers")["fields"]["real_person"]["code"] == "face_not_passed"


def test_ones_own_voucher_is_activated_by_a_plain_check(operator: World) -> None:
    phone = Phone(operator, resident(operator, voucher=False), "alipay").arrive()

    assert phone.activate()["outcome"] == "done"

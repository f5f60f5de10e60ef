"""The player's face, as far as it goes without a core: demo people, phones, the clock, and honest problems."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from groundwork.clock import CHINA, Clock
from groundwork.id_number import born_on, parse_id_number, sex_of
from sandbox.demo import demo_institutions, demo_people
from sandbox.settings import Settings
from tests.sandbox.conftest import listening
from tests.sandbox.player import Player

FIRST_OF_EACH_KIND = ("hospital", "primary_care", "pharmacy", "insurer")


def test_demo_people_have_numbers_that_pass_the_check_and_belong_to_no_county() -> None:
    for person in demo_people():
        number = person["id_number"]
        assert parse_id_number(number, date(2026, 1, 1)) == number
        assert number[4:6] == "99"
        assert number[:4] == (person["region"] if person["name"] != "郭雨桐" else "371300")[:4]
        assert born_on(number).isoformat() == person["born"]
        assert sex_of(number) == person["sex"]


def test_no_two_demo_people_share_a_number_a_phone_a_card_or_a_name() -> None:
    people = demo_people()

    for field in ("id_number", "phone", "card_number", "name"):
        assert len({person[field] for person in people}) == len(people), field
    assert all(person["phone"].startswith("1990000") for person in people)


def test_demo_families_cover_every_city_to_come_and_tell_about_themselves() -> None:
    households = {(person["household"], person["region"][:2]) for person in demo_people()}

    assert len({name for name, province in households if province == "37"}) >= 3
    assert {province for _, province in households} == {"37", "13", "61", "34", "11"}
    assert all(person["about"] for person in demo_people())


def test_the_family_of_the_story_is_as_the_story_needs_it() -> None:
    him, mother, wife, child = demo_people()[:4]

    assert (him["insurances"][0]["insutype"], him["insurances"][0]["status"], him["voucher"]) == ("310", "normal", True)
    assert (mother["insurances"][0]["insutype"], mother["voucher"]) == ("390", True)
    assert (wife["insurances"][0]["status"], wife["voucher"]) == ("suspended", False)
    assert child["born"] > "2010"


def test_the_first_of_each_kind_in_a_region_can_do_everything() -> None:
    institutions = demo_institutions()

    for region in ("371300", "130000", "610100", "340100", "110000"):
        for kind in FIRST_OF_EACH_KIND:
            first = next(one for one in institutions if (one["region"], one["kind"]) == (region, kind))
            assert first["capabilities"] is None
    assert any(one["region"] == "371300" and one["kind"] == "pharmacy" and one["capabilities"] == [] for one in institutions)
    assert any(one["region"] == "371300" and one["kind"] == "hospital" and one["level"] == 3 for one in institutions)
    assert len({one["id"] for one in institutions}) == len(institutions)


def test_people_and_institutions_are_bare_lists(player: Player) -> None:
    assert isinstance(player.call("GET", "/people").ok(), list)
    assert isinstance(player.call("GET", "/institutions").ok(), list)


def test_a_second_start_finds_the_same_people_messages_and_openids(settings: Settings, platform_clock_file: Path) -> None:
    def one_start() -> tuple[str, int, int]:
        with listening(settings, platform_clock_file) as player:
            person = player.someone()
            openid = player.wechat_openid(person)
            message = {"touser": openid, "template_id": "T", "data": {"thing1": {"value": "好"}}}
            player.wechat("cgi-bin/message/subscribe/send", message)
            messages = player.call("GET", f"/phones/{person['id_number']}/messages").ok()
            return openid, len(player.call("GET", "/people").ok()), len(messages)

    first, second = one_start(), one_start()

    assert first[:2] == second[:2]
    assert (first[2], second[2]) == (1, 2)


def test_the_clock_is_set_runs_on_and_comes_back(player: Player) -> None:
    wanted = datetime(2027, 1, 1, 0, 0, tzinfo=CHINA)
    player.call("POST", "/clock", {"now": wanted.isoformat()}).ok()
    world = Clock(player.settings.clock_file)

    assert timedelta(0) <= world.now() - wanted < timedelta(seconds=10)
    assert player.call("GET", "/clock").ok()["now"].startswith("2027-01-01T00:00")
    back = player.call("POST", "/clock", {"now": None}).ok()
    assert back["offset_s"] == 0
    assert abs(world.now() - Clock().now()) < timedelta(seconds=5)


def test_a_time_without_a_zone_is_china_time(player: Player) -> None:
    told = player.call("POST", "/clock", {"now": "2027-05-05T12:00:00"}).ok()

    assert told["now"].startswith("2027-05-05T12:00:0")
    assert told["now"].endswith("+08:00")


def test_moving_the_worlds_clock_leaves_the_platforms_time_alone(player: Player) -> None:
    code = player.login_code(player.someone(), "wechat")
    player.call("POST", "/clock", {"now": "2030-01-01T00:00:00+08:00"}).ok()

    assert player.wechat_login(code)["openid"]


@pytest.mark.parametrize("body", [{"now": "tomorrow"}, {"now": 5}, {}, {"now": None, "then": None}])
def test_a_clock_is_not_set_to_nonsense(player: Player, body: dict[str, object]) -> None:
    assert player.call("POST", "/clock", body).status == 400
    assert player.call("GET", "/clock").ok()["offset_s"] == 0


@pytest.mark.parametrize(
    ("call", "body", "problem"),
    [
        ("POST /phones/371399199901010011/codes", {"channel": "wechat"}, "404 person_unknown"),
        ("PATCH /people/371399199901010011", {"voucher": True}, "404 person_unknown"),
        ("POST /phones/{known}/codes", {"channel": "qq"}, "400 invalid_body"),
        ("POST /phones/{known}/codes", {}, "400 invalid_body"),
        ("POST /phones/{known}/codes", ["wechat"], "400 malformed"),
        ("POST /people", {"name": "无名"}, "400 invalid_body"),
        ("GET /nowhere", None, "404 not_found"),
        ("DELETE /people", None, "405 method_not_allowed"),
        ("GET /readyz", None, "503 not_ready"),
    ],
)
def test_every_problem_of_the_face_has_a_status_and_a_code(player: Player, call: str, body: object, problem: str) -> None:
    method, path = call.format(known=player.someone()["id_number"]).split()
    told = player.call(method, path, body)

    assert f"{told.status} {told.body['code']}" == problem
    assert told.headers["Content-Type"] == "application/problem+json"


GOOD = {"name": "高云", "sex": "female", "born": "1990-02-28", "region": "371300", "insurances": []}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sex": "f"}, "sex"),
        ({"born": "1990-02-30"}, "born"),
        ({"born": "2999-01-01"}, "born"),
        ({"region": "3713"}, "region"),
        ({"phone": "12345"}, "phone"),
        ({"id_number": "371399199002280013"}, "id_number"),
        ({"conditions": ["tall"]}, "conditions.0"),
        ({"insurances": [{"insutype": "999", "status": "normal"}]}, "insurances.0.insutype"),
        ({"insurances": [{"insutype": "310"}]}, "insurances.0.status"),
        ({"insurances": [{"insutype": "310", "status": "normal", "balance_fen": 1.5}]}, "insurances.0.balance_fen"),
        ({"insurances": [{"insutype": "310", "status": "normal", "prior_year_fen": 1}]}, "insurances.0.prior_year_fen"),
        ({"insurances": [{"insutype": "310", "status": "normal"}] * 2}, "insurances"),
        ({"height": 180}, "height"),
        ({"cert_type": "04"}, "id_number"),
    ],
)
def test_a_person_who_makes_no_sense_is_refused_by_field(player: Player, changed: dict[str, object], field: str) -> None:
    told = player.call("POST", "/people", {**GOOD, **changed})

    assert told.status == 400
    assert set(told.body["fields"]) == {field}


def test_without_a_core_nobody_is_made_and_the_player_may_try_again(player: Player) -> None:
    before = player.call("GET", "/people").ok()
    told = player.call("POST", "/people", GOOD)

    assert (told.status, told.body["code"], told.body["retry"]) == (503, "try_again", True)
    assert player.call("GET", "/people").ok() == before


def test_without_a_core_tills_and_the_proxy_say_that_nothing_was_done(player: Player) -> None:
    bill = {"credential": {"kind": "voucher", "value": "x"}, "med_type": "41", "amount_fen": 1}
    for told in (player.call("POST", "/tills/P37139900001/settlements", bill), player.call("GET", "/core/citizen/me")):
        assert (told.status, told.body["code"]) == (503, "try_again")

"""WeChat's real-person check: bound to a phone, a sequence number and a person; passed only by that person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from groundwork.clock import write_offset
from sandbox.wechat.face import cert_hash
from tests.sandbox.player import Json, Player

BEGIN = "cityservice/face/identify/getverifyid"
QUERY = "cityservice/face/identify/queryverifyinfo"


def cert(person: Json) -> Json:
    return {"cert_type": "IDENTITY_CARD", "cert_name": person["name"], "cert_no": person["id_number"]}


def wanted(player: Player, person: Json, **other: Json) -> Json:
    return {"out_seq_no": "seq-00001", "cert_info": cert(person), "openid": player.wechat_openid(person), **other}


def begun(player: Player, person: Json, **other: Json) -> Json:
    """A check that was begun, and the question that asks for its end."""
    asked = wanted(player, person, **other)
    told = player.wechat(BEGIN, asked)
    assert told["errcode"] == 0, told
    named = asked["cert_info"]
    digest = cert_hash(named["cert_type"], named["cert_name"], named["cert_no"])
    return {"verify_id": told["verify_id"], "out_seq_no": asked["out_seq_no"], "cert_hash": digest, "openid": asked["openid"]}


def test_the_digest_of_a_certificate_is_the_documented_one() -> None:
    """The vector of WeChat's own page."""
    digest = cert_hash("IDENTITY_CARD", "张三", "310101199801011234")

    assert digest == "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"


def test_a_check_waits_for_the_look_and_is_passed_by_the_person_named(player: Player) -> None:
    person = player.someone()
    question = begun(player, person)

    assert player.wechat(QUERY, question)["verify_ret"] == 10300
    assert player.look(person, question["verify_id"]).ok()["passed"] is True
    assert player.wechat(QUERY, question) == {"errcode": 0, "errmsg": "ok", "verify_ret": 10000}


def test_somebody_else_cannot_pass_for_the_person_named(player: Player) -> None:
    question = begun(player, player.someone("程一舟"))

    assert player.look(player.someone("林月华"), question["verify_id"]).ok()["passed"] is False
    assert player.wechat(QUERY, question)["verify_ret"] not in (10000, 10300)


def test_a_wrong_name_for_the_right_number_cannot_be_passed(player: Player) -> None:
    person = player.someone()
    question = begun(player, person, cert_info={**cert(person), "cert_name": "程一航"})

    assert player.look(person, question["verify_id"]).ok()["passed"] is False
    assert player.wechat(QUERY, question)["verify_ret"] != 10000


def test_a_look_that_does_not_pass_ends_the_check(player: Player) -> None:
    person = player.someone()
    question = begun(player, person)
    player.look(person, question["verify_id"], passes=False).ok()

    assert player.wechat(QUERY, question)["verify_ret"] == 90004
    assert player.look(person, question["verify_id"]).status == 409


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"openid": "oSomebodyElse"}, 84017),
        ({"out_seq_no": "seq-00002"}, 84020),
        ({"cert_hash": "0" * 64}, 84018),
        ({"verify_id": "made-up"}, 84022),
        ({"verify_id": ""}, 84021),
        ({"openid": ""}, 84016),
        ({"out_seq_no": ""}, 84010),
        ({"cert_hash": ""}, 84018),
    ],
)
def test_whoever_asks_must_know_what_the_check_was_begun_with(player: Player, changed: Json, errcode: int) -> None:
    person = player.someone()
    question = begun(player, person)
    player.look(person, question["verify_id"]).ok()
    told = player.wechat(QUERY, {**question, **changed})

    assert told["errcode"] == errcode
    assert "verify_ret" not in told


def test_a_check_is_over_after_an_hour(player: Player, platform_clock_file: Path) -> None:
    person = player.someone()
    question = begun(player, person)
    write_offset(platform_clock_file, timedelta(seconds=3601))

    assert player.wechat(QUERY, question)["errcode"] == 84022
    assert player.look(person, question["verify_id"]).status == 409


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"out_seq_no": None}, 84010),
        ({"out_seq_no": "four"}, 84011),
        ({"out_seq_no": "s" * 33}, 84011),
        ({"out_seq_no": "with space"}, 84011),
        ({"cert_info": None}, 84012),
        ({"openid": None}, 84016),
        ({"openid": "oNobody"}, 40003),
        ({"cert_info": {"cert_type": "PASSPORT", "cert_name": "程一舟", "cert_no": "1"}}, 84013),
        ({"cert_info": {"cert_type": "IDENTITY_CARD", "cert_name": "", "cert_no": "1"}}, 84014),
        ({"cert_info": {"cert_type": "IDENTITY_CARD", "cert_name": "程一舟", "cert_no": "371399198503020012"}}, 84015),
    ],
)
def test_each_fault_of_a_beginning_has_its_errcode(player: Player, changed: Json, errcode: int) -> None:
    assert player.wechat(BEGIN, wanted(player, player.someone(), **changed))["errcode"] == errcode


def test_a_sequence_number_is_used_once(player: Player) -> None:
    begun(player, player.someone())

    assert player.wechat(BEGIN, wanted(player, player.someone()))["errcode"] == 84019


def test_a_check_that_nobody_began_cannot_be_looked_at(player: Player) -> None:
    assert player.look(player.someone(), "made-up").status == 404

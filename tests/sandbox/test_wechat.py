"""WeChat's server: codes, tokens, phone numbers and messages, each with the errors that its documents name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from groundwork.clock import Clock, write_offset
from sandbox.settings import Settings
from tests.sandbox.conftest import listening
from tests.sandbox.player import Json, Player

PHONE = "wxa/business/getuserphonenumber"
SEND = "cgi-bin/message/subscribe/send"


def test_a_login_code_tells_the_same_openid_every_time_and_a_fresh_session_key(player: Player) -> None:
    person = player.someone()
    first = player.wechat_login(player.login_code(person, "wechat"))
    second = player.wechat_login(player.login_code(person, "wechat"))

    assert first["openid"] == second["openid"]
    assert len(first["openid"]) == 28
    assert first["session_key"] != second["session_key"]
    assert "unionid" not in first


def test_one_code_redeemed_by_many_at_once_is_good_for_one_of_them(player: Player) -> None:
    code = player.login_code(player.someone(), "wechat")
    with ThreadPoolExecutor(16) as crowd:
        told = list(crowd.map(player.wechat_login, [code] * 16))

    assert sum("openid" in one for one in told) == 1
    assert sum(one.get("errcode") == 40163 for one in told) == 15


def test_a_union_id_is_told_where_the_app_has_one(settings: Settings, platform_clock_file: Path) -> None:
    with listening(replace(settings, wechat_gives_union_id=True), platform_clock_file) as player:
        told = player.wechat_login(player.login_code(player.someone(), "wechat"))

    assert len(told["unionid"]) == 28
    assert told["unionid"] != told["openid"]


def test_two_people_have_two_openids(player: Player) -> None:
    assert player.wechat_openid(player.someone("程一舟")) != player.wechat_openid(player.someone("林月华"))


def test_a_login_code_is_good_once(player: Player) -> None:
    code = player.login_code(player.someone(), "wechat")
    player.wechat_login(code)

    assert player.wechat_login(code)["errcode"] == 40163


def test_a_login_code_is_good_for_five_minutes(player: Player, platform_clock_file: Path) -> None:
    early, late = player.login_code(player.someone(), "wechat"), player.login_code(player.someone(), "wechat")
    write_offset(platform_clock_file, timedelta(minutes=4, seconds=50))
    assert "openid" in player.wechat_login(early)
    write_offset(platform_clock_file, timedelta(minutes=5, seconds=1))

    assert player.wechat_login(late)["errcode"] == 40029


def test_an_alipay_code_is_no_wechat_code(player: Player) -> None:
    assert player.wechat_login(player.login_code(player.someone(), "alipay"))["errcode"] == 40029


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({"appid": None}, 41002),
        ({"secret": None}, 41004),
        ({"js_code": None}, 41008),
        ({"appid": "wxffffffffffffffff"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"js_code": "made-up"}, 40029),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_each_fault_of_a_login_request_has_its_errcode(player: Player, asked: dict[str, str | None], errcode: int) -> None:
    told = player.wechat_login(None, **{"js_code": "anything", **asked})

    assert told["errcode"] == errcode
    assert told["errmsg"]


def test_one_person_may_sign_in_so_often_a_minute(player: Player, platform_clock_file: Path) -> None:
    """The fixture allows five; another person is not held up by them."""
    for _ in range(5):
        player.wechat_openid(player.someone())
    code = player.login_code(player.someone(), "wechat")

    assert player.wechat_login(code)["errcode"] == 45011
    assert player.wechat_openid(player.someone("林月华"))
    write_offset(platform_clock_file, timedelta(seconds=61))
    assert player.wechat_openid(player.someone())


def test_the_stable_token_stays_until_it_is_nearly_over(player: Player, platform_clock_file: Path) -> None:
    first = player.wechat_token()
    write_offset(platform_clock_file, timedelta(seconds=6890))
    same = player.wechat_token()
    write_offset(platform_clock_file, timedelta(seconds=6910))
    fresh = player.wechat_token()

    assert first["expires_in"] == 7200
    assert same["access_token"] == first["access_token"]
    assert 300 <= same["expires_in"] <= 310
    assert fresh["access_token"] != first["access_token"]
    assert player.wechat(PHONE, {"code": "x"}, first["access_token"])["errcode"] == 40029, "both are good for the last minutes"


def test_a_forced_refresh_kills_the_old_token_but_only_every_thirty_seconds(player: Player, platform_clock_file: Path) -> None:
    old = player.wechat_token()["access_token"]
    fresh = player.wechat_token(force_refresh=True)["access_token"]
    again = player.wechat_token(force_refresh=True)["access_token"]
    write_offset(platform_clock_file, timedelta(seconds=31))
    later = player.wechat_token(force_refresh=True)["access_token"]

    assert again == fresh != old
    assert later != fresh
    assert player.wechat(PHONE, {"code": "x"}, old)["errcode"] == 40001


def test_a_day_has_twenty_forced_refreshes(player: Player, platform_clock_file: Path) -> None:
    for spent in range(20):
        write_offset(platform_clock_file, timedelta(seconds=40 * spent))
        player.wechat_token(force_refresh=True)
    write_offset(platform_clock_file, timedelta(seconds=40 * 20))

    assert player.wechat_token(force_refresh=True)["errcode"] == 45009


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({"grant_type": ""}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"secret": "no"}, 40125),
    ],
)
def test_a_token_is_given_to_its_app_only(player: Player, asked: dict[str, str], errcode: int) -> None:
    assert player.wechat_token(**asked)["errcode"] == errcode


def test_a_call_without_a_good_token_is_not_done(player: Player, platform_clock_file: Path) -> None:
    token = player.wechat_token()["access_token"]

    assert player.wechat(PHONE, {}, "")["errcode"] == 41001
    assert player.wechat(PHONE, {}, "short")["errcode"] == 40014
    assert player.wechat(PHONE, {}, "x" * 136)["errcode"] == 40001
    write_offset(platform_clock_file, timedelta(seconds=7201))
    assert player.wechat(PHONE, {}, token)["errcode"] == 42001


def test_a_phone_code_tells_the_number_once_with_a_watermark(player: Player) -> None:
    person = player.someone()
    openid, code = player.wechat_openid(person), player.phone_code(person, "wechat")
    told = player.wechat(PHONE, {"code": code, "openid": openid})

    assert told["phone_info"]["purePhoneNumber"] == person["phone"]
    assert told["phone_info"]["countryCode"] == "86"
    assert told["phone_info"]["watermark"]["appid"] == player.settings.wechat_app_id
    assert abs(told["phone_info"]["watermark"]["timestamp"] - Clock().now().timestamp()) < 60
    assert player.wechat(PHONE, {"code": code, "openid": openid})["errcode"] == 40029


def test_a_phone_code_is_of_no_use_on_another_phone(player: Player) -> None:
    owner, other = player.someone("程一舟"), player.someone("林月华")
    code = player.phone_code(owner, "wechat")

    assert player.wechat(PHONE, {"code": code, "openid": player.wechat_openid(other)})["errcode"] == 40029
    assert player.wechat(PHONE, {"code": code, "openid": player.wechat_openid(owner)})["errcode"] == 0


def test_a_phone_code_lives_five_minutes_and_is_no_login_code(player: Player, platform_clock_file: Path) -> None:
    code = player.phone_code(player.someone(), "wechat")
    assert player.wechat_login(code)["errcode"] == 40029
    write_offset(platform_clock_file, timedelta(seconds=301))

    assert player.wechat(PHONE, {"code": code})["errcode"] == 40029
    assert player.wechat(PHONE, {})["errcode"] == 41008


def message(openid: str, **values: str) -> Json:
    return {"touser": openid, "template_id": "T1", "page": "pages/records", "data": {k: {"value": v} for k, v in values.items()}}


def test_a_message_arrives_at_its_person(player: Player) -> None:
    person = player.someone()
    told = player.wechat(SEND, message(player.wechat_openid(person), thing1="共济账户已开通", time2="2026年1月5日 09:30"))

    assert told["errcode"] == 0
    (arrived,) = player.call("GET", f"/phones/{person['id_number']}/messages").ok()
    assert arrived["data"] == {"thing1": "共济账户已开通", "time2": "2026年1月5日 09:30"}
    assert (arrived["channel"], arrived["template_id"], arrived["page"]) == ("wechat", "T1", "pages/records")
    assert player.call("GET", f"/phones/{player.someone('林月华')['id_number']}/messages").ok() == []


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("thing1", "字" * 21),
        ("thing1", ""),
        ("phrase1", "六个汉字太长"),
        ("phrase1", "abc"),
        ("name1", "字" * 11),
        ("character_string1", "汉字"),
        ("number1", "12a"),
        ("amount1", "一百元"),
        ("phone_number1", "1" * 18),
        ("time1", "明天"),
        ("date1", "05/01"),
        ("nothing1", "x"),
    ],
)
def test_a_value_that_does_not_fit_its_keyword_is_refused_by_name(player: Player, keyword: str, value: str) -> None:
    told = player.wechat(SEND, message(player.wechat_openid(player.someone()), **{keyword: value}))

    assert told["errcode"] == 47003
    assert f"data.{keyword}.value" in told["errmsg"]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("thing1", "字" * 20),
        ("phrase1", "已经生效"),
        ("name1", "程一舟"),
        ("character_string1", "A-2026/01"),
        ("amount1", "￥128.50元"),
        ("date1", "2026年1月5日"),
        ("time1", "15:01"),
        ("time1", "09:00~10:00"),
        ("phone_number1", "0539-12393"),
    ],
)
def test_a_value_that_fits_is_delivered(player: Player, keyword: str, value: str) -> None:
    assert player.wechat(SEND, message(player.wechat_openid(player.someone()), **{keyword: value}))["errcode"] == 0


def test_a_message_needs_a_known_person_a_template_and_an_edition_that_there_is(player: Player) -> None:
    known = message(player.wechat_openid(player.someone()), thing1="好")

    assert player.wechat(SEND, {**known, "touser": "oNobody"})["errcode"] == 40003
    assert player.wechat(SEND, {**known, "template_id": ""})["errcode"] == 40037
    assert player.wechat(SEND, {**known, "data": {}})["errcode"] == 47003
    assert player.wechat(SEND, {**known, "miniprogram_state": "newest"})["errcode"] == 47003


def test_a_person_who_refuses_messages_is_played_by_an_error(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=SEND, kind="error", code=43101, times=1)
    wanted = message(player.wechat_openid(player.someone()), thing1="好")

    assert player.wechat(SEND, wanted)["errcode"] == 43101
    assert player.call("GET", f"/phones/{player.someone()['id_number']}/messages").ok() == []
    assert player.wechat(SEND, wanted)["errcode"] == 0


def test_wechatpy_signs_in_through_this_server(player: Player) -> None:
    app, token = player.settings, player.wechat_token()["access_token"]
    with_library = WeChatClient(app.wechat_app_id, app.wechat_app_secret, access_token=token, timeout=5)
    with_library.wxa.API_BASE_URL = f"{player.url}/wechat/"
    code = player.login_code(player.someone(), "wechat")
    try:
        assert with_library.wxa.code_to_session(code)["openid"] == player.wechat_openid(player.someone())
        with pytest.raises(WeChatClientException) as refused:
            with_library.wxa.code_to_session(code)
        assert refused.value.errcode == 40163
    finally:
        with_library._http.close()

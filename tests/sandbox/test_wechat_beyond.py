"""The rest of the sandbox's WeChat: pushes, links, texts, the official account and the 医保 gateway, with their refusals."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.settings import Settings
from tests.channels.played_wechat import Listener
from tests.sandbox.conftest import listening
from tests.sandbox.player import Player

LINK = {"path": "pages/home", "query": "link=1", "expire_type": 1, "expire_interval": 30, "env_version": "release"}
TEXT = {"version": 2, "scene": 2, "content": "您好"}
PUSH: Any = {"wechat_push_token": "t", "wechat_push_aes_key": "q" * 42 + "A"}
PARTNER, SECRET = "20007806", "a-partners-secret-of-some-length"


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({}, 0),
        ({"path": "pages/home?x=1"}, 40165),
        ({"query": "名字"}, 40212),
        ({"query": "a" * 1025}, 40212),
        ({"env_version": "newest"}, 85402),
        ({"expire_interval": 31}, 85401),
        ({"expire_type": 0}, 85401),
    ],
)
def test_a_link_is_made_as_wechat_allows_it(player: Player, changed: dict[str, Any], errcode: int) -> None:
    page, life = {**LINK, **changed}, {name: {**LINK, **changed}[name] for name in ("expire_type", "expire_interval")}

    assert player.wechat("wxa/generate_urllink", page)["errcode"] == errcode
    assert player.wechat("wxa/generatescheme", {"jump_wxa": page, **life})["errcode"] == errcode
    assert player.wechat("wxa/generatescheme", life)["errcode"] == 40097


@pytest.mark.parametrize(
    ("changed", "errcode", "suggest"),
    [
        ({}, 0, "pass"),
        ({"content": "一段违规内容"}, 0, "risky"),
        ({"content": "一段可疑内容"}, 0, "review"),
        ({"content": ""}, 44002, None),
        ({"content": "好" * 2501}, 44002, None),
        ({"version": 1}, 44002, None),
        ({"scene": 9}, 40129, None),
        ({"openid": "nobody"}, 40003, None),
    ],
)
def test_a_text_is_looked_at(player: Player, changed: dict[str, Any], errcode: int, suggest: str | None) -> None:
    told = player.wechat("wxa/msg_sec_check", {**TEXT, "openid": player.wechat_openid(player.someone()), **changed})

    assert told["errcode"] == errcode
    assert told.get("result", {}).get("suggest") == suggest


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": None}, 41002),
        ({"secret": None}, 41004),
        ({"appid": "wx-other"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"code": None}, 41008),
        ({"code": "unheard-of"}, 40029),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_the_official_account_redeems_codes_for_its_own_backend(
    official: Player, changed: dict[str, str | None], errcode: int
) -> None:
    person = official.someone()
    asked = {"appid": "wx-page", "secret": SECRET, "code": official.login_code(person, "wechat_official"), **changed}
    query = urlencode({name: value for name, value in asked.items() if value is not None})

    assert official.call("GET", f"/wechat/sns/oauth2/access_token?{query}").ok()["errcode"] == errcode


def test_one_person_has_one_union_id_and_two_open_ids(official: Player) -> None:
    person = official.someone()
    query = {"appid": "wx-page", "secret": SECRET, "code": official.login_code(person, "wechat_official")}

    page = official.call("GET", f"/wechat/sns/oauth2/access_token?{urlencode(query)}").ok()
    app = official.wechat_login(official.login_code(person, "wechat"))

    assert "errcode" not in page
    assert page["unionid"] == app["unionid"]
    assert page["openid"] != app["openid"]


@pytest.mark.parametrize("call", ["userQuery", "familyQuery"])
@pytest.mark.parametrize(
    ("partner", "headers"),
    [
        ("1", {}),
        (PARTNER, {"god_portal_signature": "0" * 64}),
        (PARTNER, {"god_portal_timestamp": "now"}),
        (PARTNER, {"god_portal_timestamp": "1714112445000"}),
    ],
)
def test_the_gateway_answers_its_partner_only(official: Player, call: str, partner: str, headers: dict[str, str]) -> None:
    told = official.call("POST", f"/wechat/medical/mipuserquery/{call}/{partner}", {"openid": "o"}, **{**_signed(), **headers})

    assert told.ok()["code"] == 10001


@pytest.mark.parametrize(("call", "code"), [("userQuery", 20001), ("familyQuery", 20002)])
def test_the_gateway_tells_nothing_of_somebody_unknown(official: Player, call: str, code: int) -> None:
    asked = {"openid": "nobody", "qrcode": "unheard-of"}

    assert official.call("POST", f"/wechat/medical/mipuserquery/{call}/{PARTNER}", asked, **_signed()).ok()["code"] == code


def test_an_authorisation_is_for_the_phone_that_gave_it(official: Player) -> None:
    mine, other = official.call("GET", "/people").ok()[:2]
    code = official.call("POST", f"/phones/{mine['id_number']}/medical-authorisations", {}).ok()["auth_code"]
    asked = {"openid": official.wechat_openid(other), "qrcode": code}
    path = f"/wechat/medical/mipuserquery/userQuery/{PARTNER}"

    refused = official.call("POST", path, asked, **_signed()).ok()
    told = official.call("POST", path, {**asked, "openid": official.wechat_openid(mine)}, **_signed()).ok()

    assert refused["code"] == 20002
    assert (told["user_name"], told["user_card_no"]) == (mine["name"], mine["id_number"])
    assert told["pay_auth_no"]


def test_each_delivery_of_a_push_is_sealed_anew(official: Player, backend: Listener) -> None:
    path = f"/phones/{official.someone()['id_number']}/channel-events"

    told = official.call("POST", path, {"channel": "wechat", "kind": "user_information_modified", "deliveries": 2}).ok()

    assert told == [{"status": 200, "reply": "success"}] * 2
    first, again = (request.json["Encrypt"] for request in backend.asked("/api/v1/callbacks/wechat"))
    assert first != again


def test_a_push_without_a_key_or_without_a_backend_is_said_so(player: Player, settings: Settings, tmp_path: Path) -> None:
    order = {"channel": "wechat", "kind": "authorisation_revoked"}
    path = f"/phones/{player.someone()['id_number']}/channel-events"
    assert player.call("POST", path, order).status == 409

    keyed = replace(settings, **PUSH, data_dir=tmp_path / "other")
    for bff_url, status in (("", 409), ("http://127.0.0.1:9", 504)):
        with listening(replace(keyed, bff_url=bff_url), tmp_path / "clock") as other:
            assert other.call("POST", path, order).status == status


def test_alipay_pushes_no_event_that_only_wechat_has(player: Player) -> None:
    path = f"/phones/{player.someone()['id_number']}/channel-events"

    told = player.call("POST", path, {"channel": "alipay", "kind": "user_information_modified"})

    assert (told.status, set(told.body["fields"])) == (400, {"kind"})


def test_a_call_whose_body_is_no_object_is_told_so(player: Player) -> None:
    token = player.wechat_token()["access_token"]

    told = player.call("POST", f"/wechat/wxa/msg_sec_check?{urlencode({'access_token': token})}", [TEXT]).ok()

    assert told["errcode"] == 47001


@pytest.mark.parametrize("path", ["channel-events", "medical-authorisations"])
def test_nobodys_phone_does_nothing(player: Player, path: str) -> None:
    order = {"channel": "wechat", "kind": "authorisation_revoked"} if path == "channel-events" else {}

    assert player.call("POST", f"/phones/371399198503020019/{path}", order).status == 404


def test_relatives_on_a_phone_are_people_of_this_world(player: Player) -> None:
    path = f"/phones/{player.someone()['id_number']}/kinships"
    stranger = [{"id_number": "371399198503020019", "relation": "child"}]

    assert player.call("PUT", path, {"channel": "wechat", "relatives": stranger}).status == 404
    assert player.call("PUT", path, {"channel": "wechat", "relatives": []}).ok() == []


@pytest.fixture
def backend() -> Iterator[Listener]:
    """Takes every push."""
    with Listener() as listener:
        yield listener


@pytest.fixture
def official(settings: Settings, backend: Listener, tmp_path: Path) -> Iterator[Player]:
    """A sandbox that has been told everything that WeChat may be told."""
    told = replace(
        settings,
        wechat_gives_union_id=True,
        **PUSH,
        wechat_medical_partner_id=PARTNER,
        wechat_medical_partner_secret=SECRET,
        wechat_official_app_id="wx-page",
        wechat_official_app_secret=SECRET,
        bff_url=backend.address,
    )
    with listening(told, tmp_path / "platform-clock.json") as player:
        yield player


def _signed() -> dict[str, str]:
    now_ms = str(int(time.time() * 1000))
    signature = hmac.new(SECRET.encode(), f"{PARTNER}{now_ms}".encode(), hashlib.sha256).hexdigest()
    return {"god_portal_timestamp": now_ms, "god_portal_signature": signature}

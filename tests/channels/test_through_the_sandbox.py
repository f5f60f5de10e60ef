"""Both channels walked from end to end through the project's own sandbox, over HTTP, with its faults."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
from werkzeug.serving import make_server

from bff.channels.alipay import Alipay
from bff.channels.alipay_config import AlipayConfig
from bff.channels.base import Channel, CheckResult, NamedPerson
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChat, WeChatConfig
from bff.errors import (
    ChannelLimited,
    ChannelMisconfigured,
    ChannelSignatureBad,
    ChannelUnavailable,
    LoginBlocked,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)
from groundwork.clock import Clock
from sandbox.app import build_app
from sandbox.settings import Settings
from tests.channels import alipay_platform, wechat_platform
from tests.channels.alipay_platform import KeyPair
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import AES_KEY, CONTENT_KEY

BOTH = pytest.mark.parametrize("name", ["wechat", "alipay"])
LOGIN_CALL = {"wechat": "sns/jscode2session", "alipay": "alipay.system.oauth.token"}


@dataclass(frozen=True, slots=True)
class World:
    """The sandbox, whoever plays in it, and our channels in front of it."""

    url: str
    channels: dict[str, Channel]
    people: list[dict[str, Any]]

    def plays(self, method: str, path: str, **order: Any) -> Any:
        """Something that a player does to the sandbox."""
        answer = urllib3.request(method, f"{self.url}{path}", json=order, timeout=5, retries=False)
        assert answer.status < 300, answer.data.decode()
        return json.loads(answer.data) if answer.data else None

    def phone_gives(self, what: str, channel: str, holder: int = 0) -> Any:
        """What a person's phone gets from its platform."""
        return self.plays("POST", f"/phones/{self.people[holder]['id_number']}/{what}", channel=channel)

    def named(self, number: int = 0) -> NamedPerson:
        return NamedPerson(self.people[number]["name"], self.people[number]["id_number"])


@BOTH
def test_a_person_signs_in_gives_a_phone_and_is_recognised(world: World, name: str) -> None:
    channel = world.channels[name]
    user = channel.identify(world.phone_gives("codes", name)["code"])
    phone = channel.phone_number(user, world.phone_gives("phone-codes", name)["channel_code"])
    check = channel.begin_check(user, world.named())

    assert phone == world.people[0]["phone"]
    assert channel.finish_check(user, check) is CheckResult.PENDING
    world.plays("POST", f"/phones/{world.people[0]['id_number']}/real-person", check_id=check.id, passes=True)
    assert channel.finish_check(user, check) is CheckResult.PASSED


@BOTH
@pytest.mark.parametrize(("looks", "passes"), [(0, False), (1, True)])
def test_whoever_is_not_recognised_does_not_pass(world: World, name: str, looks: int, passes: bool) -> None:
    """The right person who gives up, or another who looks into the camera."""
    channel = world.channels[name]
    user = channel.identify(world.phone_gives("codes", name)["code"])
    check = channel.begin_check(user, world.named())

    world.plays("POST", f"/phones/{world.people[looks]['id_number']}/real-person", check_id=check.id, passes=passes)

    assert channel.finish_check(user, check) is CheckResult.NOT_PASSED


@BOTH
def test_the_same_person_has_the_same_id_tomorrow(world: World, name: str) -> None:
    channel = world.channels[name]

    one, other = (channel.identify(world.phone_gives("codes", name)["code"]) for _ in range(2))

    assert one == other


@BOTH
def test_a_replayed_login_code_is_refused(world: World, name: str) -> None:
    code = world.phone_gives("codes", name)["code"]
    world.channels[name].identify(code)

    with pytest.raises(LoginCodeInvalid):
        world.channels[name].identify(code)


def test_somebody_elses_phone_code_is_refused(world: World) -> None:
    user = world.channels["wechat"].identify(world.phone_gives("codes", "wechat", holder=0)["code"])
    code = world.phone_gives("phone-codes", "wechat", holder=1)["channel_code"]

    with pytest.raises(PhoneCodeInvalid):
        world.channels["wechat"].phone_number(user, code)


def test_a_bad_signature_makes_the_login_fail_by_name(world: World) -> None:
    world.plays("POST", "/faults", upstream="alipay", endpoint=LOGIN_CALL["alipay"], kind="error", code="bad_signature")

    with pytest.raises(ChannelSignatureBad):
        world.channels["alipay"].identify(world.phone_gives("codes", "alipay")["code"])


@BOTH
@pytest.mark.parametrize("kind", ["drop_reply", "refuse", "garbage", "delay"])
def test_a_login_that_goes_wrong_on_the_way_means_try_again(world: World, name: str, kind: str) -> None:
    world.plays("POST", "/faults", upstream=name, endpoint=LOGIN_CALL[name], kind=kind, delay_ms=4000)

    with pytest.raises(ChannelUnavailable):
        world.channels[name].identify(world.phone_gives("codes", name)["code"])


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("wechat", "-1", ChannelUnavailable),
        ("wechat", "40226", LoginBlocked),
        ("wechat", "45011", ChannelLimited),
        ("wechat", "40125", ChannelMisconfigured),
        ("alipay", "isv.code-invalid", LoginCodeInvalid),
        ("alipay", "isv.invalid-signature", ChannelMisconfigured),
        ("alipay", "isp.unknow-error", ChannelUnavailable),
    ],
)
def test_a_login_that_the_platform_refuses_fails_by_name(world: World, name: str, code: str, error: type[Exception]) -> None:
    world.plays("POST", "/faults", upstream=name, endpoint=LOGIN_CALL[name], kind="error", code=code)

    with pytest.raises(error):
        world.channels[name].identify(world.phone_gives("codes", name)["code"])


def test_a_token_that_wechat_forgot_is_replaced(world: World) -> None:
    channel = world.channels["wechat"]
    user = channel.identify(world.phone_gives("codes", "wechat")["code"])
    world.plays("POST", "/faults", upstream="wechat", endpoint="getverifyid", kind="error", code="40001", times=1)

    assert channel.begin_check(user, world.named()).channel == "wechat"


@pytest.fixture
def world(app_keys: KeyPair, alipay_keys: KeyPair, tmp_path: Path) -> Iterator[World]:
    app = build_app(_sandbox_settings(app_keys, alipay_keys, tmp_path))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        people = json.loads(urllib3.request("GET", f"{url}/people", timeout=5).data)
        yield World(url, _channels(url, app_keys, alipay_keys), people)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["settling"].stop()
        app.extensions["store"].close()


def _channels(url: str, app_keys: KeyPair, alipay_keys: KeyPair) -> dict[str, Channel]:
    wechat = Upstream(f"{url}/wechat", read_timeout_s=3)
    alipay = Upstream(f"{url}/alipay/gateway.do", read_timeout_s=3)
    keys = (app_keys.private_pem, alipay_keys.public_pem, AES_KEY)
    return {
        "wechat": WeChat(WeChatConfig(wechat_platform.APP_ID, wechat_platform.APP_KEY, wechat), Clock(), MemoryTokens()),
        "alipay": Alipay(AlipayConfig(alipay_platform.APP_ID, *keys, alipay), Clock()),
    }


def _sandbox_settings(app_keys: KeyPair, alipay_keys: KeyPair, folder: Path) -> Settings:
    """A sandbox whose core is not there: signing in needs none."""
    public, private = folder / "app.pub.pem", folder / "gateway.pem"
    public.write_text(app_keys.public_pem)
    private.write_text(alipay_keys.private_pem)
    unused = base64.b64encode(b"a key for nobody").decode().ljust(32, "-")
    return Settings(
        core_url="http://127.0.0.1:9",
        core_registry_key=unused,
        core_terminal_key=unused,
        data_dir=folder,
        clock_file=folder / "clock.json",
        wechat_app_id=wechat_platform.APP_ID,
        wechat_app_secret=wechat_platform.APP_KEY,
        alipay_app_id=alipay_platform.APP_ID,
        alipay_app_public_key_file=public,
        alipay_gateway_private_key_file=private,
        alipay_aes_key=CONTENT_KEY,
    )

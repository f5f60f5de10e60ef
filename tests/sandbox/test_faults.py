"""Faults that a player orders: what still takes effect, what the caller hears, how often, and under both servers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from urllib3.exceptions import ProtocolError

from dev.private_world import free_ports
from sandbox.faults import Fault, Faults
from tests.sandbox.conftest import Keys
from tests.sandbox.player import AlipayBackend, Player

LOGIN = "sns/jscode2session"


def test_a_dropped_reply_breaks_off_and_its_effect_stays(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="drop_reply", times=1)
    code = player.login_code(player.someone(), "wechat")

    with pytest.raises(ProtocolError):
        player.wechat_login(code)
    assert player.wechat_login(code)["errcode"] == 40163


def test_a_refusal_has_no_effect(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="refuse", times=1)
    code = player.login_code(player.someone(), "wechat")
    app = player.settings
    address = f"/wechat/{LOGIN}?appid={app.wechat_app_id}&secret={app.wechat_app_secret}&js_code={code}"
    refused = player.call("GET", address)

    assert (refused.status, refused.headers["X-Sandbox-Fault"]) == (503, "refuse")
    assert player.call("GET", address).ok()["openid"]


def test_garbage_is_no_json_and_its_effect_stays(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="garbage", times=1)
    code = player.login_code(player.someone(), "wechat")

    with pytest.raises(ValueError, match="Expecting value"):
        player.wechat_login(code)
    assert player.wechat_login(code)["errcode"] == 40163


@pytest.mark.parametrize(("code", "errcode"), [(40226, 40226), ("45011", 45011), (None, -1)])
def test_an_error_of_wechat_is_told_with_its_errcode(player: Player, code: object, errcode: int) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="error", code=code, times=1)
    good = player.login_code(player.someone(), "wechat")

    assert player.wechat_login(good)["errcode"] == errcode
    assert player.wechat_login(good)["openid"]


def test_a_delay_only_delays(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="delay", delay_ms=300, times=1)
    code, began = player.login_code(player.someone(), "wechat"), time.monotonic()

    assert player.wechat_login(code)["openid"]
    assert time.monotonic() - began >= 0.3


def test_an_error_of_alipay_is_signed_and_where_it_belongs(player: Player, keys: Keys) -> None:
    backend = AlipayBackend(player, keys.app_private, keys.gateway_public)
    player.fault(upstream="alipay", endpoint="*", kind="error", code="isp.unknow-error", times=1)
    public = backend.ask("alipay.system.oauth.token", grant_type="authorization_code", code="x")
    player.fault(upstream="alipay", endpoint="certify.open.query", kind="error", code="CERTIFY_ID_EXPIRED", times=1)
    own = backend.ask("alipay.user.certify.open.query", {"certify_id": "x"})

    assert (public[0], public[1]["code"]) == ("error_response", "20000")
    assert (own[0], own[1]["code"]) == ("alipay_user_certify_open_query_response", "40004")


def test_faults_are_listed_with_their_strikes_and_taken_back(player: Player) -> None:
    player.fault(upstream="wechat", endpoint=LOGIN, kind="error", code=40226)
    player.wechat_login("x")
    player.wechat_login("x")
    (standing,) = player.call("GET", "/faults").ok()
    gone = player.call("DELETE", "/faults").ok()

    assert (standing["kind"], standing["struck"]) == ("error", 2)
    assert gone == player.call("GET", "/faults").ok() == []
    assert player.wechat_login("x")["errcode"] == 40029


@pytest.mark.parametrize(
    "order",
    [
        {"upstream": "bank", "kind": "error"},
        {"upstream": "wechat", "kind": "explode"},
        {"upstream": "wechat", "kind": "delay"},
        {"upstream": "wechat", "kind": "error", "code": "isv.code-invalid"},
        {"upstream": "wechat", "kind": "error", "code": True},
        {"upstream": "wechat", "kind": "error", "times": 0},
        {"upstream": "wechat", "kind": "error", "rate": 1.5},
        {"upstream": "wechat", "kind": "error", "colour": "red"},
        {"kind": "error"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(player: Player, order: dict[str, object]) -> None:
    told = player.call("POST", "/faults", order)

    assert told.status == 400
    assert told.body["code"] == "invalid_body"
    assert player.call("GET", "/faults").ok() == []


@pytest.mark.parametrize(
    ("endpoint", "method", "name", "meant"),
    [
        ("/citizen/relations", "POST", "/citizen/relations", True),
        ("citizen/relations", "POST", "/citizen/relations", True),
        ("relations", "POST", "/citizen/relations", True),
        ("/citizen/relations", "POST", "/citizen/relations/7/end", False),
        ("/citizen/relations/{id}/end", "POST", "/citizen/relations/7/end", True),
        ("/citizen/*", "POST", "/citizen/relations/7/end", True),
        ("POST /citizen/account", "POST", "/citizen/account", True),
        ("POST /citizen/account", "GET", "/citizen/account", False),
        ("*", "GET", "/anything", True),
        ("lations", "POST", "/citizen/relations", False),
        ("oauth.token", "POST", "alipay.system.oauth.token", True),
    ],
)
def test_an_endpoint_is_named_in_full_by_its_end_or_by_a_pattern(endpoint: str, method: str, name: str, meant: bool) -> None:
    assert Fault("core", "refuse", endpoint).matches("core", method, name) is meant
    assert not Fault("wechat", "refuse", endpoint).matches("core", method, name)


def test_times_and_rate_decide_how_often_and_a_seed_which() -> None:
    def struck(fault: Fault, calls: int = 400) -> list[bool]:
        faults = Faults()
        faults.order(fault)
        return [faults.strike("core", "GET", "/x") is not None for _ in range(calls)]

    assert struck(Fault("core", "refuse", times=3), 5) == [True, True, True, False, False]
    tenth = struck(Fault("core", "refuse", rate=0.1, seed=7))
    assert 20 <= sum(tenth) <= 60
    assert tenth == struck(Fault("core", "refuse", rate=0.1, seed=7))
    assert tenth != struck(Fault("core", "refuse", rate=0.1, seed=8))
    assert sum(struck(Fault("core", "refuse", rate=0.1, times=2))) == 2


@contextlib.contextmanager
def under_granian(player: Player, keys: Keys, folder: Path) -> Iterator[str]:
    """The address of a sandbox that granian serves, as `make run` does."""
    (port,) = free_ports(1)
    variables = {
        **os.environ,
        "SANDBOX_NOT_PRODUCTION": "yes",
        "CORE_URL": player.settings.core_url,
        "CORE_REGISTRY_KEY": player.settings.core_registry_key,
        "CORE_TERMINAL_KEY": player.settings.core_terminal_key,
        "DATA_DIR": str(folder),
        "CLOCK_FILE": str(folder / "clock.json"),
        "WECHAT_APP_ID": player.settings.wechat_app_id,
        "WECHAT_APP_SECRET": player.settings.wechat_app_secret,
        "ALIPAY_APP_ID": player.settings.alipay_app_id,
        "ALIPAY_APP_PUBLIC_KEY_FILE": str(keys.app_public),
        "ALIPAY_GATEWAY_PRIVATE_KEY_FILE": str(keys.gateway_private),
        "ALIPAY_AES_KEY": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    command = f"-m granian --interface wsgi --port {port} --workers 1 --log-level warning --factory sandbox.app:create_app"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *command.split()], env=variables, stdout=log, stderr=log)
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(20)


def _answering(url: str) -> str:
    for _ in range(200):
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            if urllib3.request("GET", f"{url}/healthz", retries=False).status == 200:
                return url
        time.sleep(0.1)
    raise AssertionError("the sandbox did not start")


def test_under_granian_a_dropped_reply_breaks_off_too_and_nothing_personal_is_logged(
    player: Player, keys: Keys, tmp_path: Path
) -> None:
    folder = tmp_path / "granian"
    folder.mkdir()
    with under_granian(player, keys, folder) as url:
        served = Player(url, player.settings)
        served.fault(upstream="wechat", endpoint=LOGIN, kind="drop_reply", times=1)
        person = served.someone()
        code = served.login_code(person, "wechat")

        with pytest.raises(ProtocolError):
            served.wechat_login(code)
        assert served.wechat_login(code)["errcode"] == 40163
        served.close()
    log = (folder / "log").read_text()
    assert not [
        secret for secret in (person["id_number"], person["name"], code, player.settings.wechat_app_secret) if secret in log
    ]

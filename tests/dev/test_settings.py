"""What a world's processes are told: enough to start, the same tomorrow, and no more than each needs."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from bff.settings import read_settings as read_bff
from dev.settings import Ports, Urls, read_wishes, world_environment
from groundwork.environment import BadSettings
from reference_core.settings import read_settings as read_core
from sandbox.settings import read_settings as read_sandbox

PORTS = Ports(bff=18000, core=18001, sandbox=18002)
URLS = Urls(redis="redis://:word@127.0.0.1:16379/0", database="postgresql://postgres:word@127.0.0.1:15432/core")


def test_every_process_accepts_what_it_is_told(tmp_path: Path) -> None:
    told = world_environment(tmp_path, PORTS, URLS)

    read_core(told["core"])
    read_sandbox(told["sandbox"])
    read_bff(told["bff"])


def test_the_keys_of_a_world_are_made_once(tmp_path: Path) -> None:
    assert world_environment(tmp_path, PORTS, URLS) == world_environment(tmp_path, PORTS, URLS)


def test_a_world_of_yesterday_keeps_its_keys_and_gets_those_that_are_new(tmp_path: Path) -> None:
    first = world_environment(tmp_path, PORTS, URLS)
    kept = tmp_path / "secrets" / "keys.json"
    keys = json.loads(kept.read_text(encoding="utf-8"))
    del keys["app_door"]
    kept.write_text(json.dumps(keys), encoding="utf-8")

    then = world_environment(tmp_path, PORTS, URLS)

    assert then["core"]["CORE_APP_KEYS"] not in {"", first["core"]["CORE_APP_KEYS"]}
    assert then["core"]["CORE_CITIZEN_KEYS"] == first["core"]["CORE_CITIZEN_KEYS"]
    assert then["bff"]["ALIPAY_AES_KEY"] == first["bff"]["ALIPAY_AES_KEY"]


def test_what_nobody_wishes_is_as_the_readme_says() -> None:
    wishes = read_wishes({})

    assert (wishes.ports.bff, wishes.ports.core, wishes.ports.sandbox) == (8000, 8001, 8002)
    assert wishes.data_dir == Path(".data").resolve()
    assert (wishes.redis_url, wishes.database_url) == (None, None)


def test_two_worlds_share_no_key(tmp_path: Path) -> None:
    one, other = (world_environment(tmp_path / name, PORTS, URLS) for name in ("one", "other"))

    assert one["bff"]["CORE_CITIZEN_KEY"] != other["bff"]["CORE_CITIZEN_KEY"]
    assert one["core"]["CORE_DATA_KEYS"] != other["core"]["CORE_DATA_KEYS"]


def test_only_their_owner_can_read_the_keys(tmp_path: Path) -> None:
    world_environment(tmp_path, PORTS, URLS)

    kept = list((tmp_path / "secrets").iterdir())

    assert len(kept) == 8
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_both_sides_of_a_door_hold_the_same_key(tmp_path: Path) -> None:
    told = world_environment(tmp_path, PORTS, URLS)

    assert told["bff"]["CORE_CITIZEN_KEY"] == told["core"]["CORE_CITIZEN_KEYS"]
    assert told["bff"]["CORE_APP_KEY"] == told["core"]["CORE_APP_KEYS"]
    assert told["sandbox"]["CORE_TERMINAL_KEY"] == told["core"]["CORE_TERMINAL_KEYS"]
    assert told["sandbox"]["CORE_REGISTRY_KEY"] == told["core"]["CORE_REGISTRY_KEYS"]


def test_no_process_is_told_what_it_does_not_need(tmp_path: Path) -> None:
    """The BFF never sees the database or the tills' key, nor the core a channel's secret."""
    told = world_environment(tmp_path, PORTS, URLS)
    terminal_key = told["core"]["CORE_TERMINAL_KEYS"]

    assert URLS.database not in told["bff"].values()
    assert terminal_key not in told["bff"].values()
    assert URLS.redis not in told["core"].values()
    assert not [name for name in told["core"] if name.startswith(("WECHAT", "ALIPAY"))]
    assert not [name for name in told["sandbox"] if name.endswith("APP_PRIVATE_KEY_FILE")]


def test_a_wish_that_cannot_be_met_is_named_without_its_value() -> None:
    with pytest.raises(BadSettings) as told:
        read_wishes({"BFF_PORT": "eighty"})

    assert "BFF_PORT" in str(told.value)
    assert "eighty" not in str(told.value)


def test_two_apps_cannot_have_one_port() -> None:
    with pytest.raises(BadSettings, match="must differ"):
        read_wishes({"BFF_PORT": "8001"})

"""Settings come from the environment only; a bad or unsafe one stops the start, and every fault is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bff.settings import read_settings
from groundwork.environment import BadSettings
from tests.bff.environment import variables

PRODUCTION = {
    "ENVIRONMENT": "production",
    "CORE_URL": "https://core.example",
    "WECHAT_API_BASE": "https://api.weixin.qq.com",
    "ALIPAY_GATEWAY_URL": "https://openapi.alipay.com/gateway.do",
}

PUSH = {"WECHAT_PUSH_TOKEN": "a-token"}


def faults(folder: Path, **changes: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read_settings(variables(folder, **changes))
    return str(refused.value).splitlines()[1:]


def test_a_full_environment_is_read_with_defaults_for_the_knobs(tmp_path: Path) -> None:
    settings = read_settings(variables(tmp_path))

    assert settings.core.url == "http://127.0.0.1:8002/core"
    assert settings.lifetimes.session_idle_s == 7200
    assert settings.lifetimes.session_absolute_s == 43_200
    assert settings.lifetimes.remembered_s == 72 * 3600
    assert settings.clock_file is None


def test_an_environment_that_says_nothing_is_taken_for_production(tmp_path: Path) -> None:
    told = variables(tmp_path, **PRODUCTION)
    del told["ENVIRONMENT"]

    assert read_settings(told).environment == "production"


def test_every_fault_is_told_at_once_and_no_value_is_repeated(tmp_path: Path) -> None:
    told = faults(tmp_path, REDIS_URL="http://secret-host", CORE_CITIZEN_KEY="too-short", WECHAT_APP_ID="", BFF_CORE_TRIES="many")

    assert [line.split()[1].rstrip(":") for line in told] == ["REDIS_URL", "CORE_CITIZEN_KEY", "BFF_CORE_TRIES", "WECHAT_APP_ID"]
    assert "secret-host" not in str(told)
    assert "too-short" not in str(told)


@pytest.mark.parametrize("name", ["CORE_URL", "WECHAT_API_BASE", "ALIPAY_GATEWAY_URL"])
@pytest.mark.parametrize(
    "url", ["http://core.example", "ftp://127.0.0.1", "https://me:pw@core.example", "https://core.example?x=1", "nonsense"]
)
def test_an_upstream_is_spoken_to_over_https_unless_it_stays_on_this_machine(tmp_path: Path, name: str, url: str) -> None:
    assert [line for line in faults(tmp_path, **{name: url}) if name in line]


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "https://core.example"])
def test_loopback_and_https_are_fine(tmp_path: Path, url: str) -> None:
    assert read_settings(variables(tmp_path, CORE_URL=url)).core.url == url


def test_redis_elsewhere_needs_tls(tmp_path: Path) -> None:
    assert "REDIS_URL" in faults(tmp_path, REDIS_URL="redis://redis.example:6379")[0]
    assert read_settings(variables(tmp_path, REDIS_URL="rediss://redis.example:6379")).redis_url.startswith("rediss")


def test_production_refuses_what_a_developer_plays_with(tmp_path: Path) -> None:
    told = faults(tmp_path, ENVIRONMENT="production", CLOCK_FILE=str(tmp_path / "clock.json"))

    assert len(told) == 3
    assert any("CLOCK_FILE" in line for line in told)
    assert any("WECHAT_API_BASE" in line for line in told)
    assert any("ALIPAY_GATEWAY_URL" in line for line in told)


def test_what_makes_sense_together_only_is_set_together(tmp_path: Path) -> None:
    told = faults(tmp_path, **PUSH, WECHAT_MEDICAL_PATH="a/page", WECHAT_OFFICIAL_APP_ID="wx-official")

    assert [line.split()[1] for line in told] == [
        "WECHAT_PUSH_AES_KEY",
        "WECHAT_MEDICAL_PARTNER_ID,",
        "WECHAT_OFFICIAL_APP_SECRET",
    ]
    assert "a-token" not in str(told)


@pytest.mark.parametrize("key", ["A" * 42, "A" * 44, "?" * 43])
def test_a_push_key_is_the_consoles_forty_three_characters(tmp_path: Path, key: str) -> None:
    assert "43" in faults(tmp_path, **PUSH, WECHAT_PUSH_AES_KEY=key)[0]
    assert read_settings(variables(tmp_path, **PUSH, WECHAT_PUSH_AES_KEY="A" * 43)).wechat.push


def test_a_contract_with_wechats_gateway_is_spoken_of_whole(tmp_path: Path) -> None:
    contract = {f"WECHAT_MEDICAL_{name}": "told" for name in ("PARTNER_ID", "PARTNER_SECRET", "APP_ID", "PATH")}

    assert "WECHAT_MEDICAL_BASE" in faults(tmp_path, **contract)[0]
    assert "WECHAT_MEDICAL_BASE" in faults(tmp_path, WECHAT_MEDICAL_BASE="https://gateway.example")[0]
    assert read_settings(variables(tmp_path, WECHAT_MEDICAL_BASE="https://gateway.example", **contract)).wechat.medical


def test_an_account_for_text_messages_is_told_whole_and_never_of_this_machine_in_production(tmp_path: Path) -> None:
    file = tmp_path / "templates.json"
    file.write_text('{"notice": {"id": "t-1", "fields": {"what": "what"}}}', encoding="utf-8")
    account = {"SMS_GATEWAY_URL": "http://127.0.0.1:1", "SMS_KEY_ID": "key", "SMS_SECRET": "told"}

    assert read_settings(variables(tmp_path)).sms is None
    assert "SMS_MESSAGE_TEMPLATES" in faults(tmp_path, **account)[0]
    whole = {**account, "SMS_MESSAGE_TEMPLATES": str(file)}
    sms = read_settings(variables(tmp_path, **whole)).sms
    assert sms
    assert (sms.gateway_url, "told" in repr(sms)) == ("http://127.0.0.1:1", False)
    assert any("SMS_GATEWAY_URL" in line for line in faults(tmp_path, ENVIRONMENT="production", **whole))


def test_message_templates_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "templates.json"
    file.write_text('{"payment": {"id": "t-1", "fields": {"amount": "amount1", "place": "thing2"}}}', encoding="utf-8")

    template = read_settings(variables(tmp_path, WECHAT_MESSAGE_TEMPLATES=str(file))).wechat.templates["payment"]

    assert (template.id, template.fields) == ("t-1", {"amount": "amount1", "place": "thing2"})


@pytest.mark.parametrize(
    "written",
    [
        "",
        "[]",
        "{",
        '{"Payment!": {"id": "t", "fields": {"amount": "amount1"}}}',
        '{"payment": {"fields": {"amount": "amount1"}}}',
        '{"payment": {"id": "", "fields": {"amount": "amount1"}}}',
        '{"payment": {"id": "t", "fields": {}}}',
        '{"payment": {"id": "t", "fields": {"amount": 1}}}',
        '{"payment": {"id": "t", "fields": {"amount": "1amount"}}}',
        '{"payment": {"id": "t", "fields": {"amount": "amount1", "place": "amount1"}}}',
    ],
)
def test_a_file_of_templates_that_makes_no_sense_stops_the_start(tmp_path: Path, written: str) -> None:
    file = tmp_path / "templates.json"
    file.write_text(written, encoding="utf-8")

    assert "WECHAT_MESSAGE_TEMPLATES" in faults(tmp_path, WECHAT_MESSAGE_TEMPLATES=str(file))[0]
    assert "WECHAT_MESSAGE_TEMPLATES" in faults(tmp_path, WECHAT_MESSAGE_TEMPLATES=str(tmp_path / "nowhere"))[0]


@pytest.mark.parametrize(("name", "value"), [("WECHAT_ACTIVATES", "yes"), ("WECHAT_PROGRAM_STATE", "beta")])
def test_a_choice_is_one_of_its_words(tmp_path: Path, name: str, value: str) -> None:
    assert name in faults(tmp_path, **{name: value})[0]


def test_figures_are_joined_in_a_folder_that_is_there(tmp_path: Path) -> None:
    assert read_settings(variables(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))).metrics_dir == tmp_path
    assert "PROMETHEUS_MULTIPROC_DIR" in faults(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "none"))[0]


def test_an_environment_has_one_of_two_names(tmp_path: Path) -> None:
    assert "ENVIRONMENT: must be one of production, development" in faults(tmp_path, ENVIRONMENT="staging")[0]


def test_one_key_for_both_doors_is_refused(tmp_path: Path) -> None:
    assert "must differ" in faults(tmp_path, CORE_APP_KEY="c" * 32)[0]


def test_a_marker_must_outlive_the_slowest_write(tmp_path: Path) -> None:
    assert "BFF_IN_FLIGHT_S" in faults(tmp_path, BFF_IN_FLIGHT_S="20")[0]


def test_a_session_cannot_end_before_it_idles_out(tmp_path: Path) -> None:
    assert "BFF_SESSION_ABSOLUTE_S" in faults(tmp_path, BFF_SESSION_IDLE_S="7200", BFF_SESSION_ABSOLUTE_S="3600")[0]


def test_a_key_file_that_is_not_there_is_named_by_its_variable(tmp_path: Path) -> None:
    told = faults(tmp_path, ALIPAY_PUBLIC_KEY_FILE=str(tmp_path / "gone.pem"))

    assert "ALIPAY_PUBLIC_KEY_FILE" in told[0]
    assert "gone.pem" not in told[0]


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    told = variables(tmp_path)

    printed = repr(read_settings(told))

    for name in ("BFF_DATA_KEYS", "CORE_CITIZEN_KEY", "CORE_APP_KEY", "WECHAT_APP_SECRET", "ALIPAY_AES_KEY", "REDIS_URL"):
        assert told[name].split(":", 1)[-1] not in printed

"""Where a channel may go, and what is said of a call."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bff.channels.phones import mainland_phone
from bff.channels.upstream import Upstream, alarm, logged_call, platform_now, scrub_http_logs
from groundwork.clock import Clock, write_offset
from groundwork.logs import ALLOWED_FIELDS


@pytest.mark.parametrize(
    "address", ["https://api.weixin.qq.com", "http://127.0.0.1:8002/wechat", "http://localhost:8002", "http://[::1]:8002"]
)
def test_a_channel_may_be_at(address: str) -> None:
    assert Upstream(address).address == address


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://api.weixin.qq.com", "must be spoken to over https"),
        ("http://10.0.0.7:8002", "must be spoken to over https"),
        ("http://localhost.evil.example", "must be spoken to over https"),
        ("http://127.0.0.1.evil.example", "must be spoken to over https"),
        ("ftp://127.0.0.1", "must be an https URL"),
        ("api.weixin.qq.com", "must be an https URL"),
        ("https://", "must be an https URL"),
        ("https://user:hidden@api.weixin.qq.com", "must not carry credentials"),
        ("https://api.weixin.qq.com/?secret=hidden", "must not carry"),
        ("https://api.weixin.qq.com/#hidden", "must not carry"),
    ],
)
def test_a_channel_may_not_be_at(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as raised:
        Upstream(address)

    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize("bad", [{"connect_timeout_s": 0}, {"read_timeout_s": -1}, {"pool_size": 0}])
def test_waiting_for_ever_is_no_setting(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Upstream("https://api.weixin.qq.com", **bad)  # type: ignore[arg-type]  # one of them is a whole number


def test_a_call_is_logged_by_listed_fields_only() -> None:
    with capture_logs() as logs, logged_call("wechat", "sns/jscode2session") as told:
        told["errcode"] = 0

    (line,) = logs
    assert set(line) - {"log_level"} <= ALLOWED_FIELDS
    assert (line["outcome"], line["errcode"], line["attempt"], line["log_level"]) == ("answered", 0, 1, "info")
    assert line["duration_ms"] >= 0


def test_a_failed_call_is_logged_by_the_name_of_its_error() -> None:
    with capture_logs() as logs, pytest.raises(KeyError), logged_call("alipay", "m", attempt=2):
        raise KeyError("林月华")

    assert (logs[0]["outcome"], logs[0]["log_level"], logs[0]["attempt"]) == ("KeyError", "warning", 2)
    assert "林月华" not in repr(logs)


def test_an_alarm_is_an_error_in_the_log() -> None:
    with capture_logs() as logs:
        alarm("channel_misconfigured", "wechat", errcode=40125)

    assert logs == [{"event": "channel_misconfigured", "channel": "wechat", "errcode": 40125, "log_level": "error"}]


@pytest.mark.parametrize("name", ["urllib3.connectionpool", "urllib3.util.retry"])
def test_the_http_libraries_log_no_query(caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Even where somebody turns them up to debug and sends them somewhere else."""
    caplog.set_level(logging.DEBUG)
    scrub_http_logs()
    scrub_http_logs()

    logging.getLogger(name).debug('"%s %s HTTP/1.1" %s', "GET", "/sns/jscode2session?secret=hush&js_code=hush", 200)

    assert caplog.messages == ['"GET /sns/jscode2session?... HTTP/1.1" 200']


def test_the_platforms_clock_does_not_move_with_ours(tmp_path: Path) -> None:
    write_offset(tmp_path / "clock.json", timedelta(days=400))
    clock = Clock(tmp_path / "clock.json")

    assert abs(platform_now(clock) - Clock().now()) < timedelta(seconds=5)


@pytest.mark.parametrize("written", ["19900001234", "+8619900001234", "86-19900001234", "+86-19900001234"])
def test_a_mobile_is_read_however_a_platform_writes_it(written: str) -> None:
    assert mainland_phone(written) == "19900001234"


@pytest.mark.parametrize(
    "written", ["", "1990000123", "199000012345", "1９９００００１２３４", "29900001234", "+85219900001234", None, 19900001234]
)
def test_what_is_no_mainland_mobile_is_nothing(written: object) -> None:
    assert mainland_phone(written) is None

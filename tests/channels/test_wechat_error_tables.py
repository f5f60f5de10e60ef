"""Every row of docs/wechat-errors.md, played by the sandbox: the channel does what is written there, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bff.channels import wechat_meanings as meanings
from bff.channels.base import LinkKind, Message
from bff.channels.wechat import WeChat
from bff.channels.wechat_face import VERIFY_PASSED, VERIFY_PENDING
from bff.errors import BffError
from groundwork.clock import Clock
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.played_wechat import PlayedWeChat

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "wechat-errors.md").read_text(encoding="utf-8")
Row = tuple[str, int, str]


def rows() -> list[Row]:
    """Each call named in a heading with each code and reaction of the tables below it."""
    found: list[Row] = []
    calls: list[str] = []
    for line in PAGE.splitlines():
        if line.startswith("## "):
            calls = re.findall(r"`([a-z_0-9/-]+)`", line)
        row = re.fullmatch(r"\| (-?\d+) \| .+ \| `([a-z_]+)` \|", line)
        if row:
            found.extend((call, int(row[1]), row[2]) for call in calls)
    return found


ROWS = rows()


@pytest.mark.parametrize(("call", "code", "reaction"), ROWS, ids=str)
def test_each_row_gives_the_written_reaction(
    played: PlayedWeChat, asks: dict[str, Callable[[], object]], call: str, code: int, reaction: str
) -> None:
    played.fault(call, code)

    with capture_logs() as heard:
        done = _outcome(asks[call])

    assert done == reaction
    needs_somebody = reaction in {"channel_misconfigured", "alert"}
    assert any(entry["log_level"] == "error" for entry in heard) == needs_somebody


def test_every_code_that_we_know_stands_in_a_table() -> None:
    written = {code for _, code, _ in ROWS}
    tables = (meanings.EVERYWHERE, meanings.LOGIN, meanings.PHONE, meanings.CHECK_BEGIN, meanings.CHECK_END, meanings.LINK)
    known = set(meanings.TEXT) | set(meanings.SENDING) | meanings.CHECK_GONE | VERIFY_PENDING | {VERIFY_PASSED}

    assert len(ROWS) > 100
    assert known.union(*tables) <= written


def test_nothing_is_asked_twice_but_for_a_refused_token(played: PlayedWeChat, asks: dict[str, Callable[[], object]]) -> None:
    for call, ask in asks.items():
        played.fault(call, -1)
        _outcome(ask)

        (fault,) = played.plays("GET", "/faults")
        assert fault["struck"] == 1, call


@pytest.fixture
def asks(played: PlayedWeChat) -> dict[str, Callable[[], object]]:
    """One good call of each endpoint, which a fault then spoils."""
    channel, user = played.wechat, played.user()
    check = channel.begin_check(user, played.named())
    code = played.on_phone("codes", channel="wechat")["code"]
    web_code = played.on_phone("codes", channel="wechat_official")["code"]
    phone_code = played.on_phone("phone-codes", channel="wechat")["channel_code"]
    message = Message("payment", {"amount": "12.34元", "place": "药店", "at": "2026年5月1日 09:30"}, "pages/home/index")
    tokenless = WeChat(played.config, Clock(), MemoryTokens())

    return {
        "sns/jscode2session": lambda: channel.identify(code),
        "sns/oauth2/access_token": lambda: played.official.identify(web_code),
        "cgi-bin/stable_token": lambda: tokenless.begin_check(user, played.named()),
        "wxa/business/getuserphonenumber": lambda: channel.phone_number(user, phone_code),
        "cityservice/face/identify/getverifyid": lambda: channel.begin_check(user, played.named()),
        "cityservice/face/identify/queryverifyinfo": lambda: channel.finish_check(user, check),
        "cgi-bin/message/subscribe/send": lambda: channel.send(user, message),
        "wxa/generate_urllink": lambda: channel.make_link("pages/home/index", "a-one-use-id-0001"),
        "wxa/generatescheme": lambda: channel.make_link("pages/home/index", "a-one-use-id-0001", LinkKind.SCHEME),
        "wxa/msg_sec_check": lambda: channel.is_text_allowed(user, "您好"),
    }


def _outcome(ask: Callable[[], object]) -> str:
    """What became of a call: our error's code, or the word of its result."""
    try:
        result = ask()
    except BffError as error:
        return error.code
    if isinstance(result, Enum):
        return str(result.value)
    return "not_allowed" if result is False else "answered"

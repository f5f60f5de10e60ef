"""The core hears from where a citizen calls, and only about citizens."""

from __future__ import annotations

from collections.abc import Mapping

from bff.core_client.client import CoreClient
from bff.core_client.register import RegisterClient
from tests.bff.core_client.conftest import impatient
from tests.bff.core_client.misbehaving import MisbehavingServer, answers

FROM = {"X-Device": "d" * 64, "X-Address": "a" * 64}


def somewhere() -> Mapping[str, str]:
    return FROM


def origin_heard(core: MisbehavingServer) -> Mapping[str, str | None]:
    return {name: core.received[-1].headers.get(name.lower()) for name in FROM}


def test_every_citizen_call_says_where_it_comes_from(core: MisbehavingServer) -> None:
    core.plays(answers(200, {"items": [], "next_cursor": None}))
    client = CoreClient(impatient(core.url), somewhere)

    client.members("p1")
    assert origin_heard(core) == FROM
    client.regions()
    assert origin_heard(core) == FROM


def test_the_register_is_not_told(core: MisbehavingServer) -> None:
    core.plays(answers(200, {"identity_id": "i1", "person_id": None, "agreed": []}))

    RegisterClient(impatient(core.url)).identify("wechat", "wx-app", [("openid", "o1")])

    assert origin_heard(core) == {"X-Device": None, "X-Address": None}


def test_who_calls_on_their_own_behalf_comes_from_nowhere(core: MisbehavingServer) -> None:
    core.plays(answers(200, {"items": [], "next_cursor": None}))

    CoreClient(impatient(core.url)).members("p1")

    assert origin_heard(core) == {"X-Device": None, "X-Address": None}

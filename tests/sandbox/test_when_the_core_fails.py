"""The sandbox before a core that refuses, hangs up or is not there: what it says, what it keeps, and that it tries again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from urllib3.exceptions import ProtocolError

from sandbox.store import Facts, Store
from tests.bff.core_client.misbehaving import Act, MisbehavingServer, answers, hangs_up
from tests.sandbox.conftest import Keys, listening, settings_for
from tests.sandbox.player import Player

WELL = answers(200, {"items": ["one_card"], "transfer_out": {"allowed": True, "reasons": []}})
REFUSED = answers(422, {"code": "refused", "detail": "不行。"}, "application/problem+json")
PERSON = {"name": "高云", "sex": "female", "born": "1990-02-28", "region": "371300", "insurances": []}
PLACE = {"id": "P-NEW-9", "name": "新药房", "region": "371300", "kind": "pharmacy", "level": 1, "capabilities": []}


@pytest.fixture
def core() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer([WELL])
    yield server
    server.close()


@pytest.fixture
def settled(core: MisbehavingServer, keys: Keys, tmp_path: Path) -> Iterator[Player]:
    """A player whose sandbox has told this core of everybody."""
    settings = settings_for(core.url.removesuffix("/core"), keys, tmp_path)
    with listening(settings, tmp_path / "platform.json") as player:
        until_ready(player)
        yield player


def until_ready(player: Player) -> None:
    for _ in range(200):
        if player.call("GET", "/readyz").status == 200:
            return
        time.sleep(0.05)
    raise AssertionError("it never became ready")


def known(player: Player) -> list[str]:
    return [one["name"] for one in player.call("GET", "/people").ok()]


def test_whom_a_silent_core_may_know_is_kept_and_the_player_told_to_ask_again(settled: Player, core: MisbehavingServer) -> None:
    core.plays(hangs_up)

    told = settled.call("POST", "/people", PERSON)

    assert (told.status, told.body["code"]) == (504, "core_silent")
    assert PERSON["name"] in known(settled)


@pytest.mark.parametrize(("act", "status", "code"), [(hangs_up, 504, "core_silent"), (REFUSED, 422, "refused")])
def test_life_that_the_core_did_not_hear_of_has_not_happened(
    settled: Player, core: MisbehavingServer, act: Act, status: int, code: str
) -> None:
    before = settled.someone()
    core.plays(act)

    told = settled.call("PATCH", f"/people/{before['id_number']}", {"phone": "13900000000"})

    assert (told.status, told.body["code"]) == (status, code)
    assert settled.someone() == before


def test_life_cannot_happen_where_there_is_no_core(player: Player) -> None:
    told = player.call("PATCH", f"/people/{player.someone()['id_number']}", {"phone": "13900000000"})

    assert (told.status, told.body["code"]) == (503, "try_again")


@pytest.mark.parametrize(("act", "status", "code"), [(hangs_up, 503, "try_again"), (REFUSED, 422, "refused")])
def test_a_place_that_the_core_did_not_take_is_not_listed(
    settled: Player, core: MisbehavingServer, act: Act, status: int, code: str
) -> None:
    core.plays(act)

    told = settled.call("POST", "/institutions", PLACE)

    assert (told.status, told.body["code"]) == (status, code)
    assert PLACE["id"] not in [one["id"] for one in settled.call("GET", "/institutions").ok()]


def test_a_core_that_hangs_up_on_the_bff_breaks_its_reply_off_too(settled: Player, core: MisbehavingServer) -> None:
    core.plays(hangs_up)

    with pytest.raises(ProtocolError):
        settled.call("GET", "/core/citizen/me")


@pytest.mark.parametrize("before", [[], [WELL]], ids=["from the start", "once it has answered"])
@pytest.mark.parametrize("act", [hangs_up, answers(500, {})], ids=["silent", "in trouble"])
def test_everybody_is_told_again_until_the_core_has_heard_it(
    core: MisbehavingServer, keys: Keys, tmp_path: Path, act: Act, before: list[Act]
) -> None:
    """A report is tried three times before the sandbox waits a moment."""
    core.plays(*before, act, act, act, WELL)

    with listening(settings_for(core.url.removesuffix("/core"), keys, tmp_path), tmp_path / "platform.json") as player:
        assert player.call("GET", "/healthz").ok() == {"status": "alive"}
        until_ready(player)
        people = player.call("GET", "/people").ok()

    told = {one.headers["idempotency-key"] for one in core.received if one.line.startswith("POST /registry/people")}
    assert len(told) == len(people)


def test_facts_that_the_core_will_never_have_hold_nobody_else_up(core: MisbehavingServer, keys: Keys, tmp_path: Path) -> None:
    core.plays(WELL, REFUSED, WELL)

    with listening(settings_for(core.url.removesuffix("/core"), keys, tmp_path), tmp_path / "platform.json") as player:
        until_ready(player)


def test_what_only_resembles_yes_is_refused(player: Player) -> None:
    told = player.call("POST", "/people", {**PERSON, "voucher": "yes"})

    assert told.status == 400


def test_a_change_that_breaks_off_leaves_the_person_as_before(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_person({"id_number": "371399199002280021", "name": "高云"})

    def break_off(facts: Facts) -> Facts:
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        store.change_person("371399199002280021", break_off)

    assert store.person("371399199002280021") == {"id_number": "371399199002280021", "name": "高云"}
    store.change_person("371399199002280021", lambda facts: {**facts, "name": "高山"})
    assert (store.person("371399199002280021") or {})["name"] == "高山"
    store.close()

"""The sandbox in front of the real core: people are settled, tills and the proxy change nothing, faults strike as ordered."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from urllib3.exceptions import ProtocolError

from groundwork.chance import new_id, new_secret
from groundwork.sealing import KeyRing
from reference_core import app as core_app
from reference_core.migrate import migrate
from reference_core.settings import DoorKeys
from reference_core.settings import Settings as CoreSettings
from reference_core.web import PARTS
from sandbox.settings import Settings
from tests.sandbox.conftest import Keys, listening, serving, settings_for
from tests.sandbox.player import Answer, Json, Player

PHARMACY = "P37139900001"
PERSON = {
    "name": "高云",
    "sex": "female",
    "born": "1990-02-28",
    "region": "371300",
    "voucher": True,
    "insurances": [{"insutype": "310", "status": "normal", "balance_fen": 50_000, "prior_year_fen": 20_000}],
}


@dataclass(frozen=True, slots=True)
class Town:
    """A player in front of a sandbox, with the key of the core's citizen door and what another start would need."""

    player: Player
    citizen_key: str
    settings: Settings
    clock_file: Path

    def citizen(self, method: str, path: str, body: Json = None, **headers: str) -> Answer:
        """A call of the BFF's, through the sandbox."""
        bearer = {"Authorization": f"Bearer {self.citizen_key}"}
        return self.player.call(method, f"/core/citizen{path}", body, **bearer, **headers)

    def till(self, what: str, body: Json, key: str | None = None) -> Answer:
        return self.player.call("POST", f"/tills/{PHARMACY}/{what}", body, **({"Idempotency_Key": key} if key else {}))


@pytest.fixture(scope="module")
def town(empty_database: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    migrate(empty_database)
    folder = tmp_path_factory.mktemp("town")
    wanted, citizen_key = settings_for("", keys, folder), new_secret()
    doors = DoorKeys(
        citizen=(citizen_key,),
        terminal=(wanted.core_terminal_key,),
        counter=(new_secret(),),
        app=(new_secret(),),
        registry=(wanted.core_registry_key,),
    )
    core = core_app.build_app(
        CoreSettings(
            database_url=empty_database,
            register_url=empty_database,
            keys=doors,
            data_keys=KeyRing.parse("k1:" + "11" * 32),
            registry_door=True,
            clock_file=wanted.clock_file,
            environment="development",
        )
    )
    with serving(core) as core_url:
        settings = replace(wanted, core_url=core_url)
        with listening(settings, folder / "platform.json") as player:
            until_ready(player)
            yield Town(player, citizen_key, settings, folder / "platform.json")
    core.extensions[PARTS].close()


def until_ready(player: Player) -> None:
    for _ in range(200):
        if player.call("GET", "/readyz").status == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the core was not told of everybody")


@pytest.fixture(autouse=True)
def _no_faults_left(town: Town) -> Iterator[None]:
    yield
    town.player.call("DELETE", "/faults").ok()


def somebody(town: Town, **other: Json) -> Json:
    answer = town.player.call("POST", "/people", {**PERSON, **other})
    assert answer.status == 201, answer.text
    return answer.body


def bill(person: Json, amount_fen: int = 3_000) -> Json:
    return {"credential": {"kind": "id_card", "value": person["id_number"]}, "med_type": "41", "amount_fen": amount_fen}


def test_demo_people_can_pay_as_soon_as_the_sandbox_is_ready(town: Town) -> None:
    paid = town.till("settlements", bill(town.player.someone("程一舟")), new_id()).ok()

    assert (paid["status"], paid["own_fen"]) == ("settled", 3_000)


def test_a_second_start_tells_the_core_again_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    person = somebody(town)
    town.till("settlements", bill(person, 10_000), new_id()).ok()
    with listening(replace(town.settings, data_dir=tmp_path), town.clock_file) as other:
        until_ready(other)

    left = town.till("presettlements", bill(person, 60_000)).ok()
    assert left["own_fen"] == 40_000


def test_somebody_made_has_all_facts_and_money(town: Town) -> None:
    person = somebody(town)

    assert town.till("presettlements", bill(person, 90_000)).ok()["own_fen"] == 50_000
    assert person["card_number"]
    assert person["insurances"][0]["prior_year_fen"] == 20_000
    assert town.player.call("GET", "/people").ok()[-1] == person


def test_a_number_is_given_once(town: Town) -> None:
    person = somebody(town)
    told = town.player.call("POST", "/people", {**PERSON, "id_number": person["id_number"]})

    assert (told.status, told.body["code"]) == (409, "already_known")


def test_life_happens_and_the_core_hears_of_it(town: Town) -> None:
    person = somebody(town)
    path = f"/people/{person['id_number']}"
    richer = town.player.call("PATCH", path, {"deposit_fen": 1_000}).ok()

    assert richer["transfer_out"] == {"allowed": True, "reasons": []}
    assert richer["insurances"][0]["balance_fen"] == 51_000
    assert town.till("presettlements", bill(person, 90_000)).ok()["own_fen"] == 51_000
    changed = town.player.call("PATCH", path, {"insurances": [{"insutype": "310", "balance_fen": 700}]}).ok()
    assert changed["insurances"] == [{"insutype": "310", "status": "normal", "balance_fen": 700, "prior_year_fen": 700}]
    assert town.till("presettlements", bill(person, 90_000)).ok()["own_fen"] == 700


def test_what_the_core_will_not_have_is_passed_on_and_not_kept(town: Town) -> None:
    before = len(town.player.call("GET", "/people").ok())
    blank = town.player.call("POST", "/people", {**PERSON, "name": "高\u0000云"})

    assert blank.status == 400
    assert blank.headers["Content-Type"] == "application/problem+json"
    assert len(town.player.call("GET", "/people").ok()) == before


def test_a_new_institution_is_known_to_the_core_and_listed(town: Town) -> None:
    made = {"id": "P-NEW-1", "name": "新药房", "region": "371300", "kind": "pharmacy", "level": 1, "capabilities": ["one_card"]}
    town.player.call("POST", "/institutions", made).ok()
    town.player.call("POST", "/institutions", {**made, "name": "新新药房"}).ok()
    paid = town.player.call("POST", "/tills/P-NEW-1/settlements", bill(somebody(town)), Idempotency_Key=new_id())

    assert paid.status == 200, paid.text
    assert [one["name"] for one in town.player.call("GET", "/institutions").ok() if one["id"] == "P-NEW-1"] == ["新新药房"]


def test_the_first_of_a_kind_in_a_region_can_do_whatever_any_pack_asks(town: Town) -> None:
    fresh = {"name": "新区药店", "region": "340103", "kind": "pharmacy", "level": 1}

    first = town.player.call("POST", "/institutions", {"id": "P-FIRST", **fresh}).ok()
    second = town.player.call("POST", "/institutions", {"id": "P-SECOND", **fresh}).ok()
    plain = town.player.call("POST", "/institutions", {"id": "P-PLAIN", **fresh, "region": "340104", "capabilities": []}).ok()

    assert {"one_card", "mutual_aid"} <= set(first["capabilities"])
    assert second["capabilities"] == plain["capabilities"] == []
    listed = {one["id"]: one for one in town.player.call("GET", "/institutions").ok()}
    assert listed["P-FIRST"] == first
    assert listed[PHARMACY]["capabilities"] == first["capabilities"]


def test_a_tills_key_and_errors_come_through_unchanged(town: Town) -> None:
    wanted, key = bill(somebody(town)), new_id()
    first, again = town.till("settlements", wanted, key), town.till("settlements", wanted, key)
    other = town.till("settlements", {**wanted, "amount_fen": 1}, key)
    keyless = town.till("settlements", wanted)
    unknown = town.till("settlements", {**wanted, "credential": {"kind": "voucher", "value": "made-up"}}, new_id())
    asked = town.player.call("GET", f"/tills/{PHARMACY}/settlements/{key}")

    assert first.body == again.body == asked.body
    assert (other.status, other.body["code"]) == (409, "key_reused")
    assert (keyless.status, keyless.body["code"]) == (400, "key_missing")
    assert (unknown.status, unknown.body["code"]) == (404, "voucher_code_unknown")
    assert unknown.headers["Content-Type"] == "application/problem+json"


def test_a_refund_goes_back_through_the_till(town: Town) -> None:
    paid = town.till("settlements", bill(somebody(town)), new_id()).ok()
    back = town.till("refunds", {"settlement_id": paid["settlement_id"], "amount_fen": 1_000}, new_id()).ok()

    assert (back["status"], back["returned"]["own_fen"]) == ("partly_refunded", 1_000)


def test_the_proxy_hands_on_method_query_headers_body_and_status(town: Town) -> None:
    person = {"name": "高云", "id_number": somebody(town)["id_number"], "cert_type": "01", "phone": "19900000000"}
    seen = {"channel": "wechat", "method": "face", "check_id": "c", "at": "2026-01-01T00:00:00+08:00"}
    proven = {**person, "phone_assurance": "verified", "verified": seen}
    met = town.citizen("POST", "/people", proven, Idempotency_Key=new_id())
    records = town.citizen("GET", "/records?limit=1", X_Person=met.ok()["person_id"])
    stranger = town.player.call("GET", "/core/citizen/me")

    assert records.ok()["items"] == []
    assert town.citizen("GET", "/records?limit=0", X_Person=met.ok()["person_id"]).status == 400
    assert (stranger.status, stranger.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_reply_of_the_core_that_is_dropped_leaves_its_effect(town: Town) -> None:
    wanted, key = bill(somebody(town)), new_id()
    town.player.fault(upstream="core", endpoint="POST /terminal/settlements", kind="drop_reply", times=1)

    with pytest.raises(ProtocolError):
        town.till("settlements", wanted, key)
    assert town.player.call("GET", f"/tills/{PHARMACY}/settlements/{key}").ok()["own_fen"] == 3_000
    assert town.till("settlements", wanted, key).ok()["own_fen"] == 3_000


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "refuse"}, 503, "try_again"),
        ({"kind": "error"}, 500, "internal"),
        ({"kind": "error", "code": 504}, 504, "internal"),
        ({"kind": "error", "code": "text_changed"}, 500, "text_changed"),
    ],
)
def test_a_refusal_or_error_of_the_core_has_no_effect(town: Town, fault: Json, status: int, code: str) -> None:
    key = new_id()
    town.player.fault(upstream="core", endpoint="settlements", times=1, **fault)
    told = town.till("settlements", bill(somebody(town)), key)

    assert (told.status, told.body["code"]) == (status, code)
    assert town.player.call("GET", f"/tills/{PHARMACY}/settlements/{key}").status == 404


def test_garbage_of_the_core_is_no_json(town: Town) -> None:
    town.player.fault(upstream="core", endpoint="/terminal/presettlements", kind="garbage", times=1)
    told = town.till("presettlements", bill(somebody(town)))

    assert told.status == 200
    with pytest.raises(json.JSONDecodeError):
        assert told.body


def test_faults_of_the_core_do_not_strike_the_players_own_reports(town: Town) -> None:
    town.player.fault(upstream="core", endpoint="*", kind="refuse")

    assert somebody(town)["id_number"]

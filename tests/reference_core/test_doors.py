"""The doors themselves: keys, bodies, errors, the document, and what a bad caller is told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from groundwork.chance import new_id
from groundwork.environment import BadSettings
from reference_core.app import build_app
from reference_core.db import Database
from reference_core.doors.keys import terminal_signature
from reference_core.parts import Core
from reference_core.problems import CoreError, OutcomeUnknown, TooManyWrongCredentials, TryAgain, VoucherCodeUnknown
from reference_core.services.cursors import write_cursor
from reference_core.services.payments.credentials import check_holder
from reference_core.settings import Settings, read_settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, World, new_person

OPEN = {"/healthz", "/readyz", "/openapi.json"}
NOBODYS = "00000000-0000-7000-8000-000000000000"


def test_every_route_but_health_and_the_document_turns_away_who_has_no_key(app: Flask, callers: Callers) -> None:
    checked = 0
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN:
            continue
        path = rule.rule
        for name in rule.arguments:
            kind = type(rule._converters[name]).__name__
            path = path.replace(
                f"<{'uuid:' if kind == 'UUIDConverter' else 'string:' if kind == 'UnicodeConverter' else 'path:'}{name}>",
                new_id(),
            )
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            callers.call(method, path, {} if method == "POST" else None).problem(401, "bad_credential")
            callers.call(method, path, {} if method == "POST" else None, bearer="wrong").problem(401, "bad_credential")
            checked += 1
    assert checked > 25


@pytest.mark.parametrize("door", ["citizen", "app", "registry", "counter"])
def test_one_doors_key_opens_no_other(callers: Callers, core: Core, door: str) -> None:
    paths = {
        "citizen": "/citizen/regions",
        "app": "/app/identities",
        "registry": "/registry/institutions",
        "counter": "/counter/any",
    }
    others = {name: path for name, path in paths.items() if name != door}
    key = getattr(core.settings.keys, door)[0]
    for path in others.values():
        method = "GET" if path in ("/citizen/regions", "/counter/any") else "POST"
        callers.call(method, path, {} if method == "POST" else None, bearer=key).problem(401, "bad_credential")


def test_what_the_counter_does_not_have_is_not_found_with_its_key(callers: Callers, core: Core) -> None:
    callers.call("GET", "/counter/anything/else", bearer=core.settings.keys.counter[0]).problem(404, "not_found")


def test_an_older_key_of_a_door_still_opens_it(settings: Settings) -> None:
    older = "an-older-citizen-key-" + "o" * 20
    keys = replace(settings.keys, citizen=("a-newer-citizen-key-" + "n" * 20, older))
    app = build_app(replace(settings, keys=keys))

    told = app.test_client().get("/citizen/regions", headers={"Authorization": f"Bearer {older}"})

    assert told.status_code == 200
    app.extensions[PARTS].close()


def test_a_tills_token_speaks_for_its_own_institution_only(world: World, callers: Callers, core: Core) -> None:
    signature = terminal_signature(core.settings.keys.terminal[0], world.institution())

    told = callers.call("GET", "/terminal/settlements/some-key", bearer=f"{world.institution()}.{signature}")

    told.problem(401, "bad_credential")


def test_the_registry_door_is_not_there_unless_it_was_opened(production: Settings) -> None:
    app = build_app(production)

    told = app.test_client().post("/registry/people", json={}, headers={"Authorization": f"Bearer {production.keys.registry[0]}"})

    assert told.status_code == 404
    app.extensions[PARTS].close()


GOOD_BILL = {"credential": {"kind": "voucher", "value": "c" * 22}, "med_type": "41", "amount_fen": 100}


@pytest.mark.parametrize("amount", [0, -1, 1.5, "100", True, None, 10**15, [1], {}])
def test_a_bad_amount_is_named(world: World, callers: Callers, amount: Any) -> None:
    told = callers.till(world.institution(), "/settlements", {**GOOD_BILL, "amount_fen": amount}).problem(400, "malformed")

    assert list(told["fields"]) == ["amount_fen"]
    assert set(told["fields"]["amount_fen"]) == {"code", "text", "remedy"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"credential": {"kind": "face", "value": "x"}}, "credential.kind"),
        ({"credential": {"kind": "voucher"}}, "credential.value"),
        ({"med_type": "门诊"}, "med_type"),
        ({"declares_mutual_aid": "true"}, "declares_mutual_aid"),
        ({"fund_fen": -1}, "fund_fen"),
        ({"items": [{"name": "药", "amount_fen": 1, "category": "gift"}]}, "items.0.category"),
        ({"items": [{"name": "药", "amount_fen": 1, "category": "covered"}]}, "amount_fen"),
    ],
)
def test_what_is_wrong_in_a_bill_is_named(world: World, callers: Callers, change: dict[str, Any], field: str) -> None:
    told = callers.till(world.institution(), "/settlements", {**GOOD_BILL, **change}).problem(400, "malformed")

    assert field in told["fields"]


def test_an_unknown_field_is_named(world: World, callers: Callers) -> None:
    told = callers.till(world.institution(), "/settlements", {**GOOD_BILL, "discount": 5}).problem(400, "unknown_field")

    assert list(told["fields"]) == ["discount"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("37139919850302001", "id_number_length"),
        ("371399198503020018", "id_number_check"),
        ("3713991985030２0019", "id_number_characters"),
        ("001399198503020019", "id_number_province"),
        ("371399198502300019", "id_number_birth_date"),
    ],
)
def test_an_id_number_that_cannot_be_is_told_why(world: World, callers: Callers, number: str, code: str) -> None:
    son = world.employee(500)
    body = {"name": "王母", "id_number": number, "relation": "mother", "verified_by": world.proof()}

    told = callers.citizen("POST", "/relations", body, person=son["person_id"]).problem(400, "malformed")

    assert told["fields"]["id_number"]["code"] == code
    assert number not in str(told)


@pytest.mark.parametrize("key", ["", "short", "ä" * 20, "k" * 201, "with space in the key"])
def test_a_write_needs_a_key_of_visible_ascii(world: World, callers: Callers, core: Core, key: str) -> None:
    son = world.employee(500)
    body = {"agree": "0" * 64, "verified_by": world.proof()}
    headers = {"Idempotency_Key": key} if key.isascii() else {"Idempotency_Key": key.encode().decode("latin-1")}

    told = callers.call(
        "POST", "/citizen/account", body, bearer=core.settings.keys.citizen[0], X_Person=son["person_id"], **headers
    )

    told.problem(400, "key_missing")


@pytest.mark.parametrize("person", ["", "1", "nobody"])
def test_who_acts_must_be_named_by_an_id(callers: Callers, person: str) -> None:
    callers.citizen("GET", "/me", person=person).problem(400, "malformed")


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/account",
        "/transfer-out",
        "/flows",
        "/vouchers",
        "/records/01890a5d-ac96-774b-bcce-b302099a8057",
        "/records/summary?year=2026",
        "/statement?year=2026",
        "/export",
        "/outcomes/none",
    ],
)
def test_an_id_that_nobody_has_is_not_found(callers: Callers, path: str) -> None:
    callers.citizen("GET", path, person=new_id()).problem(404, "not_found")


@pytest.mark.parametrize(
    ("body", "content_type", "problem"),
    [
        (b"{", "application/json", (400, "malformed")),
        (b"[]", "application/json", (400, "malformed")),
        (b"null", "application/json", (400, "malformed")),
        (b"[" * 60_000, "application/json", (400, "malformed")),
        (b'{"a": NaN}', "application/json", (400, "malformed")),
        (b'{"name": "\\u0000"}', "application/json", (400, "malformed")),
        (b'{"name": "\\ud800"}', "application/json", (400, "malformed")),
        (b"\xff\xfe", "application/json", (400, "malformed")),
        (b"name=x", "application/x-www-form-urlencoded", (415, "not_json")),
        (b"{}", "text/plain", (415, "not_json")),
        (b" " * (64 * 1024 + 1), "application/json", (413, "too_large")),
    ],
)
def test_a_body_that_is_no_object_of_ours_is_refused(
    app: Flask, core: Core, body: bytes, content_type: str, problem: tuple[int, str]
) -> None:
    headers = {"Authorization": f"Bearer {core.settings.keys.citizen[0]}", "Idempotency-Key": "k" * 16, "X-Person": new_id()}

    reply = app.test_client().post("/citizen/relations", data=body, content_type=content_type, headers=headers)

    told = reply.get_json(force=True)
    assert (reply.status_code, told["status"], told["code"]) == (problem[0], *problem)
    assert reply.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "!!!!", "\x00"),
        write_cursor("one", "two", "three"),
        write_cursor("yesterday", NOBODYS),
        write_cursor("2026-11-21T10:00:00.000000", NOBODYS),
        write_cursor("2026-11-21T10:00:00.000000+00:00", "mine"),
    ],
)
def test_a_cursor_that_we_did_not_give_is_malformed(world: World, callers: Callers, cursor: str) -> None:
    callers.citizen("GET", f"/records?cursor={quote(cursor)}", person=world.employee()["person_id"]).problem(400, "malformed")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "page=2"])
def test_a_page_that_is_not_offered_is_malformed(world: World, callers: Callers, query: str) -> None:
    assert callers.citizen("GET", f"/records?{query}", person=world.employee()["person_id"]).status == 400


def test_unknown_paths_and_methods_are_problems_too(callers: Callers) -> None:
    callers.call("GET", "/nowhere").problem(404, "not_found")
    callers.call("DELETE", "/healthz").problem(405, "method_not_allowed")


def test_health_and_readiness_answer(callers: Callers) -> None:
    assert callers.call("GET", "/healthz").ok() == {"status": "ok"}
    assert callers.call("GET", "/readyz").ok() == {"status": "ready"}


def test_without_a_database_the_core_is_not_ready_and_says_try_again(settings: Settings) -> None:
    away = "postgresql://postgres@127.0.0.1:1/none"
    app = build_app(replace(settings, database_url=away, register_url=away))
    client = app.test_client()
    person = {"Authorization": f"Bearer {settings.keys.citizen[0]}", "X-Person": new_id()}

    assert client.get("/readyz").status_code == 503
    told = client.get("/citizen/account", headers=person)

    assert (told.status_code, told.get_json(force=True)["code"]) == (503, "try_again")
    app.extensions[PARTS].close()


def test_a_request_id_is_given_back_or_made(callers: Callers) -> None:
    assert callers.call("GET", "/healthz", X_Request_Id="req-12345678").headers["X-Request-Id"] == "req-12345678"
    assert len(callers.call("GET", "/healthz", X_Request_Id="<script>").headers["X-Request-Id"]) == 36


def test_the_document_describes_every_route_and_no_other(app: Flask, callers: Callers) -> None:
    document = callers.call("GET", "/openapi.json").ok()
    routed = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule not in OPEN}

    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == routed
    for path in document["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                assert {"400", "401"} <= set(operation["responses"])
                assert operation["summary"]


def test_every_problem_has_its_own_code_and_plain_words() -> None:
    kinds = [kind for kind in _tree(CoreError) if "code" in vars(kind)]

    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.title
        assert kind.detail.endswith("。")
        assert "系统繁忙" not in kind.detail
    assert TryAgain.retry
    assert OutcomeUnknown.retry


def _tree(kind: type[CoreError]) -> list[type[CoreError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _tree(child))]


GOOD = {
    "DATABASE_URL": "postgresql://core@127.0.0.1/core",
    "CORE_DATA_KEYS": "k1:" + "0f" * 32,
    **{f"CORE_{door}_KEYS": "k" * 32 for door in ("CITIZEN", "TERMINAL", "COUNTER", "APP")},
}


def test_settings_have_safe_defaults() -> None:
    settings = read_settings(GOOD)

    assert (settings.environment, settings.registry_door, settings.clock_file) == ("production", False, None)
    assert (settings.voucher_code_life_s, settings.register_url) == (60, settings.database_url)
    assert "k" * 32 not in repr(settings)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: must begin with postgresql://"),
        ({"CORE_CITIZEN_KEYS": "short"}, "CORE_CITIZEN_KEYS: each secret needs at least 32 characters"),
        ({"CORE_DATA_KEYS": "k1:xyz"}, "CORE_DATA_KEYS: key 1 is not hexadecimal"),
        ({"CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE: a production clock cannot be shifted"),  # noqa: S108  # never opened
        ({"CORE_REGISTRY_DOOR": "on", "CORE_REGISTRY_KEYS": "r" * 32}, "CORE_REGISTRY_DOOR: stays off in production"),
        ({"CORE_REGISTRY_DOOR": "on", "ENVIRONMENT": "development"}, "CORE_REGISTRY_KEYS is missing"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT: must be one of production, development"),
        ({"PACKS_PATH": "/no/such/folder"}, "PACKS_PATH: must name folders that exist"),
        ({"CORE_POOL_SIZE": "0"}, "CORE_POOL_SIZE: must be a whole number from 1 to 200"),
    ],
)
def test_a_bad_or_unsafe_setting_stops_the_start(change: dict[str, str], fault: str) -> None:
    with pytest.raises(BadSettings) as stopped:
        read_settings({**GOOD, **change})

    assert fault in str(stopped.value)


def test_an_empty_body_counts_as_an_object_without_fields(app: Flask, core: Core) -> None:
    headers = {"Authorization": f"Bearer {core.settings.keys.citizen[0]}", "X-Person": new_id()}

    empty, braces = (
        app.test_client().post(
            "/citizen/relations", data=body, content_type=kind, headers={**headers, "Idempotency-Key": new_id()}
        )
        for body, kind in ((b"", ""), (b"{}", "application/json"))
    )

    assert empty.get_json(force=True)["fields"] == braces.get_json(force=True)["fields"] != {}


def test_a_fault_of_our_own_is_told_without_its_words(settings: Settings) -> None:
    def broken() -> str:
        raise ValueError("林月华")

    built = build_app(settings)
    built.add_url_rule("/broken", view_func=broken)

    reply = built.test_client().get("/broken")

    assert (reply.status_code, reply.get_json(force=True)["code"]) == (500, "internal")
    assert "林月华" not in reply.get_data(as_text=True)
    built.extensions[PARTS].close()


def test_a_connection_lost_at_work_may_have_done_it(core: Core) -> None:
    with pytest.raises(OutcomeUnknown):
        core.db.one("SELECT pg_terminate_backend(pg_backend_pid())")
    assert core.db.ready()


def test_where_the_registers_role_could_not_be_made_it_shares_the_cores_user(settings: Settings) -> None:
    register = Database(settings.database_url, 1, role="a_role_that_nobody_made")
    register.open()

    said = register.one("SELECT current_user AS name, session_user AS given")

    register.close()
    assert said is not None
    assert said["name"] == said["given"]


def test_a_burst_of_wrong_codes_is_counted_even_by_those_who_looked_before_it(world: World, core: Core) -> None:
    till, seen = world.institution(), {"wrong_lately": 0, "holder": None}
    for _ in range(core.settings.wrong_credentials_max):
        with pytest.raises(VoucherCodeUnknown):
            check_holder(core, till, "voucher", seen, core.now())

    with pytest.raises(TooManyWrongCredentials):
        check_holder(core, till, "voucher", seen, core.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "高\u0007云"}, "name"),
        ({"insurances": [{"insutype": "310", "status": "normal", "balance_fen": 1, "prior_year_fen": 2}]}, "prior_year_fen"),
    ],
)
def test_facts_of_a_person_that_cannot_be_are_named(callers: Callers, change: dict[str, Any], field: str) -> None:
    told = callers.registry("/people", new_person(**change))

    assert told.status in (400, 422)
    assert field in str(told.body["fields"])

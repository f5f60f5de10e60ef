"""The feed that skips nothing, and the records that each side may see."""

from __future__ import annotations

import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor

import structlog

from reference_core.parts import Core
from reference_core.services.notices import events
from reference_core.services.notices.events import Event, read_events
from tests.reference_core.callers import Callers, Json, World


def get(callers: Callers, person: Json, path: str) -> Json:
    return callers.citizen("GET", path, person=person["person_id"]).ok()


def test_an_event_that_commits_late_gets_a_later_position(world: World, core: Core) -> None:
    """The classic gap: the row written first is committed last, after somebody read past it."""
    person = world.employee()["person_id"]
    start = read_events(core.db, 0, 1000)["next_after"]
    with core.db.transaction() as slow:
        events.record(slow, core.now(), Event("slow", person, {}))
        with core.db.transaction() as quick:
            events.record(quick, core.now(), Event("quick", person, {}))
        seen = read_events(core.db, start, 10)
        assert [item["kind"] for item in seen["items"]] == ["quick"]

    assert [item["kind"] for item in read_events(core.db, seen["next_after"], 10)["items"]] == ["slow"]


def test_readers_and_writers_at_once_see_every_event_once_and_in_order(world: World, core: Core) -> None:
    person = world.employee()["person_id"]
    start = read_events(core.db, 0, 1000)["next_after"]

    def write(number: int) -> None:
        with core.db.transaction() as tx:
            events.record(tx, core.now(), Event("counted", person, {"number": number}))

    def follow(_reader: int) -> list[int]:
        after = start
        seen: list[int] = []
        while len(seen) < 200:
            page = read_events(core.db, after, 7)
            seen += [item["data"]["number"] for item in page["items"]]
            after = page["next_after"]
        return seen

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(follow, reader) for reader in range(2)]
        list(pool.map(write, range(200)))
        first, second = (reader.result(30) for reader in readers)

    assert first == second
    assert sorted(first) == list(range(200))


def test_a_page_of_the_feed_says_where_to_go_on(world: World, callers: Callers) -> None:
    son, mother = world.employee(5_000), world.resident()
    start = callers.events()["next_after"]
    world.family(son, mother)

    first = callers.events(start, 2)
    rest = callers.events(first["next_after"], 2)

    assert [item["position"] for item in first["items"] + rest["items"]] == [start + 1, start + 2, start + 3]
    assert callers.events(rest["next_after"]) == {"items": [], "next_after": rest["next_after"]}


def test_a_payment_is_told_to_those_whom_it_concerns_without_names(world: World, callers: Callers) -> None:
    son, mother, pharmacy = world.employee(5_000), world.resident(), world.institution()
    world.family(son, mother)
    start = callers.events()["next_after"]

    paid = world.pay(pharmacy, mother, 1_000).ok()["settlement_id"]
    world.pay(pharmacy, mother, 9_000).ok()
    callers.till(pharmacy, "/refunds", {"settlement_id": paid}).ok()

    told = [(item["kind"], item["data"].get("role"), item["person_id"]) for item in callers.events(start)["items"]]
    shown = [one for one in told if one[0] != "voucher_code_shown"]
    assert shown == [
        ("payment_settled", "member", mother["person_id"]),
        ("payment_settled", "payer", son["person_id"]),
        ("payment_settled", "member", mother["person_id"]),
        ("payment_refused_sharing", None, mother["person_id"]),
        ("refunded", "member", mother["person_id"]),
        ("refunded", "payer", son["person_id"]),
    ]
    assert son["name"] not in str(callers.events(start))


def test_records_say_who_spent_where_and_whose_money(world: World, callers: Callers) -> None:
    son, mother, pharmacy = world.employee(5_000), world.resident(), world.institution()
    world.family(son, mother)
    world.pay(pharmacy, mother, 1_000).ok()
    world.pay(pharmacy, son, 300).ok()

    own, hers = get(callers, son, "/records")["items"]
    (as_she_sees_it,) = get(callers, mother, "/records")["items"]

    assert (own["member"]["relation"], own["own_fen"], own["payers"]) == ("self", 300, [])
    assert (hers["member"]["relation"], hers["payer_fen"], hers["institution"]["id"]) == ("mother", 1_000, pharmacy)
    assert [(one["is_me"], one["paid_fen"]) for one in hers["payers"]] == [(True, 1_000)]
    assert (as_she_sees_it["member"]["relation"], as_she_sees_it["payers"][0]["is_me"]) == ("self", False)
    assert get(callers, son, f"/records/{hers['id']}") == hers


def test_a_payer_sees_nothing_that_the_own_account_paid_no_part_of(world: World, callers: Callers) -> None:
    """Y-14."""
    son, mother, pharmacy = world.employee(500), world.resident(), world.institution()
    world.pay(pharmacy, mother, 100).ok()
    world.family(son, mother)
    alone = world.pay(pharmacy, mother, 600).ok()["settlement_id"]

    assert get(callers, son, "/records")["items"] == []
    callers.citizen("GET", f"/records/{alone}", person=son["person_id"]).problem(404, "not_found")


def test_records_are_read_page_by_page_without_gap_or_repeat(world: World, callers: Callers) -> None:
    person, pharmacy = world.employee(5_000), world.institution()
    for amount in range(1, 8):
        world.pay(pharmacy, person, amount).ok()

    first = get(callers, person, "/records?limit=3")
    second = get(callers, person, f"/records?limit=3&cursor={first['next_cursor']}")
    third = get(callers, person, f"/records?limit=3&cursor={second['next_cursor']}")

    pages = [[item["bill_fen"] for item in page["items"]] for page in (first, second, third)]
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]
    assert third["next_cursor"] is None


def test_a_record_shows_what_became_of_it(world: World, callers: Callers) -> None:
    person, pharmacy = world.employee(5_000), world.institution()
    paid = world.pay(pharmacy, person, 400).ok()["settlement_id"]

    callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 1}).ok()
    assert get(callers, person, "/records")["items"][0]["status"] == "partly_refunded"
    callers.till(pharmacy, "/refunds", {"settlement_id": paid}).ok()
    assert get(callers, person, "/records")["items"][0]["status"] == "refunded"


def test_a_code_is_never_shown_twice(world: World, callers: Callers) -> None:
    person, key = world.employee(500), "one-code-for-this-key"
    (voucher,) = get(callers, person, "/vouchers")["items"]
    path = f"/vouchers/{voucher['id']}/codes"

    shown = callers.citizen("POST", path, {}, person=person["person_id"], key=key).ok()

    assert (voucher["relation"], voucher["status"], shown["ttl_s"]) == (None, "active", 60)
    callers.citizen("POST", path, {}, person=person["person_id"], key=key).problem(409, "key_spent")
    callers.citizen("POST", path, {"region": "371300"}, person=person["person_id"], key=key).problem(409, "key_reused")
    callers.citizen("GET", f"/outcomes/{key}", person=person["person_id"]).problem(404, "not_found")


def test_a_voucher_that_is_not_active_or_not_ones_own_gives_no_code(world: World, callers: Callers) -> None:
    person, other = world.employee(500, voucher=False), world.employee(500)
    (voucher,) = get(callers, person, "/vouchers")["items"]

    told = callers.citizen("POST", f"/vouchers/{voucher['id']}/codes", {}, person=person["person_id"])
    assert (voucher["status"], told.refused()) == ("not_activated", {"voucher_not_activated"})
    callers.citizen("POST", f"/vouchers/{voucher['id']}/codes", {}, person=other["person_id"]).problem(404, "not_found")


def test_regions_are_told_with_their_sources_and_codes_on_slips_are_explained(world: World, callers: Callers) -> None:
    son, mother, pharmacy = world.employee(500), world.resident(), world.institution()
    world.family(son, mother)
    (reason,) = world.pay(pharmacy, mother, 900).ok()["reasons"]

    (city,) = [one for one in callers.citizen("GET", "/regions").ok()["items"] if one["code"] == "371300"]
    told = callers.citizen("GET", "/regions/371302").ok()
    help_text = callers.citizen("GET", f"/help/{reason['cashier_code']}").ok()

    assert (told["code"], told["version"]) == (city["code"], city["version"])
    assert told["parameters"]["max_payers_per_member"] == {"value": 1, "source": "LY-20"}
    assert {"text": "一位家人最多由几个人共济：1 个人。", "source": "LY-20"} in told["page"][0]["lines"]
    assert help_text["rule"] == reason["rule"]
    callers.citizen("GET", "/regions/650100").problem(404, "region_not_served")
    callers.citizen("GET", "/help/ZZZZZZ").problem(404, "not_found")


def test_whoever_follows_the_feed_fills_no_log_until_something_is_wrong(callers: Callers) -> None:
    written = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(written),
    )
    try:
        callers.events()
        callers.call("GET", "/events?after=0", bearer="nobodys")
    finally:
        structlog.reset_defaults()

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["route"], line["status"]) for line in lines if line["event"] == "request"] == [("/events", 401)]

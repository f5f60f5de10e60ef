"""Opening, binding, ending: what is kept, what is refused, and what each side is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from groundwork.chance import new_id
from reference_core.parts import Core
from tests.reference_core.callers import CITY, ELSEWHERE, Callers, Json, World, new_person


def get(callers: Callers, person: Json, path: str) -> Json:
    return callers.citizen("GET", path, person=person["person_id"]).ok()


def kinds(callers: Callers, person: Json) -> list[str]:
    return [event["kind"] for event in callers.events()["items"] if event["person_id"] == person["person_id"]]


def test_opening_keeps_the_pledge_as_it_was_signed(world: World, callers: Callers) -> None:
    person = world.employee(500)
    text = callers.citizen("GET", f"/regions/{CITY}").ok()["pledges"]["open-account"]

    opened = world.open_account(person).ok()

    (pledge,) = get(callers, person, "/pledges")["items"]
    assert pledge["id"] == opened["pledge_id"]
    assert (pledge["text"], pledge["text_hash"], pledge["version"]) == (text["text"], text["text_hash"], text["version"])
    assert (pledge["purpose"], pledge["verified_by"]["method"]) == ("open-account", "face")
    assert pledge["signed_at"].endswith("+08:00")
    assert get(callers, person, "/account")["status"] == "opened"


def test_agreeing_to_a_text_that_is_not_of_the_day_opens_nothing(world: World, callers: Callers) -> None:
    person, key = world.employee(500), new_id()
    body = {"phone": person["phone"], "agree": "0" * 64, "verified_by": world.proof()}

    callers.citizen("POST", "/account", body, person=person["person_id"], key=key).problem(409, "text_changed")

    assert get(callers, person, "/account")["status"] == "not_opened"
    world.open_account(person, key).ok()


def test_an_account_is_opened_once_and_the_same_key_is_answered_the_same(world: World, callers: Callers) -> None:
    person, key = world.employee(500), new_id()
    text = callers.citizen("GET", f"/regions/{CITY}").ok()["pledges"]["open-account"]
    body = {"phone": person["phone"], "agree": text["text_hash"], "verified_by": world.proof()}

    first, again = (callers.citizen("POST", "/account", body, person=person["person_id"], key=key).ok() for _ in range(2))

    assert first == again
    assert world.open_account(person).refused() == {"account_already_open"}
    assert kinds(callers, person) == ["account_opened"]
    remembered = get(callers, person, f"/outcomes/{key}")
    assert remembered == {"status": 201, "body": first}


def test_a_refused_opening_names_every_reason(world: World, callers: Callers) -> None:
    wife = world.employee(500, status="suspended", voucher=False, sex="female")

    assert world.open_account(wife).refused() == {"payer_status_not_normal", "voucher_not_activated"}


def test_somebody_without_an_employees_account_has_none(world: World, callers: Callers) -> None:
    mother = world.resident()

    assert get(callers, mother, "/account")["status"] == "none"


def test_where_no_city_is_served_opening_says_so(world: World) -> None:
    assert world.open_account(world.employee(500, region="650100")).refused() == {"region_not_served"}


def test_both_sides_see_the_tie_and_are_told_of_it(world: World, callers: Callers) -> None:
    son, mother = world.employee(500), world.resident(born="1955-05-05")
    tie = world.family(son, mother)

    (member,), (payer,) = get(callers, son, "/members")["items"], get(callers, mother, "/payers")["items"]

    assert (member["id"], member["relation"], member["status"]) == (tie["id"], "mother", "active")
    assert member["name_masked"] == "*" * (len(mother["name"]) - 1) + mother["name"][-1]
    assert (payer["id"], payer["spent_this_month_fen"]) == (tie["id"], 0)
    assert kinds(callers, mother) == ["relation_bound"]
    assert kinds(callers, son) == ["account_opened", "relation_bound"]


def test_what_was_spent_this_month_is_shown_less_what_came_back(world: World, callers: Callers) -> None:
    son, mother, pharmacy = world.employee(5_000), world.resident(), world.institution()
    world.family(son, mother)
    paid = world.pay(pharmacy, mother, 1_000).ok()["settlement_id"]
    callers.till(pharmacy, "/refunds", {"settlement_id": paid, "amount_fen": 300}).ok()

    assert get(callers, son, "/members")["items"][0]["spent_this_month_fen"] == 700


def test_an_ended_tie_leaves_the_lists_and_stays_in_the_table(world: World, callers: Callers, core: Core) -> None:
    son, mother = world.employee(500), world.resident()
    tie = world.family(son, mother)

    ended = world.end(son, tie["id"]).ok()

    assert (ended["status"], ended["outcome"]) == ("ended", "done")
    assert get(callers, son, "/members")["items"] == get(callers, mother, "/payers")["items"] == []
    kept = core.db.one("SELECT end_reason, ended_by::text AS ended_by FROM core.relations WHERE id = %s", [tie["id"]])
    assert kept == {"end_reason": "ended_by_payer", "ended_by": son["person_id"]}
    assert kinds(callers, mother) == ["relation_bound", "relation_ended"]


def test_a_tie_is_ended_once_and_by_those_it_joins(world: World, callers: Callers) -> None:
    """LY-42: the member too; a stranger finds nothing."""
    son, mother, stranger = world.employee(500), world.resident(), world.employee(500)
    tie = world.family(son, mother)

    world.end(stranger, tie["id"]).problem(404, "not_found")
    world.end(mother, tie["id"]).ok()
    assert world.end(son, tie["id"]).refused() == {"relation_ended"}


def test_the_same_key_for_two_ties_is_not_one_write(world: World) -> None:
    """Ids in the path count like the body: the second tie must not be answered with the first one's end."""
    son, key = world.employee(500), new_id()
    world.open_account(son).ok()
    first, second = (world.bind(son, world.resident(), "mother").ok()["id"] for _ in range(2))
    proof = {"verified_by": world.proof()}

    world.callers.citizen("POST", f"/relations/{first}/end", proof, person=son["person_id"], key=key).ok()
    told = world.callers.citizen("POST", f"/relations/{second}/end", proof, person=son["person_id"], key=key)

    told.problem(409, "key_reused")


def test_a_wrong_name_and_an_unknown_number_look_the_same(world: World) -> None:
    son, mother = world.employee(500), world.resident()
    world.open_account(son).ok()
    unknown = {**mother, "id_number": new_person()["id_number"]}

    answers = [world.bind(son, {**mother, "name": "别人"}).body, world.bind(son, unknown).body]

    assert [{reason["rule"] for reason in told["reasons"]} for told in answers] == [{"member_not_found"}] * 2
    assert answers[0]["reasons"] == answers[1]["reasons"]


def test_two_payers_binding_one_member_at_once_leave_one_tie(world: World, core: Core) -> None:
    """LY-20: at most one payer; twenty families try it at the same moment each."""
    for _ in range(20):
        mother, payers = world.resident(), [world.employee(500) for _ in range(2)]
        for payer in payers:
            world.open_account(payer).ok()
        start = Barrier(2)

        def bind(payer: Json, mother: Json = mother, start: Barrier = start) -> int:
            start.wait()
            return world.bind(payer, mother).status

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(bind, payers)) == [201, 422]


def test_two_people_binding_each_other_at_once_end_in_one_tie_and_no_deadlock(world: World) -> None:
    """LY-20, LY-21: a member cannot be a payer, so one of them is refused whoever comes first."""
    for _ in range(20):
        husband, wife = world.employee(500), world.employee(500, sex="female")
        for one in (husband, wife):
            world.open_account(one).ok()
        start = Barrier(2)

        def bind(pair: tuple[Json, Json], start: Barrier = start) -> int:
            start.wait()
            return world.bind(*pair, "spouse").status

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(bind, [(husband, wife), (wife, husband)])) == [201, 422]


def test_who_would_move_is_told_what_must_be_ended_first(world: World, callers: Callers) -> None:
    """Y-07: told before, and told what stood there when life happened all the same."""
    son, mother = world.employee(500), world.resident()
    world.family(son, mother)

    told = get(callers, son, "/transfer-out")
    moved = world.change(son, region=ELSEWHERE)

    assert {reason["rule"] for reason in told["reasons"]} == {"must_unbind_before_transfer"}
    assert moved["transfer_out"] == told
    assert get(callers, mother, "/transfer-out")["allowed"] is False


def test_flows_say_before_they_are_opened_why_they_cannot_be(world: World, callers: Callers) -> None:
    offers = {one["name"]: one for one in get(callers, world.employee(500), "/flows")["items"]}

    assert offers["open-account"]["can_start"]
    assert [reason["rule"] for reason in offers["add-member"]["reasons"]] == ["account_not_opened"]
    assert not offers["remove-member"]["can_start"]


def test_a_plan_shows_the_person_masked_and_judges_the_relative(world: World, callers: Callers) -> None:
    son, brother = world.employee(500), world.employee(500)
    world.open_account(son).ok()
    answers = {"member": {"name": brother["name"], "id_number": brother["id_number"], "relation": "father"}}

    plan = callers.citizen("POST", "/flows/add-member/plan", {"answers": answers}, person=son["person_id"]).ok()

    assert (plan["flow"], plan["region"], plan["verdict"]["allowed"]) == ("add-member", CITY, True)
    assert brother["id_number"] not in str(plan)
    callers.citizen("POST", "/flows/fly/plan", {"answers": {}}, person=son["person_id"]).problem(404, "not_found")


def test_where_only_payers_end_a_tie_its_member_finds_nothing_to_end(world: World) -> None:
    """HB-06."""
    region = "130100"
    son, mother = world.employee(500, region=region), world.resident(region=region)
    tie = world.bind(son, mother, "parent").ok()

    world.end(mother, tie["id"]).problem(404, "not_found")
    world.end(son, tie["id"]).ok()


def test_nobody_opens_an_account_for_a_person_who_is_not_there(world: World) -> None:
    world.open_account({"person_id": new_id(), "phone": "13800000000"}).problem(404, "not_found")

"""Flows over everything real: replays, lost memories, two phones at once, checks that move, screens in errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from dev.player import Answer, Json, Phone, World
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from groundwork.sealing import KeyRing
from tests.journeys.cast import employee, resident


@pytest.fixture
def memory(redis_server: RunningServer) -> redis.Redis:
    return redis.Redis.from_url(redis_server.url)


def ready_to_complete(phone: Phone, flow: str, answers: Json) -> None:
    """Walk a flow up to its completion."""
    screen = phone.post(f"/flows/{flow}").ok()
    while screen["step"] is not None:
        screen = phone.put(f"/flows/{flow}/steps/{screen['step']}", phone.fill(screen, answers)).ok()


def mine(phone: Phone) -> Json:
    return {name: phone.person[name] for name in ("name", "id_number", "phone")}


def naming(member: Json, relation: str = "mother") -> Json:
    return {"name": member["name"], "id_number": member["id_number"], "relation": relation}


@pytest.fixture
def payer(world: World) -> Phone:
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    return phone


def test_a_completion_whose_answer_was_lost_gives_the_same_token_to_the_old_one(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    ready_to_complete(phone, "verify-identity", mine(phone))
    before, key = phone.token, new_id()
    first = phone.post("/flows/verify-identity/completion", {}, key).ok()

    phone.token = before
    again = phone.post("/flows/verify-identity/completion", {}, key).ok()

    assert again == first
    assert phone.token == first["token"] != before
    assert phone.get("/me").ok()["assurance"] == "real_person"


def test_a_replaced_token_is_good_for_nothing_else_and_not_for_long(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    ready_to_complete(phone, "verify-identity", mine(phone))
    before, key = phone.token, new_id()
    phone.post("/flows/verify-identity/completion", {}, key).ok()
    phone.token = before

    phone.get("/me").problem(401, "not_signed_in")
    phone.post("/flows/verify-identity/completion").problem(401, "not_signed_in")
    phone.post("/flows/open-account", {}, key).problem(401, "not_signed_in")
    world.clock(world.later(seconds=61))
    phone.post("/flows/verify-identity/completion", {}, key).problem(401, "not_signed_in")


def test_a_token_is_kept_nowhere_not_even_sealed_in_an_answer_that_carried_it(
    world: World, memory: redis.Redis, data_dir: Path
) -> None:
    # What other tests left here was sealed by keys that we do not have.
    memory.flushall()
    phone = Phone(world, employee(world)).sign_in()
    first = str(phone.token)
    phone.verify()
    kept = b"".join(memory.dump(key) or b"" for key in memory.scan_iter())
    told = world_environment(data_dir, Ports(1, 2, 3), Urls("", ""))["bff"]
    keys = KeyRing.parse(told["BFF_DATA_KEYS"])
    sealed = {name.decode(): memory.hget(name, "sealed") for name in memory.scan_iter("idempotency:*")}
    remembered = b"".join(keys.open(value, name) for name, value in sealed.items() if isinstance(value, bytes))

    assert b"verify-identity" in remembered
    for token in (first, str(phone.token)):
        assert token.encode() not in kept + remembered


def test_a_completion_is_not_repeated_after_redis_has_forgotten_everything(payer: Phone, memory: redis.Redis) -> None:
    """The core's key is the same after Redis is lost, and the core is asked what came of it."""
    ready_to_complete(payer, "add-member", naming(resident(payer.world)))
    key = new_id()
    payer.post("/flows/add-member/completion", {}, key).ok()
    memory.flushall()
    payer.sign_in()

    again = payer.post("/flows/add-member/completion", {}, key).ok()

    assert again["outcome"] == "done"
    assert len(payer.members()) == 1
    payer.post("/flows/add-member/completion").problem(409, "flow_not_started")


def test_a_verification_is_known_after_redis_has_forgotten_everything(world: World, memory: redis.Redis) -> None:
    phone = Phone(world, employee(world)).arrive()
    memory.flushall()

    phone.get("/me").problem(401, "not_signed_in")
    assert phone.sign_in().get("/me").ok()["assurance"] == "real_person"


def test_a_refusal_at_completion_tells_the_reasons_and_is_told_again(payer: Phone) -> None:
    """Between the last step and the end somebody else bound the same member."""
    mother = resident(payer.world)
    other = Phone(payer.world, employee(payer.world, sex="female", born="1990-01-01")).arrive()
    other.open_account()
    ready_to_complete(payer, "add-member", naming(mother))
    other.add(mother, "mother")
    key = new_id()

    first = payer.post("/flows/add-member/completion", {}, key)

    assert first.refused() == {"member_already_bound"}
    assert payer.post("/flows/add-member/completion", {}, key).body == first.body


def test_of_two_phones_that_answer_at_once_the_loser_is_shown_what_is_there_now(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    members = [resident(payer.world) for _ in range(8)]

    def answer(member: Json) -> Answer:
        return payer.put("/flows/add-member/steps/member", naming(member))

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(answer, members))

    assert {one.status for one in told} <= {200, 409}
    assert any(one.status == 200 for one in told)
    for one in told:
        if one.status == 409:
            assert one.problem(409, "flow_changed")["screen"]["flow"] == "add-member"


def test_many_who_send_one_completion_at_once_have_one_effect_and_one_answer(payer: Phone) -> None:
    ready_to_complete(payer, "add-member", naming(resident(payer.world)))
    key = new_id()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: payer.post("/flows/add-member/completion", {}, key), range(8)))

    assert {one.status for one in told} <= {200, 409}
    assert {one.body["code"] for one in told if one.status == 409} <= {"in_progress"}
    assert len({str(one.ok()) for one in told if one.status == 200}) == 1
    assert len(payer.members()) == 1


def test_a_check_that_passed_is_good_once(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    screen = phone.post("/flows/verify-identity").ok()
    while screen["step"] != "real_person":
        screen = phone.put(f"/flows/verify-identity/steps/{screen['step']}", phone.fill(screen, mine(phone))).ok()
    check = screen["fields"][0]["check"]["id"]
    phone.look_into_camera(check)
    assert phone.put("/flows/verify-identity/steps/real_person", {"real_person": check}).ok()["step"] is None

    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check}).problem(409, "check_expired")

    assert told["screen"]["step"] is None
    phone.post("/flows/verify-identity/completion").ok()


def test_changing_who_one_is_after_the_camera_brings_one_back_before_it(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    ready_to_complete(phone, "verify-identity", mine(phone))
    other = employee(world)

    screen = phone.put("/flows/verify-identity/steps/who", {name: other[name] for name in ("name", "id_number")}).ok()

    assert screen["step"] == "real_person"
    phone.post("/flows/verify-identity/completion").problem(409, "step_out_of_order")


def test_the_same_answers_again_change_nothing_and_cost_no_second_check(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    who = {**mine(phone), "phone": phone.channel_phone()}
    first = phone.put("/flows/verify-identity/steps/who", who).ok()

    again = phone.put("/flows/verify-identity/steps/who", who).ok()

    assert again == first


def test_a_check_that_ran_out_is_replaced_on_the_next_try(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    screen = phone.post("/flows/verify-identity").ok()
    while screen["step"] != "real_person":
        screen = phone.put(f"/flows/verify-identity/steps/{screen['step']}", phone.fill(screen, mine(phone))).ok()
    check = screen["fields"][0]["check"]["id"]
    phone.look_into_camera(check)
    world.clock(world.later(hours=1, minutes=30))

    assert "check" not in phone.get("/flows/verify-identity").ok()["fields"][0]
    told = phone.put("/flows/verify-identity/steps/real_person", {"real_person": check}).problem(409, "check_expired")
    assert told["screen"]["step"] == "real_person"


def test_a_check_that_the_platform_no_longer_knows_is_replaced_too(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    screen = phone.post("/flows/verify-identity").ok()
    while screen["step"] != "real_person":
        screen = phone.put(f"/flows/verify-identity/steps/{screen['step']}", phone.fill(screen, mine(phone))).ok()
    answered = phone.fill(screen, {})
    world.fault(upstream="wechat", endpoint="cityservice/face/identify/queryverifyinfo", kind="error", code=84001, times=1)

    phone.put("/flows/verify-identity/steps/real_person", answered).problem(409, "check_expired")


def test_a_session_that_is_not_ones_own_cannot_be_ended(payer: Phone) -> None:
    payer.delete(f"/sessions/{new_id()}").problem(404, "not_found")


def test_an_error_shows_the_step_without_what_was_typed_before(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    ready_to_complete(phone, "verify-identity", mine(phone))

    told = phone.put("/flows/verify-identity/steps/who", {"id_number": "1"}).problem(422, "invalid_answers")

    assert told["screen"]["step"] == "who"
    for typed in mine(phone).values():
        assert typed not in str(told)
    kept = {one["name"]: one["value"] for one in phone.get("/flows/verify-identity/steps/who").ok()["fields"]}
    assert kept == mine(phone)


def test_every_error_of_a_flow_carries_a_screen_even_when_the_core_is_gone(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    payer.world.fault(upstream="core", endpoint="/citizen/flows/add-member/plan", kind="refuse", times=9)

    told = payer.get("/flows/add-member").problem(503, "core_unavailable")

    assert told["screen"]["flow"] == "add-member"
    payer.world.no_faults()
    assert payer.get("/flows/add-member").ok()["step"] == "member"


def test_a_channel_that_fails_while_a_check_is_begun_keeps_the_step_open(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    world.fault(upstream="wechat", endpoint="cityservice/face/identify/getverifyid", kind="garbage", times=9)

    told = phone.put("/flows/verify-identity/steps/who", mine(phone)).problem(503, "channel_unavailable")

    assert told["screen"]["step"] == "who"
    world.no_faults()
    assert phone.put("/flows/verify-identity/steps/who", mine(phone)).ok()["step"] == "real_person"


def test_a_summary_that_was_confirmed_falls_when_the_member_changes(payer: Phone) -> None:
    for _ in range(2):
        payer.add(resident(payer.world, sex="male", born="2015-05-05"), "son")
    first, second = (one["id"] for one in payer.members())
    ready_to_complete(payer, "remove-member", {"member": first})

    screen = payer.put("/flows/remove-member/steps/member", {"member": second}).ok()

    assert screen["step"] == "confirm"


def test_a_flow_in_progress_is_listed_so_and_a_lost_one_not(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    listed = {one["name"]: one["in_progress"] for one in payer.get("/flows").ok()["items"]}
    payer.delete("/flows/add-member")
    after = {one["name"]: one["in_progress"] for one in payer.get("/flows").ok()["items"]}

    assert listed["add-member"]
    assert not any(after.values())


def test_who_is_verified_need_not_do_it_again(payer: Phone) -> None:
    assert payer.flow_reasons("verify-identity") == {"identity_already_verified"}
    assert payer.post("/flows/verify-identity").refused() == {"identity_already_verified"}


def test_before_verification_the_citys_flows_are_closed_with_one_reason(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()

    items = {one["name"]: one for one in phone.get("/flows").ok()["items"]}

    assert items["verify-identity"]["can_start"]
    for name in ("open-account", "add-member", "remove-member"):
        assert [reason["rule"] for reason in items[name]["reasons"]] == ["identity_required"]


def test_lists_come_in_pages(payer: Phone) -> None:
    whole = payer.get("/flows").ok()
    first = payer.get("/flows?limit=4").ok()
    rest = payer.get(f"/flows?limit=100&cursor={first['next_cursor']}").ok()

    assert len(first["items"]) == 4
    assert first["items"] + rest["items"] == whole["items"]
    assert rest["next_cursor"] is None
    payer.get("/flows?cursor=made-up").problem(400, "invalid_cursor")
    payer.get("/records?cursor=made-up").problem(400, "invalid_cursor")


def test_a_codes_picture_stands_alone(payer: Phone) -> None:
    shown = payer.show_code()

    assert shown["qr_svg"].startswith("<svg xmlns=")
    assert shown["code"] not in shown["qr_svg"]


def test_a_voucher_of_somebody_else_gives_no_code(world: World, payer: Phone) -> None:
    other = Phone(world, employee(world)).arrive().get("/vouchers").ok()["items"][0]["id"]

    payer.post(f"/vouchers/{other}/codes").problem(404, "not_found")
    payer.post("/vouchers/not-an-id/codes").problem(404, "not_found")


def test_a_citys_rules_are_told_to_everybody_and_an_unserved_city_is_said_to_be_so(world: World) -> None:
    nobody = Phone(world, {})
    code = nobody.get("/regions").ok()["items"][0]["code"]

    told = nobody.get(f"/regions/{code}").ok()

    assert told["code"] == code
    assert {"谁可以和谁共济", "怎么解除", "问谁"} <= {paragraph["title"] for paragraph in told["page"]}
    assert all(line["text"] and line["source"] for paragraph in told["page"] for line in paragraph["lines"])
    nobody.get("/regions/999999").problem(404, "region_not_served")


def test_a_code_on_a_slip_is_explained_to_everybody(world: World) -> None:
    reason = Phone(world, employee(world, voucher=False)).arrive().post("/flows/open-account").body["reasons"][0]

    assert Phone(world, {}).get(f"/help/codes/{reason['cashier_code']}").ok()["rule"] == reason["rule"]
    Phone(world, {}).get("/help/codes/??????").problem(404, "not_found")

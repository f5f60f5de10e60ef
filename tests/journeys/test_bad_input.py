"""Bad input of every kind: a clear error with code, Chinese text, the field and the remedy; nothing lost, nothing half done."""

from __future__ import annotations

import json
import re

import pytest
import urllib3

from dev.player import Answer, Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import employee, resident

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def newcomer(world: World) -> Phone:
    """Signed in, privacy agreed to, about to say who they are."""
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    return phone


@pytest.fixture
def payer(world: World) -> Phone:
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    return phone


def say_who(who: Phone, /, **changes: Json) -> Answer:
    told = {"name": who.person["name"], "id_number": who.person["id_number"], "phone": who.person["phone"], **changes}
    return who.put("/flows/verify-identity/steps/who", told)


def explained(problem: Json) -> None:
    """Every problem has a code, Chinese words and says whether to try again; every faulty field its remedy."""
    assert {"type", "title", "status", "code", "detail", "retry"} <= set(problem)
    assert CHINESE.search(problem["detail"])
    assert "系统繁忙" not in str(problem)
    for fault in problem.get("fields", {}).values():
        assert {"code", "text", "remedy"} <= set(fault)
        assert CHINESE.search(fault["text"])
        assert CHINESE.search(fault["remedy"])


@pytest.mark.parametrize(
    "typed",
    [
        "371399198503020012",
        "371399198502300012",
        "３７１３９９１９８５０３０２００１１",
        "371399850302001",
        "",
        "x" * 18,
        "371399 98503020011",
        "371399204003020011",
    ],
)
def test_a_wrong_id_number_is_explained_and_the_step_stays(newcomer: Phone, typed: str) -> None:
    told = say_who(newcomer, id_number=typed).problem(422, "invalid_answers")

    explained(told)
    assert set(told["fields"]) == {"id_number"}
    assert told["screen"]["step"] == "who"


def test_each_kind_of_wrong_number_gets_its_own_code(newcomer: Phone) -> None:
    typed = ["371399198503020012", "371399198502300012", "３７１３９９１９８５０３０２００１１", "371399850302001"]

    codes = [say_who(newcomer, id_number=one).problem(422, "invalid_answers")["fields"]["id_number"]["code"] for one in typed]

    assert len(set(codes)) == 4


def test_spaces_around_answers_do_not_matter(newcomer: Phone) -> None:
    person = newcomer.person

    screen = say_who(newcomer, id_number=f"  {person['id_number'].lower()} ", name=f" {person['name']} ").ok()

    assert screen["step"] == "real_person"


@pytest.mark.parametrize("typed", ["", "12345678901234567890", "abc", "1990000123", "１９９００００１２３４", 19900001234, None])
def test_a_wrong_phone_number_is_explained(newcomer: Phone, typed: Json) -> None:
    told = say_who(newcomer, phone=typed)

    assert told.status in (400, 422)
    explained(told.body)
    assert "phone" in told.body["fields"]


@pytest.mark.parametrize("typed", ["", " ", "x" * 300, "<script>", "王\u0000芳", 7])
def test_a_wrong_name_is_explained(newcomer: Phone, typed: Json) -> None:
    told = say_who(newcomer, name=typed)

    assert told.status in (400, 422)
    explained(told.body)
    assert "name" in told.body["fields"]


def test_an_error_never_repeats_what_was_typed(newcomer: Phone) -> None:
    told = say_who(newcomer, id_number="371399198503020012").problem(422, "invalid_answers")

    assert "371399198503020012" not in str(told)
    assert newcomer.person["name"] not in str(told)


def test_several_faults_are_told_at_once(newcomer: Phone) -> None:
    told = say_who(newcomer, id_number="1", name="", phone="2").problem(422, "invalid_answers")

    assert set(told["fields"]) == {"id_number", "name", "phone"}


def test_a_refused_answer_loses_nothing_that_was_answered_before(newcomer: Phone) -> None:
    say_who(newcomer, id_number="1").problem(422, "invalid_answers")

    assert newcomer.get("/flows/verify-identity").ok()["step"] == "who"
    assert newcomer.get("/flows/verify-identity/steps/privacy").ok()["step"] == "privacy"


def test_an_unknown_answer_is_named(newcomer: Phone) -> None:
    told = say_who(newcomer, shoe_size="42")

    assert told.status == 400
    explained(told.body)
    assert "shoe_size" in told.body["fields"]


def test_an_unknown_member_of_the_body_is_named(newcomer: Phone) -> None:
    told = newcomer.call("PUT", "/flows/verify-identity/steps/who", {"answers": {}, "admin": True})

    assert told.status == 400
    assert "admin" in told.body["fields"]


def test_a_step_out_of_order_shows_the_one_that_is_due(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()

    told = payer.put("/flows/add-member/steps/nowhere", {})
    assert told.status in (404, 409)
    phone = Phone(payer.world, employee(payer.world)).arrive()
    phone.post("/flows/open-account").ok()
    told = phone.put("/flows/open-account/steps/details", {"phone": phone.person["phone"], "summary": True}).problem(
        409, "step_out_of_order"
    )
    assert told["screen"]["step"] == "explain"


def test_a_completion_before_its_time_shows_what_is_missing(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()

    told = payer.post("/flows/add-member/completion").problem(409, "step_out_of_order")

    assert told["screen"]["step"] == "member"


def test_what_is_wrong_with_a_request_itself_also_shows_the_screen_to_draw_now(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    completion, step, key = "/flows/add-member/completion", "/flows/add-member/steps/member", new_id()
    payer.call("POST", "/flows/add-member", {}, key).ok()

    told = [
        payer.call("POST", completion, {}).problem(400, "key_missing"),
        payer.call("POST", completion, {"answer": 1}, new_id()).problem(400, "unknown_field"),
        payer.call("POST", "/flows/add-member", {"answers": {"name": "x"}}, key).problem(409, "key_reused"),
        payer.call("PUT", step, {"answers": []}).problem(400, "malformed_body"),
        payer.call("PUT", step, {"answers": {"name": "长" * 70_000}}).problem(413, "body_too_large"),
    ]

    assert [one["screen"]["step"] for one in told] == ["member"] * len(told)
    assert payer.call("POST", "/flows/remove-member", {}).problem(400, "key_missing")["screen"]["fields"] == []
    assert "screen" not in payer.call("POST", "/flows/fly", {}).problem(400, "key_missing")


def test_a_flow_that_was_not_started_says_so(payer: Phone) -> None:
    explained(payer.put("/flows/add-member/steps/member", {}).problem(409, "flow_not_started"))
    explained(payer.get("/flows/no-such-flow").problem(404, "not_found"))


def test_a_flow_given_up_or_expired_has_to_be_started_again(payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    assert payer.delete("/flows/add-member").status == 204

    payer.put("/flows/add-member/steps/member", {}).problem(409, "flow_not_started")


def test_answers_are_forgotten_after_their_time(payer: Phone) -> None:
    member = resident(payer.world)
    payer.post("/flows/add-member").ok()
    payer.put(
        "/flows/add-member/steps/member", {"name": member["name"], "id_number": member["id_number"], "relation": "mother"}
    ).ok()
    payer.world.clock(payer.world.later(days=8))
    payer.sign_in()

    told = payer.get("/flows/add-member")

    assert told.status in (404, 409)
    assert payer.members() == []


def test_somebody_elses_flow_cannot_be_seen(world: World, payer: Phone) -> None:
    payer.post("/flows/add-member").ok()
    stranger = Phone(world, employee(world)).arrive()

    assert stranger.get("/flows/add-member").status in (404, 409)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"a=b", "text/plain", 415),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_a_body_that_is_not_json_is_refused(payer: Phone, body: bytes, kind: str, status: int) -> None:
    told = raw(payer, "PUT", "/flows/add-member/steps/member", body, {"Content-Type": kind})

    assert told.status == status
    explained(told.body)


def test_a_body_over_64_kb_is_refused(payer: Phone) -> None:
    told = raw(
        payer,
        "PUT",
        "/flows/add-member/steps/member",
        b'{"answers": {"name": "' + b"x" * 66_000 + b'"}}',
        {"Content-Type": "application/json"},
    )

    assert told.status == 413
    explained(told.body)


def raw(phone: Phone, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    sent = {"Authorization": f"Bearer {phone.token}", "Idempotency-Key": new_id(), **headers}
    response = urllib3.request(method, f"{phone.world.bff_url}/api/v1{path}", body=body, headers=sent, retries=False)
    return Answer(response.status, json.loads(response.data))


def test_a_write_needs_a_key(payer: Phone) -> None:
    explained(payer.call("POST", "/flows/add-member", {}).problem(400, "key_missing"))
    for key in ("short", "x" * 201, "钥匙" * 10):
        assert payer.call("POST", "/flows/add-member", {}, key=key.encode().decode("latin-1")).status == 400


def test_the_same_key_with_another_body_is_refused(payer: Phone) -> None:
    payer.add(resident(payer.world), "mother")
    member = payer.members()[0]["id"]
    key = new_id()
    payer.post("/flows/remove-member", {}, key).ok()

    explained(payer.post("/flows/remove-member", {"answers": {"member": member}}, key).problem(409, "key_reused"))


def test_the_same_key_with_the_same_body_gets_the_same_answer(payer: Phone) -> None:
    member = resident(payer.world)
    payer.post("/flows/add-member").ok()
    payer.put(
        "/flows/add-member/steps/member", {"name": member["name"], "id_number": member["id_number"], "relation": "mother"}
    ).ok()
    key = new_id()

    first, again = (
        payer.post("/flows/add-member/completion", {}, key).ok(),
        payer.post("/flows/add-member/completion", {}, key).ok(),
    )

    assert first == again
    assert len(payer.members()) == 1


def test_a_refusal_is_remembered_under_its_key(world: World) -> None:
    phone = Phone(world, employee(world, voucher=False)).arrive()
    key = new_id()
    phone.post("/flows/open-account", {}, key).refused()
    world.life(phone.person, voucher=True)

    assert phone.post("/flows/open-account", {}, key).refused() == {"voucher_not_activated"}
    phone.post("/flows/open-account").ok()


def test_a_code_cannot_be_shown_twice_under_one_key(payer: Phone) -> None:
    own = payer.get("/vouchers").ok()["items"][0]["id"]
    key = new_id()
    payer.post(f"/vouchers/{own}/codes", {}, key).ok()

    explained(payer.post(f"/vouchers/{own}/codes", {}, key).problem(409, "key_spent"))


def test_a_used_login_code_is_refused(world: World) -> None:
    phone = Phone(world, employee(world))
    code = phone.login_code()
    phone.call("POST", "/sessions", {"channel": "wechat", "code": code}).ok()
    phone.token = None

    explained(phone.call("POST", "/sessions", {"channel": "wechat", "code": code}).problem(401, "login_code_invalid"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channel": "wechat"},
        {"channel": "telegram", "code": "x"},
        {"channel": "wechat", "code": ""},
        {"channel": "wechat", "code": "x" * 5000},
        {"channel": 7, "code": []},
    ],
)
def test_a_malformed_sign_in_is_explained(world: World, body: Json) -> None:
    told = Phone(world, {}).call("POST", "/sessions", body)

    assert told.status in (400, 422)
    explained(told.body)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "☃"])
def test_a_wrong_token_is_refused(world: World, token: str) -> None:
    told = world.call("GET", f"{world.bff_url}/api/v1/me", None, {"Authorization": f"Bearer {token}".encode().decode("latin-1")})

    told.problem(401, "not_signed_in")
    explained(told.body)


def test_an_expired_token_is_refused(payer: Phone) -> None:
    payer.world.clock(payer.world.later(hours=3))

    explained(payer.get("/me").problem(401, "not_signed_in"))


def test_a_signed_out_token_is_refused_at_once(payer: Phone) -> None:
    assert payer.delete("/sessions/current").status == 204

    payer.get("/me").problem(401, "not_signed_in")


def test_one_session_can_end_another_of_the_same_person(payer: Phone) -> None:
    other = Phone(payer.world, payer.person).sign_in()
    sessions = payer.get("/sessions").ok()["items"]
    assert len(sessions) == 2
    assert sum(one["current"] for one in sessions) == 1

    elsewhere = next(one["id"] for one in sessions if not one["current"])
    assert payer.delete(f"/sessions/{elsewhere}").status == 204
    other.get("/me").problem(401, "not_signed_in")
    payer.get("/me").ok()


def test_a_problem_can_travel_as_200(payer: Phone) -> None:
    """Alipay hands statuses from 400 up to `fail`."""
    told = payer.call("GET", "/flows/no-such-flow", None, None, **{"X-Problem-Status": "200"})

    assert told.status == 200
    assert told.body["status"] == 404
    assert told.body["code"] == "not_found"


def test_an_unknown_path_and_method_are_problems_too(payer: Phone) -> None:
    explained(payer.get("/nowhere").body)
    explained(payer.call("PATCH", "/me", {}).body)

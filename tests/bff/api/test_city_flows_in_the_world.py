"""What a city asks beyond names and numbers, over everything real: cameras, secrets, photos, limits, and the way back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import redis

from dev.player import Json, Phone, World
from dev.servers import RunningServer
from tests.bff.api.photos import plain
from tests.journeys.cast import employee, resident

# The guide's city asks for photos, a passcode and the camera; another one for the number once more.
GUIDED, TWICE_CONFIRMED = "110000", "340100"
PASSCODE = "Q7-secret-135790"


@pytest.fixture
def memory(redis_server: RunningServer) -> redis.Redis:
    return redis.Redis.from_url(redis_server.url)


@pytest.fixture
def payer(world: World) -> Phone:
    phone = Phone(world, employee(world, region=GUIDED)).arrive()
    phone.open_account()
    return phone


@pytest.fixture
def son(world: World) -> Json:
    return resident(world, region=GUIDED, born="1999-05-06", sex="male")


def answers_for(phone: Phone, member: Json, **more: Json) -> Json:
    photos = [phone.upload(plain()).ok()["id"] for _ in range(2)]
    named = {name: member[name] for name in ("name", "id_number", "phone", "card_number")}
    handed_in = {"documents": photos[:1], "signed_form": photos[1:], "passcode": PASSCODE}
    return {**named, "relation": "child", **handed_in, **more}


def walk_to(phone: Phone, flow: str, step: str | None, answers: Json) -> Json:
    """Answer one screen after the other until this step is shown."""
    screen = phone.post(f"/flows/{flow}").ok()
    while screen["step"] != step:
        screen = phone.put(f"/flows/{flow}/steps/{screen['step']}", phone.fill(screen, answers)).ok()
    return screen


def field_of(screen: Json, name: str) -> Json:
    return next(one for one in screen["fields"] if one["name"] == name)


def kept_tie(database_url: str, phone: Phone) -> Json:
    with psycopg.connect(database_url) as connection:
        relation_id = phone.members()[0]["id"]
        row = connection.execute(
            "SELECT verified_by, monthly_cap_fen, scopes FROM core.relations WHERE id = %s", [relation_id]
        ).fetchone()
    assert row is not None
    return dict(zip(("verified_by", "monthly_cap_fen", "scopes"), row, strict=True))


def test_the_camera_looks_at_whoever_acts_and_not_at_the_relative_whom_they_name(payer: Phone, son: Json) -> None:
    screen = walk_to(payer, "add-member", "real_person", answers_for(payer, son))
    check = field_of(screen, "real_person")["check"]["id"]

    payer.look_into_camera(check, who=son)
    told = payer.put("/flows/add-member/steps/real_person", {"real_person": check})
    assert told.status in (409, 422)
    fresh = field_of(told.body["screen"], "real_person")["check"]["id"]
    payer.look_into_camera(fresh)

    assert payer.put("/flows/add-member/steps/real_person", {"real_person": fresh}).ok()["step"] is None


def test_the_look_into_the_camera_is_kept_with_the_tie_it_was_for(payer: Phone, son: Json, database_url: str) -> None:
    walk_to(payer, "add-member", "real_person", answers_for(payer, son))
    check = field_of(payer.get("/flows/add-member").ok(), "real_person")["check"]["id"]
    payer.look_into_camera(check)
    payer.put("/flows/add-member/steps/real_person", {"real_person": check}).ok()

    assert payer.post("/flows/add-member/completion").ok()["outcome"] == "under_review"

    by = kept_tie(database_url, payer)["verified_by"]
    assert (by["channel"], by["method"], by["check_id"]) == ("wechat", "face", check)


def test_another_member_than_the_one_the_camera_was_for_needs_another_look(payer: Phone, son: Json, world: World) -> None:
    walk_to(payer, "add-member", None, answers_for(payer, son))
    other = resident(world, region=GUIDED, born="2001-02-03", sex="female")
    named = {name: other[name] for name in ("name", "id_number", "phone", "card_number")}

    screen = payer.put("/flows/add-member/steps/member", {**named, "relation": "child"}).ok()

    assert screen["step"] == "real_person"
    assert field_of(screen, "real_person")["check"]["id"]


def test_a_look_into_the_camera_that_is_too_long_ago_is_asked_for_again(payer: Phone, son: Json, world: World) -> None:
    walk_to(payer, "add-member", None, answers_for(payer, son))
    world.clock(world.later(hours=1, minutes=30))

    told = payer.post("/flows/add-member/completion").problem(422, "invalid_answers")

    assert told["screen"]["step"] == "real_person"
    check = field_of(told["screen"], "real_person")["check"]["id"]
    payer.look_into_camera(check)
    payer.put("/flows/add-member/steps/real_person", {"real_person": check}).ok()
    assert payer.post("/flows/add-member/completion").ok()["outcome"] == "under_review"


def test_a_passcode_is_shown_to_nobody_and_kept_in_clear_nowhere(
    payer: Phone, son: Json, memory: redis.Redis, data_dir: Path, database_url: str
) -> None:
    answers = answers_for(payer, son)
    screen = walk_to(payer, "add-member", "passcode", answers)
    refused = payer.put("/flows/add-member/steps/passcode", {"passcode": PASSCODE[:5]}).problem(422, "invalid_answers")
    shown = [screen, refused, payer.put("/flows/add-member/steps/passcode", {"passcode": PASSCODE}).body]
    shown += [payer.get("/flows/add-member/steps/passcode").ok(), payer.get("/flows/add-member").ok()]
    memories = b"".join(memory.dump(key) or b"" for key in memory.scan_iter())
    payer.walk("add-member", answers)
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT json_agg(one)::text FROM core.relations one").fetchone()

    assert "value" not in field_of(shown[3], "passcode")
    assert refused["fields"]["passcode"]["code"] == "secret_length"
    assert PASSCODE[:5] not in str(shown)
    assert PASSCODE.encode() not in memories
    assert PASSCODE not in str(kept)


def test_terms_that_one_may_choose_are_handed_on_and_can_be_taken_back(payer: Phone, son: Json, database_url: str) -> None:
    answers = answers_for(payer, son, monthly_cap_fen=50_000, scopes=["outpatient", "pharmacy"])
    walk_to(payer, "add-member", "documents", answers)
    payer.put("/flows/add-member/steps/rules", {"scopes": []}).ok()
    payer.walk("add-member", answers | {"scopes": None, "monthly_cap_fen": 50_000})

    tie = kept_tie(database_url, payer)

    assert (tie["monthly_cap_fen"], tie["scopes"]) == (50_000, None)


@pytest.mark.parametrize(
    ("term", "given", "code"),
    [
        ("monthly_cap_fen", 0, "money_range"),
        ("monthly_cap_fen", True, "wrong_kind"),
        ("monthly_cap_fen", 500.0, "wrong_kind"),
        ("monthly_cap_fen", "500", "wrong_kind"),
        ("starts_on", "2026-02-30", "date_shape"),
        ("starts_on", "明天", "date_shape"),
        ("scopes", ["outpatient", "moon"], "choice_unknown"),
        ("scopes", "outpatient", "wrong_kind"),
    ],
)
def test_a_term_that_cannot_be_right_is_told_at_its_field(payer: Phone, son: Json, term: str, given: Json, code: str) -> None:
    walk_to(payer, "add-member", "rules", answers_for(payer, son))

    told = payer.put("/flows/add-member/steps/rules", {term: given}).problem(422, "invalid_answers")

    assert told["fields"][term]["code"] == code
    assert field_of(told["screen"], term)["error"]["remedy"]


def test_a_photo_of_somebody_else_proves_nothing(payer: Phone, son: Json, world: World) -> None:
    stranger = Phone(world, employee(world)).arrive()
    theirs = stranger.upload(plain()).ok()["id"]

    walk_to(payer, "add-member", None, answers_for(payer, son, documents=[theirs]))
    told = payer.post("/flows/add-member/completion").problem(422, "invalid_answers")

    assert told["screen"]["step"] == "documents"
    assert field_of(told["screen"], "documents")["error"]["text"]
    assert payer.members() == []


def test_the_number_once_more_is_confirmed_for_this_relative_only(world: World) -> None:
    phone = Phone(world, employee(world, region=TWICE_CONFIRMED, prior_year_fen=200_000)).arrive()
    first, second = (resident(world, region=TWICE_CONFIRMED, sex="female", born=born) for born in ("1957-11-20", "1958-01-02"))
    walk_to(phone, "add-member", None, {"name": first["name"], "id_number": first["id_number"], "relation": "mother"})

    phone.put("/flows/add-member/steps/who", {"name": second["name"], "id_number": second["id_number"]}).ok()
    told = phone.post("/flows/add-member/completion").problem(409, "step_out_of_order")

    assert told["screen"]["step"] != "confirm_id_number"
    walk_to(phone, "add-member", "confirm", {"relation": "mother"})
    assert "value" not in field_of(phone.get("/flows/add-member").ok(), "confirm_id_number")


def test_naming_strangers_again_and_again_is_stopped_with_a_time_to_wait(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    phone.open_account()
    phone.post("/flows/add-member").ok()
    told = []
    for letter in "甲乙丙丁戊己庚辛":
        stranger = {"name": f"无{letter}名", "id_number": resident(world)["id_number"], "relation": "mother"}
        told.append(phone.put("/flows/add-member/steps/member", stranger))

    assert {one.body["code"] for one in told} == {"refused", "too_many_tries"}
    stopped = told[-1]
    assert stopped.problem(429, "too_many_tries")["screen"]["step"] == "member"
    assert int(stopped.headers["Retry-After"]) > 60

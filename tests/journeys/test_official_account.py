"""The third way in, WeChat's official account: a web page that signs people in, and sends them elsewhere for a look."""

from __future__ import annotations

from dev.player import Json, Phone, World
from tests.journeys.cast import employee


def on_the_page(world: World, person: Json) -> Phone:
    return Phone(world, person, "wechat_official").sign_in()


def test_a_person_signs_in_on_the_page_and_sees_what_needs_no_proof(world: World) -> None:
    page = on_the_page(world, employee(world))

    assert page.get("/me").ok()["assurance"] == "signed_in"
    assert [session["channel"] for session in page.get("/sessions").ok()["items"]] == ["wechat_official"]
    assert page.get("/regions").ok()["items"]
    page.get("/account").problem(403, "identity_required")


def test_a_replayed_code_of_the_page_is_refused(world: World) -> None:
    page = Phone(world, employee(world), "wechat_official")
    code = page.login_code()
    page.call("POST", "/sessions", {"channel": "wechat_official", "code": code}).ok()

    page.call("POST", "/sessions", {"channel": "wechat_official", "code": code}).problem(401, "login_code_invalid")


def test_a_code_of_one_app_is_none_in_the_other(world: World) -> None:
    person = employee(world)
    of_page, of_app = (Phone(world, person, channel).login_code() for channel in ("wechat_official", "wechat"))

    for channel, code in (("wechat", of_page), ("wechat_official", of_app)):
        Phone(world, person, channel).call("POST", "/sessions", {"channel": channel, "code": code}).problem(
            401, "login_code_invalid"
        )


def test_without_a_union_id_nobody_is_taken_for_their_own_self_in_the_mini_program(world: World) -> None:
    """The same person, and the same WeChat: but only a look into the camera makes a citizen of an account."""
    person = employee(world)
    Phone(world, person, "wechat").arrive()

    assert on_the_page(world, person).get("/me").ok()["assurance"] == "signed_in"


def test_where_there_is_no_camera_the_page_says_so_before_it_asks_anything(world: World) -> None:
    """Nobody gives their name and number for a check that cannot be taken."""
    page = on_the_page(world, employee(world))
    assert page.flow_reasons("verify-identity") == {"camera_elsewhere"}

    told = page.post("/flows/verify-identity").problem(422, "check_not_possible")

    assert "小程序" in told["detail"]
    assert "窗口" in told["detail"]
    assert not told["retry"]
    assert told["screen"]["fields"] == []
    page.get("/consents").problem(403, "identity_required")

"""Lost networks, lost answers, double taps and ended sessions: nothing is done twice and nothing typed is lost."""

from __future__ import annotations

from playwright.sync_api import Request, Route, expect

from dev.player import Json, Phone, World
from tests.client.conftest import Holder
from tests.client.handset import Handset
from tests.journeys.cast import employee, resident


def ready_to_add(world: World, hand: Holder) -> tuple[Handset, Json, dict[str, str]]:
    """A payer's phone on the first step of adding a mother, and what to answer."""
    payer, mother = employee(world), resident(world)
    Phone(world, payer).arrive().open_account()
    phone = hand(payer).sign_in()
    phone.open("family")
    phone.tap("add-member")
    phone.ready()
    return phone, payer, {"name": mother["name"], "id_number": mother["id_number"], "relation": "mother"}


def test_without_a_network_what_was_typed_stays_and_goes_out_later(world: World, hand: Holder) -> None:
    phone, _, answers = ready_to_add(world, hand)
    while "name" not in phone.asked():
        phone.fill(answers)
        phone.next()
    phone.fill(answers)

    phone.page.context.set_offline(True)
    phone.tap("next")
    phone.sees("网络不通")
    phone.forgive("ERR_INTERNET_DISCONNECTED")
    expect(phone.find("name").locator("input")).to_have_value(answers["name"])

    phone.page.context.set_offline(False)
    phone.walk(answers)
    phone.open("family")
    phone.sees("母亲")


def test_a_lost_answer_is_asked_for_again_under_the_same_key_and_adds_nobody_twice(world: World, hand: Holder) -> None:
    phone, payer, answers = ready_to_add(world, hand)
    while phone.find("next").count():
        phone.fill(answers)
        phone.next()
    keys: list[str | None] = []

    def lose_first(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        reply = route.fetch()
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    phone.page.route("**/completion", lose_first)
    phone.tap("complete")
    phone.sees("网络不通")
    phone.forgive("ERR_FAILED")
    phone.tap("complete")
    phone.sees("办好了")

    assert len(keys) == 2
    assert keys[0] == keys[1] is not None
    assert len(Phone(world, payer).sign_in().members()) == 1


def test_a_double_tap_sends_one_write(world: World, hand: Holder) -> None:
    phone, payer, answers = ready_to_add(world, hand)
    while phone.find("next").count():
        phone.fill(answers)
        phone.next()
    sent: list[Request] = []
    phone.page.on("request", lambda request: sent.append(request) if request.url.endswith("/completion") else None)

    phone.find("complete").evaluate("button => { button.click(); button.click() }")
    phone.sees("办好了")

    assert len(sent) == 1
    assert len(Phone(world, payer).sign_in().members()) == 1


def test_after_signing_in_again_one_is_back_on_the_page_where_the_session_ended(world: World, hand: Holder) -> None:
    phone, _, answers = ready_to_add(world, hand)
    world.call("DELETE", f"{world.bff_url}/api/v1/sessions/current", headers={"Authorization": f"Bearer {phone.token()}"}).ok()

    phone.fill(answers)
    phone.tap("next")
    phone.tap("privacy")
    phone.tap("sign-in")

    phone.page.wait_for_url("**/pages/flow/index?name=add-member")
    phone.walk(answers)
    phone.open("family")
    phone.sees("母亲")

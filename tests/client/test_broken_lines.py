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


def test_a_write_that_got_lost_goes_out_again_under_the_same_key_and_adds_nobody_twice(world: World, hand: Holder) -> None:
    """Lost on its way there, after which the phone was started anew, and then lost on its way back."""
    phone, payer, answers = ready_to_add(world, hand)
    while phone.find("next").count():
        phone.fill(answers)
        phone.next()
    keys: list[str | None] = []

    def lose_two(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) == 1:
            route.abort()
            return
        reply = route.fetch()
        if len(keys) == 2:
            route.abort()
        else:
            route.fulfill(response=reply)

    phone.page.route("**/completion", lose_two)
    for _ in range(2):
        phone.tap("complete")
        phone.sees("网络不通")
        phone.forgive("ERR_FAILED")
        if len(keys) == 1:
            phone.page.reload()
            phone.ready()
    phone.tap("complete")
    phone.sees("办好了")

    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert keys[0]
    assert len(Phone(world, payer).sign_in().members()) == 1


def test_a_lost_answer_that_nobody_asked_for_again_is_not_taken_for_the_next_ones(world: World, hand: Holder) -> None:
    phone, payer, answers = ready_to_add(world, hand)
    while phone.find("next").count():
        phone.fill(answers)
        phone.next()
    phone.page.route("**/completion", lambda route: (route.fetch(), route.abort()), times=1)
    phone.tap("complete")
    phone.sees("网络不通")
    phone.forgive("ERR_FAILED")

    father = resident(world, name="程国安", sex="male", born="1955-05-05")
    phone.open("family")
    phone.page.reload()
    phone.tap("add-member")
    phone.walk({"name": father["name"], "id_number": father["id_number"], "relation": "father"})

    added = {one["relation"] for one in Phone(world, payer).sign_in().members()}
    assert added == {"mother", "father"}


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

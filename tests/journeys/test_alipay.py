"""What is Alipay's own on the way from the phone to the core: activations it vouches for, and authorisations taken back."""

from __future__ import annotations

from dev.player import Json, Phone, World
from tests.journeys.cast import employee, resident

AUTHORISATION = "alipay.commerce.medical.authinfo.auth.query"


def test_one_activates_ones_own_voucher_with_a_look_in_alipay(world: World) -> None:
    phone = Phone(world, employee(world, voucher=False), "alipay").arrive()

    phone.activate()

    assert phone.vouchers()[0]["status"] == "active"


def test_a_grandmother_without_a_phone_gets_her_voucher_through_a_helpers_alipay(world: World) -> None:
    phone, grandmother = Phone(world, employee(world), "alipay").arrive(), resident(world, born="1940-02-03", voucher=False)

    phone.help(grandmother, "grandmother")

    assert [(one["relation"], one["status"]) for one in phone.vouchers()[1:]] == [("grandmother", "active")]


def test_the_helper_cannot_look_into_the_camera_in_her_place(world: World) -> None:
    phone, grandmother = Phone(world, employee(world), "alipay").arrive(), resident(world, born="1940-02-03", voucher=False)
    screen = at_the_camera(phone, "activate-relative", grandmother)
    phone.look_into_camera(camera(screen)["check"]["id"])

    told = phone.put(step_of(screen), {**consents(screen), "real_person": camera(screen)["check"]["id"]})

    assert told.problem(422, "invalid_answers")["fields"]["real_person"]["code"] == "face_not_passed"
    assert len(phone.vouchers()) == 1


def test_who_has_not_authorised_the_medical_platform_is_shown_where_and_waits(world: World) -> None:
    phone = Phone(world, employee(world, voucher=False), "alipay").arrive()
    world.fault(upstream="alipay", endpoint=AUTHORISATION, kind="error", code="NOT_AUTHORISED")
    screen = at_the_camera(phone, "activate-voucher", {})
    check = camera(screen)["check"]
    phone.look_into_camera(check["id"])
    answers = {**consents(screen), "real_person": check["id"]}

    phone.put(step_of(screen), answers).problem(409, "check_pending")
    world.no_faults()
    phone.put(step_of(screen), answers).ok()

    assert check["authorise_at"] == {"app_id": "77700284", "path": "pages/auth/index"}


def test_an_authorisation_taken_back_in_alipay_ends_its_sessions_once(world: World) -> None:
    person = employee(world)
    phone, wechat = Phone(world, person, "alipay").arrive(), Phone(world, person).arrive()
    order = {"channel": "alipay", "kind": "authorisation_revoked", "deliveries": 3}

    told = world.play("POST", f"/phones/{person['id_number']}/channel-events", order).ok()

    assert told == [{"status": 200, "reply": "success"}] * 3
    phone.get("/me").problem(401, "not_signed_in")
    wechat.get("/account").ok()
    phone.sign_in().verify()
    phone.get("/account").ok()


def at_the_camera(phone: Phone, flow: str, relative: Json) -> Json:
    """Walk a flow up to the screen with a camera; that screen."""
    named = {name: relative[name] for name in ("name", "id_number") if name in relative}
    screen = phone.post(f"/flows/{flow}").ok()
    while not any(asked["kind"] == "real_person" for asked in screen["fields"]):
        answers = phone.fill(screen, {**named, "relation": "grandmother"})
        screen = phone.put(step_of(screen), answers).ok()
    return screen


def camera(screen: Json) -> Json:
    return next(asked for asked in screen["fields"] if asked["kind"] == "real_person")


def consents(screen: Json) -> Json:
    return {asked["name"]: asked["text_hash"] for asked in screen["fields"] if asked["kind"] == "consent"}


def step_of(screen: Json) -> str:
    return f"/flows/{screen['flow']}/steps/{screen['step']}"

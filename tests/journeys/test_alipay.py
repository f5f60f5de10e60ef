"""What is Alipay's own on the way from the phone to the core: authorisations taken back."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.cast import employee


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

"""A child below fourteen who proves who they are on their own phone: a guardian reads and agrees before anything leaves it."""

from __future__ import annotations

from datetime import timedelta

from dev.player import Json, Phone, World
from tests.journeys.cast import employee
from tests.journeys.ledger import UPSTREAMS, consents, counting, withdraw
from tests.journeys.vouchers.relatives import child, today, years_before

VERIFYING = "/flows/verify-identity"


def born(world: World, *, days_after: int) -> str:
    """The birthday of somebody who turns fourteen so many days from today."""
    return years_before(today(world) + timedelta(days=days_after), 14).isoformat()


def say_who(phone: Phone, person: Json) -> Json:
    """Answer who one is with digits, which no platform has to name; the next screen."""
    mine = {"name": person["name"], "id_number": person["id_number"], "phone": person["phone"]}
    return phone.put(f"{VERIFYING}/steps/who", mine).ok()


def agree(phone: Phone, screen: Json) -> Json:
    return phone.put(f"{VERIFYING}/steps/{screen['step']}", phone.fill(screen, {})).ok()


def test_a_guardian_agrees_before_a_childs_name_and_number_leave_the_house(world: World) -> None:
    phone = Phone(world, child(world, born=born(world, days_after=1))).sign_in()
    phone.agree()

    with counting(world) as calls:
        screen = say_who(phone, phone.person)
        phone.put(f"{VERIFYING}/steps/real_person", {"real_person": "any"}).problem(409, "step_out_of_order")

    assert calls == dict.fromkeys(UPSTREAMS, 0)
    assert (screen["step"], [(one["name"], one["kind"]) for one in screen["fields"]]) == ("guardian", [("agree", "consent")])
    assert "child_identity" not in consents(phone)
    screen = agree(phone, screen)
    assert screen["step"] == "real_person"
    assert any("监护人" in line for line in consents(phone)["child_identity"]["text"])
    phone.walk_on(screen, {})
    phone.get("/account").ok()


def test_on_the_fourteenth_birthday_a_child_agrees_alone(world: World) -> None:
    phone = Phone(world, child(world, born=born(world, days_after=0))).sign_in()
    phone.agree()

    assert say_who(phone, phone.person)["step"] == "real_person"


def test_a_guardian_takes_it_back_and_gives_it_again_until_the_birthday_ends_the_matter(world: World) -> None:
    phone = Phone(world, child(world, born=born(world, days_after=1))).arrive()
    withdraw(phone, "child_identity")

    with counting(world) as calls:
        told = phone.get("/account").problem(403, "consent_required")
    assert told["consent"] == {"flow": "verify-identity", "missing": ["child_identity"]}
    assert calls == dict.fromkeys(UPSTREAMS, 0)
    phone.sign_in().get("/account").problem(403, "consent_required")
    screen = phone.post(VERIFYING).ok()
    assert (screen["step"], screen["progress"]["upcoming"]) == ("guardian", [])
    agree(phone, screen)
    phone.post(f"{VERIFYING}/completion").ok()
    phone.get("/account").ok()

    withdraw(phone, "child_identity")
    world.clock(world.later(days=1))
    phone.sign_in().get("/account").ok()


def test_a_guardians_word_is_for_the_child_who_was_named(world: World) -> None:
    """Another child needs another word, and a grown-up none."""
    first, second = (child(world, name=name) for name in ("程小满", "程小雨"))
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    assert agree(phone, say_who(phone, first))["step"] == "real_person"

    assert say_who(phone, second)["step"] == "guardian"
    assert "child_identity" not in consents(phone)

    assert agree(phone, phone.get(VERIFYING).ok())["step"] == "real_person"
    screen = say_who(phone, phone.person)
    assert screen["step"] == "real_person"
    phone.walk_on(screen, {})
    assert set(consents(phone)) == {"identity_verification", "sensitive_information"}
    phone.get("/account").ok()

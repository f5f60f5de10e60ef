"""Nothing is done with anybody's data before they agree, and nothing any more once they take it back."""

from __future__ import annotations

import re

import pytest

from dev.player import Answer, Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import CITY, employee
from tests.journeys.ledger import UPSTREAMS, consents, counting, withdraw

# What is open to a citizen who agrees to nothing: signing out, the list of consents, and the flows that ask for them first.
OPEN = {
    "GET /sessions",
    "DELETE /sessions/current",
    "DELETE /sessions/{session_id}",
    "GET /consents",
    "DELETE /consents/{consent_id}",
    "GET /flows",
}


def closed_routes(world: World) -> list[tuple[str, str]]:
    """Method and path of everything that a signed-in citizen may ask, as the document of the public face names it."""
    document = world.call("GET", f"{world.bff_url}/openapi.json").ok()
    return [
        (method.upper(), path.removeprefix("/api/v1"))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and operation.get("security") and f"{method.upper()} {path.removeprefix('/api/v1')}" not in OPEN
    ]


def ask(phone: Phone, method: str, path: str) -> Answer:
    """Ask with ids that could be, and for a city's flow."""
    asked = re.sub(r"\{(\w+)\}", lambda name: {"name": "open-account", "step": "pledge"}.get(name[1], new_id()), path)
    body: Json = {"answers": {}} if method == "PUT" else {}
    return phone.call(method, asked, body if method in ("POST", "PUT") else None, new_id())


@pytest.mark.parametrize("purpose", ["identity_verification", "sensitive_information"])
def test_without_either_consent_every_route_is_closed_and_nothing_leaves_the_house(world: World, purpose: str) -> None:
    phone = Phone(world, employee(world)).arrive()
    withdraw(phone, purpose)

    with counting(world) as calls:
        for method, path in closed_routes(world):
            told = ask(phone, method, path).problem(403, "consent_required")
            assert told["consent"] == {"flow": "verify-identity", "missing": [purpose]}, (method, path)

    assert calls == dict.fromkeys(UPSTREAMS, 0)
    assert len(closed_routes(world)) > 12


def test_what_needs_no_consent_still_answers_without_one(world: World) -> None:
    """Refusing one thing costs nobody another."""
    phone = Phone(world, employee(world)).arrive()
    withdraw(phone, "identity_verification")

    assert phone.get(f"/regions/{CITY}").ok()["code"] == CITY
    assert phone.get("/help/codes/APP003").ok()["rule"] == "consent_required"
    assert phone.get("/sessions").ok()["items"]
    with counting(world) as calls:
        flows = {one["name"]: one for one in phone.get("/flows").ok()["items"]}
    assert calls == dict.fromkeys(UPSTREAMS, 0)
    assert flows["verify-identity"]["can_start"]
    assert [one["rule"] for one in flows["open-account"]["reasons"]] == ["consent_required"]


def test_a_stranger_sends_nothing_to_a_channel_before_agreeing_to_both_texts(world: World) -> None:
    """Neither step by step nor by answers that come along with the start."""
    phone = Phone(world, employee(world)).sign_in()
    mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": phone.channel_phone()}
    with counting(world) as calls:
        first = phone.post("/flows/verify-identity").ok()
        phone.post("/flows/verify-identity", {"answers": mine}).problem(409, "step_out_of_order")
        phone.put("/flows/verify-identity/steps/who", mine).problem(409, "step_out_of_order")
    assert calls == dict.fromkeys(UPSTREAMS, 0)
    assert (first["step"], [one["name"] for one in first["fields"]]) == ("privacy", ["agree"])

    second = phone.put("/flows/verify-identity/steps/privacy", phone.fill(first, {})).ok()

    assert (second["step"], [one["name"] for one in second["fields"]]) == ("sensitive", ["agree"])
    phone.put("/flows/verify-identity/steps/who", mine).problem(409, "step_out_of_order")
    assert set(consents(phone)) == {"identity_verification"}


def test_every_consent_is_in_the_ledger_with_its_words_before_anything_is_done(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()

    assert phone.agree()["step"] == "who"

    standing = consents(phone)
    assert set(standing) == {"identity_verification", "sensitive_information"}
    for one in standing.values():
        assert (one["channel"], one["withdrawable"], one["for_relative"]) == ("wechat", True, False)
        assert one["text"]
        assert one["version"]
        assert len(one["text_hash"]) == 64


def test_a_stranger_who_gives_up_has_agreed_to_nothing(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()

    assert phone.delete("/flows/verify-identity").status == 204

    assert consents(phone) == {}
    assert phone.agree()["step"] == "who"
    assert phone.delete("/flows/verify-identity").status == 204
    assert consents(phone) == {}


def test_a_stranger_who_takes_a_consent_back_midway_is_asked_again(world: World) -> None:
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    withdraw(phone, "sensitive_information")

    assert phone.get("/flows/verify-identity").ok()["step"] == "sensitive"
    phone.put("/flows/verify-identity/steps/who", {"name": "程一舟"}).problem(409, "step_out_of_order")


def test_taking_back_on_one_phone_closes_the_other_at_once_and_agreeing_opens_both(world: World) -> None:
    person = employee(world)
    wechat, alipay = Phone(world, person).arrive(), Phone(world, person, "alipay").arrive()
    assert {one["channel"] for one in wechat.get("/consents").ok()["items"]} == {"wechat", "alipay"}

    withdraw(alipay, "sensitive_information")

    wechat.get("/account").problem(403, "consent_required")
    alipay.get("/account").problem(403, "consent_required")
    screen = wechat.post("/flows/verify-identity").ok()
    assert (screen["step"], screen["progress"]["upcoming"]) == ("sensitive", [])
    screen = wechat.put("/flows/verify-identity/steps/sensitive", wechat.fill(screen, {})).ok()
    assert screen["step"] is None
    assert wechat.post("/flows/verify-identity/completion").ok()["outcome"] == "done"
    for phone in (wechat, alipay):
        phone.get("/account").ok()
    assert len(wechat.get("/consents").ok()["items"]) == 5


def test_a_consent_that_was_taken_back_stays_so_after_signing_in_anew(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    withdraw(phone, "identity_verification")

    phone.sign_in()

    phone.get("/account").problem(403, "consent_required")
    assert phone.agree()["step"] is None
    phone.get("/account").ok()


def test_nobody_sees_or_takes_back_a_strangers_consent(world: World) -> None:
    mine, theirs = Phone(world, employee(world)).arrive(), Phone(world, employee(world)).arrive()
    their_consent = consents(theirs)["identity_verification"]["id"]

    mine.delete(f"/consents/{their_consent}").problem(404, "not_found")
    mine.delete("/consents/no-such-consent").problem(404, "not_found")

    assert their_consent not in {one["id"] for one in mine.get("/consents").ok()["items"]}
    theirs.get("/account").ok()


def test_what_i_signed_can_be_read_again(world: World) -> None:
    phone = Phone(world, employee(world)).arrive()
    assert phone.get("/pledges").ok()["items"] == []
    phone.open_account()

    pledge = phone.get("/pledges").ok()["items"][0]

    assert pledge["text"]
    assert len(pledge["text_hash"]) == 64
    assert "verified_by" not in pledge

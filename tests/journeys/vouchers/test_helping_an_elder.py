"""A relative of age on somebody else's phone: their own look, their bank card, the counter's slip or their own phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.counter import Counter
from dev.player import Json, Phone, World
from groundwork.chance import new_digits
from tests.journeys.cast import CITY, resident
from tests.journeys.vouchers.relatives import (
    BANK_CARD,
    CHANNELS,
    XIAN,
    asked,
    at_the_proof,
    child,
    consent_text,
    grandmother,
    helper,
    listed,
    proof,
    prove,
    shown,
)


@pytest.fixture
def counter(world: World, data_dir: Path) -> Counter:
    return Counter(world, data_dir)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("region", [CITY, XIAN])
def test_a_grandmother_without_a_phone_looks_into_her_grandsons(world: World, channel: str, region: str) -> None:
    """LY-13, LY-14, LY-48, XA-18, XA-19, XA-22, GD-47."""
    grandson, old = helper(world, channel, region), grandmother(world, region=region)

    screen = at_the_proof(grandson, old, "grandmother")
    look = asked(screen)["real_person"]
    grandson.look_into_camera(look["check"]["id"], who=old)
    done = prove(grandson, real_person=look["check"]["id"])

    assert look["about"] == "relative"
    assert look["required"] is False
    assert done["outcome"] == "done"
    assert listed(grandson) == [("grandmother", "active")]
    assert grandson.show_code(shown(grandson, old)["id"])["relation"] == "grandmother"


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_helper_cannot_look_for_her(world: World, channel: str) -> None:
    """XA-18: her own face."""
    grandson, old = helper(world, channel), grandmother(world)
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"])

    told = grandson.put("/flows/activate-relative/steps/check", {"real_person": check["id"]}).problem(422, "invalid_answers")

    assert told["fields"]["real_person"]["code"] == "face_not_passed"
    assert listed(grandson) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_where_her_face_fails_her_bank_card_does_and_nothing_is_lost(world: World, channel: str) -> None:
    """LY-14: a face or a bank card."""
    grandson, old = helper(world, channel), grandmother(world)
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"], passes=False, who=old)

    told = grandson.put("/flows/activate-relative/steps/check", {"real_person": check["id"]}).problem(422, "invalid_answers")
    remedy = told["fields"]["real_person"]["remedy"]
    done = prove(grandson, bank_card=BANK_CARD)

    assert "银行卡" in remedy
    assert "窗口" in remedy
    assert told["screen"]["step"] == "check"
    assert asked(told["screen"])["real_person"]["check"]["id"] != check["id"]
    assert done["outcome"] == "done"


def test_a_card_that_is_not_hers_proves_nothing(world: World) -> None:
    """LY-14."""
    grandson, old = helper(world, bank_cards=["6228480000000000019"]), grandmother(world)
    at_the_proof(grandson, old, "grandmother")

    told = grandson.put("/flows/activate-relative/steps/check", proof(grandson, bank_card="6228480000000000019"))

    assert told.problem(422, "invalid_answers")["fields"]["bank_card"]["code"] == "bank_card_differs"
    assert listed(grandson) == []


def test_a_city_that_knows_faces_only_asks_for_no_card(world: World) -> None:
    """XA-18: no bank card is named there; the counter and the own phone remain."""
    grandson, old = helper(world, region=XIAN), grandmother(world, region=XIAN)

    questions = asked(at_the_proof(grandson, old, "grandmother"))

    assert set(questions) == {"agree", "real_person", "at_counter", "on_own_phone"}


@pytest.mark.parametrize("given", [{}, {"bank_card": BANK_CARD, "at_counter": True}, {"at_counter": True, "on_own_phone": True}])
def test_exactly_one_way_is_taken(world: World, given: Json) -> None:
    """LY-14."""
    grandson, old = helper(world), grandmother(world)
    at_the_proof(grandson, old, "grandmother")

    told = grandson.put("/flows/activate-relative/steps/check", proof(grandson, **given)).problem(422, "invalid_answers")

    assert set(told["fields"]) == {"real_person"}
    assert listed(grandson) == []


def test_at_the_counter_a_slip_ends_what_was_begun_on_the_phone(world: World, counter: Counter) -> None:
    """XA-18, XA-22, GD-47: without a face and without a card."""
    grandson, old = helper(world, region=XIAN), grandmother(world, region=XIAN)

    done = grandson.help(old, "grandmother", at_counter=True)
    assert done["outcome"] == "under_review"
    assert done["slip"]
    assert listed(grandson) == [("grandmother", "not_activated")]
    waiting = shown(grandson, old)["id"]
    assert grandson.post(f"/vouchers/{waiting}/codes").refused() == {"kinship_waits"}

    counter.decide_slip(done["slip"], "approve").ok()

    assert listed(grandson) == [("grandmother", "active")]
    assert grandson.show_code(waiting)["code"]


def test_she_may_agree_on_her_own_phone(world: World) -> None:
    """XA-03, XA-18, GD-15: a grown-up with a phone of her own."""
    grandson, old = helper(world), grandmother(world)

    done = grandson.help(old, "grandmother", on_own_phone=True)
    assert done["outcome"] == "awaiting_acceptance"
    hers = Phone(world, old, "alipay").arrive()
    screen = hers.post("/flows/activate-voucher").ok()
    offered = [option["value"] for option in asked(screen)["member"]["options"]]
    hers.walk_on(screen, {"member": offered})

    assert listed(grandson) == [("grandmother", "active")]
    assert hers.vouchers()[0]["status"] == "active"


def test_changing_whom_one_means_voids_the_look_that_was_begun(world: World) -> None:
    """XA-18: a look speaks for one person and one act."""
    grandson, old = helper(world), grandmother(world)
    first = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    other = resident(world, name="顾云舒", voucher=False)
    named = {"name": other["name"], "id_number": other["id_number"], "relation": "mother"}
    grandson.put("/flows/activate-relative/steps/relative", named).ok()
    screen = grandson.walk_until("check", grandson.get("/flows/activate-relative").ok(), named)
    grandson.look_into_camera(first["id"], who=old)

    grandson.put("/flows/activate-relative/steps/check", {"real_person": first["id"]}).problem(409, "check_expired")

    assert asked(screen)["real_person"]["check"]["id"] != first["id"]


def test_one_look_activates_once(world: World) -> None:
    """A face result that was used proves nothing again."""
    grandson, old, other = helper(world), grandmother(world), helper(world, name="程二舟")
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"], who=old)
    prove(grandson, real_person=check["id"])

    at_the_proof(other, old, "grandmother")
    replayed = other.put("/flows/activate-relative/steps/check", {"real_person": check["id"]})

    assert replayed.problem(409, "check_expired")
    assert listed(other) == []


def test_looking_again_at_the_screen_costs_no_second_look(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    first = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]["id"]

    assert asked(grandson.get("/flows/activate-relative").ok())["real_person"]["check"]["id"] == first
    assert asked(grandson.post("/flows/activate-relative").ok())["real_person"]["check"]["id"] == first


def test_grown_ups_agree_themselves_and_for_a_child_the_guardian_does(world: World) -> None:
    """XA-03, XA-14."""
    mother = helper(world, sex="female")

    own = consent_text(mother, grandmother(world), "grandmother")
    mother.delete("/flows/activate-relative")
    guardians = consent_text(mother, child(world, sex="male"), "son")

    assert "监护人" not in own
    assert "监护人" in guardians


def test_without_her_consent_her_face_is_not_enough(world: World) -> None:
    """XA-18: a face proves who she is, not that she agrees."""
    grandson, old = helper(world), grandmother(world)
    look = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(look["id"], who=old)

    told = grandson.put("/flows/activate-relative/steps/check", {"real_person": look["id"]}).problem(422, "invalid_answers")

    assert "agree" in told["fields"]
    assert listed(grandson) == []


def test_a_platform_that_knows_the_certificate_takes_the_look(world: World) -> None:
    """XA-16, standards §2.5."""
    number = f"H{new_digits(8)}"
    wife = resident(world, voucher=False, cert_type="04", id_number=number, name="何雅文")

    done = helper(world, "alipay").help(wife, "spouse", cert_type="04")

    assert done["outcome"] == "done"


def test_where_the_platform_does_not_know_the_certificate_no_camera_is_drawn(world: World) -> None:
    """XA-16, XA-17, standards §2.5: somebody from Hong Kong, by the number of their permit, proven by their bank card."""
    number = f"H{new_digits(8)}"
    wife = resident(world, voucher=False, cert_type="04", id_number=number, name="何雅文", bank_cards=[BANK_CARD])
    husband = helper(world)
    named = {"name": wife["name"], "cert_type": "04", "id_number": number, "relation": "spouse"}

    screen = husband.walk_until("check", husband.post("/flows/activate-relative").ok(), named)
    questions = asked(screen)
    done = husband.walk_on(screen, {"bank_card": BANK_CARD})

    assert "real_person" not in questions
    assert {"bank_card", "at_counter", "on_own_phone"} <= set(questions)
    assert done["outcome"] == "done"
    assert listed(husband) == [("spouse", "active")]


def test_without_a_camera_what_is_missing_is_told_at_the_next_question(world: World) -> None:
    """XA-16."""
    number = f"M{new_digits(8)}"
    wife = resident(world, voucher=False, cert_type="05", id_number=number, name="何雅文")
    husband = helper(world)
    named = {"name": wife["name"], "cert_type": "05", "id_number": number, "relation": "spouse"}
    screen = husband.walk_until("check", husband.post("/flows/activate-relative").ok(), named)

    told = husband.put("/flows/activate-relative/steps/check", {}).problem(422, "invalid_answers")

    assert set(told["fields"]) <= set(asked(screen))


@pytest.mark.parametrize(("cert_type", "number"), [("04", "12345678"), ("06", "H12345678"), ("01", "H12345678")])
def test_a_number_must_fit_its_certificate(world: World, cert_type: str, number: str) -> None:
    """XA-16."""
    husband = helper(world)
    husband.walk_until("relative", husband.post("/flows/activate-relative").ok(), {})
    named = {"name": "何雅文", "cert_type": cert_type, "id_number": number, "relation": "spouse"}

    told = husband.put("/flows/activate-relative/steps/relative", named).problem(422, "invalid_answers")

    assert set(told["fields"]) == {"id_number"}
    assert number not in str(told)

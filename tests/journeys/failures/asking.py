"""How these journeys ask for what they expect to be refused, and read what they are told."""

from __future__ import annotations

from typing import Any

from dev.player import Answer, Json, Phone, World


def told_when_adding(phone: Phone, member: Json, relation: str, **answers: Any) -> Answer:
    """Walk through add-member until something is not taken; what is said then."""
    asked = ("name", "id_number", "phone", "card_number")
    given = {**{name: member[name] for name in asked}, "relation": relation, **answers}
    screen = phone.post("/flows/add-member").ok()
    while screen["step"] is not None:
        answer = phone.put(f"/flows/add-member/steps/{screen['step']}", phone.fill(screen, given))
        if answer.status != 200:
            return answer
        screen = answer.ok()
    raise AssertionError("nothing stood in the way")


def refused_to_add(phone: Phone, member: Json, relation: str, **answers: Any) -> list[Json]:
    """The reasons for which a relative cannot be added."""
    return list(told_when_adding(phone, member, relation, **answers).problem(422, "refused")["reasons"])


def shows_card(world: World, person: Json, institution: Json, amount_fen: int, med_type: str) -> Answer:
    """Pay by the social-security card."""
    credential = {"kind": "social_card", "value": person["card_number"]}
    return world.till(institution, "settlements", {"credential": credential, "med_type": med_type, "amount_fen": amount_fen})


def the_reason(reasons: list[Json], rule: str) -> Json:
    """The one reason of that name; whatever it is, it says what to do and carries a code that everybody can read."""
    (told,) = [reason for reason in reasons if reason["rule"] == rule]
    assert told["next_step"]
    assert len(told["cashier_code"]) == 6
    return told

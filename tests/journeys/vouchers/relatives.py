"""The relatives of these journeys: of any age to the day, with or without a phone, never activated before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, employee, resident

XIAN = "610100"
CHANNELS = ("wechat", "alipay")
BANK_CARD = "6217000000000000017"
# A city of the tests which wants to see whoever shows a relative's code.
CAREFUL_CITY = "990100"


def today(world: World) -> date:
    """The day in the world's China."""
    return datetime.fromisoformat(world.later()).date()


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; for the 29th of February, the day that stands for it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)


def child(world: World, years: int = 10, **facts: Any) -> Json:
    """A resident so many years old today, whose voucher sleeps."""
    told = {"name": "程小满", "born": years_before(today(world), years).isoformat(), "voucher": False}
    return resident(world, **{**told, **facts})


def grandmother(world: World, **facts: Any) -> Json:
    """Eighty-one, without a phone, her voucher asleep."""
    told = {"name": "白秋水", "born": "1945-04-05", "voucher": False, "bank_cards": [BANK_CARD]}
    return resident(world, **{**told, **facts})


def helper(world: World, channel: str = "wechat", region: str = CITY, **facts: Any) -> Phone:
    """The phone of an employee who wants to help."""
    return Phone(world, employee(world, region=region, **facts), channel).arrive()


def careful_mother(world: World) -> tuple[Phone, Json]:
    """A mother in the careful city who shows her son's code, and his voucher."""
    mother, son = helper(world, region=CAREFUL_CITY, sex="female"), child(world, region=CAREFUL_CITY, sex="male")
    mother.help(son, "son")
    return mother, shown(mother, son)


def listed(phone: Phone) -> list[tuple[str, str]]:
    """The relatives on a phone: what each is, and how their voucher stands."""
    return [(one["relation"], one["status"]) for one in phone.vouchers()[1:]]


def shown(phone: Phone, person: Json) -> Json:
    """A relative's entry on a phone."""
    return next(one for one in phone.vouchers()[1:] if one["name_masked"][-1] == person["name"][-1])


def at_the_proof(phone: Phone, person: Json, relation: str) -> Json:
    """Walk activate-relative up to the step that proves the relative; its screen."""
    screen = phone.post("/flows/activate-relative").ok()
    named = {"name": person["name"], "id_number": person["id_number"], "relation": relation}
    return phone.walk_until("check", screen, named)


def proof(phone: Phone, **given: Any) -> Json:
    """How a relative is proven on the screen that stands now, with their consent where it is asked there."""
    questions = asked(phone.get("/flows/activate-relative").ok())
    consent = {"agree": questions["agree"]["text_hash"]} if "agree" in questions else {}
    return {**consent, **given}


def prove(phone: Phone, **given: Any) -> Json:
    """Answer the step that proves the relative, and end the flow."""
    phone.put("/flows/activate-relative/steps/check", proof(phone, **given)).ok()
    return phone.post("/flows/activate-relative/completion").ok()


def consent_text(phone: Phone, person: Json, relation: str) -> str:
    """What is to be agreed to before this relative is in the list, wherever it is asked."""
    screen = phone.post("/flows/activate-relative").ok()
    named = {"name": person["name"], "id_number": person["id_number"], "relation": relation}
    while "agree" not in asked(screen):
        screen = phone.put(f"/flows/activate-relative/steps/{screen['step']}", phone.fill(screen, named)).ok()
    return "".join(asked(screen)["agree"]["text"])


def asked(screen: Json) -> dict[str, Json]:
    """The questions of a screen by name."""
    return {one["name"]: one for one in screen["fields"]}

"""What the feed tells of marks that a payment passes, and of days to come: each once, to those whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.clock import write_offset
from reference_core.parts import Core
from reference_core.services.payments.payment_events import cap_crossed
from tests.reference_core.callers import Callers, Json, World


def look(callers: Callers) -> int:
    bearer = callers.core.settings.keys.citizen[0]
    return int(callers.call("POST", "/events/look-ahead", {}, bearer=bearer).ok()["told"])


def told(callers: Callers, person: Json, kind: str) -> list[Json]:
    after = 0
    found: list[Json] = []
    while True:
        page = callers.events(after)
        if not page["items"]:
            return [one["data"] for one in found if (one["person_id"], one["kind"]) == (person["person_id"], kind)]
        found += page["items"]
        after = page["next_after"]


@pytest.mark.parametrize(
    ("before_fen", "after_fen", "crossed"),
    [
        (0, 7_999, None),
        (0, 8_000, "cap_near"),
        (7_999, 9_999, "cap_near"),
        (8_000, 9_999, None),
        (0, 10_000, "cap_reached"),
        (9_999, 10_000, "cap_reached"),
        (10_000, 10_000, None),
    ],
)
def test_a_mark_is_told_by_the_payment_that_passes_it(before_fen: int, after_fen: int, crossed: str | None) -> None:
    assert cap_crossed(before_fen, after_fen, 10_000) == crossed


def test_a_cap_of_one_fen_is_reached_and_never_near() -> None:
    assert cap_crossed(0, 1, 1) == "cap_reached"


def test_a_birthday_that_changes_rules_is_told_ahead_once_to_both_sides(world: World, callers: Callers, core: Core) -> None:
    in_ten_days = core.now().date() + timedelta(days=10)
    child = world.resident(born=in_ten_days.replace(year=in_ten_days.year - 16).isoformat(), sex="male")
    father = world.employee(5_000)
    world.family(father, child, "son")

    look(callers)
    look(callers)

    assert [one["age"] for one in told(callers, child, "birthday_ahead")] == [16]
    (to_father,) = told(callers, father, "birthday_ahead")
    assert (to_father["role"], to_father["day"]) == ("payer", in_ten_days.isoformat())


def test_a_birthday_far_ahead_is_told_when_it_comes_near(world: World, callers: Callers, core: Core) -> None:
    in_forty_days = core.now().date() + timedelta(days=40)
    child = world.person(born=in_forty_days.replace(year=in_forty_days.year - 18).isoformat(), voucher=True)
    look(callers)
    assert told(callers, child, "birthday_ahead") == []

    assert core.settings.clock_file is not None
    write_offset(core.settings.clock_file, timedelta(days=12))
    look(callers)

    assert [one["age"] for one in told(callers, child, "birthday_ahead")] == [18]


def test_a_tie_that_ends_soon_is_told_to_both_sides_once(world: World, callers: Callers, core: Core) -> None:
    son, mother = world.employee(5_000), world.resident()
    relation_id = world.family(son, mother)["id"]
    last_day = core.now().date() + timedelta(days=30)
    with core.db.transaction() as tx:
        tx.execute("UPDATE core.relations SET ends_on = %s WHERE id = %s", [last_day, relation_id])

    look(callers)
    look(callers)

    for person, role in ((son, "payer"), (mother, "member")):
        (one,) = told(callers, person, "relation_ends_soon")
        assert one == {"relation_id": relation_id, "day": last_day.isoformat(), "role": role}

"""Naming relatives who cannot be named: one answer for all of it, a cap on tries, and a word to who was meant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from groundwork.chance import new_id
from tests.reference_core.callers import Callers, Json, Told, World, new_person

TRIES = 5


def opened(world: World) -> Json:
    son = world.employee(500)
    world.open_account(son).ok()
    return son


def stranger() -> Json:
    """Somebody whom the core has never met, under a name that a person could have."""
    return {**new_person(), "name": "江无人"}


def plan(callers: Callers, person: Json, named: Json) -> Told:
    answers = {"member": {"name": named["name"], "id_number": named["id_number"], "relation": "mother"}}
    return callers.citizen("POST", "/flows/add-member/plan", {"answers": answers}, person=person["person_id"])


def attempts(callers: Callers, person: Json) -> int:
    mine = [event for event in callers.events()["items"] if event["person_id"] == person["person_id"]]
    return sum(event["kind"] == "relation_attempted" for event in mine)


def test_after_five_strangers_a_day_nobody_can_be_named_any_more(world: World) -> None:
    son, mother = opened(world), world.resident()
    for _ in range(TRIES):
        assert world.bind(son, stranger()).refused() == {"member_not_found"}

    told = world.bind(son, stranger())
    right = world.bind(son, mother)

    told.problem(429, "too_many_tries")
    assert 0 < int(told.headers["Retry-After"]) <= 86_401
    right.problem(429, "too_many_tries")


def test_a_relative_whose_dot_was_typed_otherwise_is_no_stranger(world: World, callers: Callers) -> None:
    son, mother = opened(world), world.resident(name="阿依古丽·买买提")

    drawn = plan(callers, son, {**mother, "name": "阿依古丽 ・ 买买提"}).ok()["steps"][0]
    world.bind(son, {**mother, "name": "阿依古丽•买买提"}).ok()

    assert "refusal" not in drawn
    assert attempts(callers, mother) == 0


def test_a_day_later_one_may_try_again(world: World) -> None:
    son, mother = opened(world), world.resident()
    for _ in range(TRIES):
        world.bind(son, stranger())
    world.later(days=1, minutes=1)

    world.bind(son, mother).ok()


def test_saying_the_same_again_is_no_new_try(world: World, callers: Callers) -> None:
    """A key lost, a screen drawn twice: the answer is known already and tells nothing new."""
    son, mother, wrong = opened(world), world.resident(), stranger()
    for _ in range(2 * TRIES):
        assert world.bind(son, wrong).refused() == {"member_not_found"}
        assert plan(callers, son, wrong).ok()["steps"]

    world.bind(son, mother).ok()


def test_a_try_that_was_counted_is_answered_the_same_after_the_cap(world: World) -> None:
    son, tried = opened(world), [stranger() for _ in range(TRIES)]
    for wrong in tried:
        world.bind(son, wrong)

    assert all(world.bind(son, wrong).refused() == {"member_not_found"} for wrong in tried)
    world.bind(son, stranger()).problem(429, "too_many_tries")


def test_the_screens_count_too_or_they_would_be_the_way_around(world: World, callers: Callers) -> None:
    son = opened(world)
    for _ in range(TRIES):
        plan(callers, son, stranger()).ok()

    plan(callers, son, stranger()).problem(429, "too_many_tries")
    world.bind(son, stranger()).problem(429, "too_many_tries")


def test_names_and_numbers_that_belong_together_do_not_count(world: World) -> None:
    son = opened(world)
    for _ in range(TRIES + 1):
        assert world.bind(son, world.resident(), "father").refused() == {"relation_sex_mismatch"}


def test_who_was_meant_is_told_once_and_by_nobodys_name(world: World, callers: Callers) -> None:
    son, mother = opened(world), world.resident()
    wrong = {**mother, "name": "别人"}
    for _ in range(2):
        world.bind(son, wrong)
        plan(callers, son, wrong)

    assert attempts(callers, mother) == 1
    (event,) = [one for one in callers.events()["items"] if one["kind"] == "relation_attempted"][-1:]
    assert event["data"] == {}
    assert attempts(callers, son) == 0


def test_others_are_not_kept_from_naming_their_own(world: World) -> None:
    son, daughter, mother = opened(world), opened(world), world.resident()
    for _ in range(TRIES + 1):
        world.bind(son, stranger())

    world.bind(daughter, mother).ok()


def test_a_remembered_refusal_is_answered_after_the_cap_too(world: World, callers: Callers) -> None:
    son, key, wrong = opened(world), new_id(), stranger()
    named = {"name": wrong["name"], "id_number": wrong["id_number"], "relation": "mother", "verified_by": world.proof()}
    first = callers.citizen("POST", "/relations", named, person=son["person_id"], key=key)
    for _ in range(TRIES):
        world.bind(son, stranger())

    assert callers.citizen("POST", "/relations", named, person=son["person_id"], key=key).body == first.body
    assert first.refused() == {"member_not_found"}


def test_strangers_named_at_the_same_moment_are_counted_one_by_one(world: World) -> None:
    son, start = opened(world), Barrier(2 * TRIES)

    def name_one(wrong: Json) -> int:
        start.wait()
        return world.bind(son, wrong).status

    with ThreadPoolExecutor(2 * TRIES) as pool:
        statuses = sorted(pool.map(name_one, [stranger() for _ in range(2 * TRIES)]))

    assert statuses == [422] * TRIES + [429] * TRIES


def test_who_is_nobody_finds_nobody(world: World, callers: Callers) -> None:
    named = {"name": "江无人", "id_number": new_person()["id_number"], "relation": "mother", "verified_by": world.proof()}

    callers.citizen("POST", "/relations", named, person=new_id()).problem(404, "not_found")

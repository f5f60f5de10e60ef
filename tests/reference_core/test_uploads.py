"""Photos that prove a tie: sealed, one's own, claimed once, and forgotten when nobody claims them."""

from __future__ import annotations

import pytest

from groundwork.chance import new_id
from reference_core.parts import Core
from reference_core.services.relations.uploads import IMAGE_MAX_BYTES
from tests.reference_core.callers import Callers, World
from tests.reference_core.capital import JPEG, Capital

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50


def test_a_photo_is_kept_sealed_and_the_same_key_keeps_it_once(world: World, callers: Callers, core: Core) -> None:
    person, key = world.employee(500), new_id()

    first, again = (callers.upload(person, PNG, "image/png", key) for _ in range(2))

    assert (first.status, first.ok()) == (201, again.ok())
    kept = core.db.rows("SELECT sealed, media_type FROM core.uploads WHERE person_id = %s", [person["person_id"]])
    assert [row["media_type"] for row in kept] == ["image/png"]
    assert b"pixels" not in kept[0]["sealed"]
    callers.upload(person, JPEG, "image/jpeg", key).problem(409, "key_reused")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(JPEG, "image/png"), (PNG, "image/jpeg"), (b"GIF89a", "image/gif"), (b"", "image/png"), (b"%PDF", "application/pdf")],
)
def test_what_is_no_photo_is_turned_away(world: World, callers: Callers, content: bytes, media_type: str) -> None:
    callers.upload(world.employee(500), content, media_type).problem(415, "not_an_image")


def test_a_photo_of_five_megabytes_is_taken_and_a_larger_one_is_not(world: World, callers: Callers) -> None:
    person = world.employee(500)

    callers.upload(person, JPEG.ljust(IMAGE_MAX_BYTES, b"."), "image/jpeg").ok()
    told = callers.upload(person, JPEG.ljust(IMAGE_MAX_BYTES + 1, b"."), "image/jpeg").problem(413, "too_large")

    assert "5 MB" in told["detail"]


def test_a_form_may_still_not_be_that_large(world: World, callers: Callers) -> None:
    body = {"reason": "x" * 70_000, "verified_by": world.proof()}

    callers.citizen("POST", f"/relations/{new_id()}/end", body, person=world.employee(500)["person_id"]).problem(413, "too_large")


def test_a_photo_is_claimed_once_and_by_its_owner_only(capital: Capital) -> None:
    son, other, mother = capital.payer(), capital.payer(), capital.member()
    photo, form = capital.photo(son), capital.photo(son)
    stolen = capital.bind(other, mother, documents=[photo], signed_form=[form])
    capital.bind(son, mother, documents=[photo], signed_form=[form]).ok()

    again = capital.bind(son, capital.member(), documents=[photo], signed_form=[capital.photo(son)])

    assert set(stolen.problem(422, "invalid_answers")["fields"]) == {"documents", "signed_form"}
    assert set(again.problem(422, "invalid_answers")["fields"]) == {"documents"}


def test_one_photo_does_not_serve_for_two_proofs(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    photo = capital.photo(son)

    told = capital.bind(son, mother, documents=[photo], signed_form=[photo])

    assert set(told.problem(422, "invalid_answers")["fields"]) == {"signed_form"}
    assert capital.listed(son) == []


def test_what_nobody_claims_within_a_day_is_gone(capital: Capital, world: World, core: Core) -> None:
    son, mother = capital.payer(), capital.member()
    photo, form = capital.photo(son), capital.photo(son)
    answers = capital.answers(son, mother, documents=[photo], signed_form=[form])
    world.later(hours=24, minutes=1)

    told = capital.act(son, "/relations", answers)

    assert set(told.problem(422, "invalid_answers")["fields"]) == {"documents", "signed_form"}
    capital.photo(son)
    assert core.db.one("SELECT FROM core.uploads WHERE id = ANY (%s::uuid[])", [[photo, form]]) is None


def test_a_claimed_photo_stays(capital: Capital, world: World, core: Core) -> None:
    son, mother = capital.payer(), capital.member()
    tie = capital.bind(son, mother).ok()
    world.later(days=400)
    capital.photo(son)

    assert len(core.db.rows("SELECT id FROM core.uploads WHERE relation_id = %s", [tie["id"]])) == 2


def test_a_stranger_to_the_core_cannot_leave_photos(callers: Callers) -> None:
    callers.upload({"person_id": new_id()}, JPEG, "image/jpeg").problem(404, "not_found")

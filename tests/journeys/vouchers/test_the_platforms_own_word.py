"""With a contract, the phone brings the 医保 platform's own word beside the look; both must name the same person."""

from __future__ import annotations

from dev.player import Json, Phone, World
from tests.journeys.vouchers.relatives import asked, at_the_proof, grandmother, helper, listed, proof, prove


def authorised(phone: Phone, **whom: str) -> str:
    """What the other mini-program gives the phone of its owner, for a relative perhaps."""
    path = f"/phones/{phone.person['id_number']}/medical-authorisations"
    return str(phone.world.play("POST", path, whom).ok()["auth_code"])


def looked(phone: Phone, old: Json) -> Json:
    """Her look into the helper's camera, taken but not yet answered with; the check."""
    check: Json = asked(at_the_proof(phone, old, "grandmother"))["real_person"]["check"]
    phone.look_into_camera(check["id"], who=old)
    return check


def test_the_phone_is_told_where_to_go_and_brings_back_her_authorisation(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    check = looked(grandson, old)
    brought = authorised(grandson, relative=old["id_number"])

    done = prove(grandson, real_person={"check_id": check["id"], "brought": brought})

    assert set(check["authorise_at"]) == {"app_id", "path"}
    assert old["id_number"] not in check["authorise_at"]["path"]
    assert done["outcome"] == "done"


def test_an_authorisation_for_somebody_else_undoes_the_look(world: World) -> None:
    grandson, old = helper(world), grandmother(world)
    check = looked(grandson, old)
    told = {"check_id": check["id"], "brought": authorised(grandson)}

    refused = grandson.put("/flows/activate-relative/steps/check", proof(grandson, real_person=told))

    assert refused.problem(422, "invalid_answers")["fields"]["real_person"]["code"] == "face_not_passed"
    assert listed(grandson) == []


def test_the_look_alone_is_enough(world: World) -> None:
    """Whoever does not know that other mini-program is not turned away."""
    grandson, old = helper(world), grandmother(world)

    assert prove(grandson, real_person=looked(grandson, old)["id"])["outcome"] == "done"

"""A member leaves where the city lets them, and elsewhere is told whom to ask (Y-15)."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, payer_with, resident


def test_a_member_leaves_and_the_payers_money_is_used_no_more(world: World) -> None:
    """LY-22, LY-42."""
    mother = Phone(world, resident(world)).arrive()
    son = payer_with(world, mother.person, "mother")
    (payer,) = mother.get("/payers").ok()["items"]

    screen = mother.post("/flows/leave-relation").ok()
    done = mother.walk_on(screen, {"member": payer["id"]})

    assert next(one["label"] for one in screen["fields"][0]["options"]).startswith(payer["name_masked"])
    assert done["outcome"] == "done"
    assert (mother.get("/payers").ok()["items"], son.members()) == ([], [])
    paid = mother.pay(world.institution(CITY, "pharmacy"), 100, PHARMACY_VISIT).ok()
    assert ([one["rule"] for one in paid["reasons"]], paid["cash_fen"]) == (["relation_ended"], 100)
    assert mother.get("/flows").ok()["items"] != []
    assert "leave-relation" not in {one["name"] for one in mother.get("/flows").ok()["items"]}


def test_where_only_payers_end_ties_a_member_is_told_so_and_asks_the_payer(world: World) -> None:
    mother = Phone(world, resident(world, region="130100")).arrive()
    Phone(world, employee(world, region="130100")).arrive().add(mother.person, "parent")

    assert mother.flow_reasons("leave-relation") == {"only_payer_may_end"}
    mother.post("/flows/leave-relation").problem(422, "refused")

    (payer,) = mother.get("/payers").ok()["items"]
    assert mother.post(f"/payers/{payer['id']}/requests", {"kind": "leave"}).ok()["status"] == "sent"

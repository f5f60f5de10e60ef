"""What becomes of ties when somebody moves, is frozen, closes the account or dies, as each city's pack says."""

from __future__ import annotations

from reference_core.parts import Core
from tests.reference_core.callers import CITY, ELSEWHERE, Callers, Json, World
from tests.reference_core.capital import DISTRICT, Capital

ENDS_BY_ITSELF = "340100"


def bound_there(world: World, payer: Json, member: Json) -> Json:
    pledge = world.callers.citizen("GET", f"/regions/{ENDS_BY_ITSELF}").ok()["pledges"]["add-member"]
    body = {"name": member["name"], "id_number": member["id_number"], "relation": "mother", "agree": pledge["text_hash"]}
    said = {**body, "confirm_id_number": True, "phone": member["phone"], "verified_by": world.proof()}
    return world.callers.citizen("POST", "/relations", said, person=payer["person_id"]).ok()


def family_there(world: World) -> tuple[Json, Json, Json]:
    payer, member = world.employee(5_000, region=ENDS_BY_ITSELF), world.resident(region=ENDS_BY_ITSELF)
    return payer, member, bound_there(world, payer, member)


def kept(core: Core, tie: Json) -> Json:
    return (
        core.db.one("SELECT end_reason, suspended_at IS NOT NULL AS sleeps FROM core.relations WHERE id = %s", [tie["id"]]) or {}
    )


def last_events(callers: Callers, person: Json) -> list[str]:
    return [event["kind"] for event in callers.events()["items"] if event["person_id"] == person["person_id"]][-2:]


def test_a_payer_who_moves_away_ends_the_tie_where_the_city_says_so(world: World, callers: Callers, core: Core) -> None:
    """HF-08; both are told."""
    payer, member, tie = family_there(world)

    world.change(payer, region=CITY)

    assert kept(core, tie)["end_reason"] == "payer_transferred"
    assert callers.citizen("GET", "/payers", person=member["person_id"]).ok()["items"] == []
    assert last_events(callers, member) == ["relation_bound", "relation_ended"]


def test_an_insurance_that_was_transferred_out_is_a_move(world: World, core: Core) -> None:
    payer, _, tie = family_there(world)

    world.change(payer, insurances=[{"insutype": "310", "status": "transferred_out"}])

    assert kept(core, tie)["end_reason"] == "payer_transferred"


def test_a_member_who_moves_ends_nothing_where_only_the_payers_move_does(world: World, core: Core) -> None:
    """Y-07: no longer insured there, and so not paid for."""
    _, member, tie = family_there(world)

    world.change(member, region=CITY)

    assert kept(core, tie)["end_reason"] is None


def test_a_closed_account_ends_the_tie_there(world: World, core: Core) -> None:
    payer, _, tie = family_there(world)

    world.change(payer, conditions=["account_closed"])

    assert kept(core, tie)["end_reason"] == "account_closed"


def test_other_changes_end_nothing(world: World, core: Core) -> None:
    payer, member, tie = family_there(world)

    world.change(payer, deposit_fen=100, phone="13900001111")
    world.change(payer, insurances=[{"insutype": "310", "status": "suspended"}])
    world.change(member, conditions=["nonlocal_record"])

    assert kept(core, tie) == {"end_reason": None, "sleeps": False}


def test_a_death_ends_nothing_and_nothing_is_shared_any_more(world: World, core: Core) -> None:
    payer, member, tie = family_there(world)

    world.change(payer, died_on=core.now().date().isoformat())

    assert kept(core, tie)["end_reason"] is None
    paid = world.pay(world.institution("hospital", region=ENDS_BY_ITSELF, level=2), member, 100, med_type="11").ok()
    assert (paid["payers"], "person_died" in [reason["rule"] for reason in paid["reasons"]]) == ([], True)


def test_where_one_must_unbind_first_a_move_ends_nothing(world: World, core: Core) -> None:
    """LY-42, Y-07."""
    son, mother = world.employee(500), world.resident()
    tie = world.family(son, mother)

    world.change(son, region=ELSEWHERE)

    assert kept(core, tie)["end_reason"] is None


def test_a_frozen_account_puts_its_ties_to_sleep_until_the_payer_wakes_them(capital: Capital, world: World, core: Core) -> None:
    """GD-49."""
    son, mother = capital.payer(), capital.member()
    tie = capital.family(son, mother)
    wake = f"/relations/{tie['id']}/reactivation"

    world.change(son, insurances=[{"insutype": "310", "status": "frozen"}])
    asleep = capital.pays(mother, 100)
    too_early = capital.act(son, wake, {}).refused()
    world.change(son, insurances=[{"insutype": "310", "status": "normal"}])
    still_asleep = capital.pays(mother, 100)
    capital.act(mother, wake, {}).problem(404, "not_found")
    woken = capital.act(son, wake, {}).ok()

    assert "relation_suspended" in [reason["rule"] for reason in asleep["reasons"]]
    assert too_early == {"payer_still_frozen"}
    assert [reason["rule"] for reason in still_asleep["reasons"]] == ["relation_suspended"]
    assert woken["status"] == "active"
    assert capital.pays(mother, 100)["payers"][0]["paid_fen"] == 100
    assert capital.act(son, wake, {}).refused() == {"relation_not_suspended"}
    assert [kind for kind in capital.kinds(son) if "relation_s" in kind or "resumed" in kind] == [
        "relation_suspended",
        "relation_resumed",
    ]


def test_freezing_twice_is_told_once(capital: Capital, world: World) -> None:
    son, mother = capital.payer(), capital.member()
    capital.family(son, mother)

    for _ in range(2):
        world.change(son, insurances=[{"insutype": "310", "status": "frozen", "region": DISTRICT}])

    assert capital.kinds(mother).count("relation_suspended") == 1

"""What a city lets a payer agree on when a tie is made: asked again by the core, kept sealed, and changed later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from groundwork.chance import new_id
from groundwork.clock import CHINA
from reference_core.parts import Core
from tests.reference_core.callers import Callers, World
from tests.reference_core.capital import Capital


@pytest.mark.parametrize("left_out", ["phone", "documents", "signed_form", "passcode", "card_number"])
def test_what_the_city_demands_is_missed_by_name_and_nothing_is_bound(capital: Capital, left_out: str) -> None:
    son, mother = capital.payer(), capital.member()

    told = capital.act(son, "/relations", {**capital.answers(son, mother), left_out: None})

    assert list(told.problem(422, "invalid_answers")["fields"]) == [left_out]
    assert capital.listed(son) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"monthly_cap_fen": 0}, "amount_invalid"),
        ({"scopes": ["outpatient", "spa"]}, "not_offered"),
        ({"starts_on": "2020-01-01"}, "date_past"),
        ({"ends_on": "2099-01-01"}, "not_asked"),
        ({"passcode": "12345"}, "passcode_too_short"),
        ({"documents": []}, "required"),
        ({"documents": [new_id()]}, "upload_unknown"),
    ],
)
def test_an_answer_that_does_not_hold_is_named(capital: Capital, answer: dict[str, Any], code: str) -> None:
    son, mother = capital.payer(), capital.member()

    told = capital.act(son, "/relations", {**capital.answers(son, mother), **answer}).problem(422, "invalid_answers")

    assert {name: fault["code"] for name, fault in told["fields"].items()} == {next(iter(answer)): code}
    assert set(told["fields"][next(iter(answer))]) == {"code", "text", "remedy"}


def test_a_city_that_asks_for_nothing_more_takes_nothing_more(world: World, callers: Callers) -> None:
    son, mother = world.employee(500), world.resident()
    world.open_account(son).ok()
    body = {"name": mother["name"], "id_number": mother["id_number"], "relation": "mother", "verified_by": world.proof()}

    told = callers.citizen("POST", "/relations", {**body, "monthly_cap_fen": 100}, person=son["person_id"])

    assert told.problem(422, "invalid_answers")["fields"]["monthly_cap_fen"]["code"] == "not_asked"


@pytest.mark.parametrize("proof", [{"method": "session"}, {"at": "2024-01-01T00:00:00+08:00"}])
def test_binding_wants_the_person_now_where_the_city_does(capital: Capital, world: World, proof: dict[str, str]) -> None:
    """GD-23."""
    son, mother = capital.payer(), capital.member()

    told = capital.bind(son, mother, verified_by={**world.proof(), **proof})

    assert list(told.problem(422, "invalid_answers")["fields"]) == ["real_person"]


def test_the_passcode_and_the_card_are_never_kept_as_they_were_said(capital: Capital, core: Core) -> None:
    tie = capital.bind(capital.payer(), capital.member()).ok()

    kept = core.db.one("SELECT passcode_hash, member_card_sealed FROM core.relations WHERE id = %s", [tie["id"]]) or {}

    assert kept["passcode_hash"].startswith("scrypt$16384$8$5$")
    assert "739214" not in kept["passcode_hash"]
    assert b"110-221-9" not in kept["member_card_sealed"]


def test_scopes_and_cap_hold_at_the_till_and_are_listed(capital: Capital) -> None:
    """GD-19, GD-20."""
    son, mother = capital.payer(), capital.member()
    capital.family(son, mother, monthly_cap_fen=5_000, scopes=["outpatient"])

    (listed,) = capital.listed(son)
    stay = capital.pays(mother, 1_000, med_type="21")
    visit = capital.pays(mother, 5_000)
    over = capital.pays(mother, 1)

    assert (listed["monthly_cap_fen"], listed["scopes"]) == (5_000, ["outpatient"])
    assert [reason["rule"] for reason in stay["reasons"]] == ["scope_not_allowed"]
    assert (visit["payers"][0]["paid_fen"], over["payers"]) == (5_000, [])
    assert [reason["rule"] for reason in over["reasons"]] == ["cap_exceeded"]


def test_a_cap_begins_anew_each_month_and_a_refund_gives_room_to_the_month_it_was_paid_in(
    capital: Capital, world: World, callers: Callers
) -> None:
    """Vector 8."""
    world.move_to(datetime(2025, 10, 31, 12, tzinfo=CHINA))
    son, mother = capital.payer(), capital.member()
    capital.family(son, mother, monthly_cap_fen=5_000)
    till = world.institution("hospital", region="110105", level=3)
    paid = world.pay(till, mother, 5_000, med_type="11", declares_mutual_aid=True).ok()
    assert capital.listed(son)[0]["spent_this_month_fen"] == 5_000

    world.move_to(datetime(2025, 11, 1, 0, 1, tzinfo=CHINA))
    assert capital.pays(mother, 4_000)["payers"][0]["paid_fen"] == 4_000
    callers.till(till, "/refunds", {"settlement_id": paid["settlement_id"]}).ok()
    assert capital.listed(son)[0]["spent_this_month_fen"] == 4_000
    assert capital.pays(mother, 1_001)["payers"] == []

    world.move_to(datetime(2025, 10, 31, 13, tzinfo=CHINA))
    assert capital.listed(son)[0]["spent_this_month_fen"] == 0
    assert capital.pays(mother, 5_000)["payers"][0]["paid_fen"] == 5_000


def test_a_limit_below_what_was_spent_leaves_no_room_and_lifting_it_does(capital: Capital) -> None:
    """GD-44."""
    son, mother = capital.payer(), capital.member()
    tie = capital.family(son, mother)
    capital.pays(mother, 3_000)

    lowered = capital.act(son, f"/relations/{tie['id']}/limits", {"monthly_cap_fen": 1_000}).ok()
    assert capital.pays(mother, 1)["payers"] == []
    lifted = capital.act(son, f"/relations/{tie['id']}/limits", {"monthly_cap_fen": None}).ok()

    assert lowered == {"id": tie["id"], "status": "active", "monthly_cap_fen": 1_000, "scopes": None, "outcome": "done"}
    assert lifted["monthly_cap_fen"] is None
    assert capital.pays(mother, 1)["payers"][0]["paid_fen"] == 1
    assert capital.kinds(mother).count("relation_limits_changed") == 2


def test_only_the_payer_changes_limits_and_only_where_the_city_has_it(capital: Capital, world: World, callers: Callers) -> None:
    son, mother = capital.payer(), capital.member()
    tie = capital.family(son, mother)
    elsewhere, aunt = world.employee(500), world.resident()
    other = world.family(elsewhere, aunt)

    capital.act(mother, f"/relations/{tie['id']}/limits", {"monthly_cap_fen": 1}).problem(404, "not_found")
    assert capital.act(elsewhere, f"/relations/{other['id']}/limits", {"monthly_cap_fen": 1}).refused() == {"act_not_offered"}
    capital.act(son, f"/relations/{tie['id']}/limits", {}).problem(400, "malformed")
    faults = capital.act(son, f"/relations/{tie['id']}/limits", {"monthly_cap_fen": 0}).problem(422, "invalid_answers")
    assert faults["fields"]["monthly_cap_fen"]["code"] == "amount_invalid"
    old = {**world.proof(), "at": (callers.core.now() - timedelta(days=1)).isoformat()}
    told = capital.act(son, f"/relations/{tie['id']}/limits", {"monthly_cap_fen": 1, "verified_by": old})
    assert list(told.problem(422, "invalid_answers")["fields"]) == ["real_person"]


def test_the_screens_show_what_the_limit_is_now(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    tie = capital.family(son, mother, monthly_cap_fen=50_000)

    member = capital.flow(son, "change-limit").ok()["steps"][0]["fields"][0]

    assert member["options"][0]["value"] == tie["id"]
    assert member["options"][0]["label"].endswith("（现在每月 500.00 元）")


def test_closing_ends_every_tie_and_leaves_the_money(capital: Capital, core: Core) -> None:
    son, mother, father = capital.payer(7_000), capital.member(), capital.member(sex="male")
    tie = capital.family(son, mother)
    waiting = capital.bind(son, father, "father").ok()

    closed = capital.act(son, "/account/closing", {}).ok()

    assert closed == {"status": "closed", "outcome": "done"}
    assert capital.listed(son) == capital.listed(mother, "/payers") == []
    account = capital.world.account(son)
    assert (account["status"], account["balance_fen"], account["shareable_fen"]) == ("closed", 7_000, 0)
    ends = core.db.rows("SELECT end_reason FROM core.relations WHERE id = ANY (%s::uuid[])", [[tie["id"], waiting["id"]]])
    assert [row["end_reason"] for row in ends] == ["account_closed", "account_closed"]
    assert capital.act(son, "/account/closing", {}).refused() == {"no_account_to_close"}
    assert capital.kinds(son)[-3:] == ["relation_ended", "relation_ended", "account_closed"]
    assert capital.decide(waiting).refused() == {"review_not_open"}
    capital.act(son, "/account", {}).ok()


def test_a_city_lists_the_flows_it_has_and_no_other(capital: Capital, world: World, callers: Callers) -> None:
    here, there = capital.payer(), world.employee(500)

    everywhere = ["activate-voucher", "activate-relative", "open-account", "add-member"]

    named = [flow["name"] for flow in capital.listed(here, "/flows")]

    assert named[:7] == [*everywhere, "accept-relation", "change-limit", "remove-member"]
    assert "close-account" in named
    assert [flow["name"] for flow in capital.listed(there, "/flows")][:5] == [*everywhere, "remove-member"]
    assert "close-account" not in [flow["name"] for flow in capital.listed(there, "/flows")]
    plan = callers.citizen("POST", "/flows/close-account/plan", {"answers": {}}, person=there["person_id"]).ok()
    assert [reason["rule"] for reason in plan["verdict"]["reasons"]] == ["act_not_offered"]
    assert plan["steps"] == []
    assert capital.act(there, "/account/closing", {}).refused() == {"act_not_offered"}


def test_ones_own_name_and_number_are_told_to_oneself(world: World, callers: Callers) -> None:
    person = world.employee(500)

    told = callers.citizen("GET", "/me/identity", person=person["person_id"]).ok()

    assert told == {"name": person["name"], "id_number": person["id_number"]}
    callers.citizen("GET", "/me/identity", person=new_id()).problem(404, "not_found")

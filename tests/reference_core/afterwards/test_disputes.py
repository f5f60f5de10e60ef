"""«Not me»: what stops, who is told, what the counter decides, and where the money goes back to."""

from __future__ import annotations

from typing import Any

import pytest

from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json, Told, World


class Home:
    """A son whose account paid for his mother at a pharmacy."""

    def __init__(self, world: World, callers: Callers) -> None:
        self.world, self.callers = world, callers
        self.son, self.mother, self.pharmacy = world.employee(50_000), world.resident(), world.institution()
        self.tie = world.family(self.son, self.mother)["id"]
        self.record = world.pay(self.pharmacy, self.mother, 3_000).ok()["settlement_id"]

    def dispute(self, person: Json, key: str | None = None, **said: Any) -> Told:
        return self.callers.citizen("POST", f"/records/{self.record}/disputes", said, person=person["person_id"], key=key)

    def decide(self, dispute_id: str, decision: str, **said: Any) -> Told:
        return self.callers.counter(f"/disputes/{dispute_id}", {"decision": decision, "operator": "窗口三号", **said})

    def get(self, person: Json, path: str) -> Json:
        return self.callers.citizen("GET", path, person=person["person_id"]).ok()

    def tie_now(self) -> str | None:
        items = self.get(self.son, "/members")["items"]
        return items[0]["status"] if items else None

    def told(self, start: int, kind: str) -> dict[str, str]:
        found = [one for one in self.callers.events(start)["items"] if one["kind"] == kind]
        return {one["person_id"]: one["data"]["role"] for one in found}


@pytest.fixture
def home(world: World, callers: Callers) -> Home:
    return Home(world, callers)


@pytest.mark.parametrize("who", ["son", "mother"])
def test_a_dispute_stops_the_tie_at_once_and_tells_the_other_side(home: Home, world: World, who: str) -> None:
    start = home.callers.events()["next_after"]

    opened = home.dispute(getattr(home, who), reason="那天没有去过").ok()

    assert opened["status"] == "open"
    paid = world.pay(home.pharmacy, home.mother, 100).ok()
    assert ([one["rule"] for one in paid["reasons"]], paid["cash_fen"]) == (["relation_disputed"], 100)
    assert home.tie_now() == "disputed"
    for side in (home.son, home.mother):
        assert home.get(side, f"/records/{home.record}")["status"] == "disputed"
    sides = {"son": "payer", "mother": "member"}
    other = "mother" if who == "son" else "son"
    told = home.told(start, "dispute_opened")
    assert told == {getattr(home, who)["person_id"]: "opened", getattr(home, other)["person_id"]: sides[other]}
    assert "那天" not in str(home.callers.events(start))


def test_what_somebody_wrote_is_kept_sealed_and_read_only_at_the_counter(home: Home, core: Core) -> None:
    home.dispute(home.son, reason="那天没有去过").ok()

    (kept,) = core.db.rows("SELECT reason_sealed FROM core.disputes WHERE settlement_id = %s", [home.record])
    (case,) = [one for one in home.callers.counter("/disputes").ok()["items"] if one["record"] == home.record]

    assert "那天没有去过".encode() not in kept["reason_sealed"]
    assert (case["reason"], case["bill_fen"], case["opened_by"]["is_member"]) == ("那天没有去过", 3_000, False)
    assert "reason" not in home.get(home.mother, "/disputes")["items"][0]
    assert home.callers.counter("/disputes?region=650000").ok()["items"] == []


def test_upheld_gives_the_money_back_the_way_it_came_and_ends_the_tie(home: Home, world: World) -> None:
    case = home.dispute(home.son).ok()["id"]
    start = home.callers.events()["next_after"]

    decided = home.decide(case, "upheld").ok()

    assert [one["returned_fen"] for one in decided["returned"]["payers"]] == [3_000]
    assert world.account(home.son)["balance_fen"] == 50_000
    assert home.get(home.son, f"/records/{home.record}")["status"] == "refunded"
    assert home.tie_now() is None
    steps = [one["what"] for one in home.get(home.mother, "/disputes")["items"][0]["trail"]]
    assert steps == ["opened", "frozen", "upheld", "refunded", "tie_ended"]
    assert home.told(start, "dispute_decided").keys() == {home.son["person_id"], home.mother["person_id"]}


def test_the_list_names_the_payment_and_to_each_side_what_went_back_to_it(world: World, callers: Callers) -> None:
    """A payer's part, and nothing of the member's own money (Y-14)."""
    home = Home(world, callers)
    wife = world.employee(1_000)
    world.bind(home.son, wife, "spouse").ok()
    record = world.pay(home.pharmacy, wife, 3_000).ok()["settlement_id"]
    case = callers.citizen("POST", f"/records/{record}/disputes", {}, person=wife["person_id"]).ok()["id"]
    assert home.get(wife, "/disputes")["items"][0]["returned_fen"] == 0

    home.decide(case, "upheld").ok()

    (hers, his) = [home.get(side, "/disputes")["items"][0] for side in (wife, home.son)]
    seen = home.get(wife, f"/records/{record}")
    assert (seen["own_fen"], hers["returned_fen"], his["returned_fen"]) == (1_000, 3_000, 2_000)
    assert (hers["institution"], hers["paid_at"]) == (seen["institution"]["name"], seen["at"])


def test_only_a_part_may_go_back_and_never_more_than_was_paid(home: Home, world: World) -> None:
    case = home.dispute(home.mother).ok()["id"]

    assert home.decide(case, "upheld", refund_fen=3_001).refused() == {"refund_exceeds_paid"}
    assert world.account(home.son)["balance_fen"] == 47_000
    home.decide(case, "upheld", refund_fen=1_000).ok()

    assert world.account(home.son)["balance_fen"] == 48_000
    assert home.get(home.mother, f"/records/{home.record}")["status"] == "partly_refunded"
    assert home.tie_now() == "disputed"


def test_upheld_may_leave_the_money_where_it_is(home: Home, world: World) -> None:
    """The pharmacy gave it back in cash."""
    case = home.dispute(home.son).ok()["id"]

    assert home.decide(case, "upheld", refund_fen=0).ok()["returned"] is None

    assert world.account(home.son)["balance_fen"] == 47_000
    steps = [one["what"] for one in home.get(home.mother, "/disputes")["items"][0]["trail"]]
    assert steps == ["opened", "frozen", "upheld", "tie_ended"]


def test_dismissed_lets_the_tie_be_used_again(home: Home, world: World) -> None:
    case = home.dispute(home.son).ok()["id"]

    assert home.decide(case, "dismissed").ok()["returned"] is None

    assert home.tie_now() == "active"
    assert home.get(home.son, f"/records/{home.record}")["status"] == "settled"
    assert world.pay(home.pharmacy, home.mother, 100).ok()["payers"][0]["paid_fen"] == 100


def test_a_tie_stays_frozen_while_another_case_holds_it(home: Home) -> None:
    his, hers = home.dispute(home.son).ok()["id"], home.dispute(home.mother).ok()["id"]

    home.decide(his, "dismissed").ok()
    assert home.tie_now() == "disputed"
    home.decide(hers, "dismissed").ok()
    assert home.tie_now() == "active"


def test_the_same_key_opens_one_case_and_another_key_is_told_so(home: Home) -> None:
    key = "one-dispute-of-one-record"

    first = home.dispute(home.son, key).ok()

    assert home.dispute(home.son, key).ok() == first
    assert home.dispute(home.son).refused() == {"dispute_already_opened"}


def test_a_case_is_decided_once(home: Home) -> None:
    case = home.dispute(home.son).ok()["id"]
    home.decide(case, "dismissed").ok()

    assert home.decide(case, "upheld").refused() == {"dispute_already_decided"}
    assert home.tie_now() == "active"


def test_nobody_disputes_or_sees_what_is_none_of_theirs(home: Home, world: World) -> None:
    stranger = world.employee(100)

    home.dispute(stranger).problem(404, "not_found")
    home.dispute(home.son).ok()
    assert home.get(stranger, "/disputes")["items"] == []
    home.decide("01a20000-0000-7000-8000-00000000dead", "upheld").problem(404, "not_found")


def test_a_dismissal_gives_nothing_back(home: Home) -> None:
    case = home.dispute(home.son).ok()["id"]

    home.decide(case, "dismissed", refund_fen=100).problem(400, "malformed")


def test_a_payment_from_ones_own_account_is_disputed_without_a_tie(home: Home, world: World) -> None:
    home.record = world.pay(home.pharmacy, home.son, 400).ok()["settlement_id"]
    case = home.dispute(home.son).ok()["id"]

    home.decide(case, "upheld").ok()

    assert world.account(home.son)["balance_fen"] == 47_000
    assert home.tie_now() == "active"


def test_an_ended_tie_is_history_and_only_the_standing_one_is_frozen(home: Home, world: World) -> None:
    world.end(home.son, home.tie).ok()
    fresh = world.bind(home.son, home.mother).ok()["id"]

    case = home.dispute(home.son).ok()["id"]

    assert [(one["id"], one["status"]) for one in home.get(home.son, "/members")["items"]] == [(fresh, "disputed")]
    home.decide(case, "upheld").ok()
    assert home.tie_now() is None

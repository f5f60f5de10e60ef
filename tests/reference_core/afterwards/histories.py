"""Random histories of families in which payments, refunds, disputes and endings meet, beside a model that keeps count."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.reference_core.callers import PHARMACY_VISIT, Callers, Json, World

START_FEN = 1_000_000


@dataclass
class Paid:
    """A payment as the model remembers it."""

    id: str
    amount_fen: int
    by_payer: bool
    returned_fen: int = 0
    cases: dict[str, str] = field(default_factory=dict)
    disputed_by: set[str] = field(default_factory=set)
    refunds: int = 0

    @property
    def status(self) -> str:
        if "open" in self.cases.values():
            return "disputed"
        if self.returned_fen == 0:
            return "settled"
        return "refunded" if self.returned_fen == self.amount_fen else "partly_refunded"


class Family:
    """A payer, a member without money of their own, and everything that ever happened between them."""

    def __init__(self, world: World, callers: Callers, pharmacy: str) -> None:
        self.world, self.callers, self.pharmacy = world, callers, pharmacy
        self.payer, self.member = world.employee(START_FEN), world.employee(0, sex="female")
        self.balance_fen = START_FEN
        self.paid: list[Paid] = []
        # The open cases that hold the standing tie.
        self.holding: set[str] = set()
        self.stays_frozen = False
        world.open_account(self.payer).ok()
        self.tie: str | None = None
        self.bind()

    def live(self, chance: Random) -> None:
        """A few things happen, in any order."""
        for _ in range(chance.randint(2, 4)):
            chance.choice((self.pay, self.pay, self.refund, self.dispute, self.decide, self.end_or_bind))(chance)

    def bind(self) -> None:
        self.tie = self.world.bind(self.payer, self.member, "spouse").ok()["id"]
        self.holding, self.stays_frozen = set(), False

    def end_or_bind(self, chance: Random) -> None:
        if self.tie is None:
            self.bind()
        elif chance.random() < 0.4:
            self.world.end(self.payer, self.tie).ok()
            self.tie = None

    def pay(self, chance: Random) -> None:
        amount_fen = chance.randint(1, 90_000)
        credential = {"kind": "id_card", "value": self.member["id_number"]}
        body = {"credential": credential, "med_type": PHARMACY_VISIT, "amount_fen": amount_fen}
        told = self.callers.till(self.pharmacy, "/settlements", body).ok()
        usable = self.tie is not None and not self.holding and not self.stays_frozen and self.balance_fen >= amount_fen
        assert [one["paid_fen"] for one in told["payers"]] == ([amount_fen] if usable else [])
        self.balance_fen -= amount_fen if usable else 0
        self.paid.append(Paid(told["settlement_id"], amount_fen, usable))

    def refund(self, chance: Random) -> None:
        left = [one for one in self.paid if one.returned_fen < one.amount_fen]
        if left:
            one = chance.choice(left)
            back_fen = chance.randint(1, one.amount_fen - one.returned_fen)
            self.callers.till(self.pharmacy, "/refunds", {"settlement_id": one.id, "amount_fen": back_fen}).ok()
            self._came_back(one, back_fen)

    def dispute(self, chance: Random) -> None:
        if not self.paid:
            return
        one, side = chance.choice(self.paid), chance.choice((self.payer, self.member))
        said = self.callers.citizen("POST", f"/records/{one.id}/disputes", {}, person=side["person_id"])
        if side is self.payer and not one.by_payer:
            said.problem(404, "not_found")
        elif side["person_id"] in one.disputed_by:
            assert said.refused() == {"dispute_already_opened"}
        else:
            case = said.ok()["id"]
            one.cases[case] = "open"
            one.disputed_by.add(side["person_id"])
            if one.by_payer and self.tie is not None:
                self.holding.add(case)

    def decide(self, chance: Random) -> None:
        waiting = [(one, case) for one in self.paid for case, stands in one.cases.items() if stands == "open"]
        if not waiting:
            return
        (one, case), decision = chance.choice(waiting), chance.choice(("upheld", "dismissed"))
        body: dict[str, Any] = {"decision": decision, "operator": "窗口一号", "refund_fen": None}
        tie = chance.choice(("tie_ended", "stays_frozen", "thawed")) if decision == "upheld" else None
        self.callers.counter(f"/disputes/{case}", {**body, "tie": tie}).ok()
        one.cases[case] = decision
        if decision == "upheld":
            self._came_back(one, one.amount_fen - one.returned_fen)
        if case in self.holding:
            self._follow(case, tie or "thawed")

    def _follow(self, case: str, follows: str) -> None:
        self.holding.discard(case)
        if follows == "tie_ended":
            self.tie, self.holding, self.stays_frozen = None, set(), False
        if follows == "stays_frozen":
            self.stays_frozen = True

    def _came_back(self, one: Paid, back_fen: int) -> None:
        one.returned_fen += back_fen
        one.refunds += bool(back_fen)
        self.balance_fen += back_fen if one.by_payer else 0

    def check(self) -> None:
        """Balance, ties and both sides' records are what the model says."""
        assert self.world.account(self.payer)["balance_fen"] == self.balance_fen
        assert self._records(self.member) == {one.id: (one.status, one.amount_fen) for one in self.paid}
        assert self._records(self.payer) == {one.id: (one.status, one.amount_fen) for one in self.paid if one.by_payer}
        ties = self.callers.citizen("GET", "/members", person=self.payer["person_id"]).ok()["items"]
        stands = "disputed" if self.holding or self.stays_frozen else "active"
        assert [(one["id"], one["status"]) for one in ties] == ([(self.tie, stands)] if self.tie else [])

    def check_events(self, events: list[Json]) -> None:
        """Each side was told of each thing exactly once, and of nothing else."""
        told = [(one["person_id"], one["kind"], one["data"].get("settlement_id")) for one in events]
        for one in self.paid:
            sides = (self.member, self.payer) if one.by_payer else (self.member,)
            for side in sides:
                assert told.count((side["person_id"], "payment_settled", one.id)) == 1
                assert told.count((side["person_id"], "refunded", one.id)) == one.refunds
                assert told.count((side["person_id"], "dispute_opened", one.id)) == len(one.cases)
                decided = sum(stands != "open" for stands in one.cases.values())
                assert told.count((side["person_id"], "dispute_decided", one.id)) == decided
            if not one.by_payer:
                assert (self.payer["person_id"], "payment_settled", one.id) not in told

    def _records(self, person: Json) -> dict[str, tuple[str, int]]:
        items: list[Json] = []
        cursor: str | None = None
        while True:
            page = f"/records?limit=100{f'&cursor={cursor}' if cursor else ''}"
            told = self.callers.citizen("GET", page, person=person["person_id"]).ok()
            items += told["items"]
            cursor = told["next_cursor"]
            if cursor is None:
                return {one["id"]: (one["status"], one["bill_fen"]) for one in items}


def all_events(callers: Callers, after: int) -> list[Json]:
    """Everything that was told since."""
    told: list[Json] = []
    while True:
        page = callers.events(after)
        if not page["items"]:
            return told
        told += page["items"]
        after = page["next_after"]


def live_histories(world: World, callers: Callers, seed: int, count: int, families: int) -> None:
    """So many histories in so many families; after each one its family is checked, at the end what everybody was told."""
    chance = Random(seed)  # noqa: S311  a seed to repeat a failure by, no secret
    start = callers.events(0)["next_after"]
    pharmacy = world.institution()
    lived = [Family(world, callers, pharmacy) for _ in range(families)]
    for number in range(count):
        family = lived[number % families]
        family.live(chance)
        family.check()
    events = all_events(callers, start)
    for family in lived:
        mine = [one for one in events if one["person_id"] in (family.payer["person_id"], family.member["person_id"])]
        family.check_events(mine)

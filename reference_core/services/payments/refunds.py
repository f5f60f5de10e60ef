"""Giving back what a till settled: by source in reverse order of payment, to exactly the bucket that the money left."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.reasons import explain
from reference_core.decisions.settlement.plan import RefundExceedsPaid, plan_refund, refundable_fen
from reference_core.idempotency import Answer, Scope, once, recall, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound, TryAgain
from reference_core.services.afterwards.records import status_of
from reference_core.services.notices.events import Event
from reference_core.services.people import people
from reference_core.vocabulary.facts import PaidParts, PayerPart

_PLANS_MAX = 5


def refund(core: Core, institution_id: str, asked: Row, scope: Scope) -> Answer:
    """Give back all that is left, or `amount_fen` of it; never more than was paid."""
    for _ in range(_PLANS_MAX):
        now = core.now()
        view = _look(core, institution_id, asked["settlement_id"], scope)
        if view["remembered"]:
            return recall(view["remembered"], scope)
        paid, already = _paid(view["parts"], "amount_fen"), _paid(view["parts"], "returned_fen")
        try:
            # With nothing left even "all that is left" is too much.
            planned = plan_refund(paid, already, asked.get("amount_fen", refundable_fen(paid, already) or 1))
        except RefundExceedsPaid:
            return _refuse(core, scope, now, refundable_fen(paid, already))
        order = _order(core, view, planned, scope, now)
        said = (core.db.one("SELECT core.refund(%s) AS said", [Jsonb(order)]) or {})["said"]
        if said["outcome"] == "refunded":
            return Answer(200, order["answer"])
        if said["outcome"] == "remembered":  # pragma: no cover  # the same key won between look and act, which no test can order
            return recall(said["remembered"], scope)
    raise TryAgain  # pragma: no cover  # others changed this payment between look and act, time after time: no test can order it


def refund_within(core: Core, tx: Tx, settlement_id: str, amount_fen: int | None, *, scope: Scope, now: datetime) -> Row | None:
    """The same inside somebody else's transaction: what went back, or `None` where nothing is left to give back.

    Raises `RefundExceedsPaid`. The settlement is locked first, so that what was read still holds.
    """
    tx.execute("SELECT FROM core.settlements WHERE id = %s FOR UPDATE", [settlement_id])
    # The lock may have been waited for: what came back meanwhile is seen by a statement of its own.
    found = tx.execute(
        "SELECT s.id::text AS id, s.member_id::text AS member_id, s.institution_id, i.kind AS place_kind, "
        "core.parts_of(s.id) AS parts FROM core.settlements s JOIN core.institutions i ON i.id = s.institution_id "
        "WHERE s.id = %s",
        [settlement_id],
    )
    view = found.fetchone() or {}
    paid, already = _paid(view["parts"], "amount_fen"), _paid(view["parts"], "returned_fen")
    if amount_fen is None and refundable_fen(paid, already) == 0:
        return None
    order = _order(core, view, plan_refund(paid, already, amount_fen), scope, now)
    said = (tx.execute("SELECT core.refund(%s) AS said", [Jsonb(order)]).fetchone() or {})["said"]
    if said["outcome"] != "refunded":  # pragma: no cover  # nothing can come between while the settlement is locked
        raise TryAgain
    answer: Row = order["answer"]
    return answer


def _refuse(core: Core, scope: Scope, now: datetime, left_fen: int) -> Answer:
    rule = "refund_exceeds_paid" if left_fen else "nothing_left_to_refund"
    return once(core.db, scope, now, lambda _: refusal([explain(None, rule)]))


def settlement_now(core: Core, institution_id: str, key: str) -> Row:
    """What the till was answered under its key, with the status of today."""
    found = core.db.one(
        "SELECT i.answer, core.parts_of(s.id) AS parts FROM core.settlements s "
        "JOIN core.idempotency i ON i.door = 'terminal' AND i.actor = s.institution_id AND i.key = s.key "
        "AND i.answer ->> 'settlement_id' = s.id::text "
        "WHERE s.institution_id = %s AND s.key = %s",
        [institution_id, key],
    )
    if found is None:
        raise NotFound
    return {**found["answer"], "status": status_of(found["parts"])}


def _look(core: Core, institution_id: str, settlement_id: str, scope: Scope) -> Row:
    found = core.db.one(
        "SELECT core.remembered(%s) AS remembered, s.id::text AS id, s.member_id::text AS member_id, s.institution_id, "
        "i.kind AS place_kind, core.parts_of(s.id) AS parts FROM core.settlements s "
        "JOIN core.institutions i ON i.id = s.institution_id WHERE s.id = %s AND s.institution_id = %s",
        [Jsonb(scope.as_json()), settlement_id, institution_id],
    )
    if found is None:
        raise NotFound
    return found


def _paid(parts: list[Row], figure: str) -> PaidParts:
    """The parts by source and class of bucket, of what was paid or of what came back."""

    def sum_of(source: str, prior: bool | None, relation_id: str | None = None) -> int:
        return sum(
            part[figure]
            for part in parts
            if (part["source"], part["prior_year"], part["relation_id"]) == (source, prior, relation_id)
        )

    payers = {part["relation_id"]: part["person_id"] for part in parts if part["source"] == "payer"}
    return PaidParts(
        own_current_year_fen=sum_of("own", False),
        own_prior_year_fen=sum_of("own", True),
        payers=tuple(
            PayerPart(person, relation, sum_of("payer", False, relation), sum_of("payer", True, relation))
            for relation, person in payers.items()
        ),
        cash_fen=sum_of("cash", None),
        buckets_order=_buckets_order(parts),
    )


def _buckets_order(parts: list[Row]) -> str:
    """Parts stand in the order of payment, so this year's money after a prior year's of the same account tells."""
    for earlier, later in pairwise(parts):
        same_account = (earlier["source"], earlier["relation_id"]) == (later["source"], later["relation_id"])
        if same_account and earlier["prior_year"] and later["prior_year"] is False:
            return "prior_first"
    return "current_first"


def _returns(parts: list[Row], planned: PaidParts) -> list[Row]:
    """Which part of the settlement gets back how much; inside a class of buckets the last emptied comes first."""
    left: dict[tuple[str, bool | None, str | None], int] = {
        ("cash", None, None): planned.cash_fen,
        ("own", False, None): planned.own_current_year_fen,
        ("own", True, None): planned.own_prior_year_fen,
    }
    for payer in planned.payers:
        left["payer", False, payer.relation_id] = payer.current_year_fen
        left["payer", True, payer.relation_id] = payer.prior_year_fen
    returns = []
    for part in reversed(parts):
        place = (part["source"], part["prior_year"], part["relation_id"])
        back_fen = min(left.get(place, 0), part["amount_fen"] - part["returned_fen"])
        if back_fen:
            left[place] -= back_fen
            returns.append({"position": part["position"], "amount_fen": back_fen})
    return returns


def _order(core: Core, view: Row, planned: PaidParts, scope: Scope, now: datetime) -> Row:
    refund_id = new_id()
    return {
        "scope": scope.as_json(),
        "status": 200,
        "answer": _answer(core, view, planned, refund_id),
        "at": now.isoformat(),
        "refund_id": refund_id,
        "settlement_id": view["id"],
        "parts": view["parts"],
        "returns": _returns(view["parts"], planned),
        "events": [event.as_json() for event in _events(view, planned, refund_id)],
    }


def _answer(core: Core, view: Row, planned: PaidParts, refund_id: str) -> Row:
    with core.db.connection() as tx:
        names = people.masked_names(tx, core.keys, [part.payer_id for part in planned.payers])
    all_back = planned.total_fen == sum(part["amount_fen"] - part["returned_fen"] for part in view["parts"])
    returned: dict[str, Any] = {
        "own_fen": planned.own_current_year_fen + planned.own_prior_year_fen,
        # `paid_fen` too, so that whoever reads a payer's part of a payment can read this one the same way.
        "payers": [
            {"name_masked": names[part.payer_id], "returned_fen": part.paid_fen, "paid_fen": part.paid_fen}
            for part in planned.payers
        ],
        "cash_fen": planned.cash_fen,
    }
    return {"refund_id": refund_id, "status": "refunded" if all_back else "partly_refunded", "returned": returned}


def _events(view: Row, planned: PaidParts, refund_id: str) -> list[Event]:
    place = {name: view[name] for name in ("institution_id", "place_kind")}
    about = {"settlement_id": view["id"], "refund_id": refund_id, **place}
    events = [Event("refunded", view["member_id"], {**about, "role": "member", "returned_fen": planned.total_fen})]
    events += [
        Event("refunded", part.payer_id, {**about, "role": "payer", "returned_fen": part.paid_fen}) for part in planned.payers
    ]
    return events

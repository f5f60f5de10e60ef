"""«Not me» from the phone to the counter and back to both inboxes: nothing was wrong the first time, the second time it was."""

from __future__ import annotations

from pathlib import Path

from bff.worker import Worker
from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, payer_with, resident


def read(phone: Phone, kind: str) -> list[str]:
    return ["".join(one["text"]) for one in phone.get("/notices?limit=100").ok()["items"] if one["kind"] == kind]


def case_of(counter: Counter, dispute_id: str) -> Json:
    return next(one for one in counter.disputes(CITY) if one["id"] == dispute_id)


def test_a_dispute_is_decided_at_the_counter_and_both_sides_hear_what_and_why(
    world: World, worker: Worker, data_dir: Path
) -> None:
    mother, counter = Phone(world, resident(world)).arrive(), Counter(world, data_dir)
    son, pharmacy = payer_with(world, mother.person, "mother"), world.institution(CITY, "pharmacy")
    mother.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()
    (record,) = son.records()

    first = son.post(f"/records/{record['id']}/disputes", {"reason": "那天她在家"}).body["id"]
    assert (case_of(counter, first)["reason"], case_of(counter, first)["bill_fen"]) == ("那天她在家", 3_000)
    counter.decide_dispute(first, "dismissed", because="family_visit").ok()
    worker.catch_up()

    for phone in (son, mother):
        (opened,), (decided,) = read(phone, "dispute_opened"), read(phone, "dispute_decided")
        assert ("先停用" in opened, "没有发现问题：是家人本人看病或买药" in decided) == (True, True)
        (case,) = phone.get("/disputes").ok()["items"]
        assert [one["what"] for one in case["trail"]] == ["opened", "frozen", "dismissed", "thawed"]
        assert "是家人本人看病或买药" in case["trail"][2]["text"]
    again = mother.pay(pharmacy, 2_000, PHARMACY_VISIT).ok()
    assert [one["paid_fen"] for one in again["payers"]] == [2_000]

    record = son.records()[0]
    second = son.post(f"/records/{record['id']}/disputes", {}).body["id"]
    counter.decide_dispute(second, "upheld", because="family_visit").problem(400, "malformed")
    decided = counter.decide_dispute(second, "upheld").ok()
    worker.catch_up()

    assert [one["returned_fen"] for one in decided["returned"]["payers"]] == [2_000]
    assert son.get("/account").ok()["balance_fen"] == 200_000 - 3_000
    assert [one["status"] for one in son.records()] == ["refunded", "settled"]
    assert (son.members(), mother.get("/payers").ok()["items"]) == ([], [])
    for phone in (son, mother):
        assert "核实后认定有问题" in read(phone, "dispute_decided")[0]
        assert [len(read(phone, kind)) for kind in ("dispute_opened", "dispute_decided", "refund", "removed")] == [2, 2, 1, 1]
    assert "退回20.00元，已回到您的个人账户" in read(son, "refund")[0]

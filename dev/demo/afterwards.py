"""Afterwards: a payment that the son does not know, a stop at once, a decision at the counter, and his year on paper."""

from __future__ import annotations

from dev.counter import Counter
from dev.demo.cast import PHARMACY_VISIT, arrived, employee, resident
from dev.demo.transcript import Transcript, yuan
from dev.player import Json, Phone, World

REGION = "371300"
BALANCE_FEN, KNOWN_FEN, UNKNOWN_FEN = 300_000, 12_850, 6_000


def play_afterwards(world: World, show: Transcript, counter: Counter | None) -> None:
    """To the end where this world's counter can be spoken to; else the case stays open."""
    son = arrived(world, employee(world, REGION, "程望舒", balance_fen=BALANCE_FEN))
    son.open_account()
    mother = resident(world, REGION, "林知夏")
    son.add(mother, "mother")
    hers, pharmacy = arrived(world, mother), world.institution(REGION, "pharmacy")
    for amount_fen in (KNOWN_FEN, UNKNOWN_FEN):
        hers.pay(pharmacy, amount_fen, PHARMACY_VISIT).ok()
    dispute = he_says_not_me(show, son, hers, pharmacy)
    if counter is not None:
        the_counter_sends_it_back(show, counter, son, dispute)
        his_year_on_paper(show, son)


def he_says_not_me(show: Transcript, son: Phone, hers: Phone, pharmacy: Json) -> str:
    show.scene("儿子看到一笔不认得的付费，点“不是我”：这份共济马上停用，两边都看得到进展")
    unknown = son.records()[0]
    show.say(f"{unknown['at']}  {unknown['institution']['name']}  用了他的账户 {yuan(unknown['payer_fen'])}")
    opened = son.post(f"/records/{unknown['id']}/disputes", {"reason": "母亲那天没有出门"}).ok()
    show.expect("关系已停用", [one["status"] for one in son.members()] == ["disputed"])
    refused = hers.pay(pharmacy, 1_000, PHARMACY_VISIT).ok()
    show.reasons(refused["reasons"])
    show.expect("再付费就不用他的账户", refused["payers"] == [] and refused["cash_fen"] == 1_000)
    (case,) = hers.get("/disputes").ok()["items"]
    show.say("母亲也看到：" + "；".join(step["text"] for step in case["trail"]))
    return str(opened["id"])


def the_counter_sends_it_back(show: Transcript, counter: Counter, son: Phone, dispute_id: str) -> None:
    show.scene("柜台核实后认定有问题：钱原路退回，这份共济解除")
    back = counter.decide_dispute(dispute_id, "upheld").ok()["returned"]
    show.expect("60.00 元退回他的账户", [one["returned_fen"] for one in back["payers"]] == [UNKNOWN_FEN])
    balance_fen = son.get("/account").ok()["balance_fen"]
    show.expect(f"账户里是 {yuan(balance_fen)}", balance_fen == BALANCE_FEN - KNOWN_FEN)
    show.expect("这份共济已解除", son.members() == [])


def his_year_on_paper(show: Transcript, son: Phone) -> None:
    show.scene("他看这一年花了多少，把对账单下载下来交给单位")
    year = son.records()[0]["at"][:4]
    summary = son.get(f"/records/summary?year={year}").ok()
    show.say("、".join(f"{one['label']} {yuan(one['sum_fen'])}" for one in summary["by_kind"]))
    show.expect(f"合计 {yuan(KNOWN_FEN)}，退回的不算", summary["total_fen"] == KNOWN_FEN)
    pdf = son.download(f"/api/v1/records/statement.pdf?year={year}")
    show.expect("下载到一份 PDF", pdf.startswith(b"%PDF-"))

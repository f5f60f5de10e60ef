"""A page of refusals: each says which rule stands in the way, where it comes from, who can mend it and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dev.demo.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, arrived, employee, resident
from dev.demo.story import ELSEWHERE, REGION
from dev.demo.transcript import Transcript
from dev.player import Json, Phone, World

Case = Callable[[World], list[Json]]


def play_refusals(world: World, show: Transcript) -> None:
    """Every case, with all its reasons."""
    show.scene("办不成、付不了的时候：每一条原因、依据、该找谁、下一步做什么")
    for title, case, expected in CASES:
        reasons = case(world)
        show.say(title)
        show.reasons(reasons)
        show.expect(f"原因是 {'、'.join(sorted(expected))}", {reason["rule"] for reason in reasons} == expected)


def opened(world: World, **more: Any) -> Phone:
    phone = arrived(world, employee(world, REGION, "程一舟", balance_fen=5_000, **more))
    phone.open_account()
    return phone


def adding(phone: Phone, member: Json, name: str | None = None) -> list[Json]:
    phone.post("/flows/add-member").ok()
    form = {"name": name or member["name"], "id_number": member["id_number"], "relation": "mother"}
    told = phone.put("/flows/add-member/steps/member", form).problem(422, "refused")
    return list(told["reasons"])


def opening(world: World, **facts: Any) -> list[Json]:
    phone = arrived(world, employee(world, REGION, "程一舟", **facts))
    return list(phone.post("/flows/open-account").problem(422, "refused")["reasons"])


def paying(world: World, institution: Json, amount_fen: int, med_type: str, **visit: Any) -> list[Json]:
    mother = resident(world, REGION, "林月华")
    opened(world).add(mother, "mother")
    paid = arrived(world, mother).pay(institution, amount_fen, med_type, **visit)
    return list(paid.body["reasons"])


def several_at_once(world: World) -> list[Json]:
    return opening(world, status="suspended", voucher=False, conditions=["retired_cadre", "long_term_nonlocal"])


def not_insured_here(world: World) -> list[Json]:
    return adding(opened(world), resident(world, ELSEWHERE, "林月华"))


def nobody_of_that_name(world: World) -> list[Json]:
    return adding(opened(world), resident(world, REGION, "林月华"), name="李代桃")


def shared_with_already(world: World) -> list[Json]:
    mother = resident(world, REGION, "林月华")
    opened(world).add(mother, "mother")
    return adding(opened(world), mother)


def too_little_money(world: World) -> list[Json]:
    return paying(world, world.institution(REGION, "pharmacy"), 9_900, PHARMACY_VISIT)


def a_big_hospital(world: World) -> list[Json]:
    return paying(world, world.institution(REGION, "hospital"), 1_000, OUTPATIENT_VISIT)


def only_a_checkup(world: World) -> list[Json]:
    items = [{"name": "体检", "amount_fen": 9_000, "category": "checkup"}]
    return paying(world, world.institution(REGION, "hospital"), 0, OUTPATIENT_VISIT, items=items)


def never_added_by_anybody(world: World) -> list[Json]:
    phone = arrived(world, resident(world, REGION, "林月华"))
    return list(phone.pay(world.institution(REGION, "pharmacy"), 1_000, PHARMACY_VISIT).ok()["reasons"])


CASES: tuple[tuple[str, Case, set[str]], ...] = (
    ("几条原因一起拦着", several_at_once, {"payer_status_not_normal", "payer_excluded_class", "voucher_not_activated"}),
    ("家人在外地参保", not_insured_here, {"out_of_pool_scope"}),
    ("姓名和号码对不上，或查无此人（回答一样）", nobody_of_that_name, {"member_not_found"}),
    ("家人已经有人共济", shared_with_already, {"member_already_bound"}),
    ("余额不够付清", too_little_money, {"payer_balance_insufficient"}),
    ("居民在大医院看门诊", a_big_hospital, {"scope_not_allowed"}),
    ("只做体检", only_a_checkup, {"expense_excluded"}),
    ("从没有人添加过", never_added_by_anybody, {"not_mutual_aid"}),
)

"""Judges how somebody proves to be the person whose voucher it is: by exactly one of the ways that the step offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reference_core.decisions.flow_plans.context import Drawing, Fault, fault_in_words
from reference_core.packs.schema_texts import StepText

WAYS = {
    "real_person": "本人刷脸",
    "bank_card": "填写本人的银行卡号",
    "on_own_phone": "本人在自己的手机上确认",
    "at_counter": "打印受理单到窗口确认",
}
# Those for which the person must be here, and so can agree here.
_HERE = ("real_person", "bank_card")
_BANK_CARD = re.compile(r"[0-9 -]{8,40}")


def judge_ways(drawing: Drawing, step: StepText, given: Mapping[str, Any]) -> dict[str, Fault | None]:
    """No way at all, or more than one; and a yes that is missing from somebody who is here."""
    offered = [question.name for question in step.questions if question.name in WAYS]
    if drawing.about.voucher is None or "real_person" not in offered:
        return {}
    chosen = [way for way in offered if given.get(way)]
    if len(chosen) != 1:
        return {"real_person": _choose_one(offered, chosen)}
    asked_here = any(question.name == "agree" for question in step.questions)
    if asked_here and chosen[0] in _HERE and not given.get("agree"):
        return {"agree": fault_in_words("required", "家人本人还没有同意。", "请家人看完同意书，同意后再继续。")}
    return {}


def judge_bank_card(drawing: Drawing, value: object) -> Fault | None:
    """A number that could be a card's and, where it was looked up, is the owner's."""
    if not isinstance(value, str) or not _BANK_CARD.fullmatch(value):
        return fault_in_words("bank_card_invalid", "银行卡号只能是数字。", "请对照银行卡把号码填全。")
    if drawing.about.voucher is not None and drawing.about.voucher.card_differs:
        said = "填写的银行卡号与医保登记的本人银行卡不一致。"
        return fault_in_words("bank_card_differs", said, "请核对卡号，或换一种办法。")
    return None


def _choose_one(offered: list[str], chosen: list[str]) -> Fault:
    ways = "；".join(WAYS[way] for way in offered)
    if chosen:
        return fault_in_words("choose_one_way", "选了不止一种办法。", f"请只选一种：{ways}。")
    return fault_in_words("required", "还没有选怎样确认是本人。", f"请选一种：{ways}。")

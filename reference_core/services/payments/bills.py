"""What a till's basket amounts to (Y-02): the part that accounts may pay, and the part that nobody's account pays."""

from __future__ import annotations

from typing import Any

from reference_core.problems import Malformed
from reference_core.vocabulary.facts import Bill

COVERED = "covered"


def read_bill(asked: dict[str, Any]) -> Bill:
    """The bill of a validated body; raises `Malformed` where the pool would pay more than the covered items cost."""
    items = asked.get("items")
    if items is None:
        covered, outside = asked["amount_fen"] + asked["fund_fen"], []
    else:
        covered = sum(item["amount_fen"] for item in items if item["category"] == COVERED)
        outside = [item for item in items if item["category"] != COVERED]
    if asked["fund_fen"] > covered:
        text = "统筹支付不能超过目录内费用。"
        raise Malformed(fields={"fund_fen": {"code": "too_large", "text": text, "remedy": "请核对统筹支付金额。"}})
    return Bill(
        med_type=asked["med_type"],
        policy_self_fen=covered - asked["fund_fen"],
        outside_policy_fen=sum(item["amount_fen"] for item in outside),
        fund_fen=asked["fund_fen"],
        excluded=frozenset(item["category"] for item in outside),
        by_category=tuple((item["category"], item["amount_fen"]) for item in outside),
        credential_kind=asked["credential"]["kind"],
        declares_mutual_aid=asked["declares_mutual_aid"],
    )

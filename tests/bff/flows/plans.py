"""A small plan with every way that steps lean on each other, for tests of how flows move."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bff.errors import Fault, Reason
from bff.flows.plan import Field, Item, Option, Plan, Step

TEXT_HASH = "a" * 64
EXPLAIN = Step("explain", "说明", (), text=("第一段", "第二段"), speech="请听说明。")
PLEDGE = Step("pledge", "承诺", (Field("agree", "consent", "同意", text=("一", "二"), text_hash=TEXT_HASH),))
WHO = Step(
    "who",
    "是谁",
    (
        Field("name", "name", "姓名"),
        Field("relation", "choice", "关系", options=(Option("mother", "母亲"), Option("father", "父亲", True, "已满"))),
        Field("phone", "phone", "手机", required=False),
    ),
)
SURE = Step("sure", "核对", (Field("summary", "summary", "核对", items=(Item("姓名", "*芳"),)),))
PLAN = Plan("add-member", "添加", (EXPLAIN, PLEDGE, WHO, SURE))
ANSWERS: dict[str, dict[str, Any]] = {
    "explain": {},
    "pledge": {"agree": TEXT_HASH},
    "who": {"name": "王芳", "relation": "mother", "phone": {"number": "13800001234", "verified": True}},
}
REASON = Reason("member_already_bound", "已被绑定。", {}, "LY-20", None, "member", "请先解除。", "ABC123")
FAULT = Fault("not_offered", "不在范围内。", "请重新选择。")


def with_step(plan: Plan, step: Step) -> Plan:
    """The plan with one step put in the place of its namesake."""
    return replace(plan, steps=tuple(step if one.name == step.name else one for one in plan.steps))

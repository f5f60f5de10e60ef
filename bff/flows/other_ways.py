"""What else proves a person where a look into the camera fails, or where the channel cannot take one."""

from __future__ import annotations

from dataclasses import replace

from bff.errors import Fault, Reason
from bff.flows.faults import FAULTS
from bff.flows.plan import Plan, Step

# The questions beside a look that stand for another way, and how each is said.
_WAYS = {
    "bank_card": "填写本人的银行卡号",
    "on_own_phone": "请家人在自己的手机上确认",
    "at_counter": "选择到医保窗口办理",
}
# The question whether help is accepted; who says no needs no camera.
_ANSWER = "accepted"


def face_not_passed(step: Step) -> Fault:
    """That the face did not pass, with every other way that this step offers."""
    plain = FAULTS["face_not_passed"]
    ways = [said for name, said in _WAYS.items() if step.field_named(name)]
    if not ways:
        return plain
    return replace(plain, remedy=f"请本人在光线充足处正对镜头，再试一次；也可以{'，或'.join(ways)}。已经填好的内容都还在。")


def without_camera(step: Step) -> Step:
    """The step with its other questions only; what was found wrong with the look is told at the first of them."""
    look = step.real_person
    rest = tuple(asked for asked in step.fields if asked != look)
    faults = dict(step.faults)
    missed = faults.pop(look.name, None) if look else None
    if missed is not None and rest:
        faults.setdefault(rest[0].name, missed)
    return replace(step, fields=rest, faults=faults)


def telling_elsewhere(plan: Plan, reason: Reason) -> Plan:
    """A plan that leads to a camera where there is none: it cannot be started, save that an offer of help can be declined."""
    first, *rest = plan.steps
    if not any(step.field_named(_ANSWER) for step in plan.steps):
        return replace(plan, reasons=(*plan.reasons, reason))
    line = f"接受时{reason.text}{reason.next_step}"
    told = replace(first, text=(*first.text, line), speech=f"{first.speech}{line}" if first.speech else "")
    return replace(plan, steps=(told, *rest))

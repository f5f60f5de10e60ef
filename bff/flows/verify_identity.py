"""Show who you are: agree to how your data is used, say who you are, look into the camera. No city asks this; we do.

Whoever turns out to be a child below fourteen hands the phone to a guardian before anything of theirs goes anywhere.

For somebody who is known it asks what is left: a text that is new or was withdrawn, and for one act (`purpose`) a fresh look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.consents import GUARDIANS
from bff.flows.flow import BecomePerson, Flow, Renew, Standing, StepUp
from bff.flows.open_account import OPEN_ACCOUNT
from bff.flows.plan import Field, NextFlow, Plan, Step

NAME, TITLE = "verify-identity", "核验身份"
LOOK = "real_person"
# The acts that may ask a known person for a fresh look, each alone, and what the camera's screen says about it.
SHOW_RELATIVE_CODE, USE_CODE_FAR_AWAY = "show_relative_code", "use_code_far_away"
PURPOSES = {
    SHOW_RELATIVE_CODE: "接下来要出示家人的医保码，请先确认是您本人。",
    USE_CODE_FAR_AWAY: "您的医保码刚刚在另一个城市使用，请先确认是您本人。",
}

_WHO = Step(
    name="who",
    title="您是谁",
    text=("请按身份证填写。",),
    speech="请按身份证填写姓名和身份证号，再填手机号。",
    fields=(
        Field("name", "name", "姓名"),
        Field("id_number", "id_number", "身份证号", hint="18 位，最后一位可能是 X"),
        Field("phone", "phone", "手机号", hint="可以用微信或支付宝绑定的手机号"),
    ),
)


def look(why: str = "请本人正对镜头，按提示完成。") -> Step:
    """The screen with the camera."""
    return Step(
        name=LOOK,
        title="确认是您本人",
        text=(why,),
        speech=f"{why}请正对手机镜头，按提示完成核验。",
        fields=(Field("real_person", "real_person", "真人核验"),),
    )


def plan(standing: Standing) -> Plan:
    agreeing = tuple(consent.asked() for consent in standing.consents)
    if not standing.known:
        guardians = (GUARDIANS.asked(),) if standing.says_child else ()
        steps = (*agreeing, _WHO, *guardians, look())
        return Plan(NAME, TITLE, steps, done_text=("身份核验已完成。",), next=(NextFlow(OPEN_ACCOUNT.name, OPEN_ACCOUNT.title),))
    camera = (look(PURPOSES[standing.purpose]),) if standing.purpose else ()
    return Plan(NAME, TITLE, (*agreeing, *camera), done_text=("好了，可以继续办理。",))


def effect(given: Mapping[str, Any]) -> BecomePerson | StepUp | Renew:
    if "id_number" not in given:
        purpose = given.get("purpose")
        return StepUp(purpose=purpose, check=given["real_person"]) if purpose else Renew()
    phone = given["phone"]
    return BecomePerson(
        name=given["name"],
        id_number=given["id_number"],
        phone=phone["number"],
        phone_verified=phone["verified"],
        check=given["real_person"],
    )


VERIFY_IDENTITY = Flow(name=NAME, title=TITLE, complete_label="完成核验", effect=effect, own_plan=plan, for_strangers=True)

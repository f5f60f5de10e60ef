"""Show who you are: agree to how your data is used, say who you are, look into the camera. No city asks this; we do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bff.flows.flow import BecomePerson, ConsentGiven, Flow
from bff.flows.open_account import OPEN_ACCOUNT
from bff.flows.plan import Field, NextFlow, Plan, Step

_CLAUSES = (
    "我们使用您的姓名、身份证号、手机号和真人核验结果，只为确认是您本人在办理，并找到您的医保信息。",
    "身份证号和人脸核验属于敏感个人信息。不提供就不能确认您的身份，但您仍可查看各地的规定。",
    "人脸核验由您正在使用的微信或支付宝完成；我们不接收、不保存您的人脸图像，只记下核验结果和时间。",
    "您填写的内容加密保存，办完或过期后清除；您可以随时撤回同意，撤回和同意一样方便。",
)
PRIVACY = ConsentGiven(
    purpose="identity_verification",
    version="1",
    text=_CLAUSES,
    text_hash=hashlib.sha256("\n".join(_CLAUSES).encode()).hexdigest(),
)

_STEPS = (
    Step(
        name="privacy",
        title="个人信息使用说明",
        text=("核验身份前，请先看清我们怎样使用您的信息。",),
        speech="核验身份前，请先看清我们怎样使用您的信息。同意后点下一步。",
        fields=(Field("agree", "consent", "我已阅读并同意", text=PRIVACY.text, text_hash=PRIVACY.text_hash),),
    ),
    Step(
        name="who",
        title="您是谁",
        text=("请按身份证填写。",),
        speech="请按身份证填写姓名和身份证号，再填手机号。",
        fields=(
            Field("name", "name", "姓名"),
            Field("id_number", "id_number", "身份证号", hint="18 位，最后一位可能是 X"),
            Field("phone", "phone", "手机号", hint="可以用微信或支付宝绑定的手机号"),
        ),
    ),
    Step(
        name="real_person",
        title="确认是您本人",
        text=("请本人正对镜头，按提示完成。",),
        speech="请本人正对手机镜头，按提示完成核验。",
        fields=(Field("real_person", "real_person", "真人核验"),),
    ),
)


def effect(given: Mapping[str, Any]) -> BecomePerson:
    phone = given["phone"]
    return BecomePerson(
        name=given["name"],
        id_number=given["id_number"],
        phone=phone["number"],
        phone_verified=phone["verified"],
        check=given["real_person"],
        consent=PRIVACY,
    )


VERIFY_IDENTITY = Flow(
    name="verify-identity",
    title="核验身份",
    complete_label="完成核验",
    effect=effect,
    own_plan=Plan(
        flow="verify-identity",
        title="核验身份",
        steps=_STEPS,
        done_text=("身份核验已完成。",),
        next=(NextFlow(OPEN_ACCOUNT.name, OPEN_ACCOUNT.title),),
    ),
)

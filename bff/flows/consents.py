"""What everybody agrees to before we use their data: the texts of the day, and which of them somebody has not agreed to yet."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from bff.flows.plan import Field, Step


@dataclass(frozen=True, slots=True)
class Consent:
    """A text to agree to, word for word; `step` is the screen that shows it. A new wording is a new version."""

    purpose: str
    step: str
    title: str
    version: str
    text: tuple[str, ...]
    intro: str
    label: str = "我已阅读并同意"

    @property
    def text_hash(self) -> str:
        return hashlib.sha256("\n".join(self.text).encode()).hexdigest()

    def asked(self) -> Step:
        """The screen that asks for it."""
        return Step(
            name=self.step,
            title=self.title,
            text=(self.intro,),
            speech=f"{self.intro}同意后点下一步。",
            fields=(Field("agree", "consent", self.label, text=self.text, text_hash=self.text_hash),),
        )


GENERAL = Consent(
    purpose="identity_verification",
    step="privacy",
    title="个人信息使用说明",
    version="2",
    intro="核验身份前，请先看清我们怎样使用您的信息。",
    text=(
        "我们使用您的姓名、手机号和您在微信或支付宝的用户编号，只为让您登录、认出您本人，并找到您的医保信息。",
        "这些信息交给您参保地的医保系统核对；除了医保部门和您正在使用的平台，我们不给别人。",
        "您填写的内容加密保存，办完或过期后清除；办理记录按法律规定的时间保存。",
        "您可以随时在“我的同意”里撤回，撤回和同意一样方便；不同意也可以查看各地的规定。",
    ),
)
SENSITIVE = Consent(
    purpose="sensitive_information",
    step="sensitive",
    title="敏感个人信息单独同意",
    version="1",
    intro="下面的信息比较敏感，需要您单独同意。",
    text=(
        "证件号码、人脸核验结果、医保账户和就医消费记录属于敏感个人信息，一旦泄露可能影响您的财产和名誉。",
        "我们必须用证件号码和人脸核验确认是您本人，用医保账户和记录为您办理、查询家庭共济；不提供就不能办理这些业务。",
        "人脸核验由微信或支付宝完成；我们不接收、不保存您的人脸图像，只记下核验结果和时间。",
        "为未满十四周岁的孩子办理时，须由父母或其他监护人同意。您可以随时撤回这项同意。",
    ),
)
GUARDIANS = Consent(
    purpose="child_identity",
    step="guardian",
    title="监护人同意",
    version="1",
    intro="未满十四周岁的孩子使用前，要由父母或其他监护人同意。请把手机交给监护人来看。",
    label="我是监护人，已阅读并同意",
    text=(
        "我是这个孩子的父母或其他监护人，已经看过个人信息使用说明和敏感个人信息单独同意的内容，并替孩子同意。",
        "我同意用孩子的姓名、证件号码、手机号和人脸核验结果确认孩子的身份，用孩子的医保信息为孩子办理和查询。",
        "孩子的信息只用来做这些事，不公开，也不用来推送广告；收到的只有医保部门和孩子正在使用的平台。",
        "我可以随时在孩子手机的“我的同意”里撤回，撤回后就不再办理；孩子满十四周岁以后，由孩子自己决定。",
    ),
)
REQUIRED = (GENERAL, SENSITIVE)
ALL_TEXTS = (*REQUIRED, GUARDIANS)


def missing(agreed: Collection[str], *, guarded: bool) -> tuple[Consent, ...]:
    """Those texts of the day that somebody with these agreements has still to agree to; for a guarded child, a guardian too."""
    return tuple(consent for consent in (ALL_TEXTS if guarded else REQUIRED) if consent.text_hash not in agreed)

"""Have one's data deleted: what that means, a last look, and who stays behind is not left in the lurch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import DeleteMyData, Flow, Standing
from bff.flows.plan import Field, Plan, Step
from bff.flows.verify_identity import look

NAME, _TITLE = "delete-my-data", "删除我的数据"
_MEANS = Step(
    name="means",
    title="删除前请看清",
    text=(
        "删除后，您在所有手机上都会退出登录，微信、支付宝与您的关联、手机号、家人名单和上传的照片都会删除。",
        "别人为您共济的关系会解除；您的医保、个人账户里的钱和看病报销都不受影响。",
        "承诺书、账目等法律要求保存的内容会保留，办完会逐项告诉您原因。",
        "以后想再用，重新登录、重新核验即可。",
    ),
    speech="删除后会退出登录，家人名单等会删除，医保和账户里的钱不受影响。看清后点确认。",
    fields=(Field("confirm_deletion", "confirm", "我已看清，确认删除"),),
)


def plan(standing: Standing) -> Plan:
    agreeing = tuple(consent.asked() for consent in standing.consents)
    steps = (*agreeing, _MEANS, look("请本人正对镜头，确认是您要删除。"))
    return Plan(NAME, _TITLE, steps, done_text=("您的数据已删除，谢谢您的使用。",))


def effect(given: Mapping[str, Any]) -> DeleteMyData:
    return DeleteMyData(check=given["real_person"])


DELETE_MY_DATA = Flow(name=NAME, title=_TITLE, complete_label="确认删除", effect=effect, own_plan=plan, judged_by_core=True)

"""What is kept of a person, in words: what goes when they ask for it, what stays, and which law keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Going:
    """Something that is deleted, or ended, when its owner asks."""

    what: str
    title: str


@dataclass(frozen=True, slots=True)
class Staying:
    """Something that the law keeps: stored, and used for nothing else."""

    what: str
    title: str
    reason: str
    source: str


GOING = (
    Going("identities", "您在微信、支付宝的登录关联"),
    Going("sessions", "所有手机上的登录"),
    Going("consents", "您的各项同意（全部撤回）"),
    Going("phone", "您留下的手机号"),
    Going("kinships", "亲情账户：可以互相出示医保码的家人名单"),
    Going("memberships", "别人为您共济的关系（随即解除，并告知对方）"),
    Going("account", "家庭共济账户（随即关闭，里面的钱仍归您）"),
    Going("uploads", "您上传的证明照片"),
    Going("identity_checks", "真人核验的结果和时间"),
)
STAYING = (
    Staying(
        "insurance",
        "姓名、证件号码、参保登记和医保码",
        "这是医保部门的参保档案，不归本小程序管理；您看病买药仍要用到。",
        "社会保险法第七十四条",
    ),
    Staying(
        "ledger",
        "个人账户收支、就医购药结算和退费记录",
        "属于会计凭证和账簿，须按规定的年限保存。",
        "会计法第二十三条、会计档案管理办法",
    ),
    Staying(
        "pledges",
        "您签过的承诺书，以及已结束的共济关系",
        "用来说明当时约定了什么，万一有争议，对您和家人都是凭据。",
        "个人信息保护法第四十七条、民法典第一百八十八条",
    ),
    Staying(
        "consent_ledger",
        "您同意和撤回同意的记录",
        "我们要能证明当初是经您同意的；记录已与您的微信、支付宝脱开。",
        "个人信息保护法第六十九条",
    ),
    Staying(
        "cases",
        "您提出的“不是我”和举报",
        "用来核查付费和查处骗取医保基金的行为，由医保部门保存。",
        "社会保险法第八十二条、医疗保障基金使用监督管理条例",
    ),
    Staying(
        "events",
        "办理过哪些事的日志（不含姓名和号码）",
        "网络日志至少保存六个月，用于防止冒用和查清问题。",
        "网络安全法关于网络日志留存不少于六个月的规定",
    ),
)

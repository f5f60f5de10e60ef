"""Every error a client can see, as one tree with one wire shape (RFC 9457, `application/problem+json`).

BffError                    500  A fault of ours; the log knows more.
├── Refused                 Sending the same again will not help.
│   ├── MalformedBody … UnsupportedMediaType    400, 404, 405, 413, 415  The request itself is wrong.
│   ├── NotSignedIn … IdentityRequired          401, 403  Who is asking.
│   ├── KeyMissing … KeySpent                   400, 409  The idempotency key.
│   ├── StepOutOfOrder … TextChanged            409  Where a flow stands.
│   ├── InvalidAnswers                          422  `fields` says what is wrong with which answer.
│   └── RuleRefusal                             422  `reasons` lists every rule that stands in the way.
└── TryAgain                Sending the same again, with the same key, may help.
    ├── InProgress, CheckPending                409  Wait a moment.
    ├── TooManyRequests … ChannelLimited        429  Wait as long as Retry-After says.
    ├── CoreUnavailable, StoreUnavailable, Channel…  503  Nothing was done.
    └── OutcomeUnknown                          504  It may have been done: keep the key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from groundwork.reading import Reading


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: a stable code, the fault in words, and what to do about it."""

    code: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that stands in the way, as the core words it; `owner` says who can mend it."""

    rule: str
    text: str
    facts: Mapping[str, Any]
    source: str
    effective_from: str | None
    owner: str
    next_step: str
    cashier_code: str

    @classmethod
    def read(cls, told: Reading) -> Reason:
        return cls(
            rule=told.text("rule"),
            text=told.text("text"),
            facts=told.object("facts").members,
            source=told.text("source"),
            effective_from=told.maybe_text("effective_from"),
            owner=told.text("owner"),
            next_step=told.text("next_step"),
            cashier_code=told.text("cashier_code"),
        )


def nameable(name: object) -> str:
    """A field's name as an error may repeat it: what a stranger called it could be anything, even an ID number."""
    return name if isinstance(name, str) and re.fullmatch("[A-Za-z_]{1,40}", name) else "?"


class BffError(Exception):
    """The root. Text lives on the class; `extra` adds `fields`, `reasons` or `screen` to what is told."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "服务出错了"
    detail: ClassVar[str] = "我们已经记下这个问题，请稍后再试。"
    retry: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, *, retry_after_s: int | None = None, **extra: Any) -> None:
        super().__init__(self.code)
        self.said = detail or self.detail
        self.retry_after_s = retry_after_s
        self.extra = extra


def problem(error: BffError) -> dict[str, Any]:
    """The one wire shape of every error."""
    told: dict[str, Any] = {
        "type": f"/docs#{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.said,
        "retry": error.retry,
    }
    fields: Mapping[str, Fault] = error.extra.get("fields") or {}
    if fields:
        told["fields"] = {name: asdict(fault) for name, fault in fields.items()}
    reasons: Sequence[Reason] = error.extra.get("reasons") or ()
    if reasons:
        told["reasons"] = [asdict(reason) for reason in reasons]
    for name in ("step_up", "consent"):
        if error.extra.get(name):
            told[name] = error.extra[name]
    if error.extra.get("screen"):
        told["screen"] = error.extra["screen"]
    return told


class Refused(BffError):
    """Sending the same again will not help."""


class TryAgain(BffError):
    """Sending the same again may help."""

    retry = True


# The request itself


class MalformedBody(Refused):
    status, code = 400, "malformed_body"
    title, detail = "请求内容不完整", "请求内容不是约定的格式，请更新小程序后再试。"


class UnknownField(Refused):
    status, code = 400, "unknown_field"
    title, detail = "请求里有不认识的内容", "请求里有我们不认识的字段，请更新小程序后再试。"


class InvalidCursor(Refused):
    status, code = 400, "invalid_cursor"
    title, detail = "翻页位置不对", "这个翻页位置已不能用，请从第一页重新看起。"


class NotFound(Refused):
    status, code = 404, "not_found"
    title, detail = "没有找到", "您要找的内容不存在，或者不属于您。"


class RegionNotServed(Refused):
    status, code = 404, "region_not_served"
    title, detail = "这个地方还没有开通", "这个参保地还没有接入家庭共济，请向当地医保部门咨询。"


class MethodNotAllowed(Refused):
    status, code = 405, "method_not_allowed"
    title, detail = "不支持这样操作", "这个地址不支持这种操作，请更新小程序后再试。"


class BodyTooLarge(Refused):
    status, code = 413, "body_too_large"
    title, detail = "提交的内容太大", "一次提交的内容不能超过 64 kB，请减少内容后再试。"


class UnsupportedMediaType(Refused):
    status, code = 415, "unsupported_media_type"
    title, detail = "内容格式不对", "请求内容须为 JSON 格式，请更新小程序后再试。"


# Who is asking


class NotSignedIn(Refused):
    status, code = 401, "not_signed_in"
    title, detail = "请先登录", "您还没有登录，或登录已过期，请重新登录。"


class LoginCodeInvalid(Refused):
    status, code = 401, "login_code_invalid"
    title, detail = "登录没有成功", "登录凭证已失效或已用过，请重新登录。"


class LoginBlocked(Refused):
    status, code = 403, "login_blocked"
    title, detail = "暂时不能登录", "平台提示这个账号存在风险，请在平台处理后再来。"


class IdentityRequired(Refused):
    status, code = 403, "identity_required"
    title, detail = "请先核验身份", "这项服务要先确认是您本人，请先完成身份核验。"


class ConsentRequired(Refused):
    """`consent` names the flow that asks again, and the purposes that nobody agreed to."""

    status, code = 403, "consent_required"
    title, detail = "需要您先同意", "您还没有同意，或已经撤回同意。请先阅读并同意个人信息使用说明，再继续办理。"


class StepUpRequired(Refused):
    """`step_up` names the flow that shows who one is, and what to start it with: `{"purpose": …}`."""

    status, code = 403, "step_up_required"
    title, detail = "请再核验一次", "为了您和家人的安全，做这件事之前要再确认一次是您本人。"


class IdentityConflict(Refused):
    status, code = 409, "identity_conflict"
    title, detail = "这个账号已对应别人", "您的微信或支付宝账号已核验为另一个人，请本人带证件到医保窗口处理。"


class CallbackRefused(Refused):
    status, code = 403, "callback_refused"
    title, detail = "不是平台发来的通知", "这个通知没有通过验签，或已过时，什么都没有改动。"


class CheckNotPossible(Refused):
    status, code = 422, "check_not_possible"
    title, detail = "这里不能刷脸核验", "刷脸只支持居民身份证。请改用银行卡核验，或本人带证件到医保窗口办理。"


class PhoneCodeInvalid(Refused):
    status, code = 422, "phone_code_invalid"
    title, detail = "没有取到手机号", "手机号授权已失效，请重新授权，或直接填写手机号。"


# The idempotency key


class KeyMissing(Refused):
    status, code = 400, "key_missing"
    title, detail = "缺少操作编号", "这个操作需要一个操作编号（Idempotency-Key），请更新小程序后再试。"


class KeyMalformed(Refused):
    status, code = 400, "key_malformed"
    title, detail = "操作编号不合格式", "操作编号（Idempotency-Key）须为 16 至 200 个可见的 ASCII 字符。"


class KeyReused(Refused):
    status, code = 409, "key_reused"
    title, detail = "操作编号已用过", "这个操作编号已用于另一次内容不同的操作，请换一个新编号。"


class KeySpent(Refused):
    status, code = 409, "key_spent"
    title, detail = "这份内容已经给过了", "同一个操作编号只能取一次，请换一个新编号再取。"


class InProgress(TryAgain):
    status, code = 409, "in_progress"
    title, detail = "正在办理", "同一个操作正在办理，请过几秒用同一个编号再查。"


# Where a flow stands


class StepOutOfOrder(Refused):
    status, code = 409, "step_out_of_order"
    title, detail = "还没到这一步", "请先完成前面的步骤。"


class FlowNotStarted(Refused):
    status, code = 409, "flow_not_started"
    title, detail = "还没有开始办理", "这项办理还没有开始，或已经结束，请从头开始。"


class FlowChanged(Refused):
    status, code = 409, "flow_changed"
    title, detail = "内容刚刚有变化", "您在另一处也在办理，内容已有变化，请看一下最新的页面再继续。"


class FlowExpired(Refused):
    status, code = 409, "flow_expired"
    title, detail = "办理已过期", "您太久没有继续，为了安全，已填的内容已清除，请从头开始。"


class TextChanged(Refused):
    status, code = 409, "text_changed"
    title, detail = "文本有更新", "您同意的文本刚刚有更新，请重新阅读后再决定。"


class CheckPending(TryAgain):
    status, code = 409, "check_pending"
    title, detail = "核验还没有完成", "请先按提示完成真人核验，再继续。"


class CheckUnknown(Refused):
    status, code = 409, "check_expired"
    title, detail = "核验已失效", "这次真人核验已用过或已过期，请重新核验。"


class InvalidAnswers(Refused):
    status, code = 422, "invalid_answers"
    title, detail = "有内容需要修改", "请按每一项的提示修改后再继续。"


class RuleRefusal(Refused):
    status, code = 422, "refused"
    title, detail = "现在还不能办理", "有规定不符合，每一条都写明了原因和怎么办。"


# Wait, then send it again


class TooManyRequests(TryAgain):
    status, code = 429, "too_many_requests"
    title, detail = "操作太频繁了", "请稍等一会儿再试。"


class TooManyTries(TryAgain):
    status, code = 429, "too_many_tries"
    title, detail = "今天填错的次数太多", "填写的姓名和证件号码多次对不上。请核对家人的证件，明天再试，或到医保窗口办理。"


class TooManyActivations(TryAgain):
    status, code = 429, "too_many_activations"
    title, detail = "今天代办的次数太多", "今天在这部手机上替家人激活得太多了，请明天再来，或请家人本人到医保窗口办理。"


class ChannelLimited(TryAgain):
    status, code = 429, "channel_limited"
    title, detail = "操作太频繁了", "请过一分钟再试。"


class ChannelUnavailable(TryAgain):
    status, code = 503, "channel_unavailable"
    title, detail = "平台暂时没有回应", "微信或支付宝暂时没有回应，什么都没有改动，请稍后再试。"

    @property
    def never_left(self) -> bool:
        """Whether the call is known not to have reached the platform."""
        return bool(self.extra.get("never_left"))


class ChannelMisconfigured(TryAgain):
    status, code = 503, "channel_misconfigured"
    title, detail = "平台接口暂不可用", "接口配置需要工作人员处理，我们已收到提醒，请稍后再试。"


class ChannelSignatureBad(TryAgain):
    status, code = 503, "channel_signature_bad"
    title, detail = "平台回应没有通过验签", "为了您的安全，我们没有采用这次回应，请稍后再试。"


class StoreUnavailable(TryAgain):
    status, code = 503, "store_unavailable"
    title, detail = "暂时无法办理", "保存进度的服务暂时没有回应，什么都没有改动，请稍后再试。"


class CoreUnavailable(TryAgain):
    status, code = 503, "core_unavailable"
    title, detail = "医保系统暂时没有回应", "什么都没有改动，请稍后再试。"


class OutcomeUnknown(TryAgain):
    status, code = 504, "outcome_unknown"
    title, detail = "还不确定是否办成", "医保系统没有及时答复，可能已经办成，请用同一个操作再查一次，不会重复办理。"


def every_error(root: type[BffError] = BffError) -> list[type[BffError]]:
    """The whole tree in order of writing, for the tables in the docs; groups without a code of their own are left out."""
    found = [] if root in (Refused, TryAgain) else [root]
    for branch in root.__subclasses__():
        found.extend(every_error(branch))
    return found

"""Every error that a caller of the core can see, as one tree with one wire shape (RFC 9457).

CoreError
├── Rejected                  Sending the same again will not help.
│   ├── Malformed                 400  `fields` names what is wrong where it is one field.
│   │   ├── UnknownField              400
│   │   └── KeyMissing                400
│   ├── BadCredential             401
│   ├── NotFound                  404  Never says whether a person exists.
│   │   ├── RegionNotServed           404
│   │   └── VoucherCodeUnknown        404  Also expired, or tied to another institution.
│   ├── MethodNotAllowed          405
│   ├── KeyReused, KeySpent       409
│   ├── VoucherCodeUsed           409
│   ├── TextChanged               409
│   ├── AlreadyKnown              409
│   ├── IdentityConflict          409
│   ├── TooLarge, NotJson         413, 415
│   ├── TooLargeAnImage           413
│   ├── NotAnImage                415
│   ├── Refused                   422  Rules stand in the way: `reasons` lists every one.
│   ├── InvalidAnswers            422  The city asks for more, or for something else: `fields` says what.
│   ├── StepUpRequired            403  A fresh look into the camera is asked for this act; nothing was done.
│   │   └── FarRead                   409  A code read in another city than it was shown in; its holder has to confirm.
│   ├── TooManyTries              429  Too many relatives named in vain today.
│   ├── TooManyActivations        429  Too many vouchers activated for others, from one person, device or address.
│   └── TooManyWrongCredentials   429
└── Unsettled                 Sending the same again, with the same key, may help.
    ├── Internal                  500
    ├── TryAgain                  503  Nothing was done.
    └── OutcomeUnknown            504  It may have been done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, ClassVar

from reference_core.vocabulary.facts import Reason


class CoreError(Exception):
    """The root. Text lives on the class; `extra` adds members such as `fields` or `reasons`."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "服务出错了"
    detail: ClassVar[str] = "我们已经记下这个问题，请稍后再试。"
    retry: ClassVar[bool] = False

    def __init__(self, *, retry_after_s: int | None = None, **extra: Any) -> None:
        super().__init__(self.code)
        self.retry_after_s = retry_after_s
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The members of the problem document."""
        return {
            "type": f"urn:family-account:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "retry": self.retry,
            **self.extra,
        }


class Rejected(CoreError):
    """Sending the same again will not help."""


class Malformed(Rejected):
    status, code = 400, "malformed"
    title, detail = "请求内容有误", "请求里有缺失或格式不对的内容，请改正后重新发送。"


class UnknownField(Malformed):
    code = "unknown_field"
    title, detail = "请求里有多余的内容", "请去掉接口不认识的字段后重新发送。"


class KeyMissing(Malformed):
    code = "key_missing"
    title, detail = "缺少幂等键", "请在 Idempotency-Key 里放 16 到 200 个可见 ASCII 字符。"


class BadCredential(Rejected):
    status, code = 401, "bad_credential"
    title, detail = "凭据无效", "请使用这个入口的有效凭据。"


class NotFound(Rejected):
    status, code = 404, "not_found"
    title, detail = "没有找到", "没有找到您要的内容。"


class RegionNotServed(NotFound):
    code = "region_not_served"
    title, detail = "这个地区还没有开通", "这个地区的家庭共济规则还没有接入。"


class VoucherCodeUnknown(NotFound):
    code = "voucher_code_unknown"
    title, detail = "医保码无效", "这个码不存在或已过期，请让本人重新出示。"


class MethodNotAllowed(Rejected):
    status, code = 405, "method_not_allowed"
    title, detail = "请求方式不对", "这个地址不接受这种请求方式。"


class KeyReused(Rejected):
    status, code = 409, "key_reused"
    title, detail = "幂等键重复", "同一个键已用于另一份内容，请换一个新键。"


class KeySpent(Rejected):
    status, code = 409, "key_spent"
    title, detail = "这个键已经用过", "医保码只显示一次，请用新的键再取一个。"


class VoucherCodeUsed(Rejected):
    status, code = 409, "voucher_code_used"
    title, detail = "医保码已用过", "这个码已经结算过一次，请让本人重新出示。"


class TextChanged(Rejected):
    status, code = 409, "text_changed"
    title, detail = "承诺书有更新", "您看到的文本已经更新，请重新阅读后再签。"


class AlreadyKnown(Rejected):
    status, code = 409, "already_known"
    title, detail = "已经登记过", "这个证件号码已经登记过。"


class IdentityConflict(Rejected):
    status, code = 409, "identity_conflict"
    title, detail = "账号已属于另一位参保人", "这个平台账号已经认证为另一位参保人。"


class TooLarge(Rejected):
    status, code = 413, "too_large"
    title, detail = "请求太大", "请求内容不能超过 64 kB。"


class TooLargeAnImage(TooLarge):
    title, detail = "照片太大", "一张照片不能超过 5 MB。"


class NotAnImage(Rejected):
    status, code = 415, "not_an_image"
    title, detail = "不是照片", "请上传 JPEG 或 PNG 格式的照片。"


class NotJson(Rejected):
    status, code = 415, "not_json"
    title, detail = "请求格式不对", "请用 application/json 发送内容。"


class Refused(Rejected):
    """Every rule that stands in the way is in `reasons`."""

    status, code = 422, "refused"
    title, detail = "现在还不能办理", "下面列出了全部原因和解决办法。"

    def __init__(self, reasons: Iterable[Reason]) -> None:
        super().__init__(reasons=[asdict(reason) for reason in reasons])


class InvalidAnswers(Rejected):
    """What the person's city asks for is missing or does not hold; `fields` says what."""

    status, code = 422, "invalid_answers"
    title, detail = "有内容需要改正", "请按提示改正后重新提交。"


class TooManyTries(Rejected):
    status, code = 429, "too_many_tries"
    title, detail = "今天填错的次数太多", "多次填写的姓名和证件号码不相符。请核对家人的证件，明天再试，或到医保经办窗口办理。"


class TooManyActivations(Rejected):
    status, code = 429, "too_many_activations"
    title, detail = "今天代为激活的次数太多", "今天从这里替别人激活医保码的次数已经到了上限，请明天再来，或到医保经办窗口办理。"


class StepUpRequired(Rejected):
    status, code = 403, "step_up_required"
    title, detail = "请先确认是您本人", "这一步需要刚刚刷过脸，请刷脸确认后再试。"


class FarRead(StepUpRequired):
    status = 409
    title, detail = "需要持码人先确认", "这个医保码刚在另一个城市打开，请持码人在自己的手机上确认后，重新打开医保码。"


class TooManyWrongCredentials(Rejected):
    status, code = 429, "too_many_wrong_credentials"
    title, detail = "错误次数太多", "本机构短时间内出示了太多无效凭证，请稍后再试。"


class Unsettled(CoreError):
    """Sending the same again, with the same key, may help."""

    retry = True


class Internal(Unsettled):
    """A fault of ours; what it was is in the log, never in the answer."""


class TryAgain(Unsettled):
    status, code = 503, "try_again"
    title, detail = "请稍后再试", "现在办理的人较多，这次什么都没有改动，请再试一次。"


class OutcomeUnknown(Unsettled):
    status, code = 504, "outcome_unknown"
    title, detail = "结果正在确认", "请保留同一个键再问一次，就能知道是否办成。"

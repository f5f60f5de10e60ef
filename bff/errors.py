"""Every error a client can see, as one tree with one wire shape (RFC 9457, `application/problem+json`).

BffError
├── Refused               Sending the same again will not help.
│   ├── NotSignedIn           401
│   ├── LoginCodeInvalid      401  The channel does not know this login code, or it was used.
│   ├── LoginBlocked          403  The channel will not let this person in.
│   ├── PhoneCodeInvalid      422  The channel does not know this phone code, or it is somebody else's.
│   └── …
└── TryAgain              Sending the same again may help.
    ├── ChannelUnavailable    503  Nothing was done.
    ├── ChannelMisconfigured  503  Our credentials or settings at the channel are wrong; somebody was told.
    └── …
"""

from __future__ import annotations

from typing import Any, ClassVar


class BffError(Exception):
    """The root. Text lives on the class; `extra` adds members such as `fields`, `reasons` or `screen`."""

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


class Refused(BffError):
    """Sending the same again will not help."""


class TryAgain(BffError):
    """Sending the same again may help."""

    retry = True


class LoginCodeInvalid(Refused):
    status, code = 401, "login_code_invalid"
    title, detail = "登录没有成功", "登录凭证已失效或已用过，请重新登录。"


class LoginBlocked(Refused):
    status, code = 403, "login_blocked"
    title, detail = "暂时不能登录", "平台提示这个账号存在风险，请在平台处理后再来。"


class PhoneCodeInvalid(Refused):
    status, code = 422, "phone_code_invalid"
    title, detail = "没有取到手机号", "手机号授权已失效，请重新授权，或直接填写手机号。"


class CheckUnknown(Refused):
    status, code = 409, "check_expired"
    title, detail = "核验已失效", "这次真人核验已用过或已过期，请重新核验。"


class ChannelLimited(TryAgain):
    status, code = 429, "channel_limited"
    title, detail = "操作太频繁了", "请过一分钟再试。"


class ChannelUnavailable(TryAgain):
    status, code = 503, "channel_unavailable"
    title, detail = "平台暂时没有回应", "微信或支付宝暂时没有回应，什么都没有改动，请稍后再试。"


class ChannelMisconfigured(TryAgain):
    status, code = 503, "channel_misconfigured"
    title, detail = "平台接口暂不可用", "接口配置需要工作人员处理，我们已收到提醒，请稍后再试。"


class ChannelSignatureBad(TryAgain):
    status, code = 503, "channel_signature_bad"
    title, detail = "平台回应没有通过验签", "为了您的安全，我们没有采用这次回应，请稍后再试。"

"""The errors of Alipay's gateway that we know of: code, sub_code and message, public ones apart from a method's own."""

from __future__ import annotations

from typing import Any

MISSING, INVALID, FAILED, UNKNOWN = "40001", "40002", "40004", "20000"
TOKEN, CONDITIONS, LIMITED, PERMISSION = "20001", "40003", "40005", "40006"
_MSG = {
    TOKEN: "Insufficient Token Permissions",
    CONDITIONS: "Insufficient Conditions",
    LIMITED: "Call Limited",
    PERMISSION: "Insufficient Permissions",
    MISSING: "Missing Required Arguments",
    INVALID: "Invalid Arguments",
    FAILED: "Business Failed",
    UNKNOWN: "Service Currently Unavailable",
}

# What a method says of itself stands in its own node, everything else in `error_response`.
_OF_A_METHOD = (FAILED,)
_CODES = (
    ("isv.missing-", MISSING),
    ("isv.invalid-auth-relations", CONDITIONS),
    ("isv.insufficient-isv-permissions", PERMISSION),
    ("isv.app-call-limited", LIMITED),
    ("isv.method-call-limited", LIMITED),
    ("isv.", INVALID),
    ("isp.", UNKNOWN),
    ("aop.unknow-error", UNKNOWN),
    ("aop.", TOKEN),
)
_SUB_MSG = {
    "isv.missing-method": "缺少方法名参数",
    "isv.missing-signature": "缺少签名参数",
    "isv.missing-signature-type": "缺少签名类型参数",
    "isv.missing-app-id": "缺少appId参数",
    "isv.missing-timestamp": "缺少时间戳参数",
    "isv.missing-version": "缺少版本参数",
    "isv.invalid-method": "不存在的方法名",
    "isv.invalid-signature": "无效签名",
    "isv.invalid-signature-type": "无效的签名类型",
    "isv.invalid-app-id": "无效的appId参数",
    "isv.invalid-timestamp": "非法的时间戳参数",
    "isv.invalid-charset": "字符集错误",
    "isv.invalid-parameter": "参数无效",
    "isv.code-invalid": "授权码code无效",
    "isv.grant-type-invalid": "grant_type参数不正确",
    "isp.unknow-error": "服务暂不可用",
    "CERTIFY_ID_EXPIRED": "certify_id已过期",
    "OPEN_CERTIFY_BILL_NOT_EXIST": "认证单据不存在",
    "OPEN_CERTIFY_BILL_STATUS_ERROR": "认证单据状态错误",
    "ILLEGAL_ARGUMENT_FORMAT": "参数格式错误",
    "USER_ID_INVALID": "用户不存在",
    "TEMPLATE_ILLEGAL": "模板不合法",
    "BIZ_CONTENT_FORMAT_ERROR": "内容格式错误",
    "USER_KEYWORD_LENGTH_ERROR": "关键词长度超限",
}


class AlipayError(Exception):
    """A call that Alipay does not do. The gateway tells public errors in `error_response`, a method's own in its own node."""

    def __init__(self, code: str, sub_code: str) -> None:
        super().__init__(sub_code)
        self.code = code
        self.sub_code = sub_code

    @property
    def public(self) -> bool:
        return self.code not in _OF_A_METHOD or self.sub_code.startswith(("isv.", "isp.", "aop."))

    def node(self) -> dict[str, Any]:
        """The node that tells the error."""
        return {
            "code": self.code,
            "msg": _MSG.get(self.code, "Error"),
            "sub_code": self.sub_code,
            "sub_msg": _SUB_MSG.get(self.sub_code, "业务处理失败"),
        }


def error_of(sub_code: str) -> AlipayError:
    """The error that a sub_code belongs to."""
    return AlipayError(next((code for prefix, code in _CODES if sub_code.startswith(prefix)), FAILED), sub_code)


def played(code: str) -> AlipayError:
    """The error that a player orders: a sub_code, a bare code, or both as `40004/SOMETHING_NEW`."""
    first, _, rest = code.partition("/")
    return AlipayError(first, rest) if first.isdigit() else error_of(code)

"""Every refusal of Alipay that is known, with the reaction that we promise: code, sub_code, what comes of it."""

from __future__ import annotations

from bff.channels.base import Delivery
from bff.errors import (
    BffError,
    ChannelLimited,
    ChannelMisconfigured,
    ChannelUnavailable,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)

Refusal = tuple[str, str, type[BffError]]

ANYWHERE: list[Refusal] = [
    ("20000", "isp.unknow-error", ChannelUnavailable),
    ("20000", "aop.unknow-error", ChannelUnavailable),
    ("20001", "aop.invalid-auth-token", LoginCodeInvalid),
    ("20001", "aop.auth-token-time-out", LoginCodeInvalid),
    ("20001", "aop.invalid-app-auth-token", LoginCodeInvalid),
    ("40001", "isv.missing-method", ChannelMisconfigured),
    ("40001", "isv.missing-encrypt-key", ChannelMisconfigured),
    ("40002", "isv.invalid-signature", ChannelMisconfigured),
    ("40002", "isv.invalid-app-id", ChannelMisconfigured),
    ("40003", "isv.invalid-auth-relations", LoginCodeInvalid),
    ("40005", "isv.app-call-limited", ChannelLimited),
    ("40002", "isv.method-call-limited", ChannelLimited),
    ("40006", "isv.insufficient-isv-permissions", ChannelMisconfigured),
    ("40002", "isv.illegal-timestamp", ChannelMisconfigured),
    ("40004", "SOMETHING_NEW", ChannelUnavailable),
    ("77777", "", ChannelUnavailable),
]
AT_LOGIN: list[Refusal] = [
    ("40002", "isv.code-invalid", LoginCodeInvalid),
    ("40002", "isv.refresh-token-invalid", LoginCodeInvalid),
    ("40002", "isv.refresh-token-time-out", LoginCodeInvalid),
    ("40002", "isv.refreshed-token-invalid", LoginCodeInvalid),
    ("40002", "isv.grant-type-invalid", ChannelMisconfigured),
    ("40002", "isv.unmatched-app-id", ChannelMisconfigured),
    ("", "isv.code-invalid", LoginCodeInvalid),
]
AT_PHONE: list[Refusal] = [
    ("40001", "isv.missing-encrypt-key", ChannelMisconfigured),
    ("40003", "isv.invalid-auth-relations", PhoneCodeInvalid),
    ("40006", "isv.insufficient-isv-permissions", ChannelMisconfigured),
    ("20000", "aop.unknow-error", ChannelUnavailable),
    ("1", "", ChannelUnavailable),
]
AT_CHECK_BEGIN: list[Refusal] = [
    ("40004", "SYSTEM_ERROR", ChannelUnavailable),
    ("40004", "UNKNOWN_ERROR", ChannelUnavailable),
    ("40004", "ILLEGAL_ARGUMENT_FORMAT", ChannelMisconfigured),
    ("40004", "ARRANGEMENT_STATUS_ERROR", ChannelMisconfigured),
]
AT_CHECK_END: list[Refusal] = [
    ("40004", "UNABLE_GET_IMAGE", ChannelUnavailable),
    ("40004", "UNKNOWN_ERROR", ChannelUnavailable),
    ("40004", "SYSTEM_ERROR", ChannelUnavailable),
]

_STOP = """
    MSG_UNSUBSCRIBED MSG_REJECTED MSG_UNAUTHORIZED MSG_CONTENT_NOT_INTERESTED MESSAGE_SEND_AUTH_ERROR USER_ID_INVALID
    MSG_SINGLE_SD_OVER NO_RECENT_VISIT_RECORD NO_PLACE_ORDER_RECORD FORM_ID_SEND_LIMIT FORM_ID_INVALID FORM_ID_NOT_MATCH_APPID
    FORM_ID_OVER_TIME TRADE_NO_NOT_MATCH_USERID
"""
_ALERT = """
    TEMPLATE_ILLEGAL MESSAGE_TEMPLATE_KEYWORD_ILLEGAL USER_TEMPLATE_ILLEGAL USER_TEMPLATE_LACK_KEYWORD
    USER_TEMPLATE_STATUS_ILLEGAL USER_KEYWORD_LENGTH_ERROR PAGE_OVER_LIMIT BIZ_CONTENT_FORMAT_ERROR DATA_CONTENT_FORMAT_ERROR
    DATA_SENSITIVE DATA_IS_EMPTY NO_BIND_PUBLIC_APP APP_TYPE_ERROR ILLEGAL_ARGUMENT_PARAMS MSG_TEMPLATE_ID_VALID
    APP_NO_AVAIABLE SOMETHING_NEW
"""
_RETRY = "MSG_SEND_ERROR QUERY_CONSUMER_REQEUST_ERROR SYSTEM_ERROR UNKNOWN_ERROR"
MESSAGES: list[tuple[str, str, Delivery]] = [
    *(
        ("40004", word, delivery)
        for words, delivery in ((_STOP, Delivery.STOP), (_ALERT, Delivery.ALERT), (_RETRY, Delivery.RETRY))
        for word in words.split()
    ),
    ("20000", "isp.unknow-error", Delivery.RETRY),
    ("20000", "aop.unknow-error", Delivery.RETRY),
    ("40005", "isv.app-call-limited", Delivery.RETRY),
    ("40002", "isv.method-call-limited", Delivery.RETRY),
    ("40003", "isv.invalid-auth-relations", Delivery.STOP),
    ("20001", "aop.invalid-auth-token", Delivery.STOP),
    ("40001", "isv.missing-method", Delivery.ALERT),
    ("40002", "isv.invalid-signature", Delivery.ALERT),
    ("40006", "isv.insufficient-isv-permissions", Delivery.ALERT),
    ("77777", "", Delivery.ALERT),
]

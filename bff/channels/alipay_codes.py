"""What Alipay's codes mean to us: the tables, and a caller that turns a refusal into our own error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.channels.alipay_gateway import AlipayGateway, AlipayRefusal
from bff.channels.upstream import alarm
from bff.errors import (
    BffError,
    ChannelLimited,
    ChannelMisconfigured,
    ChannelUnavailable,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)

Meanings = Mapping[str, type[BffError]]

# Alipay answers with a code and mostly a sub_code; the narrower one is looked up first.
# What stands in no table means "try again later".
EVERYWHERE: Meanings = {
    "20000": ChannelUnavailable,  # Alipay is out of order
    "20001": LoginCodeInvalid,  # a token is not good any more: sign in again
    "40001": ChannelMisconfigured,  # we left an argument out
    "40002": ChannelMisconfigured,  # we sent a bad argument, or signed badly
    "40003": LoginCodeInvalid,  # the person's consent is missing: sign in again, which asks for it
    "40004": ChannelUnavailable,  # a refusal of this one method, which its own table explains
    "40005": ChannelLimited,  # called too often
    "40006": ChannelMisconfigured,  # the app may not call this
    "isv.app-call-limited": ChannelLimited,
    "isv.method-call-limited": ChannelLimited,
    "isp.unknow-error": ChannelUnavailable,
    "aop.unknow-error": ChannelUnavailable,
}
LOGIN: Meanings = {
    "isv.code-invalid": LoginCodeInvalid,  # no such code, or used already
    "isv.refresh-token-invalid": LoginCodeInvalid,
    "isv.refresh-token-time-out": LoginCodeInvalid,
    "isv.refreshed-token-invalid": LoginCodeInvalid,
    "isv.grant-type-invalid": ChannelMisconfigured,
    "isv.unmatched-app-id": ChannelMisconfigured,  # our mini-program is built with another app id
}
PHONE: Meanings = {
    "40003": PhoneCodeInvalid,  # the person has not agreed to give the phone
}
CHECK_BEGIN: Meanings = {
    "SYSTEM_ERROR": ChannelUnavailable,
    "UNKNOWN_ERROR": ChannelUnavailable,
    "ILLEGAL_ARGUMENT_FORMAT": ChannelMisconfigured,
    "ARRANGEMENT_STATUS_ERROR": ChannelMisconfigured,  # the contract for this product is not in force
}
CHECK_END: Meanings = {
    "SYSTEM_ERROR": ChannelUnavailable,
    "UNKNOWN_ERROR": ChannelUnavailable,
    "UNABLE_GET_IMAGE": ChannelUnavailable,
}

LIMITED_RETRY_S = 60


class AlipayCaller:
    """The gateway, speaking in our errors."""

    def __init__(self, gateway: AlipayGateway) -> None:
        self.gateway = gateway

    def ask(self, meanings: Meanings, method: str, biz_content: dict[str, Any] | None = None, **given: str) -> dict[str, Any]:
        """What Alipay answers; raises what the tables say."""
        try:
            return self.gateway.ask(method, biz_content, **given)
        except AlipayRefusal as refusal:
            code, sub_code = refusal.code, refusal.sub_code
        # Raised after the except block, so that no `__context__` keeps the answer.
        raise meaning(meanings, code, sub_code)


def meaning(meanings: Meanings, code: str, sub_code: str) -> BffError:
    """Our error for Alipay's two codes; whoever runs this is told where it is our fault."""
    known = (table[word] for word in (sub_code, code) for table in (meanings, EVERYWHERE) if word in table)
    error = next(known, ChannelUnavailable)
    if error is ChannelMisconfigured:
        alarm("channel_misconfigured", "alipay", code=code, sub_code=sub_code)
    return error(retry_after_s=LIMITED_RETRY_S) if error is ChannelLimited else error()

"""Template messages of Alipay: what is sent, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bff.channel_settings import MessageTemplate
from bff.channels.alipay_gateway import AlipayGateway, AlipayRefusal
from bff.channels.alipay_people import account_of
from bff.channels.base import ChannelUser, Delivery, Message
from bff.channels.plain_numbers import tells_a_number
from bff.channels.upstream import alarm
from bff.errors import ChannelSignatureBad, ChannelUnavailable

_SEND = "alipay.open.app.mini.templatemessage.send"
_LONGEST_VALUE = 50

STOP = frozenset(
    [
        # This person does not want it, or cannot be reached.
        *("MSG_UNSUBSCRIBED", "MSG_REJECTED", "MSG_UNAUTHORIZED", "MSG_CONTENT_NOT_INTERESTED", "MESSAGE_SEND_AUTH_ERROR"),
        *("USER_ID_INVALID", "MSG_SINGLE_SD_OVER", "NO_RECENT_VISIT_RECORD", "NO_PLACE_ORDER_RECORD"),
        # What entitled us to one message is used up, too old or another's.
        *("FORM_ID_SEND_LIMIT", "FORM_ID_INVALID", "FORM_ID_NOT_MATCH_APPID", "FORM_ID_OVER_TIME", "TRADE_NO_NOT_MATCH_USERID"),
    ]
)
# A refusal that stands nowhere here, or is new, is for a person to look at: ALERT.
RETRY = frozenset(
    [
        *("20000", "40005", "isp.unknow-error", "aop.unknow-error", "isv.app-call-limited", "isv.method-call-limited"),
        *("MSG_SEND_ERROR", "QUERY_CONSUMER_REQEUST_ERROR", "SYSTEM_ERROR", "UNKNOWN_ERROR"),
    ]
)


class AlipayMessages:
    """The messages of one mini-program."""

    def __init__(self, gateway: AlipayGateway, templates: Mapping[str, MessageTemplate]) -> None:
        self._gateway = gateway
        self._templates = templates

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Send once, and say what to do about the answer."""
        template = self._templates.get(message.template)
        if template is None:
            return _alert("template_missing")
        values = _values(template, message)
        if any(tells_a_number(value["value"]) for value in values.values()):
            return _alert("message_sensitive")
        asked = {
            **{f"to_{kind}": subject for kind, subject in account_of(user).items()},
            "user_template_id": template.id,
            "page": message.page,
            "data": json.dumps(values, ensure_ascii=False),
        }
        try:
            self._gateway.ask(_SEND, asked)
        except AlipayRefusal as refusal:
            return _delivery(refusal)
        except ChannelUnavailable as failure:
            return Delivery.RETRY if failure.never_left else Delivery.UNKNOWN
        except ChannelSignatureBad:
            # The answer is not Alipay's, so whether it was sent is not known.
            return Delivery.UNKNOWN
        return Delivery.SENT


def _values(template: MessageTemplate, message: Message) -> dict[str, dict[str, str]]:
    """Only what the template shows, none longer than Alipay takes."""
    return {
        keyword: {"value": _shortened(message.fields[name])}
        for name, keyword in template.fields.items()
        if message.fields.get(name)
    }


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


def _delivery(refusal: AlipayRefusal) -> Delivery:
    if refusal.sub_code in STOP or refusal.code in ("20001", "40003"):
        return Delivery.STOP
    if refusal.sub_code in RETRY or refusal.code in RETRY:
        return Delivery.RETRY
    return _alert(refusal.sub_code, refusal.code)


def _alert(sub_code: str, code: str = "ours") -> Delivery:
    alarm("channel_message_refused", "alipay", code=code, sub_code=sub_code)
    return Delivery.ALERT

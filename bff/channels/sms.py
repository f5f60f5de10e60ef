"""Text messages: one more sender behind `send`, and no way in; the gateway is asked with signed requests."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import urllib3

from bff.channel_settings import MessageTemplate
from bff.channels.base import ChannelUser, Delivery, Message
from bff.channels.plain_numbers import tells_a_number
from bff.channels.upstream import Upstream, alarm, logged_call, platform_now, scrub_http_logs
from groundwork.chance import new_secret
from groundwork.clock import Clock

_PATH = "/messages"
# No gateway takes longer values in a template.
_LONGEST_VALUE = 35
_LONGEST_CODE = 40
_GOOD = "OK"
# This person wants none, or the number is none that can be reached.
STOP = frozenset({"PHONE_REFUSES", "PHONE_INVALID"})
RETRY = frozenset({"TOO_OFTEN", "SYSTEM_BUSY"})
# No connection came about, so the gateway cannot have heard of the message.
_NEVER_LEFT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class SmsSender:
    """The operator's account; may be shared by threads."""

    name = "sms"

    def __init__(
        self, key_id: str, secret: str, templates: Mapping[str, MessageTemplate], upstream: Upstream, clock: Clock
    ) -> None:
        scrub_http_logs()
        self._key_id, self._secret = key_id, secret.encode()
        self._templates, self._clock = templates, clock
        self._address = f"{upstream.address}{_PATH}"
        connect_s, read_s = upstream.timeouts_s
        # Neither retries nor redirects: the gateway takes no key, so a second try would be a second message.
        self._http = urllib3.PoolManager(
            maxsize=upstream.pool_size, retries=False, timeout=urllib3.Timeout(connect=connect_s, read=read_s)
        )

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Send once, and say what to do about the answer; the first subject is the number."""
        template = self._templates.get(message.template)
        values = _values(template, message) if template else None
        if template is None or values is None:
            return _alert("template_unfit")
        if any(tells_a_number(value) for value in values.values()):
            return _alert("message_sensitive")
        asked = {"phone": user.subject, "template_id": template.id, "values": values}
        body = json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode()
        with logged_call(self.name, _PATH) as told:
            return self._delivery(body, told)

    def _delivery(self, body: bytes, told: dict[str, Any]) -> Delivery:
        try:
            answer = self._http.request("POST", self._address, body=body, headers=self._headers(body))
            told["status"] = answer.status
            code = _code(answer.data) if answer.status == 200 else None
        except urllib3.exceptions.HTTPError as failure:
            told["error_type"] = type(failure).__name__
            return Delivery.RETRY if isinstance(failure, _NEVER_LEFT) else Delivery.UNKNOWN
        if code is None:
            # The answer is not the gateway's, so whether it was sent is not known.
            return Delivery.UNKNOWN
        told["code"] = code
        return _outcome(code)

    def _headers(self, body: bytes) -> dict[str, str]:
        """Who asks, when, a word for this one request, and a seal over all of it with the body."""
        at, nonce = str(int(platform_now(self._clock).timestamp())), new_secret()
        sealed = "\n".join((self._key_id, at, nonce, hashlib.sha256(body).hexdigest()))
        signature = hmac.new(self._secret, sealed.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Sms-Key": self._key_id,
            "X-Sms-Time": at,
            "X-Sms-Nonce": nonce,
            "X-Sms-Signature": signature,
        }


def _values(template: MessageTemplate, message: Message) -> dict[str, str] | None:
    """What the template's text is filled with, cut to what gateways take; `None` where a word is missing."""
    found = {keyword: message.fields.get(name, "")[:_LONGEST_VALUE] for name, keyword in template.fields.items()}
    return found if all(found.values()) else None


def _code(answer: bytes) -> str | None:
    try:
        code = json.loads(answer)["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return code if isinstance(code, str) and code.isascii() and code.isprintable() and len(code) <= _LONGEST_CODE else None


def _outcome(code: str) -> Delivery:
    if code == _GOOD:
        return Delivery.SENT
    if code in STOP:
        return Delivery.STOP
    # A code that stands nowhere here is for a person to look at.
    return Delivery.RETRY if code in RETRY else _alert(code)


def _alert(code: str) -> Delivery:
    alarm("channel_message_refused", SmsSender.name, code=code)
    return Delivery.ALERT

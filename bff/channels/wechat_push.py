"""WeChat's message push in the secure mode: shown to be WeChat's and fresh, opened, and put into our events.

The console must be set to JSON and to the secure mode: what comes in the clear is refused, whatever it is signed with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from wechatpy.crypto import PrpCrypto

from bff.channel_settings import MessageTemplate, PushSettings
from bff.channels.base import ChannelEvent, EventKind, Push, Subject
from bff.channels.upstream import platform_now
from bff.errors import CallbackRefused
from groundwork.clock import Clock

FRESH_S = 300
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ECHO = re.compile(r"[0-9A-Za-z_+/=-]{1,256}")
_SEALED = re.compile(r"[0-9A-Za-z+/]{4,}={0,2}")
_ENVELOPE = frozenset({"ToUserName", "Encrypt"})

_KINDS: Mapping[str, EventKind] = {
    "user_authorization_revoke": "authorisation_revoked",
    # The whole account is gone, and with it what it had authorised.
    "user_authorization_cancellation": "authorisation_revoked",
    "user_info_modified": "user_information_modified",
}
_SUBSCRIPTIONS = {"subscribe_msg_popup_event": "SubscribeMsgPopupEvent", "subscribe_msg_change_event": "SubscribeMsgChangeEvent"}


class PushReader:
    """Reads what WeChat pushes to one mini-program."""

    def __init__(self, app_id: str, settings: PushSettings, templates: Mapping[str, MessageTemplate], clock: Clock) -> None:
        self._app_id, self._token, self._clock = app_id, settings.token, clock
        self._crypto = PrpCrypto(base64.b64decode(f"{settings.aes_key}="))
        self._words = {template.id: word for word, template in templates.items()}

    def read(self, query: Mapping[str, str], body: bytes) -> Push:
        """The push, or `CallbackRefused`; a query with `echostr` is WeChat trying our address, once, when it is set."""
        if not body and "echostr" in query:
            return self._echo(query)
        if query.get("encrypt_type") != "aes" or ("signature" in query and not self._is_signed(query, "signature")):
            raise CallbackRefused
        envelope = _object(body)
        sealed = envelope.get("Encrypt")
        if envelope.keys() - _ENVELOPE or not isinstance(sealed, str) or not _SEALED.fullmatch(sealed):
            raise CallbackRefused
        if not self._is_signed(query, "msg_signature", sealed):
            raise CallbackRefused
        message = _object(self._open(sealed))
        if envelope.get("ToUserName") != message.get("ToUserName"):
            raise CallbackRefused
        return Push(self._id(message), self._events(message), b"success", "text/plain")

    def _echo(self, query: Mapping[str, str]) -> Push:
        echo = query["echostr"]
        if not _ECHO.fullmatch(echo) or not self._is_signed(query, "signature"):
            raise CallbackRefused
        return Push(f"wechat:echo:{query['timestamp']}:{query['nonce']}", (), echo.encode(), "text/plain")

    def _is_signed(self, query: Mapping[str, str], name: str, *sealed: str) -> bool:
        """Whether WeChat signed this, a short while ago; the longer a signature is good, the longer it can be replayed."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        # The signed parts are joined without anything between them, so each must have the shape that it ought to have.
        if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
            return False
        text = "".join(sorted((self._token, timestamp, nonce, *sealed)))
        # SHA-1 is WeChat's choice.
        ours = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        is_ours = hmac.compare_digest(ours.encode(), query.get(name, "").encode())
        return is_ours and abs(platform_now(self._clock).timestamp() - int(timestamp)) <= FRESH_S

    def _open(self, sealed: str) -> bytes:
        try:
            text = self._crypto.decrypt(sealed, self._app_id)
        except Exception:  # wechatpy lets whatever fails below it through: padding, struct, base64, codecs
            text = None
        if not isinstance(text, str):
            raise CallbackRefused
        return text.encode()

    def _id(self, message: Mapping[str, Any]) -> str:
        """The same for every delivery of one message: WeChat seals it anew each time, with another nonce, but says the same."""
        said = json.dumps([self._app_id, message], ensure_ascii=False, sort_keys=True)
        return f"wechat:{hashlib.sha256(said.encode()).hexdigest()}"

    def _events(self, message: Mapping[str, Any]) -> tuple[ChannelEvent, ...]:
        event = message.get("Event") if message.get("MsgType") == "event" else None
        if not isinstance(event, str):
            return (ChannelEvent("other", _subject(message, "FromUserName")),)
        if event in _SUBSCRIPTIONS:
            return self._subscriptions(message, _SUBSCRIPTIONS[event])
        kind = _KINDS.get(event)
        if kind is None:
            return (ChannelEvent("other", _subject(message, "FromUserName"), {"event": event[:64]}),)
        # Who it is about stands in OpenID; the sender is WeChat itself. Of a plugin's users we know nobody.
        subject = None if message.get("PluginID") else _subject(message, "OpenID")
        return (ChannelEvent(kind, subject, {"event": event}),)

    def _subscriptions(self, message: Mapping[str, Any], nested: str) -> tuple[ChannelEvent, ...]:
        inner = message.get(nested)
        told = inner.get("List") if isinstance(inner, dict) else message.get("List")
        # One item comes as an object, several as an array, whatever the documents say.
        items = told if isinstance(told, list) else [told]
        subject = _subject(message, "FromUserName")
        return tuple(self._subscription(item, subject) for item in items if isinstance(item, dict))

    def _subscription(self, item: Mapping[str, Any], subject: Subject | None) -> ChannelEvent:
        kind: EventKind = "subscription_changed" if item.get("SubscribeStatusString") == "accept" else "subscription_refused"
        word = self._words.get(str(item.get("TemplateId")))
        return ChannelEvent(kind, subject, {"template": word} if word else {})


def _subject(message: Mapping[str, Any], name: str) -> Subject | None:
    value = message.get(name)
    return Subject("open_id", value) if isinstance(value, str) and value else None


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise CallbackRefused
    return value

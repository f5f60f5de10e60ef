"""Message push in the secure mode: what people do in WeChat's settings is sealed, signed and sent to the BFF."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from groundwork.chance import new_digits, random_bytes
from groundwork.clock import Clock
from sandbox.callbacks import Answered, Callbacks
from sandbox.channels import PlatformEvent
from sandbox.problems import Problem
from sandbox.settings import Settings
from sandbox.subjects import Subjects
from sandbox.wechat.messages import SubscribeMessages

PATH = "/api/v1/callbacks/wechat"
_ACCOUNT = "gh_870882ca4b1f"
_WECHAT_ITSELF = "o0000000000000000000000weixin"
_BLOCK = 32
_EVENTS = {"authorisation_revoked": "user_authorization_revoke", "user_information_modified": "user_info_modified"}


class Pushes:
    """What WeChat tells one mini-program's backend unasked."""

    def __init__(
        self, settings: Settings, subjects: Subjects, messages: SubscribeMessages, callbacks: Callbacks, clock: Clock
    ) -> None:
        self._app_id, self._token = settings.wechat_app_id, settings.wechat_push_token
        self._key = base64.b64decode(f"{settings.wechat_push_aes_key}=") if settings.wechat_push_aes_key else b""
        self._subjects, self._messages, self._callbacks, self._clock = subjects, messages, callbacks, clock

    def push(self, id_number: str, event: PlatformEvent) -> list[Answered]:
        """Tell the BFF; each delivery of one message is sealed anew, as WeChat does it."""
        if not self._key:
            raise Problem(409, "no_push_key", "没有推送密钥", "请在启动前设好 WECHAT_PUSH_TOKEN 和 WECHAT_PUSH_AES_KEY。")
        message = {"ToUserName": _ACCOUNT, "CreateTime": self._now_s(), "MsgType": "event", **self._said(id_number, event)}
        return [self._deliver(message) for _ in range(event.deliveries)]

    def _said(self, id_number: str, event: PlatformEvent) -> dict[str, Any]:
        open_id = self._subjects.name("open_id", id_number)
        if event.kind in _EVENTS:
            told = {"Event": _EVENTS[event.kind], "OpenID": open_id, "AppID": self._app_id}
            revoked = {"RevokeInfo": "8"} if event.kind == "authorisation_revoked" else {}
            return {"FromUserName": _WECHAT_ITSELF, **told, **revoked}
        refused = event.kind == "subscription_refused"
        templates = event.template_ids or tuple(self._messages.templates_seen(id_number))
        (self._messages.refuse if refused else self._messages.accept)(id_number, templates)
        status = "reject" if refused else "accept"
        items = [{"TemplateId": template, "SubscribeStatusString": status} for template in templates]
        name = "subscribe_msg_change_event" if refused else "subscribe_msg_popup_event"
        # One item is an object, several are an array: so it is in the field, whatever the documents say.
        return {"FromUserName": open_id, "Event": name, "List": items[0] if len(items) == 1 else items}

    def _deliver(self, message: Mapping[str, Any]) -> Answered:
        sealed = self._sealed(json.dumps(message, ensure_ascii=False).encode())
        timestamp, nonce = str(self._now_s()), new_digits(9)
        query = {
            "signature": _signature(self._token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(message["FromUserName"]),
            "encrypt_type": "aes",
            "msg_signature": _signature(self._token, timestamp, nonce, sealed),
        }
        body = json.dumps({"ToUserName": _ACCOUNT, "Encrypt": sealed}, separators=(",", ":")).encode()
        return self._callbacks.deliver(PATH, query, "application/json", body)

    def _sealed(self, text: bytes) -> str:
        plain = random_bytes(16) + struct.pack(">I", len(text)) + text + self._app_id.encode()
        padding = _BLOCK - len(plain) % _BLOCK
        sealer = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).encryptor()
        return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()

    def _now_s(self) -> int:
        return int(self._clock.now().timestamp())


def _signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, by WeChat's recipe."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()

"""Notifications: what people do in Alipay's settings, signed in version 2 and sent to the app's gateway, which is the BFF."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from groundwork.chance import new_digits
from groundwork.clock import Clock
from sandbox.alipay.messages import TemplateMessages
from sandbox.alipay.signing import Signer
from sandbox.callbacks import Answered, Callbacks
from sandbox.channels import PlatformEvent
from sandbox.problems import invalid
from sandbox.settings import Settings
from sandbox.subjects import Subjects

PATH = "/api/v1/callbacks/alipay"
_FORM = "application/x-www-form-urlencoded;charset=utf-8"
_REVOKED = "authorisation_revoked"
_SUBSCRIPTIONS = ("subscription_refused", "subscription_changed")


class Pushes:
    """What Alipay tells one mini-program's backend unasked: only that somebody took the authorisation back."""

    def __init__(self, settings: Settings, signer: Signer, subjects: Subjects, messages: TemplateMessages, clock: Clock) -> None:
        self._app_id, self._callbacks = settings.alipay_app_id, Callbacks(settings.bff_url)
        self._kinds = ("open_id", "user_id") if settings.alipay_gives_user_id else ("open_id",)
        self._signer, self._subjects, self._messages, self._clock = signer, subjects, messages, clock

    def push(self, id_number: str, event: PlatformEvent) -> list[Answered]:
        """Tell the BFF, the very same as often as asked; what Alipay tells nobody has its effect here alone."""
        if event.kind in _SUBSCRIPTIONS:
            self._messages.subscribe(id_number, event.template_ids, wanted=event.kind == "subscription_changed")
            return []
        if event.kind != _REVOKED:
            raise invalid({"kind": "Alipay has no such event"})
        body = urlencode(self._revoked(id_number)).encode()
        return [self._callbacks.deliver(PATH, {}, _FORM, body) for _ in range(event.deliveries)]

    def _revoked(self, id_number: str) -> dict[str, str]:
        now_ms = int(self._clock.now().timestamp() * 1000)
        ids = {kind: self._subjects.name(kind, id_number) for kind in self._kinds}
        content = {"cancel_time": now_ms, **ids, "app_id": self._app_id}
        told = {
            "version": "1.1",
            "msg_method": "alipay.open.auth.userauth.cancelled",
            "utc_timestamp": str(now_ms),
            "sign_type": "RSA2",
            "notify_id": f"{self._clock.now():%Y%m%d}{new_digits(26)}",
            "charset": "UTF-8",
            "biz_content": json.dumps(content, separators=(",", ":")),
            "app_id": self._app_id,
        }
        text = "&".join(f"{name}={value}" for name, value in sorted(told.items()))
        return {**told, "sign": self._signer.sign(text)}

"""The gateway's server: `POST /sms/messages`, signed; what is sent is kept where the player reads a phone's messages.

A request carries `X-Sms-Key`, `X-Sms-Time` (seconds since 1970), `X-Sms-Nonce` and `X-Sms-Signature`, the HMAC-SHA256 in hex of
these three and the SHA-256 of the body in hex, one below the other, under the account's secret. The body is
`{phone, template_id, values}`. The answer is always 200 `{code, message}` with `OK`, or with what was wrong; a text may be sent
twice if it is asked for twice.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import Headers

from groundwork.clock import Clock
from sandbox.fault_play import Answer, FaultPlay, bare_refusal
from sandbox.faults import Faults
from sandbox.settings import Settings
from sandbox.store import Facts, Store

_SIGNED_BY = "【家庭共济】"
_CLOCKS_APART = timedelta(minutes=5)
_LONGEST_VALUE = 35
_MEANINGS = {
    "OK": "sent",
    "KEY_UNKNOWN": "no such account",
    "SIGNATURE_WRONG": "the signature is not this account's",
    "TIME_WRONG": "the request is too old, or from the future",
    "NONCE_USED": "the request was made before",
    "BODY_WRONG": "the body is not as described",
    "TEMPLATE_UNKNOWN": "no such template was approved",
    "VALUE_WRONG": "a value is missing, too long or one too many",
    "PHONE_INVALID": "nobody has this number",
    "PHONE_REFUSES": "this number wants no messages",
    "BALANCE_EMPTY": "the account is not paid for",
    "TOO_OFTEN": "too many messages in a short time",
    "SYSTEM_BUSY": "later, please; nothing was sent",
}


class SmsRefusal(Exception):
    """What is wrong with a request, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsGateway:
    """One account's server."""

    def __init__(self, settings: Settings, store: Store, faults: Faults, clock: Clock) -> None:
        self._key_id, self._secret = settings.sms_key_id, settings.sms_secret.encode()
        self._store, self._clock = store, clock
        self._play = FaultPlay(faults, "sms", bare_refusal, _fail)
        self._lock = threading.Lock()
        self._nonces: set[str] = set()
        written = yaml.safe_load(Path(__file__).with_name("templates.yaml").read_text(encoding="utf-8"))
        self._templates: Mapping[str, str] = {f"sandbox-sms-{name}": text for name, text in written.items()}

    def blueprint(self) -> Blueprint:
        """The gateway at `/sms/messages`."""
        server = Blueprint("sms", __name__)

        @server.post("/sms/messages")
        def messages() -> Response:
            return self._play.around("POST", "messages", self._answer)

        return server

    def _answer(self) -> Response:
        try:
            self._check(request.headers, request.get_data())
            owner, said = self._read(request.get_json(force=True, silent=True))
        except SmsRefusal as refusal:
            return _told(refusal.code)
        self._store.add_message(owner, said)
        return _told("OK")

    def _check(self, headers: Headers, body: bytes) -> None:
        """Whose request this is, fresh and made once; raises `SmsRefusal`."""
        key_id, at, nonce = (headers.get(f"X-Sms-{name}", "") for name in ("Key", "Time", "Nonce"))
        if not self._key_id or key_id != self._key_id:
            raise SmsRefusal("KEY_UNKNOWN")
        sealed = "\n".join((key_id, at, nonce, hashlib.sha256(body).hexdigest()))
        expected = hmac.new(self._secret, sealed.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), headers.get("X-Sms-Signature", "").encode()):
            raise SmsRefusal("SIGNATURE_WRONG")
        if not at.isdigit() or abs(self._clock.now().timestamp() - int(at)) > _CLOCKS_APART.total_seconds():
            raise SmsRefusal("TIME_WRONG")
        with self._lock:
            if nonce in self._nonces:
                raise SmsRefusal("NONCE_USED")
            self._nonces.add(nonce)

    def _read(self, asked: Any) -> tuple[str, Facts]:
        """Whose phone, and what comes to it; raises `SmsRefusal`."""
        if not isinstance(asked, dict) or set(asked) != {"phone", "template_id", "values"}:
            raise SmsRefusal("BODY_WRONG")
        template = self._templates.get(str(asked["template_id"]))
        if template is None:
            raise SmsRefusal("TEMPLATE_UNKNOWN")
        text = _filled(template, asked["values"])
        owner = self._store.owner_of_phone(str(asked["phone"]))
        if owner is None:
            raise SmsRefusal("PHONE_INVALID")
        at = self._clock.now().isoformat()
        return owner, {"at": at, "channel": "sms", "template_id": asked["template_id"], "text": f"{_SIGNED_BY}{text}"}


def _filled(template: str, values: Any) -> str:
    if not isinstance(values, dict):
        raise SmsRefusal("BODY_WRONG")
    if not all(isinstance(value, str) and 0 < len(value) <= _LONGEST_VALUE for value in values.values()):
        raise SmsRefusal("VALUE_WRONG")
    try:
        text = template.format_map(values)
    except KeyError:
        raise SmsRefusal("VALUE_WRONG") from None
    if any(f"{{{name}}}" not in template for name in values):
        raise SmsRefusal("VALUE_WRONG")
    return text


def _told(code: str) -> Response:
    return jsonify({"code": code, "message": _MEANINGS.get(code, "an error that is new")})


def _fail(code: str | None, _answer: Answer) -> Response:
    return _told(code or "SYSTEM_BUSY")

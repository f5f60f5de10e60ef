"""Signing in (code2Session) and phone numbers (getPhoneNumber): codes go out to phones, a backend redeems them once."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from groundwork.chance import random_bytes
from groundwork.clock import Clock
from sandbox.one_time_codes import CodeUnknown, CodeUsed, OneTimeCodes
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError

CODE_LIFE_S = 300


class Login:
    """The codes of one mini-program."""

    def __init__(self, clock: Clock, subjects: Subjects, gives_union_id: bool, logins_per_minute: int) -> None:
        self._subjects = subjects
        self._gives_union_id = gives_union_id
        self._logins: OneTimeCodes[str] = OneTimeCodes(clock, CODE_LIFE_S)
        self._quota = _Quota(clock, logins_per_minute)

    def code(self, id_number: str) -> str:
        """What `wx.login` gives."""
        return self._logins.issue(id_number)

    def session(self, js_code: str) -> Mapping[str, Any]:
        """The answer of code2Session to a good request."""
        try:
            id_number = self._logins.redeem(js_code)
        except CodeUsed:
            raise WechatError(40163) from None
        except CodeUnknown:
            raise WechatError(40029) from None
        self._quota.spend(id_number)
        told = {"openid": self._subjects.name("open_id", id_number), "session_key": base64.b64encode(random_bytes(16)).decode()}
        if self._gives_union_id:
            told["unionid"] = self._subjects.name("union_id", id_number)
        return told


class PhoneNumbers:
    """The phone numbers that people let one mini-program have."""

    def __init__(self, clock: Clock, subjects: Subjects, app_id: str) -> None:
        self._clock = clock
        self._subjects = subjects
        self._app_id = app_id
        self._codes: OneTimeCodes[tuple[str, str]] = OneTimeCodes(clock, CODE_LIFE_S)

    def code(self, id_number: str, phone: str) -> str:
        """What the `getPhoneNumber` button gives."""
        return self._codes.issue((id_number, phone))

    def redeem(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of getuserphonenumber; where an openid is given, it must be that of the code's phone."""
        code = asked.get("code")
        if not isinstance(code, str) or not code:
            raise WechatError(41008)
        phone = self._phone(code, asked.get("openid"))
        mark = {"timestamp": int(self._clock.now().timestamp()), "appid": self._app_id}
        number = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": mark}
        return {"errcode": 0, "errmsg": "ok", "phone_info": number}

    def _phone(self, code: str, openid: object) -> str:
        try:
            id_number, phone = self._codes.held_by(code)
            # A code shown by somebody else stays good for its owner.
            if openid is None or self._subjects.owner("open_id", openid) == id_number:
                self._codes.redeem(code)
                return phone
        except (CodeUnknown, CodeUsed):
            pass
        raise WechatError(40029)


class _Quota:
    """How often one person may sign in within a minute."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._lock = threading.Lock()
        self._spent: dict[str, list[datetime]] = {}

    def spend(self, id_number: str) -> None:
        now = self._clock.now()
        with self._lock:
            recent = [moment for moment in self._spent.get(id_number, []) if moment > now - timedelta(minutes=1)]
            if len(recent) >= self._per_minute:
                raise WechatError(45011)
            self._spent[id_number] = [*recent, now]

"""WeChat's 医保 gateway: who authorised a partner on which phone, and whose vouchers a phone shows.

The user query is played as hospitals published it; path and fields of the family query are assumed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import Headers

from groundwork.chance import new_secret
from groundwork.clock import Clock
from sandbox.one_time_codes import CodeUnknown, CodeUsed, OneTimeCodes
from sandbox.settings import Settings
from sandbox.store import Facts, Store
from sandbox.subjects import Subjects

CODE_LIFE_S = 300
WINDOW_S = 15 * 60
BAD_SIGNATURE, BAD_CODE, NOT_THEIRS = 10001, 20001, 20002


@dataclass(frozen=True, slots=True)
class _Granted:
    """One authorisation: on whose phone, for whose voucher."""

    phone_of: str
    holder: str


class MedicalGateway:
    """The gateway for one partner."""

    def __init__(self, settings: Settings, store: Store, subjects: Subjects, clock: Clock) -> None:
        self._partner_id = settings.wechat_medical_partner_id
        self._secret = settings.wechat_medical_partner_secret
        self._store, self._subjects, self._clock = store, subjects, clock
        self._codes: OneTimeCodes[_Granted] = OneTimeCodes(clock, CODE_LIFE_S)

    def authorise(self, phone_of: str, holder: str) -> str:
        """What the authorisation page brings back to the mini-program."""
        return self._codes.issue(_Granted(phone_of, holder))

    def user_query(self, partner_id: str, headers: Headers, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Whom a code stands for."""
        if not self._is_signed(partner_id, headers):
            return _refused(BAD_SIGNATURE, "signature error")
        code = asked.get("qrcode")
        try:
            granted = self._codes.held_by(code if isinstance(code, str) else "")
            if self._subjects.owner("open_id", asked.get("openid")) != granted.phone_of:
                return _refused(NOT_THEIRS, "openid not match")
            self._codes.redeem(str(code))
        except (CodeUnknown, CodeUsed):
            return _refused(BAD_CODE, "qrcode invalid")
        holder = self._store.person(granted.holder) or {}
        number = "pay_auth_no" if granted.holder == granted.phone_of else "family_pay_auth_no"
        named = {"user_name": holder.get("name"), "user_card_no": holder.get("id_number")}
        return {"code": 0, "message": "success", **named, number: f"AUTH{new_secret(96)}"}

    def family_query(self, partner_id: str, headers: Headers, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Whose vouchers a phone shows beside its owner's."""
        if not self._is_signed(partner_id, headers):
            return _refused(BAD_SIGNATURE, "signature error")
        owner = self._subjects.owner("open_id", asked.get("openid"))
        if owner is None:
            return _refused(NOT_THEIRS, "openid not match")
        return {"code": 0, "message": "success", "family_list": [_told(one) for one in self._store.kinships("wechat", owner)]}

    def _is_signed(self, partner_id: str, headers: Headers) -> bool:
        stamp = headers.get("god-portal-timestamp", "")
        if not self._secret or partner_id != self._partner_id or not (stamp.isascii() and stamp.isdigit()):
            return False
        ours = hmac.new(self._secret.encode(), f"{partner_id}{stamp}".encode(), hashlib.sha256).hexdigest()
        is_fresh = abs(self._clock.now().timestamp() - int(stamp) / 1000) <= WINDOW_S
        return is_fresh and hmac.compare_digest(ours.encode(), headers.get("god-portal-signature", "").encode())


def _told(relative: Facts) -> Facts:
    return {
        "user_name": relative["name"],
        "user_card_no": relative["id_number"],
        "user_card_type": "01",
        "relation": relative["relation"],
    }


def _refused(code: int, message: str) -> Mapping[str, Any]:
    return {"code": code, "message": message}

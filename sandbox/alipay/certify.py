"""Real-person checks (alipay.user.certify.open.*): initialize names the person, a page is opened, query tells the end."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from typing import Any

from groundwork.chance import random_bytes
from groundwork.clock import Clock
from groundwork.id_number import IdNumberError, parse_id_number
from sandbox.alipay.errors import error_of
from sandbox.real_person import Check, Checks, Outcome

_ORDER = re.compile(r"[0-9A-Za-z]{1,32}")
_BIZ_CODES = ("FACE", "CERT_PHOTO", "CERT_PHOTO_FACE", "SMART_FACE")
_SUCCESS = {"code": "10000", "msg": "Success"}
_FAIL_REASON = {Outcome.SOMEBODY_ELSE: "人脸比对不一致", Outcome.GIVEN_UP: "用户未完成认证"}


class Certify:
    """The checks of one app."""

    def __init__(self, clock: Clock, checks: Checks) -> None:
        self._clock = clock
        self._checks = checks
        self._lock = threading.Lock()
        self._orders: set[str] = set()

    def initialize(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a check of the person in `identity_param`, which may be an object or JSON in a string."""
        order = content.get("outer_order_no")
        if not isinstance(order, str) or not _ORDER.fullmatch(order) or content.get("biz_code") not in _BIZ_CODES:
            raise error_of("ILLEGAL_ARGUMENT_FORMAT")
        name, number = self._named(content.get("identity_param"))
        with self._lock:
            if order in self._orders:
                raise error_of("ILLEGAL_ARGUMENT_FORMAT")
            self._orders.add(order)
        check = self._checks.begin(random_bytes(16).hex(), "alipay", name, number, {})
        return {**_SUCCESS, "certify_id": check.id}

    def query(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """`passed` is the text T or F once the look is over; before that the bill's state is an error."""
        check = self.find(content)
        if check.outcome is Outcome.WAITING:
            raise error_of("OPEN_CERTIFY_BILL_STATUS_ERROR")
        if check.outcome is Outcome.PASSED:
            return {**_SUCCESS, "passed": "T", "identity_info": "{}", "material_info": "{}"}
        return {**_SUCCESS, "passed": "F", "fail_reason": _FAIL_REASON[check.outcome]}

    def find(self, content: Mapping[str, Any]) -> Check:
        """The check that a request means; raises `AlipayError`."""
        check = self._checks.find(content.get("certify_id"), "alipay")
        if check is None:
            raise error_of("OPEN_CERTIFY_BILL_NOT_EXIST")
        if self._checks.expired(check):
            raise error_of("CERTIFY_ID_EXPIRED")
        return check

    def _named(self, identity: object) -> tuple[str, str]:
        try:
            person = json.loads(identity) if isinstance(identity, str) else identity
            if (
                not isinstance(person, dict)
                or person.get("identity_type") != "CERT_INFO"
                or person.get("cert_type") != "IDENTITY_CARD"
            ):
                raise error_of("ILLEGAL_ARGUMENT_FORMAT")
            name, number = str(person.get("cert_name") or ""), str(person.get("cert_no") or "")
            if not name:
                raise error_of("ILLEGAL_ARGUMENT_FORMAT")
            return name, parse_id_number(number, self._clock.now().date())
        except (json.JSONDecodeError, IdNumberError):
            raise error_of("ILLEGAL_ARGUMENT_FORMAT") from None

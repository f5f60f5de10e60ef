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
from sandbox.subjects import Subjects

_ORDER = re.compile(r"[0-9A-Za-z]{1,32}")
_NUMBER = re.compile(r"[0-9A-Z]{6,18}")
_BIZ_CODES = ("FACE", "CERT_PHOTO", "CERT_PHOTO_FACE", "SMART_FACE")
_SUCCESS = {"code": "10000", "msg": "Success"}
_CERTIFICATES = (
    "IDENTITY_CARD",
    "HOME_VISIT_PERMIT_HK_MC",
    "HOME_VISIT_PERMIT_TAIWAN",
    "RESIDENCE_PERMIT_HK_MC",
    "RESIDENCE_PERMIT_TAIWAN",
    "PERMANENT_RESIDENCE_FOREIGNER",
)
_OWN, _ANOTHERS = "CERT_INFO", "AGENT_CERT_INFO"
_FAIL_REASON = {Outcome.SOMEBODY_ELSE: "人脸比对不一致", Outcome.GIVEN_UP: "用户未完成认证"}


class Certify:
    """The checks of one app."""

    def __init__(self, clock: Clock, subjects: Subjects, checks: Checks) -> None:
        self._clock = clock
        self._subjects = subjects
        self._checks = checks
        self._lock = threading.Lock()
        self._orders: set[str] = set()

    def initialize(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a check of the person in `identity_param`, which may be an object or JSON in a string."""
        order = content.get("outer_order_no")
        if not isinstance(order, str) or not _ORDER.fullmatch(order) or content.get("biz_code") not in _BIZ_CODES:
            raise error_of("ILLEGAL_ARGUMENT_FORMAT")
        person = _read(content.get("identity_param"))
        name, number = self._named(person)
        # One's own check is one's own account's; for anybody else there is AGENT_CERT_INFO.
        owner = self._account(person)
        bound_to = {"owner": owner} if owner and person["identity_type"] == _OWN else {}
        with self._lock:
            if order in self._orders:
                raise error_of("ILLEGAL_ARGUMENT_FORMAT")
            self._orders.add(order)
        check = self._checks.begin(random_bytes(16).hex(), "alipay", name, number, bound_to)
        return {**_SUCCESS, "certify_id": check.id}

    def query(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """`passed` is the text T or F once the look is over; before that the bill's state is an error."""
        check = self.find(content)
        if check.outcome is Outcome.WAITING:
            raise error_of("OPEN_CERTIFY_BILL_STATUS_ERROR")
        is_theirs = check.bound_to.get("owner", check.id_number) == check.id_number
        if check.outcome is Outcome.PASSED and is_theirs:
            return {**_SUCCESS, "passed": "T", "identity_info": "{}", "material_info": "{}"}
        return {**_SUCCESS, "passed": "F", "fail_reason": _FAIL_REASON.get(check.outcome, "账号与姓名证件不一致")}

    def find(self, content: Mapping[str, Any]) -> Check:
        """The check that a request means; raises `AlipayError`."""
        check = self._checks.find(content.get("certify_id"), "alipay")
        if check is None:
            raise error_of("OPEN_CERTIFY_BILL_NOT_EXIST")
        if self._checks.expired(check):
            raise error_of("CERTIFY_ID_EXPIRED")
        return check

    def _named(self, person: Mapping[str, Any]) -> tuple[str, str]:
        name, number = str(person.get("cert_name") or ""), str(person.get("cert_no") or "")
        if person.get("identity_type") not in (_OWN, _ANOTHERS) or person.get("cert_type") not in _CERTIFICATES or not name:
            raise error_of("ILLEGAL_ARGUMENT_FORMAT")
        if person["cert_type"] != "IDENTITY_CARD":
            if not _NUMBER.fullmatch(number):
                raise error_of("ILLEGAL_ARGUMENT_FORMAT")
            return name, number
        try:
            return name, parse_id_number(number, self._clock.now().date())
        except IdNumberError:
            raise error_of("ILLEGAL_ARGUMENT_FORMAT") from None

    def _account(self, person: Mapping[str, Any]) -> str | None:
        """The owner of the account that must take the check, where one is named."""
        named = [(kind, person[kind]) for kind in ("open_id", "user_id") if person.get(kind)]
        owners = {self._subjects.owner(kind, subject) for kind, subject in named}
        if None in owners or len(owners) > 1:
            raise error_of("ILLEGAL_ARGUMENT_FORMAT")
        return next(iter(owners), None)


def _read(identity: object) -> Mapping[str, Any]:
    try:
        person = json.loads(identity) if isinstance(identity, str) else identity
    except json.JSONDecodeError:
        person = None
    if not isinstance(person, dict):
        raise error_of("ILLEGAL_ARGUMENT_FORMAT")
    return person

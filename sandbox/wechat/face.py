"""Real-person checks (face 2.0): getVerifyId begins one for a named person, queryVerifyInfo tells how it ended."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_secret
from groundwork.clock import Clock
from groundwork.id_number import IdNumberError, parse_id_number
from sandbox.real_person import Checks, Outcome
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError

_SEQUENCE = re.compile(r"[0-9A-Za-z_-]{5,32}")
# 10300 not finished, 10000 passed, 10004 the face is another's, 90004 the person left while the camera was on.
_VERIFY_RET = {Outcome.WAITING: 10300, Outcome.PASSED: 10000, Outcome.SOMEBODY_ELSE: 10004, Outcome.GIVEN_UP: 90004}

# How else a check may end: these are told beside errcode 0, so a fault of this code is an answer and no error.
VERIFY_RETS = frozenset({10000, 10003, 10004, 10005, 10020, 10300, *range(90001, 90019), *range(90104, 90111), 90199})


class Face:
    """The checks of one mini-program."""

    def __init__(self, clock: Clock, subjects: Subjects, checks: Checks) -> None:
        self._clock = clock
        self._subjects = subjects
        self._checks = checks
        self._lock = threading.Lock()
        self._sequences: set[str] = set()

    def get_verify_id(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Begin a check of the person in `cert_info`, for the phone of `openid` only."""
        sequence, openid = _text(asked, "out_seq_no", 84010), _text(asked, "openid", 84016)
        if not _SEQUENCE.fullmatch(sequence):
            raise WechatError(84011)
        name, number = self._named(asked.get("cert_info"))
        if self._subjects.owner("open_id", openid) is None:
            raise WechatError(40003)
        self._claim(sequence)
        bound_to = {"openid": openid, "out_seq_no": sequence, "cert_hash": cert_hash("IDENTITY_CARD", name, number)}
        check = self._checks.begin(new_secret(384), "wechat", name, number, bound_to)
        return {"errcode": 0, "errmsg": "ok", "verify_id": check.id, "expires_in": self._checks.life_s}

    def query_verify_info(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """How a check ended; whoever asks must know everything that it was begun with."""
        check = self._checks.find(_text(asked, "verify_id", 84021), "wechat")
        if check is None or self._checks.expired(check):
            raise WechatError(84022)
        for name, missing, differs in (("out_seq_no", 84010, 84020), ("openid", 84016, 84017), ("cert_hash", 84018, 84018)):
            if not hmac.compare_digest(_text(asked, name, missing).encode(), check.bound_to[name].encode()):
                raise WechatError(differs)
        return {"errcode": 0, "errmsg": "ok", "verify_ret": _VERIFY_RET[check.outcome]}

    def _named(self, cert_info: object) -> tuple[str, str]:
        if not isinstance(cert_info, Mapping):
            raise WechatError(84012)
        if cert_info.get("cert_type") != "IDENTITY_CARD":
            raise WechatError(84013)
        name, number = _text(cert_info, "cert_name", 84014), _text(cert_info, "cert_no", 84015)
        try:
            parse_id_number(number, self._clock.now().date())
        except IdNumberError:
            raise WechatError(84015) from None
        return name, number

    def _claim(self, sequence: str) -> None:
        with self._lock:
            if sequence in self._sequences:
                raise WechatError(84019)
            self._sequences.add(sequence)


def cert_hash(cert_type: str, cert_name: str, cert_no: str) -> str:
    """The digest by which a backend proves, when asking, that it began the check for this person."""
    parts = (("cert_type", cert_type), ("cert_name", cert_name), ("cert_no", cert_no))
    joined = "&".join(f"{name}={base64.b64encode(value.encode()).decode()}" for name, value in parts)
    return hashlib.sha256(joined.encode()).hexdigest()


def _text(asked: Mapping[str, Any], name: str, missing: int) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise WechatError(missing)
    return value

"""Real-person checks in WeChat, second edition: bound to openid, name and number, passed only when WeChat says so in full."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from bff.channels.base import Check, CheckResult, NamedPerson
from bff.channels.wechat_client import HardenedClient, WeChatRefusal
from bff.channels.wechat_meanings import CHECK_BEGIN, CHECK_END, CHECK_GONE, ask, meaning, text_of
from bff.errors import ChannelUnavailable, CheckNotPossible
from groundwork.chance import new_id
from groundwork.clock import Clock

MAINLAND_CARD = "01"
# The two halves of a pass: errcode 0 and this verify_ret.
VERIFY_PASSED = 10000
VERIFY_PENDING = frozenset({10005, 10300})  # WeChat is still comparing; nobody has looked into the camera yet


class Faces:
    """The checks of one mini-program. A check is finished for the purpose that it was begun for, and for no other."""

    def __init__(self, channel: str, client: HardenedClient, clock: Clock) -> None:
        self._channel, self._client, self._clock = channel, client, clock

    def begin(self, open_id: str, person: NamedPerson, purpose: str) -> Check:
        """Ask for a check that is bound to this openid, name and number."""
        if person.cert_type != MAINLAND_CARD:
            raise CheckNotPossible
        out_seq_no = new_id().replace("-", "")
        cert = {"cert_type": "IDENTITY_CARD", "cert_name": person.name, "cert_no": person.id_number}
        answer = ask(self._channel, CHECK_BEGIN, self._client.face.get_verify_id, out_seq_no, cert, open_id)
        life_s = answer.get("expires_in", 3600)
        if not isinstance(life_s, int):
            raise ChannelUnavailable
        expires_at = self._clock.now() + timedelta(seconds=life_s)
        kept = {"out_seq_no": out_seq_no, "cert_hash": cert_hash(**cert), "purpose": purpose}
        return Check(text_of(answer, "verify_id"), self._channel, expires_at, keep=kept)

    def finish(self, open_id: str, check: Check, purpose: str) -> CheckResult:
        """Ask how it ended; WeChat compares openid, name and number with those of the beginning."""
        is_meant = check.channel == self._channel and check.keep.get("purpose") == purpose
        if not is_meant or check.expires_at <= self._clock.now():
            return CheckResult.EXPIRED
        kept = check.keep["out_seq_no"], check.keep["cert_hash"]
        try:
            answer = self._client.face.query_verify_info(check.id, *kept, open_id)
        except WeChatRefusal as refusal:
            errcode = refusal.errcode
        else:
            return _result(answer.get("verify_ret"))
        if errcode in CHECK_GONE:
            return CheckResult.EXPIRED
        raise meaning(self._channel, CHECK_END, errcode)


def cert_hash(cert_type: str, cert_name: str, cert_no: str) -> str:
    """The digest that stands for a certificate, by WeChat's recipe, so that name and number need not be kept."""
    parts = {"cert_type": cert_type, "cert_name": cert_name, "cert_no": cert_no}
    joined = "&".join(f"{name}={base64.b64encode(value.encode()).decode()}" for name, value in parts.items())
    return hashlib.sha256(joined.encode()).hexdigest()


def _result(verify_ret: Any) -> CheckResult:
    if not isinstance(verify_ret, int):
        raise ChannelUnavailable
    if verify_ret in VERIFY_PENDING:
        return CheckResult.PENDING
    return CheckResult.PASSED if verify_ret == VERIFY_PASSED else CheckResult.NOT_PASSED

"""WeChat's words into ours: login, phone by code, and the real-person check of a mini-program."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bff.channels.bare import BareChannel
from bff.channels.base import ChannelUser, Check, CheckResult, NamedPerson, Subject, TokenCache
from bff.channels.phones import mainland_phone
from bff.channels.upstream import Upstream, alarm, platform_now
from bff.channels.wechat_client import OFFICIAL_BASE, TOKEN_REFUSED, HardenedClient, WeChatRefusal
from bff.errors import (
    BffError,
    ChannelLimited,
    ChannelMisconfigured,
    ChannelUnavailable,
    CheckNotPossible,
    LoginBlocked,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)
from groundwork.chance import new_id
from groundwork.clock import Clock

Meanings = Mapping[int, type[BffError]]

# WeChat answers 200 and puts the truth into errcode. What stands in no table means "try again later".
EVERYWHERE: Meanings = {
    -1: ChannelUnavailable,  # WeChat is busy
    40013: ChannelMisconfigured,  # no such app id
    40066: ChannelMisconfigured,  # no such call
    40125: ChannelMisconfigured,  # wrong app secret
    40164: ChannelMisconfigured,  # our address is not on the app's list
    40243: ChannelMisconfigured,  # app secret frozen
    41002: ChannelMisconfigured,  # app id missing
    41004: ChannelMisconfigured,  # app secret missing
    41008: ChannelMisconfigured,  # code missing
    45009: ChannelMisconfigured,  # the day's quota is spent: waiting a minute will not help
    45011: ChannelLimited,  # too many calls this minute
    48001: ChannelMisconfigured,  # the app has no right to this call
    # A token that was fetched for this very call is refused as well.
    **dict.fromkeys(TOKEN_REFUSED, ChannelMisconfigured),
}
LOGIN: Meanings = {
    40029: LoginCodeInvalid,  # no such code, or another app's
    40163: LoginCodeInvalid,  # used already
    40226: LoginBlocked,  # WeChat thinks this person a risk
}
PHONE: Meanings = {
    40003: PhoneCodeInvalid,  # somebody else's code
    40029: PhoneCodeInvalid,
    40163: PhoneCodeInvalid,
}
# WeChat does not know the check, or not any more.
CHECK_GONE = frozenset({84001, 84022})

# The two halves of a pass: errcode 0 and this verify_ret.
VERIFY_PASSED = 10000
VERIFY_PENDING = frozenset({10005, 10300})  # WeChat is still comparing; nobody has looked into the camera yet

OFFICIAL_SERVER = Upstream(OFFICIAL_BASE)
LIMITED_RETRY_S = 60
# A phone code lives five minutes; what is older was not made for this call.
WATERMARK_AGE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """A mini-program and its server; `upstream` is another one only in a developer's world."""

    app_id: str
    app_secret: str = field(repr=False)
    upstream: Upstream = OFFICIAL_SERVER


class WeChat(BareChannel):
    """The WeChat mini-program as a `Channel`."""

    name = "wechat"

    def __init__(self, config: WeChatConfig, clock: Clock, tokens: TokenCache) -> None:
        self._app_id = config.app_id
        self._clock = clock
        self._client = HardenedClient(config.app_id, config.app_secret, config.upstream, tokens)

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code. The answer's session_key is never kept: nothing that we call needs it."""
        if not login_code:
            raise LoginCodeInvalid
        answer = self._ask(LOGIN, self._client.wxa.code_to_session, login_code)
        subjects = [Subject("open_id", _text(answer, "openid"))]
        if answer.get("unionid"):
            subjects.append(Subject("union_id", _text(answer, "unionid")))
        return ChannelUser(self.name, self._app_id, tuple(subjects))

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """Redeem the code of a phone button; only this user's, and only if WeChat made the answer for us just now."""
        if user.channel != self.name or not isinstance(channel_code, str) or not channel_code:
            raise PhoneCodeInvalid
        answer = self._ask(PHONE, self._client.wxa.phone_number, channel_code, _open_id(user))
        told = answer.get("phone_info")
        if not isinstance(told, dict):
            raise ChannelUnavailable
        phone = mainland_phone(told.get("purePhoneNumber"))
        if phone is None or str(told.get("countryCode")) != "86" or not self._is_ours_and_fresh(told.get("watermark")):
            raise PhoneCodeInvalid
        return phone

    def can_check(self, person: NamedPerson) -> bool:
        """WeChat's face knows the cards of mainland citizens only."""
        return person.cert_type == "01"

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """Ask WeChat for a check that is bound to this openid, name and number."""
        if not self.can_check(person):
            raise CheckNotPossible
        out_seq_no = new_id().replace("-", "")
        cert = {"cert_type": "IDENTITY_CARD", "cert_name": person.name, "cert_no": person.id_number}
        answer = self._ask({}, self._client.face.get_verify_id, out_seq_no, cert, _open_id(user))
        life_s = answer.get("expires_in", 3600)
        if not isinstance(life_s, int):
            raise ChannelUnavailable
        expires_at = self._clock.now() + timedelta(seconds=life_s)
        kept = {"out_seq_no": out_seq_no, "cert_hash": cert_hash(**cert)}
        return Check(_text(answer, "verify_id"), self.name, expires_at, keep=kept)

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask WeChat how it ended; it compares openid, name and number with those of the beginning."""
        if check.channel != self.name or check.expires_at <= self._clock.now():
            return CheckResult.EXPIRED
        kept = check.keep["out_seq_no"], check.keep["cert_hash"]
        try:
            answer = self._client.face.query_verify_info(check.id, *kept, _open_id(user))
        except WeChatRefusal as refusal:
            errcode = refusal.errcode
        else:
            return _result(answer.get("verify_ret"))
        if errcode in CHECK_GONE:
            return CheckResult.EXPIRED
        raise self._meaning({}, errcode)

    def _ask(self, meanings: Meanings, call: Callable[..., dict[str, Any]], *asked: Any) -> dict[str, Any]:
        """Make a call and turn WeChat's code for what went wrong into our error."""
        try:
            return call(*asked)
        except WeChatRefusal as refusal:
            errcode = refusal.errcode
        raise self._meaning(meanings, errcode)

    def _meaning(self, meanings: Meanings, errcode: int) -> BffError:
        error = meanings.get(errcode) or EVERYWHERE.get(errcode, ChannelUnavailable)
        if error is ChannelMisconfigured:
            alarm("channel_misconfigured", self.name, errcode=errcode)
        return error(retry_after_s=LIMITED_RETRY_S) if error is ChannelLimited else error()

    def _is_ours_and_fresh(self, watermark: Any) -> bool:
        if not isinstance(watermark, dict) or watermark.get("appid") != self._app_id:
            return False
        made_at_s = watermark.get("timestamp")
        if not isinstance(made_at_s, int):
            return False
        return abs(platform_now(self._clock).timestamp() - made_at_s) <= WATERMARK_AGE.total_seconds()


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


def _open_id(user: ChannelUser) -> str:
    for subject in user.subjects:
        if user.channel == WeChat.name and subject.kind == "open_id":
            return subject.subject
    raise ValueError("somebody whom WeChat does not know")


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise ChannelUnavailable
    return value

"""Alipay's words into ours: login, the phone that the phone brings, and the real-person check of a mini-program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bff.channels.alipay_gateway import AlipayGateway, AlipayRefusal
from bff.channels.alipay_keys import AlipayKeys
from bff.channels.alipay_phone import NotFromAlipay, WrongKey, open_sealed, parse_content_key
from bff.channels.bare import BareChannel
from bff.channels.base import ChannelUser, Check, CheckResult, NamedPerson, Subject
from bff.channels.phones import mainland_phone
from bff.channels.upstream import Upstream, alarm
from bff.errors import (
    BffError,
    ChannelLimited,
    ChannelMisconfigured,
    ChannelUnavailable,
    CheckNotPossible,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)
from groundwork.chance import new_id
from groundwork.clock import Clock

OFFICIAL_GATEWAY = Upstream("https://openapi.alipay.com/gateway.do")

Meanings = Mapping[str, type[BffError]]

# Alipay answers with a code and mostly a sub_code; the narrower one is looked up first.
# What stands in no table means "try again later".
EVERYWHERE: Meanings = {
    "20000": ChannelUnavailable,  # Alipay is out of order
    "20001": LoginCodeInvalid,  # a token is not good any more: sign in again
    "40001": ChannelMisconfigured,  # we left an argument out
    "40002": ChannelMisconfigured,  # we sent a bad argument, or signed badly
    "40003": LoginCodeInvalid,  # the person's consent is missing: sign in again, which asks for it
    "40004": ChannelUnavailable,  # a refusal of this one method, which its own table explains
    "40005": ChannelLimited,  # called too often
    "40006": ChannelMisconfigured,  # the app may not call this
    "isv.app-call-limited": ChannelLimited,
    "isv.method-call-limited": ChannelLimited,
    "isp.unknow-error": ChannelUnavailable,
    "aop.unknow-error": ChannelUnavailable,
}
LOGIN: Meanings = {
    "isv.code-invalid": LoginCodeInvalid,  # no such code, or used already
    "isv.refresh-token-invalid": LoginCodeInvalid,
    "isv.refresh-token-time-out": LoginCodeInvalid,
    "isv.refreshed-token-invalid": LoginCodeInvalid,
    "isv.grant-type-invalid": ChannelMisconfigured,
    "isv.unmatched-app-id": ChannelMisconfigured,  # our mini-program is built with another app id
}
PHONE: Meanings = {
    "40003": PhoneCodeInvalid,  # the person has not agreed to give the phone
}
CHECK_BEGIN: Meanings = {
    "SYSTEM_ERROR": ChannelUnavailable,
    "UNKNOWN_ERROR": ChannelUnavailable,
    "ILLEGAL_ARGUMENT_FORMAT": ChannelMisconfigured,
    "ARRANGEMENT_STATUS_ERROR": ChannelMisconfigured,  # the contract for this product is not in force
}
CHECK_STATES: Mapping[str, CheckResult] = {
    "OPEN_CERTIFY_BILL_STATUS_ERROR": CheckResult.PENDING,  # nobody has looked into the camera yet
    "CERTIFY_ID_EXPIRED": CheckResult.EXPIRED,
    "OPEN_CERTIFY_BILL_NOT_EXIST": CheckResult.EXPIRED,
}
SUBJECT_KINDS = ("open_id", "user_id", "union_id")

LIMITED_RETRY_S = 60
# Alipay lets a check wait for 23 hours; a person who is here needs minutes.
CHECK_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AlipayConfig:
    """A mini-program and its gateway. Keys are texts: PEM, or base64 as Alipay's console shows them."""

    app_id: str
    app_private_key: str = field(repr=False)
    alipay_public_key: str
    aes_key: str = field(repr=False)
    upstream: Upstream = OFFICIAL_GATEWAY


class Alipay(BareChannel):
    """The Alipay mini-program as a `Channel`."""

    name = "alipay"

    def __init__(self, config: AlipayConfig, clock: Clock) -> None:
        self._app_id = config.app_id
        self._clock = clock
        self._aes_key = parse_content_key(config.aes_key)
        self._keys = AlipayKeys(config.app_id, config.app_private_key, config.alipay_public_key)
        self._gateway = AlipayGateway(self._keys, config.upstream, clock)

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code. Its access_token shows that the answer is good, and is thrown away."""
        if not login_code:
            raise LoginCodeInvalid
        answer = self._ask(LOGIN, "alipay.system.oauth.token", grant_type="authorization_code", code=login_code)
        # Each kind of id stays itself: one that stood in for another would make a second person when the app migrates.
        subjects = tuple(Subject(kind, answer[kind]) for kind in SUBJECT_KINDS if _is_text(answer.get(kind)))
        if not _is_text(answer.get("access_token")) or not subjects:
            raise ChannelUnavailable
        return ChannelUser(self.name, self._app_id, subjects)

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """Open what `my.getPhoneNumber` gave. It names no user and no time, so it says less than WeChat's answer does."""
        if user.channel != self.name:
            raise PhoneCodeInvalid
        told = self._open(channel_code)
        if told.get("code") != "10000":
            # Here, and nowhere else, Alipay writes it in camel case.
            raise self._meaning(PHONE, str(told.get("code")), str(told.get("subCode")))
        phone = mainland_phone(told.get("mobile"))
        if phone is None:
            raise PhoneCodeInvalid
        return phone

    def can_check(self, person: NamedPerson) -> bool:
        """Identity cards only, so far."""
        return person.cert_type == "01"

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """Ask Alipay for a check of this person by this account, and for the page where it is taken."""
        if not self.can_check(person):
            raise CheckNotPossible
        asked = {
            "outer_order_no": new_id().replace("-", ""),
            "biz_code": "FACE",
            "identity_param": {**_account(user), **_certificate(person)},
            "merchant_config": {"return_url": f"alipays://platformapi/startapp?appId={self._app_id}"},
        }
        answer = self._ask(CHECK_BEGIN, "alipay.user.certify.open.initialize", asked)
        certify_id = answer.get("certify_id")
        if not _is_text(certify_id):
            raise ChannelUnavailable
        url = self._gateway.page_url("alipay.user.certify.open.certify", {"certify_id": certify_id})
        return Check(str(certify_id), self.name, self._clock.now() + CHECK_LIFE, url, keep=_account(user))

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask Alipay how it ended. It does not ask back whose check this is, so we look ourselves."""
        is_theirs = check.channel == self.name and check.keep == _account(user)
        if not is_theirs or check.expires_at <= self._clock.now():
            return CheckResult.EXPIRED
        try:
            answer = self._gateway.ask("alipay.user.certify.open.query", {"certify_id": check.id})
        except AlipayRefusal as refusal:
            code, sub_code = refusal.code, refusal.sub_code
        else:
            # Some samples show other shapes, such as ["T"]: what is not exactly this text is no pass.
            return CheckResult.PASSED if answer.get("passed") == "T" else CheckResult.NOT_PASSED
        if sub_code in CHECK_STATES:
            return CHECK_STATES[sub_code]
        raise self._meaning({}, code, sub_code)

    def _open(self, channel_code: Any) -> dict[str, Any]:
        try:
            return open_sealed(channel_code, self._keys.vouch_for, self._aes_key)
        except NotFromAlipay:
            error: type[BffError] = PhoneCodeInvalid
        except WrongKey:
            alarm("channel_misconfigured", self.name, endpoint="my.getPhoneNumber")
            error = ChannelMisconfigured
        raise error

    def _ask(self, meanings: Meanings, method: str, biz_content: dict[str, Any] | None = None, **given: str) -> dict[str, Any]:
        """Make a call and turn Alipay's codes for what went wrong into our error."""
        try:
            return self._gateway.ask(method, biz_content, **given)
        except AlipayRefusal as refusal:
            code, sub_code = refusal.code, refusal.sub_code
        raise self._meaning(meanings, code, sub_code)

    def _meaning(self, meanings: Meanings, code: str, sub_code: str) -> BffError:
        known = (table[word] for word in (sub_code, code) for table in (meanings, EVERYWHERE) if word in table)
        error = next(known, ChannelUnavailable)
        if error is ChannelMisconfigured:
            alarm("channel_misconfigured", self.name, code=code, sub_code=sub_code)
        return error(retry_after_s=LIMITED_RETRY_S) if error is ChannelLimited else error()


def _account(user: ChannelUser) -> dict[str, str]:
    """Which account must take the check; Alipay knows it by either id, but not by the union's."""
    known = ({subject.kind: subject.subject} for subject in user.subjects if subject.kind != "union_id")
    return next(known, {})


def _certificate(person: NamedPerson) -> dict[str, str]:
    return {
        "identity_type": "CERT_INFO",
        "cert_type": "IDENTITY_CARD",
        "cert_name": person.name,
        "cert_no": person.id_number,
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""

"""Alipay's words into ours: login, phone, real-person checks, vouchers, messages, links and notifications of a mini-program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from bff.channels.alipay_certify import AlipayCertify
from bff.channels.alipay_codes import LOGIN, PHONE, AlipayCaller, meaning
from bff.channels.alipay_config import AlipayConfig
from bff.channels.alipay_gateway import AlipayGateway
from bff.channels.alipay_medical import AlipayMedical
from bff.channels.alipay_messages import AlipayMessages
from bff.channels.alipay_notify import NotANotification, read_notification
from bff.channels.alipay_people import is_checked
from bff.channels.alipay_phone import NotFromAlipay, WrongKey, open_sealed, parse_content_key
from bff.channels.base import (
    ChannelUser,
    Check,
    CheckResult,
    Delivery,
    KinshipEntry,
    LinkKind,
    Message,
    NamedPerson,
    Push,
    Subject,
)
from bff.channels.phones import mainland_phone
from bff.channels.upstream import alarm, platform_now
from bff.errors import (
    BffError,
    CallbackRefused,
    ChannelMisconfigured,
    ChannelUnavailable,
    CheckNotPossible,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)
from groundwork.chance import new_id
from groundwork.clock import Clock

SUBJECT_KINDS = ("open_id", "user_id", "union_id")
_REQUEST = "req_biz_no"
_FOR_A_RELATIVE = "relative"


class Alipay:
    """The Alipay mini-program as a `Channel`."""

    name = "alipay"

    def __init__(self, config: AlipayConfig, clock: Clock) -> None:
        self._app_id = config.app_id
        self._clock = clock
        self._aes_key = parse_content_key(config.aes_key)
        self._keys = config.load_keys()
        gateway = AlipayGateway(self._keys, config.upstream, clock)
        self._caller = AlipayCaller(gateway)
        self._certify = AlipayCertify(self._caller, config.app_id, clock)
        self._messages = AlipayMessages(gateway, config.templates)
        self._medical = None if config.medical is None else AlipayMedical(self._caller, config.medical)
        self.activates = self._medical is not None

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code. Its access_token shows that the answer is good, and is thrown away."""
        if not login_code:
            raise LoginCodeInvalid
        answer = self._caller.ask(LOGIN, "alipay.system.oauth.token", grant_type="authorization_code", code=login_code)
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
            raise meaning(PHONE, str(told.get("code")), str(told.get("subCode")))
        phone = mainland_phone(told.get("mobile"))
        if phone is None:
            raise PhoneCodeInvalid
        return phone

    def can_check(self, person: NamedPerson) -> bool:
        """Whether Alipay's check knows such a certificate."""
        return is_checked(person.cert_type)

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """A check of the account's own owner."""
        return self._certify.begin(user, person, helped=False)

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """How it ended, by Alipay's word."""
        return self._certify.finish(user, check)

    def begin_activation(self, user: ChannelUser, person: NamedPerson, helper: NamedPerson | None = None) -> Check:
        """A check of oneself, or of the relative in front of the helper's phone; the 医保 platform is asked where we may."""
        if helper is not None and helper.id_number == person.id_number:
            raise CheckNotPossible
        check = self._certify.begin(user, person, helped=helper is not None)
        if self._medical is None:
            return check
        request_id = new_id().replace("-", "")
        relative = None if helper is None else person
        authorisation = self._medical.authorisation(user, request_id, relative)
        keep = {**check.keep, _REQUEST: request_id, **({} if relative is None else {_FOR_A_RELATIVE: "yes"})}
        return replace(check, keep=keep, authorise_at=None if authorisation.is_granted else authorisation.page)

    def finish_activation(self, user: ChannelUser, check: Check, brought: str | None = None) -> CheckResult:
        """Passed once Alipay says so and, where we may ask it, the 医保 platform too; what the phone brings proves nothing."""
        result = self._certify.finish(user, check)
        if self._medical is None or result is not CheckResult.PASSED:
            return result
        request_id = check.keep.get(_REQUEST, "")
        is_granted = request_id != "" and self._medical.authorisation(user, request_id).is_granted
        has_card = is_granted and (_FOR_A_RELATIVE in check.keep or self._medical.has_card(user))
        return CheckResult.PASSED if has_card else CheckResult.PENDING

    def kinship_list(self, user: ChannelUser) -> tuple[KinshipEntry, ...]:
        """Whose vouchers Alipay shows on this phone; it is 亲情账户, never 家庭共济."""
        return () if self._medical is None else self._medical.relatives(user)

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """One template message."""
        return self._messages.send(user, message)

    def make_link(self, page: str, link_id: str, kind: LinkKind = LinkKind.URL) -> str:
        """Alipay's scheme opens a mini-program's page; on the web it is wrapped in an address of Alipay's."""
        target = f"{page}?{urlencode({'link': link_id})}"
        scheme = f"alipays://platformapi/startapp?{urlencode({'appId': self._app_id, 'page': target}, quote_via=quote)}"
        return scheme if kind is LinkKind.SCHEME else f"https://ds.alipay.com/?{urlencode({'scheme': scheme}, quote_via=quote)}"

    def is_text_allowed(self, user: ChannelUser, text: str) -> bool:
        """Alipay looks at the text alone; only its PASSED lets it through."""
        # Its documents ask for a text without quotation marks and the like.
        plain = "".join(mark if mark.isprintable() and mark not in "\"'\\" else " " for mark in text)
        answer = self._caller.ask({}, "alipay.security.risk.content.detect", {"content": plain})
        return answer.get("action") == "PASSED"

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        """A notification of Alipay's. Nothing but the signed form in the body counts."""
        try:
            return read_notification(body, self._app_id, self._keys.vouch_for, platform_now(self._clock))
        except NotANotification:
            pass
        raise CallbackRefused

    def _open(self, channel_code: Any) -> dict[str, Any]:
        try:
            return open_sealed(channel_code, self._keys.vouch_for, self._aes_key)
        except NotFromAlipay:
            error: type[BffError] = PhoneCodeInvalid
        except WrongKey:
            alarm("channel_misconfigured", self.name, endpoint="my.getPhoneNumber")
            error = ChannelMisconfigured
        raise error


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""

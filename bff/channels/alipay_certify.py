"""Real-person checks of Alipay (`alipay.user.certify.open.*`): of the account's owner, or of somebody whom they help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bff.channels.alipay_codes import CHECK_BEGIN, CHECK_END, AlipayCaller, meaning
from bff.channels.alipay_gateway import AlipayRefusal
from bff.channels.alipay_people import account_of, checked_as
from bff.channels.base import ChannelUser, Check, CheckResult, NamedPerson
from bff.errors import ChannelUnavailable, CheckNotPossible
from groundwork.chance import new_id
from groundwork.clock import Clock

_BEGIN = "alipay.user.certify.open.initialize"
_PAGE = "alipay.user.certify.open.certify"
_END = "alipay.user.certify.open.query"

STATES: Mapping[str, CheckResult] = {
    "OPEN_CERTIFY_BILL_STATUS_ERROR": CheckResult.PENDING,  # nobody has looked into the camera yet
    "CERTIFY_ID_EXPIRED": CheckResult.EXPIRED,
    "OPEN_CERTIFY_BILL_NOT_EXIST": CheckResult.EXPIRED,
}
# Alipay lets a check wait for 23 hours; a person who is here needs minutes.
CHECK_LIFE = timedelta(hours=1)


class AlipayCertify:
    """The checks of one mini-program."""

    def __init__(self, caller: AlipayCaller, app_id: str, clock: Clock) -> None:
        self._caller = caller
        self._app_id = app_id
        self._clock = clock

    def begin(self, user: ChannelUser, person: NamedPerson, *, helped: bool) -> Check:
        """Ask for a check of this person by this account, and for the page where it is taken."""
        cert_type = checked_as(person)
        if cert_type is None:
            raise CheckNotPossible
        identity = {
            **account_of(user),
            # With CERT_INFO the account must be the person's own; AGENT_CERT_INFO is for another's phone.
            "identity_type": "AGENT_CERT_INFO" if helped else "CERT_INFO",
            "cert_type": cert_type,
            "cert_name": person.name,
            "cert_no": person.id_number,
        }
        asked = {
            "outer_order_no": new_id().replace("-", ""),
            "biz_code": "FACE",
            "identity_param": identity,
            "merchant_config": {"return_url": f"alipays://platformapi/startapp?appId={self._app_id}"},
        }
        certify_id = self._caller.ask(CHECK_BEGIN, _BEGIN, asked).get("certify_id")
        if not isinstance(certify_id, str) or not certify_id:
            raise ChannelUnavailable
        url = self._caller.gateway.page_url(_PAGE, {"certify_id": certify_id})
        return Check(certify_id, user.channel, self._clock.now() + CHECK_LIFE, url, keep=account_of(user))

    def finish(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask Alipay how it ended. It does not ask back whose check this is, so we look ourselves."""
        account = account_of(user)
        is_theirs = check.channel == user.channel and account != {} and account.items() <= check.keep.items()
        if not is_theirs or check.expires_at <= self._clock.now():
            return CheckResult.EXPIRED
        try:
            answer = self._caller.gateway.ask(_END, {"certify_id": check.id})
        except AlipayRefusal as refusal:
            code, sub_code = refusal.code, refusal.sub_code
        else:
            # Some samples show other shapes, such as ["T"]: what is not exactly this text is no pass.
            return CheckResult.PASSED if answer.get("passed") == "T" else CheckResult.NOT_PASSED
        if sub_code in STATES:
            return STATES[sub_code]
        raise meaning(CHECK_END, code, sub_code)

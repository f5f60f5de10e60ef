"""WeChat's words into ours: the mini-program as a channel, joined from the parts that speak to WeChat's servers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bff.channel_settings import MedicalSettings, MessageTemplate, PushSettings
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
    TokenCache,
)
from bff.channels.phones import mainland_phone
from bff.channels.upstream import Upstream, alarm, platform_now
from bff.channels.wechat_client import OFFICIAL_BASE, HardenedClient, WeChatRefusal
from bff.channels.wechat_face import MAINLAND_CARD, Faces
from bff.channels.wechat_meanings import LINK, LOGIN, ONE_UNION, PHONE, TEXT, ask, delivery, meaning, text_of
from bff.channels.wechat_medical import MedicalGateway
from bff.channels.wechat_messages import filled
from bff.channels.wechat_push import PushReader
from bff.errors import CallbackRefused, ChannelUnavailable, LoginCodeInvalid, PhoneCodeInvalid
from groundwork.clock import Clock

OFFICIAL_SERVER = Upstream(OFFICIAL_BASE)
# A phone code lives five minutes; what is older was not made for this call.
WATERMARK_AGE = timedelta(minutes=10)
LONGEST_TEXT = 2500
_RISKY = 87014
# What a check may be finished for.
_CHECK, _ACTIVATION, _RELATIVE = "check", "activation", "activation-of-a-relative"
_LINK_ID = re.compile(r"[0-9A-Za-z_-]{16,128}")
# The same three editions, as links call them.
_EDITIONS = {"formal": "release", "trial": "trial", "developer": "develop"}


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """A mini-program, its server and what its operator has with WeChat; `upstream` is another one only for developers."""

    app_id: str
    app_secret: str = field(repr=False)
    upstream: Upstream = OFFICIAL_SERVER
    activates: bool = False
    program_state: str = "formal"
    templates: Mapping[str, MessageTemplate] = field(default_factory=dict)
    push: PushSettings | None = None
    medical: MedicalSettings | None = None


class WeChat:
    """The WeChat mini-program as a `Channel`."""

    name = "wechat"

    def __init__(self, config: WeChatConfig, clock: Clock, tokens: TokenCache) -> None:
        self.activates = config.activates
        self._config, self._clock = config, clock
        self._client = HardenedClient(config.app_id, config.app_secret, config.upstream, tokens)
        self._faces = Faces(self.name, self._client, clock)
        self._medical = MedicalGateway(config.medical, clock) if config.medical else None
        self._pushes = PushReader(config.app_id, config.push, config.templates, clock) if config.push else None

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code. The answer's session_key is never kept: nothing that we call needs it."""
        if not login_code:
            raise LoginCodeInvalid
        answer = ask(self.name, LOGIN, self._client.wxa.code_to_session, login_code)
        subjects = [Subject("open_id", text_of(answer, "openid"))]
        if answer.get("unionid"):
            subjects.append(Subject("union_id", text_of(answer, "unionid")))
        return ChannelUser(self.name, self._config.app_id, tuple(subjects), ONE_UNION)

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """Redeem the code of a phone button; only this user's, and only if WeChat made the answer for us just now."""
        if user.channel != self.name or not isinstance(channel_code, str) or not channel_code:
            raise PhoneCodeInvalid
        answer = ask(self.name, PHONE, self._client.wxa.phone_number, channel_code, _open_id(user))
        told = answer.get("phone_info")
        if not isinstance(told, dict):
            raise ChannelUnavailable
        phone = mainland_phone(told.get("purePhoneNumber"))
        if phone is None or str(told.get("countryCode")) != "86" or not self._is_ours_and_fresh(told.get("watermark")):
            raise PhoneCodeInvalid
        return phone

    def can_check(self, person: NamedPerson) -> bool:
        """WeChat's face knows the cards of mainland citizens only."""
        return person.cert_type == MAINLAND_CARD

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """Ask WeChat for a check that is bound to this openid, name and number."""
        return self._faces.begin(_open_id(user), person, _CHECK)

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask WeChat how it ended."""
        return self._faces.finish(_open_id(user), check, _CHECK)

    def begin_activation(self, user: ChannelUser, person: NamedPerson, helper: NamedPerson | None = None) -> Check:
        """Ask for a check of the person named; with a contract, the phone may also bring the 医保 platform's own word."""
        purpose = _ACTIVATION if helper is None else _RELATIVE
        check = self._faces.begin(_open_id(user), person, purpose)
        page = self._medical.page(person, is_relative=helper is not None) if self._medical else None
        return Check(check.id, check.channel, check.expires_at, check.url, check.keep, page)

    def finish_activation(self, user: ChannelUser, check: Check, brought: str | None = None) -> CheckResult:
        """The face must have passed; what the phone brought besides must then name the same person."""
        is_relative = check.keep.get("purpose") == _RELATIVE
        result = self._faces.finish(_open_id(user), check, _RELATIVE if is_relative else _ACTIVATION)
        if result is not CheckResult.PASSED or brought is None or self._medical is None:
            return result
        certificate = check.keep["cert_hash"]
        vouched = self._medical.vouches_for(_open_id(user), brought, certificate, is_relative)
        return CheckResult.PASSED if vouched else CheckResult.NOT_PASSED

    def kinship_list(self, user: ChannelUser) -> tuple[KinshipEntry, ...]:
        """The relatives on this phone, where the operator has a contract that tells."""
        return self._medical.relatives(_open_id(user)) if self._medical else ()

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Send one subscribe message, once; where WeChat's answer was lost it is not known whether it arrived."""
        template = self._config.templates.get(message.template)
        data = filled(template, message) if template else None
        if template is None or data is None:
            alarm("message_unfit", self.name, kind=message.template)
            return Delivery.ALERT
        asked = _open_id(user), template.id, message.page, data, self._config.program_state
        try:
            self._client.wxa.send_message(*asked)
        except WeChatRefusal as refusal:
            return delivery(self.name, refusal.errcode)
        except ChannelUnavailable as failure:
            return Delivery.RETRY if failure.never_left else Delivery.UNKNOWN
        return Delivery.SENT

    def make_link(self, page: str, link_id: str, kind: LinkKind = LinkKind.URL) -> str:
        """A link that lives for thirty days, the longest that WeChat allows; many may open it, so it proves nothing."""
        if not _LINK_ID.fullmatch(link_id):
            raise ValueError("a link carries an id, and nothing else")
        make, name = (
            (self._client.wxa.url_link, "url_link") if kind is LinkKind.URL else (self._client.wxa.scheme_link, "openlink")
        )
        answer = ask(self.name, LINK, make, page, f"link={link_id}", _EDITIONS[self._config.program_state])
        return text_of(answer, name)

    def is_text_allowed(self, user: ChannelUser, text: str) -> bool:
        """Whether WeChat finds nothing in the text; what it would have a human look at is not allowed either."""
        pieces = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
        return all(self._is_piece_allowed(_open_id(user), piece) for piece in pieces if piece.strip())

    # WeChat signs no header, so none is looked at.
    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:  # noqa: ARG002
        """Read a message push; where none is set up, none is WeChat's."""
        if self._pushes is None:
            raise CallbackRefused
        return self._pushes.read(query, body)

    def _is_piece_allowed(self, open_id: str, piece: str) -> bool:
        try:
            answer = self._client.wxa.check_text(open_id, piece)
        except WeChatRefusal as refusal:
            errcode = refusal.errcode
        else:
            result = answer.get("result")
            if not isinstance(result, dict):
                raise ChannelUnavailable
            return result.get("suggest") == "pass"
        if errcode == _RISKY:
            return False
        raise meaning(self.name, TEXT, errcode)

    def _is_ours_and_fresh(self, watermark: Any) -> bool:
        if not isinstance(watermark, dict) or watermark.get("appid") != self._config.app_id:
            return False
        made_at_s = watermark.get("timestamp")
        if not isinstance(made_at_s, int):
            return False
        return abs(platform_now(self._clock).timestamp() - made_at_s) <= WATERMARK_AGE.total_seconds()


def _open_id(user: ChannelUser) -> str:
    for subject in user.subjects:
        if user.channel == WeChat.name and subject.kind == "open_id":
            return subject.subject
    raise ValueError("somebody whom WeChat does not know")

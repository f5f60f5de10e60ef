"""Alipay's 医保 methods (`alipay.commerce.medical.*`), for operators with a contract: authorisation, card, relatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bff.channel_settings import AlipayMedicalSettings
from bff.channels.alipay_codes import AlipayCaller
from bff.channels.alipay_people import account_of, national_certificate, numbered_certificate, relation_of
from bff.channels.base import ChannelUser, KinshipEntry, NamedPerson
from bff.errors import ChannelUnavailable

_AUTHORISATION = "alipay.commerce.medical.authinfo.auth.query"
_CARD = "alipay.commerce.medical.card.auth.query"
_RELATIVES = "alipay.commerce.medical.fm.bindlist.query"
_ONLINE_PAYMENT = "04107"
_GRANTED = "1"
_SCHEME = "alipays://platformapi/startapp?"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Whether the person lets the 医保 platform vouch for them here; if not, the page where they can say so."""

    is_granted: bool
    page: Mapping[str, str] | None


class AlipayMedical:
    """The 医保 platform behind Alipay. Nothing here decides about money: the core does."""

    def __init__(self, caller: AlipayCaller, config: AlipayMedicalSettings) -> None:
        self._caller = caller
        self._config = config

    def authorisation(self, user: ChannelUser, request_id: str, relative: NamedPerson | None = None) -> Authorisation:
        """How the authorisation stands; under one `request_id` the platform remembers whom it was asked about."""
        config = self._config
        asked: dict[str, Any] = {
            **_account(user),
            "req_biz_no": request_id,
            "call_url": config.call_url,
            "ol_biz_type_code": _ONLINE_PAYMENT,
            "org_code": config.org_code,
            "org_app_id": config.org_app_id,
            "org_chnl_crtf_code": config.channel_code,
            "ins_code": config.ins_code,
        }
        if relative is not None:
            asked["extend_params"] = {
                "patient_name": relative.name,
                "patient_cert_no": relative.id_number,
                "patient_cert_type": numbered_certificate(relative),
            }
        data = self._caller.ask({}, _AUTHORISATION, asked).get("data")
        if not isinstance(data, dict):
            raise ChannelUnavailable
        # Only the text counts, as with checks: what is not exactly this is no yes.
        return Authorisation(data.get("auth_stas") == _GRANTED, _page(data.get("auth_url")))

    def has_card(self, user: ChannelUser) -> bool:
        """Whether the account's owner has an electronic voucher on this platform."""
        told = self._caller.ask({}, _CARD, {**account_of(user), "ins_code": self._config.ins_code})
        card = told.get("medical_card_id")
        return isinstance(card, str) and card != ""

    def relatives(self, user: ChannelUser) -> tuple[KinshipEntry, ...]:
        """Whose vouchers this phone shows; what cannot be read is left out rather than guessed."""
        listed = self._caller.ask({}, _RELATIVES, dict(account_of(user))).get("bind_list")
        entries = listed if isinstance(listed, list) else []
        return tuple(entry for told in entries if (entry := _entry(told)) is not None)


def _account(user: ChannelUser) -> dict[str, str]:
    """This one method has a name of its own for the older id."""
    return {("alipay_user_id" if kind == "user_id" else kind): subject for kind, subject in account_of(user).items()}


def _page(address: object) -> dict[str, str] | None:
    """Where the phone goes: a mini-program opens another by its id and page, and anything else by its address."""
    if not isinstance(address, str) or not address:
        return None
    told = dict(parse_qsl(urlsplit(address).query)) if address.startswith(_SCHEME) else {}
    return {"app_id": told["appId"], "path": told["page"]} if {"appId", "page"} <= set(told) else {"url": address}


def _entry(told: object) -> KinshipEntry | None:
    if not isinstance(told, Mapping):
        return None
    name, number = told.get("user_real_name"), told.get("cert_no")
    if not isinstance(name, str) or not isinstance(number, str) or not name or not number:
        return None
    return KinshipEntry(name, number, national_certificate(told.get("cert_type"), number), relation_of(told.get("relation_type")))

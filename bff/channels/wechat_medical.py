"""WeChat's 医保 gateway, for operators with a contract: whom somebody authorised us for, and whose vouchers they show.

The gateway's user query is known from what hospitals published of it. The shape of its family list is nowhere public: names
and path of that call are assumed, and are to be compared with the contract before it is switched on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import urllib3

from bff.channel_settings import MedicalSettings
from bff.channels.base import KinshipEntry, NamedPerson
from bff.channels.upstream import Upstream, alarm, logged_call, platform_now, scrub_http_logs
from bff.channels.wechat_face import MAINLAND_CARD, cert_hash
from bff.errors import ChannelUnavailable
from groundwork.chance import new_id
from groundwork.clock import Clock

_CHANNEL = "wechat"
_USER_QUERY = "mipuserquery/userQuery"
_FAMILY_QUERY = "mipuserquery/familyQuery"
# What the family list calls a tie, in our words; assumed, as above.
_TIES = {"spouse": "spouse", "parent": "parent", "child": "child"}


class MedicalGateway:
    """One contract with the gateway; may be shared by threads. No number that authorises a payment is ever kept."""

    def __init__(self, contract: MedicalSettings, clock: Clock) -> None:
        scrub_http_logs()
        upstream = Upstream(contract.gateway_url)
        connect_s, read_s = upstream.timeouts_s
        self._contract, self._clock = contract, clock
        # No retries: what the phone brings from the authorisation page works once.
        self._http = urllib3.PoolManager(
            maxsize=upstream.pool_size, retries=False, timeout=urllib3.Timeout(connect=connect_s, read=read_s)
        )

    def page(self, person: NamedPerson, is_relative: bool) -> dict[str, str]:
        """Where the phone goes to authorise; the contract's query is passed on raw, for its codes do not bear encoding twice."""
        path = self._contract.path
        if is_relative:
            path += f"&familyId={_family_id(person)}"
        return {"app_id": self._contract.app_id, "path": path}

    def vouches_for(self, open_id: str, auth_code: str, certificate: str, is_relative: bool) -> bool:
        """Whether the person behind this digest let us act for their voucher, on this phone."""
        answer = self._ask(_USER_QUERY, {"qrcode": auth_code, "openid": open_id})
        if answer.get("code") != 0:
            alarm("medical_authorisation_refused", _CHANNEL, code=str(answer.get("code"))[:16])
            return False
        ours, other = ("family_pay_auth_no", "pay_auth_no") if is_relative else ("pay_auth_no", "family_pay_auth_no")
        named = cert_hash("IDENTITY_CARD", str(answer.get("user_name")), str(answer.get("user_card_no")))
        return bool(answer.get(ours)) and not answer.get(other) and hmac.compare_digest(named, certificate)

    def relatives(self, open_id: str) -> tuple[KinshipEntry, ...]:
        """Whose vouchers this phone shows beside its owner's."""
        answer = self._ask(_FAMILY_QUERY, {"openid": open_id})
        families = answer.get("family_list")
        if answer.get("code") != 0 or not isinstance(families, list):
            raise ChannelUnavailable
        return tuple(_entry(one) for one in families)

    def _ask(self, call: str, asked: dict[str, str]) -> dict[str, Any]:
        address = f"{self._contract.gateway_url}/{call}/{self._contract.partner_id}"
        with logged_call(_CHANNEL, call) as told:
            try:
                reply = self._http.request("POST", address, body=json.dumps(asked).encode(), headers=self._headers())
                told["status"] = reply.status
                answer = json.loads(reply.data)
                if reply.status == 200 and isinstance(answer, dict):
                    return answer
            except (urllib3.exceptions.HTTPError, ValueError, RecursionError) as failure:
                told["error_type"] = type(failure).__name__
            # Raised after the except block, so that no `__context__` keeps the request or the answer.
            raise ChannelUnavailable

    def _headers(self) -> dict[str, str]:
        now_ms = str(int(platform_now(self._clock).timestamp() * 1000))
        key, text = self._contract.partner_secret.encode(), f"{self._contract.partner_id}{now_ms}".encode()
        return {
            "Content-Type": "application/json",
            "god-portal-timestamp": now_ms,
            "god-portal-request-id": new_id().replace("-", ""),
            "god-portal-signature": hmac.new(key, text, hashlib.sha256).hexdigest(),
        }


def _family_id(person: NamedPerson) -> str:
    """Which relative is meant, by the page's own recipe; a name for somebody, not a protection of anything."""
    return hashlib.md5(f"{person.name}{person.id_number[-4:]}".upper().encode(), usedforsecurity=False).hexdigest()


def _entry(told: Any) -> KinshipEntry:
    try:
        name, number = told["user_name"], told["user_card_no"]
        cert_type, tie = told.get("user_card_type", MAINLAND_CARD), told.get("relation")
    except (AttributeError, KeyError, TypeError):
        name = number = cert_type = tie = None
    if not all(isinstance(value, str) and value for value in (name, number, cert_type)):
        raise ChannelUnavailable
    return KinshipEntry(str(name), str(number), str(cert_type), _TIES.get(str(tie), "other"))

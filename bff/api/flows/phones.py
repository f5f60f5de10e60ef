"""Phone numbers in place of the codes by which a channel names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bff.api.context import Parts, channel_user
from bff.errors import InvalidAnswers, PhoneCodeInvalid
from bff.flows.faults import FAULTS
from bff.flows.fields import PhoneByChannel
from bff.store.sessions import Session


def with_phones(parts: Parts, session: Session, checked: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with every code redeemed. Raises `InvalidAnswers` for a code that gives no number."""
    answers = dict(checked)
    for name, value in checked.items():
        if isinstance(value, PhoneByChannel):
            try:
                answers[name] = _redeemed(parts, session, value, earlier.get(name))
            except PhoneCodeInvalid as fault:
                raise InvalidAnswers(fields={name: FAULTS["phone_code_invalid"]}) from fault
    return answers


def _redeemed(parts: Parts, session: Session, phone: PhoneByChannel, earlier: Any) -> Mapping[str, Any]:
    """The number that a code gives, once: sent again, it keeps what it gave."""
    code_print = parts.keys.fingerprint("phone-code", orjson.dumps(phone.channel_code).decode())
    if isinstance(earlier, dict) and earlier.get("code_print") == code_print:
        return earlier
    number = parts.channel(session.channel).phone_number(channel_user(session), phone.channel_code)
    # Only what the channel opened: else whoever saw a code could spoil it for its owner.
    parts.phone_codes.claim(code_print, session.identity_id)
    return {"number": number, "verified": True, "code_print": code_print}

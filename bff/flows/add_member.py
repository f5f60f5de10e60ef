"""Add a relative who may spend from the account: who they are, what they are to the payer, and on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.fields import said_secret, told_value
from bff.flows.flow import BindMember, Flow, camera_check, phone_number

_IDENTITY_CARD = "01"
# What a city may ask beyond naming the relative; the core knows each by the name of its question.
_TERMS = (
    "monthly_cap_fen",
    "scopes",
    "starts_on",
    "ends_on",
    "documents",
    "signed_form",
    "card_number",
    "confirm_id_number",
)


def effect(given: Mapping[str, Any]) -> BindMember:
    return BindMember(
        named=_named(given),
        relation=given["relation"],
        phone=phone_number(given),
        agree=given.get("agree"),
        terms=_terms(given),
        check=camera_check(given),
    )


def _named(given: Mapping[str, Any]) -> dict[str, str]:
    if given.get("relative"):
        return {"relative": given["relative"]}
    return {"name": given["name"], "id_number": given["id_number"], "cert_type": given.get("cert_type") or _IDENTITY_CARD}


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    terms = {name: told_value(given[name]) for name in _TERMS if given.get(name) is not None}
    passcode = said_secret(given.get("passcode"))
    return {**terms, "passcode": passcode} if passcode else terms


ADD_MEMBER = Flow(name="add-member", title="添加家人", complete_label="确认添加", effect=effect)

"""Add a relative who may spend from the account: who they are and what they are to the payer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import BindMember, Flow, phone_number

_IDENTITY_CARD = "01"


def effect(given: Mapping[str, Any]) -> BindMember:
    return BindMember(
        name=given["name"],
        id_number=given["id_number"],
        cert_type=given.get("cert_type", _IDENTITY_CARD),
        relation=given["relation"],
        phone=phone_number(given),
        agree=given.get("agree"),
    )


ADD_MEMBER = Flow(name="add-member", title="添加家人", complete_label="确认添加", effect=effect)

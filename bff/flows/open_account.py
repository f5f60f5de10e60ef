"""Open the shared account: the city explains, the payer signs its pledge and checks their own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import Flow, OpenAccount, camera_check, phone_number


def effect(given: Mapping[str, Any]) -> OpenAccount:
    phone = given.get("phone") or {}
    return OpenAccount(given.get("agree"), phone_number(given), bool(phone.get("verified")), check=camera_check(given))


OPEN_ACCOUNT = Flow(name="open-account", title="开通家庭共济", complete_label="立即开户", effect=effect)

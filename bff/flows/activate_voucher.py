"""Activate one's own voucher: a look into the camera or a bank card, as one's age asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import ActivateVoucher, Flow, camera_check


def effect(given: Mapping[str, Any]) -> ActivateVoucher:
    return ActivateVoucher(bank_card=given.get("bank_card"), helpers=tuple(given.get("member") or ()), check=camera_check(given))


ACTIVATE_VOUCHER = Flow(name="activate-voucher", title="激活医保码", complete_label="确认激活", effect=effect, activates=True)

"""Close the shared account: what it means, and a last look before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import CloseAccount, Flow, camera_check


def effect(given: Mapping[str, Any]) -> CloseAccount:
    return CloseAccount(check=camera_check(given))


CLOSE_ACCOUNT = Flow(name="close-account", title="关闭家庭共济", complete_label="确认关闭", effect=effect)

"""Change how much, or for what, a member may spend: which member, and the new limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import ChangeLimit, Flow, camera_check

_LIMITS = ("monthly_cap_fen", "scopes")


def effect(given: Mapping[str, Any]) -> ChangeLimit:
    """A limit that was not asked stays as it is; one that was emptied is lifted."""
    limits = {name: given[name] for name in _LIMITS if name in given}
    return ChangeLimit(relation_id=given["member"], limits=limits, check=camera_check(given))


CHANGE_LIMIT = Flow(name="change-limit", title="修改额度", complete_label="确认修改", effect=effect)

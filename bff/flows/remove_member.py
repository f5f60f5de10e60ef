"""Take a member off the account: which one, and a last look before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import EndRelation, Flow, camera_check


def effect(given: Mapping[str, Any]) -> EndRelation:
    return EndRelation(relation_id=given["member"], reason=given.get("reason"), check=camera_check(given))


REMOVE_MEMBER = Flow(name="remove-member", title="解除共济", complete_label="确认解除", effect=effect)

"""Use somebody's account no more, where the city lets members leave: whose, and a last look before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import EndRelation, Flow, camera_check


def effect(given: Mapping[str, Any]) -> EndRelation:
    return EndRelation(relation_id=given["member"], reason=given.get("reason"), check=camera_check(given))


LEAVE_RELATION = Flow(name="leave-relation", title="退出家庭共济", complete_label="确认退出", effect=effect)

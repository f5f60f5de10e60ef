"""Let a relative spend again after the account was frozen: which one, and a last look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import Flow, ReactivateRelation, camera_check


def effect(given: Mapping[str, Any]) -> ReactivateRelation:
    return ReactivateRelation(relation_id=given["member"], check=camera_check(given))


REACTIVATE_RELATION = Flow(name="reactivate-relation", title="恢复共济", complete_label="确认恢复", effect=effect)

"""Agree to be helped or say no: who offers, and a last look before their account may be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import AcceptRelation, Flow, camera_check

_DECLINE = "decline"


def effect(given: Mapping[str, Any]) -> AcceptRelation:
    return AcceptRelation(relation_id=given["member"], accepted=given.get("accepted") != _DECLINE, check=camera_check(given))


ACCEPT_RELATION = Flow(name="accept-relation", title="接受共济", complete_label="确认接受", effect=effect)

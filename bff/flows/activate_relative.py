"""Help a relative to a voucher and show it on one's own phone: who they are, that they agree, and how they prove it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import ActivateRelative, Flow, camera_check

_NAMING = ("name", "id_number", "cert_type", "relation", "member")
_OTHER_WAYS = ("at_counter", "on_own_phone")


def effect(given: Mapping[str, Any]) -> ActivateRelative:
    return ActivateRelative(
        relative={name: given[name] for name in _NAMING if given.get(name) is not None},
        agree=given.get("agree"),
        bank_card=given.get("bank_card"),
        other_way=next((way for way in _OTHER_WAYS if given.get(way)), None),
        check=camera_check(given),
    )


ACTIVATE_RELATIVE = Flow(
    name="activate-relative",
    title="替家人激活医保码",
    complete_label="确认添加",
    effect=effect,
    activates=True,
    acts_for="relation",
)

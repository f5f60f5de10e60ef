"""What somebody is offered, for the screen on which they say yes: whose money, how much, what for and from when (Y-15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reference_core.decisions.flow_plans.context import ShownMember
from reference_core.vocabulary.med_types import SCENE_LABELS


def _cap(tie: ShownMember) -> str:
    fen = tie.monthly_cap_fen
    return "不设额度" if fen is None else f"每月最多 {fen // 100}.{fen % 100:02d} 元"


def _uses(tie: ShownMember) -> str:
    return "、".join(SCENE_LABELS[scene] for scene in sorted(tie.scopes)) if tie.scopes else "当地可以共济的都能用"


def _start(tie: ShownMember) -> str:
    return f"{tie.starts_on.isoformat()} 起" if tie.starts_on else "接受后按当地规定开始"


PROMISED: Mapping[str, Callable[[ShownMember], str]] = {"monthly_cap": _cap, "uses": _uses, "starts": _start}

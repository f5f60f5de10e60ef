"""Judges what a city lets people agree on: a cap, what for, first and last day, and what they hand in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from groundwork.clock import china
from reference_core.decisions.flow_plans.context import Drawing, Fault, fault_in_words
from reference_core.packs.shelf import Pack

# So many photos cover both sides of two cards and a booklet's pages.
PHOTOS_MAX = 12


def scopes_of(pack: Pack) -> tuple[str, ...]:
    """The scenes among which a payer may choose."""
    return tuple(dict.fromkeys(rule.scene for rule in pack.scenes))


def read_day(said: object) -> date | None:
    """A day as an answer carries it, or `None` where it is none."""
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _judge_cap(drawing: Drawing, value: object) -> Fault | None:
    most_fen = drawing.pack.monthly_cap_max_fen
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        return fault_in_words("amount_invalid", "额度要大于零。", "请填写每月最多可以用的金额。")
    if most_fen is not None and value > most_fen:
        most = f"{most_fen // 100}.{most_fen % 100:02d}"
        return fault_in_words("amount_too_large", f"额度不能超过每月 {most} 元。", "请填写小一些的金额。")
    return None


def _judge_scopes(drawing: Drawing, value: object) -> Fault | None:
    offered = scopes_of(drawing.pack)
    if isinstance(value, list) and all(word in offered for word in value) and len(set(value)) == len(value):
        return None
    return fault_in_words("not_offered", "所选的内容不在可选范围内。", "请从列表里重新选择。")


def _judge_first_day(drawing: Drawing, value: object) -> Fault | None:
    day = read_day(value)
    if day is None:
        return _no_day()
    if day < china(drawing.now).date():
        return fault_in_words("date_past", "开始的日期已经过去了。", "请选择今天或以后的日期。")
    return None


def _judge_last_day(drawing: Drawing, value: object) -> Fault | None:
    day, first = read_day(value), read_day(drawing.answer("starts_on"))
    if day is None:
        return _no_day()
    if day < max(china(drawing.now).date(), first or day):
        return fault_in_words("date_past", "结束的日期比开始还早，或者已经过去了。", "请选择更晚的日期。")
    return None


def _judge_photos(_drawing: Drawing, value: object) -> Fault | None:
    if isinstance(value, list) and 0 < len(value) <= PHOTOS_MAX and all(isinstance(one, str) for one in value):
        return None
    return fault_in_words("photos_invalid", "照片没有上传成功，或者太多了。", f"请重新上传，最多 {PHOTOS_MAX} 张。")


def _no_day() -> Fault:
    return fault_in_words("date_invalid", "没有这一天。", "请重新选择日期。")


TERM_JUDGES: dict[str, Callable[[Drawing, object], Fault | None]] = {
    "monthly_cap_fen": _judge_cap,
    "scopes": _judge_scopes,
    "starts_on": _judge_first_day,
    "ends_on": _judge_last_day,
    "documents": _judge_photos,
    "signed_form": _judge_photos,
}

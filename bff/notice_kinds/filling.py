"""Fills a kind's texts: for the inbox with masked names, for a channel with nothing personal at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bff.money import yuan
from bff.notice_kinds.catalogue import EVENT, Kind, text_for
from groundwork.clock import china

_SOMEBODY = "家人"
_SOMEWHERE = "定点医药机构"
_PLACES = {"hospital": "医院", "primary_care": "社区医疗机构", "pharmacy": "药店", "insurer": "保险机构"}
_CHANNELS = {"wechat": "微信", "alipay": "支付宝", "wechat_official": "微信公众号"}
# What a text calls each figure of an event.
_FIGURES = {
    "paid": "paid_fen",
    "own": "own_fen",
    "payer": "payer_fen",
    "cash": "cash_fen",
    "returned": "returned_fen",
    "balance": "balance_fen",
    "reserve": "reserve_fen",
    "spent": "spent_fen",
    "cap": "cap_fen",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What the core tells of the ties, places and rules that one notice is about."""

    name_masked: str | None = None
    relation: str | None = None
    place: str | None = None
    balance_after_fen: int | None = None
    reasons: tuple[str, ...] = field(default=())


def lines_of(kind: Kind, data: Mapping[str, Any], words: Words) -> list[str]:
    """What its owner reads; a line that has nothing to say is left out."""
    text = text_for(kind, str(data.get(EVENT)), data)
    if text is None:
        return []
    known = {
        **_figures(data),
        "name": words.name_masked or _SOMEBODY,
        "relation": words.relation or _SOMEBODY,
        "place": words.place or _place_kind(data),
        "place_kind": _place_kind(data),
        "day": _day(data),
        "channel": _channel(data),
        "balance_line": "" if words.balance_after_fen is None else f"付完后您的账户还剩{yuan(words.balance_after_fen)}元。",
    }
    filled: list[str] = []
    for line in text.lines:
        filled += words.reasons if line == "{reasons}" else [line.format_map(known)]
    return [line for line in filled if line]


def channel_fields(kind: Kind, data: Mapping[str, Any], at: datetime) -> dict[str, str]:
    """All that a channel is given of a notice: what its kind lists, none of it a name, a number or a diagnosis."""
    text = text_for(kind, str(data.get(EVENT)), data)
    known = {
        "at": _moment(at),
        "amount_plain": yuan(_amount(data)),
        "place_kind": _place_kind(data),
        "whose": text.whose if text else "",
        "channel": _channel(data),
    }
    return {name: said.format_map(known) for name, said in kind.fields.items()}


def _figures(data: Mapping[str, Any]) -> dict[str, str]:
    return {word: yuan(data[name]) if isinstance(data.get(name), int) else "—" for word, name in _FIGURES.items()}


def _amount(data: Mapping[str, Any]) -> int:
    """What moved, seen from whoever is told."""
    for names in (("paid_fen",), ("returned_fen",), ("own_fen", "payer_fen", "cash_fen")):
        if all(isinstance(data.get(name), int) for name in names):
            return sum(int(data[name]) for name in names)
    return 0


def _place_kind(data: Mapping[str, Any]) -> str:
    return _PLACES.get(str(data.get("place_kind")), _SOMEWHERE)


def _channel(data: Mapping[str, Any]) -> str:
    return _CHANNELS.get(str(data.get("channel")), "手机")


def _day(data: Mapping[str, Any]) -> str:
    try:
        day = datetime.fromisoformat(str(data.get("day")))
    except ValueError:
        return "近期"
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(at: datetime) -> str:
    local = china(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"

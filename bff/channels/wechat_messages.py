"""Subscribe messages: our words put into WeChat's typed keywords, cut where cutting is harmless and refused where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bff.channel_settings import MessageTemplate
from bff.channels.base import Message

_CHINESE = "\u4e00-\u9fff\u3400-\u4dbf"
_TIME_OF_DAY = r"\d{1,2}:\d{2}(:\d{2})?"
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_MOMENT = rf"({_DAY} ?)?{_TIME_OF_DAY}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of keyword: what it may hold, which characters are left out to get there, and how long it may be."""

    allowed: str
    left_out: str | None = None
    longest: int | None = None


# Only words are cut. An amount, a number or a time that does not fit must not become another one.
KINDS: Mapping[str, Kind] = {
    "thing": Kind(r".{1,20}", r"[\x00-\x1f\x7f]", 20),
    "phrase": Kind(rf"[{_CHINESE}]{{1,5}}", rf"[^{_CHINESE}]", 5),
    "name": Kind(rf"[{_CHINESE}·]{{1,10}}|[A-Za-z .·]{{1,20}}"),
    "character_string": Kind(r"[\x20-\x7e]{1,32}", r"[^\x20-\x7e]", 32),
    "letter": Kind(r"[A-Za-z]{1,32}", r"[^A-Za-z]", 32),
    "number": Kind(r"[0-9]{1,32}(\.[0-9]+)?"),
    "symbol": Kind(r"[^\w\s]{1,5}"),
    "amount": Kind(r"[¥￥$]?[0-9]{1,10}(\.[0-9]+)?元?"),
    "phone_number": Kind(r"[0-9+\- ]{1,17}"),
    "car_number": Kind(rf"[{_CHINESE}A-Z0-9]{{1,8}}"),
    "time": Kind(rf"{_MOMENT}(~{_MOMENT})?"),
    "date": Kind(rf"{_DAY}( {_TIME_OF_DAY})?"),
}


def kind_of(keyword: str) -> Kind | None:
    """The kind that a keyword's letters name: `thing1` is a `thing`."""
    return KINDS.get(keyword.rstrip("0123456789"))


def fitted(keyword: str, text: str) -> str | None:
    """The text as the keyword takes it, or `None` if it cannot be made to fit."""
    kind = kind_of(keyword)
    if kind is None:
        return None
    if kind.left_out is not None and kind.longest is not None:
        text = re.sub(kind.left_out, "", re.sub(r"\s+", " ", text)).strip()
        if len(text) > kind.longest:
            text = text[: kind.longest - 1] + "…" if kind is KINDS["thing"] else text[: kind.longest]
    return text if re.fullmatch(kind.allowed, text) else None


def filled(template: MessageTemplate, message: Message) -> dict[str, dict[str, str]] | None:
    """What WeChat is sent for a message, or `None` if one of the template's words is missing or does not fit."""
    values = {keyword: fitted(keyword, message.fields.get(word, "")) for word, keyword in template.fields.items()}
    if any(value is None for value in values.values()):
        return None
    return {keyword: {"value": str(value)} for keyword, value in values.items()}

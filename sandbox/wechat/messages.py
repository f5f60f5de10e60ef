"""Subscribe messages: checked value by value as WeChat does, then kept where the player reads them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from groundwork.clock import Clock
from sandbox.store import Store
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError

_TIME = r"(\d{4}年\d{1,2}月\d{1,2}日 ?)?(\d{1,2}:\d{2}(:\d{2})?)?"
_DATE = r"\d{4}[年-]\d{1,2}[月-]\d{1,2}日?"
# What a value may be, by the letters of its keyword: `thing1` is a `thing`.
_SHAPES = {
    "thing": r".{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·]{1,20}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "number": r"[0-9]{1,32}(\.[0-9]+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "amount": r"[¥￥$]?[0-9]{1,10}(\.[0-9]+)?元?",
    "phone_number": r"[0-9+\- ]{1,17}",
    "car_number": r".{1,8}",
    "time": rf"{_TIME}(~{_TIME})?",
    "date": rf"{_DATE}( \d{{1,2}}:\d{{2}})?",
}
_STATES = ("developer", "trial", "formal")


class SubscribeMessages:
    """The messages that one mini-program sends. Everybody has subscribed for good, until they refuse a template."""

    def __init__(self, clock: Clock, subjects: Subjects, store: Store) -> None:
        self._clock = clock
        self._subjects = subjects
        self._store = store
        self._lock = threading.Lock()
        self._refused: set[tuple[str, str]] = set()

    def refuse(self, id_number: str, template_ids: Iterable[str]) -> None:
        """This person wants no more of these."""
        with self._lock:
            self._refused |= {(id_number, template) for template in template_ids}

    def accept(self, id_number: str, template_ids: Iterable[str]) -> None:
        """This person wants these again."""
        with self._lock:
            self._refused -= {(id_number, template) for template in template_ids}

    def templates_seen(self, id_number: str) -> list[str]:
        """The templates of what was delivered to a person, which are those that their phone lets them refuse."""
        said = [message for message in self._store.messages(id_number) if message["channel"] == "wechat"]
        return list(dict.fromkeys(str(message["template_id"]) for message in said))

    def send(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Deliver one message; raises `WechatError`."""
        owner = self._subjects.owner("open_id", asked.get("touser"))
        if owner is None:
            raise WechatError(40003)
        template = asked.get("template_id")
        if not isinstance(template, str) or not template:
            raise WechatError(40037)
        with self._lock:
            if (owner, template) in self._refused:
                raise WechatError(43101)
        if asked.get("miniprogram_state", "formal") not in _STATES:
            raise WechatError(47003, "miniprogram_state invalid")
        values = _values(asked.get("data"))
        said = {
            "at": self._clock.now().isoformat(),
            "channel": "wechat",
            "template_id": template,
            "page": asked.get("page"),
            "data": values,
        }
        self._store.add_message(owner, said)
        return {"errcode": 0, "errmsg": "ok"}


def _values(data: object) -> dict[str, str]:
    if not isinstance(data, Mapping) or not data:
        raise WechatError(47003, "data is empty")
    return {keyword: _value(keyword, holder) for keyword, holder in data.items()}


def _value(keyword: str, holder: object) -> str:
    shape = _SHAPES.get(keyword.rstrip("0123456789"))
    value = holder.get("value") if isinstance(holder, Mapping) else None
    if shape is None or not isinstance(value, str) or not value or not re.fullmatch(shape, value):
        raise WechatError(47003, f"data.{keyword}.value invalid")
    return value

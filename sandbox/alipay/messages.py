"""Template messages (alipay.open.app.mini.templatemessage.send): checked, then kept where the player reads them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from groundwork.clock import Clock
from sandbox.alipay.errors import error_of
from sandbox.store import Store
from sandbox.subjects import Subjects

_LONGEST = 50


class TemplateMessages:
    """The messages that one app sends. Everybody has subscribed for good, until they refuse a template."""

    def __init__(self, clock: Clock, subjects: Subjects, store: Store) -> None:
        self._clock = clock
        self._subjects = subjects
        self._store = store
        self._lock = threading.Lock()
        self._refused: set[tuple[str, str]] = set()

    def subscribe(self, id_number: str, template_ids: tuple[str, ...], *, wanted: bool) -> None:
        """This person wants these from now on, or no more; without ids, all that they ever had."""
        said = [message for message in self._store.messages(id_number) if message["channel"] == "alipay"]
        meant = {(id_number, template) for template in template_ids or [str(message["template_id"]) for message in said]}
        with self._lock:
            self._refused = self._refused - meant if wanted else self._refused | meant

    def send(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """Deliver one message; raises `AlipayError`."""
        owner = self._subjects.owner("open_id", content.get("to_open_id")) or self._subjects.owner(
            "user_id", content.get("to_user_id")
        )
        if owner is None:
            raise error_of("USER_ID_INVALID")
        template = content.get("user_template_id")
        if not isinstance(template, str) or not template:
            raise error_of("TEMPLATE_ILLEGAL")
        with self._lock:
            if (owner, template) in self._refused:
                raise error_of("MSG_UNSUBSCRIBED")
        values = _values(content.get("data"))
        said = {
            "at": self._clock.now().isoformat(),
            "channel": "alipay",
            "template_id": template,
            "page": content.get("page"),
            "data": values,
        }
        self._store.add_message(owner, said)
        return {"code": "10000", "msg": "Success"}


def _values(data: object) -> dict[str, str]:
    try:
        keywords = json.loads(data) if isinstance(data, str) else None
        values = {keyword: holder["value"] for keyword, holder in keywords.items()} if isinstance(keywords, dict) else {}
    except (ValueError, TypeError, KeyError):
        values = {}
    if not values or not all(isinstance(value, str) for value in values.values()):
        raise error_of("BIZ_CONTENT_FORMAT_ERROR")
    if any(len(value) > _LONGEST for value in values.values()):
        raise error_of("USER_KEYWORD_LENGTH_ERROR")
    return values

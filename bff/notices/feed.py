"""Follows the core's feed into the inboxes: a page at a time, each page as often as needed, each event once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from bff.core_client.notices import FeedEvent, NoticeRegister
from bff.notice_kinds.catalogue import EVENT, kind_of

# Small enough for one body of the register's door, whatever the events hold.
_PAGE = 50
_FORGOTTEN = "my_data_deleted"


class Cursor(Protocol):
    """Where reading goes on. It may be lost: then everything is read anew, and what is known stays as it is."""

    def read(self) -> int: ...

    def write(self, position: int) -> None: ...


class FeedFollower:
    """Reads on from the cursor, which moves only after a page is in the register."""

    def __init__(self, register: NoticeRegister, cursor: Cursor) -> None:
        self._register, self._cursor = register, cursor

    def follow(self) -> int:
        """Enter the next page; how many events it had."""
        events, next_after = self._register.events(self._cursor.read(), _PAGE)
        if not events:
            return 0
        forgotten = [{"person_id": one.person_id, "event_id": one.id} for one in events if one.kind == _FORGOTTEN]
        notices = list(_notices(events))
        if notices or forgotten:
            self._register.enter(notices, forgotten)
        self._cursor.write(next_after)
        return len(events)


def _notices(events: Iterable[FeedEvent]) -> Iterable[dict[str, Any]]:
    """Those of the events that tell somebody something."""
    for event in events:
        kind = kind_of(event.kind, event.data)
        if kind is not None:
            yield {
                "event_id": event.id,
                "person_id": event.person_id,
                "kind": kind.name,
                "template": kind.template,
                "at": event.at.isoformat(),
                "data": {**event.data, EVENT: event.kind},
            }

"""The names that a channel has for people: the same for the same person and app, today and after a restart."""

from __future__ import annotations

import base64
import hashlib

from sandbox.store import Store


class Subjects:
    """Makes a channel's subjects for one app and finds the person behind one."""

    def __init__(self, store: Store, channel: str, app_id: str) -> None:
        self._store = store
        self._channel = channel
        self._app_id = app_id

    def name(self, kind: str, id_number: str) -> str:
        """The subject of one kind for a person, known from now on."""
        subject = _SHAPES[self._channel, kind](_digest(self._channel, self._scope(kind), kind, id_number))
        self._store.put_subject(self._channel, self._app_id, kind, subject, id_number)
        return subject

    def owner(self, kind: str, subject: object) -> str | None:
        """The ID number of the person meant, or `None`."""
        return self._store.subject_owner(self._channel, self._app_id, kind, subject) if isinstance(subject, str) else None

    def _scope(self, kind: str) -> str:
        # An open_id is one per app; the others are the same in every app of one owner.
        return self._app_id if kind == "open_id" else ""


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(("sandbox", *parts)).encode()).digest()


def _letters(digest: bytes, count: int) -> str:
    text = base64.urlsafe_b64encode(digest + hashlib.sha256(digest).digest()).decode()
    return text[:count]


_SHAPES = {
    ("wechat", "open_id"): lambda digest: "o" + _letters(digest, 27),
    ("wechat", "union_id"): lambda digest: "u" + _letters(digest, 27),
    ("alipay", "open_id"): lambda digest: "0" + _letters(digest, 46),
    ("alipay", "union_id"): lambda digest: "1" + _letters(digest, 46),
    ("alipay", "user_id"): lambda digest: "2088" + str(int.from_bytes(digest[:8]) % 10**12).zfill(12),
}

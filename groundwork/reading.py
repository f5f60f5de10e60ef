"""Reads JSON that somebody else wrote, as strictly as if it came from a stranger: each value by name and kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


class Unreadable(ValueError):
    """A value is missing or of another kind; the message is the path to it and never the value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One JSON object and the path that led to it. Members nobody asks for are let be: the other side may grow."""

    members: Mapping[str, Any]
    path: str = ""

    @classmethod
    def of(cls, document: object, path: str = "") -> Reading:
        if not isinstance(document, dict):
            raise Unreadable(path or "the whole document")
        return cls(document, path)

    def text(self, name: str) -> str:
        return self._kind(name, str)

    def maybe_text(self, name: str) -> str | None:
        return None if self._absent(name) else self.text(name)

    def whole(self, name: str) -> int:
        value = self.members.get(name)
        # bool is an int to Python and not to JSON.
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._fault(name)
        return value

    def maybe_whole(self, name: str) -> int | None:
        return None if self._absent(name) else self.whole(name)

    def flag(self, name: str) -> bool:
        return self._kind(name, bool)

    def one_of(self, name: str, allowed: frozenset[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise self._fault(name)
        return value

    def moment(self, name: str) -> datetime:
        """An instant with its offset."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise self._fault(name) from None
        if moment.tzinfo is None:
            raise self._fault(name)
        return moment

    def maybe_moment(self, name: str) -> datetime | None:
        return None if self._absent(name) else self.moment(name)

    def maybe_day(self, name: str) -> date | None:
        """A day without a time."""
        if self._absent(name):
            return None
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise self._fault(name) from None

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._kind(name, list)
        if not all(isinstance(value, str) for value in values):
            raise self._fault(name)
        return tuple(values)

    def object(self, name: str) -> Reading:
        return Reading.of(self.members.get(name), self._at(name))

    def maybe_object(self, name: str) -> Reading | None:
        return None if self._absent(name) else self.object(name)

    def objects(self, name: str) -> tuple[Reading, ...]:
        values = self._kind(name, list)
        return tuple(Reading.of(value, f"{self._at(name)}[{position}]") for position, value in enumerate(values))

    def maybe_objects(self, name: str) -> tuple[Reading, ...]:
        return () if self._absent(name) else self.objects(name)

    def each(self, name: str, read: Callable[[Reading], T]) -> tuple[T, ...]:
        return tuple(read(member) for member in self.objects(name))

    def _kind(self, name: str, kind: type[T]) -> T:
        value = self.members.get(name)
        if not isinstance(value, kind):
            raise self._fault(name)
        return value

    def _absent(self, name: str) -> bool:
        return self.members.get(name) is None

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _fault(self, name: str) -> Unreadable:
        return Unreadable(self._at(name))

"""The core's door for citizens: how a read, a write and a question without effect go through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from bff.core_client.transport import Call, CoreTransport, Origin, broken_means, unknown_origin
from bff.errors import CoreUnavailable, OutcomeUnknown
from bff.settings import CoreSettings
from groundwork.reading import Reading

T = TypeVar("T")


class CitizenDoor:
    """What every client of this door is made of."""

    def __init__(self, settings: CoreSettings, origin: Origin = unknown_origin) -> None:
        self._transport = CoreTransport(settings, origin)
        self._settings = settings

    def _citizen_write(self, person_id: str, route: str, path: str, body: Mapping[str, Any], key: str) -> Call:
        bearer = self._settings.citizen_key
        return Call("POST", route, path, bearer, person_id=person_id, key=key, body=body, writes=True)

    def _write(self, call: Call, read: Callable[[Reading], T]) -> T:
        with broken_means(OutcomeUnknown):
            return read(self._transport.send(call))

    def _ask(
        self,
        person_id: str | None,
        route: str,
        read: Callable[[Reading], T],
        name: str = "",
        query: Mapping[str, str] | None = None,
    ) -> T:
        head, brace, tail = route.partition("{")
        path = head + quote(name, safe="") + tail.partition("}")[2] if brace else route
        bearer = self._settings.citizen_key
        with broken_means(CoreUnavailable):
            return read(self._transport.send(Call("GET", route, path, bearer, person_id=person_id, query=query or {})))

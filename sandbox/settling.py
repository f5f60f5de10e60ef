"""Settles everybody into the core: at every start the registry is told again who lives here, until it has heard it all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import structlog

from sandbox.capabilities import Capabilities
from sandbox.core_client import CoreSilent, CoreUnreachable, Registry
from sandbox.people_face import reported
from sandbox.store import Facts, Store

_PAUSE_S = 0.5
_ALREADY_KNOWN = 409
# The core will not have these facts, however often it is told.
_HOPELESS = (400, 422)


class Settling:
    """One background thread; a core whose database was emptied is filled again, one that knows everybody is not changed."""

    def __init__(self, store: Store, registry: Registry, capabilities: Capabilities) -> None:
        self._store = store
        self._registry = registry
        self._capabilities = capabilities
        self._done = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="settling", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, done or not."""
        self._stop.set()
        self._thread.join()

    def wait(self, timeout_s: float) -> None:
        """Until the core knows everybody, or the time is over."""
        self._done.wait(timeout_s)

    @property
    def done(self) -> bool:
        """Whether the core knows everybody."""
        return self._done.is_set()

    def _run(self) -> None:
        for path, facts in self._everything():
            self._tell(path, facts)
        if not self._stop.is_set():
            self._done.set()

    def _tell(self, path: str, facts: dict[str, Any]) -> None:
        """Until the core has heard it; a refusal is logged once."""
        refusal = None
        while not self._stop.is_set():
            status = self._status(path, facts)
            if status is not None and (status < 300 or status == _ALREADY_KNOWN):
                return
            if status is not None and status != refusal:
                structlog.get_logger().warning("registry_refused", route=path, status=status)
                refusal = status
            if status in _HOPELESS:
                return
            self._stop.wait(_PAUSE_S)

    def _everything(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for institution in self._store.institutions():
            yield "/registry/institutions", self._spelt_out(institution)
        for person in self._store.people():
            yield "/registry/people", reported(person)

    def _spelt_out(self, institution: Facts) -> Facts:
        """The institution with every capability in words; until the core has told them, we wait."""
        while not self._stop.is_set():
            try:
                return self._capabilities.spelt_out(institution)
            except (CoreUnreachable, CoreSilent):
                self._stop.wait(_PAUSE_S)
        return {**institution, "capabilities": []}

    def _status(self, path: str, facts: dict[str, Any]) -> int | None:
        """What the core answers, or `None` while it does not."""
        try:
            return self._registry.report(path, facts).status
        except (CoreUnreachable, CoreSilent):
            return None

"""What institutions are able to do: the first of a kind in a region can do everything that any city asks for."""

from __future__ import annotations

from sandbox.core_client import CoreSilent, CoreUnreachable, Registry
from sandbox.store import Facts, Store


class Capabilities:
    """Spells out institutions whose `capabilities` are kept as `None`, which means every one there is."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._every: list[str] | None = None

    def spelt_out(self, institution: Facts) -> Facts:
        """The same facts with a list; raises `CoreUnreachable` or `CoreSilent` while the core has not told its words."""
        if institution["capabilities"] is not None:
            return institution
        if self._every is None:
            self._every = self._registry.capabilities()
        return {**institution, "capabilities": self._every}

    def shown(self, institution: Facts) -> Facts:
        """As `spelt_out`; while the core has told no words, there are none to show."""
        try:
            return self.spelt_out(institution)
        except (CoreUnreachable, CoreSilent):
            return {**institution, "capabilities": []}

    def unless_told(self, institution: Facts) -> Facts:
        """Facts in which nothing is said of capabilities: every one for the first of its kind in its region, else none."""
        if institution["capabilities"] is not None or self._is_first(institution):
            return institution
        return {**institution, "capabilities": []}

    def _is_first(self, institution: Facts) -> bool:
        alike = [
            one
            for one in self._store.institutions()
            if (one["region"], one["kind"]) == (institution["region"], institution["kind"])
        ]
        return not alike or alike[0]["id"] == institution["id"]

"""Facts and decisions as they are written in answers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from groundwork.clock import china
from reference_core.vocabulary.facts import Verdict


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A decision with every reason."""
    return {"allowed": verdict.allowed, "reasons": [asdict(reason) for reason in verdict.reasons]}


def moment_json(moment: datetime | None) -> str | None:
    """An instant in China time."""
    return None if moment is None else china(moment).isoformat()

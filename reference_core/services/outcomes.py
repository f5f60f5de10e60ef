"""How a write ended that somebody lost the answer to."""

from __future__ import annotations

from reference_core.db import Row
from reference_core.parts import Core
from reference_core.problems import NotFound


def outcome_of(core: Core, person_id: str, key: str) -> Row:
    """What this person's write under this key answered; raises `NotFound` where nothing was done."""
    found = core.db.one(
        "SELECT status, answer AS body FROM core.idempotency "
        "WHERE door = 'citizen' AND actor = %s AND key = %s AND answer IS NOT NULL ORDER BY at DESC LIMIT 1",
        [person_id, key],
    )
    if found is None:
        raise NotFound
    return found

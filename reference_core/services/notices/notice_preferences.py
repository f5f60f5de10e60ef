"""What somebody allowed of notices on their channels, kept as what differs from yes."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from reference_core.db import Row
from reference_core.parts import Core
from reference_core.services.notices.inbox import citizen_of
from reference_core.services.notices.notice_pushes import allowed_json, read_allowed


def read(core: Core, identity_id: str) -> Row:
    """What the citizen behind an identity allowed."""
    with core.register.connection() as tx:
        return allowed_json(read_allowed(tx, citizen_of(tx, identity_id)))


def change(core: Core, identity_id: str, asked: dict[str, Any]) -> Row:
    """Change what is named and leave the rest; a new yes also ends what a channel had stopped."""
    with core.register.transaction() as tx:
        person_id = citizen_of(tx, identity_id)
        kinds, channels = asked.get("kinds", {}), asked.get("channels", {})
        tx.execute("INSERT INTO app.notice_preferences (person_id) VALUES (%s) ON CONFLICT DO NOTHING", [person_id])
        tx.execute(
            "UPDATE app.notice_preferences SET kinds = kinds || %s, channels = channels || %s WHERE person_id = %s",
            [Jsonb(kinds), Jsonb(channels), person_id],
        )
        if "quiet_hours" in asked:
            quiet = asked["quiet_hours"] or {"from": None, "to": None}
            tx.execute(
                "UPDATE app.notice_preferences SET quiet_from = %s, quiet_to = %s WHERE person_id = %s",
                [quiet["from"], quiet["to"], person_id],
            )
        if any(kinds.values()) or any(channels.values()):
            tx.execute("DELETE FROM app.notice_stops WHERE person_id = %s", [person_id])
        return allowed_json(read_allowed(tx, person_id))

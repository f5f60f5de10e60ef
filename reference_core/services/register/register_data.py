"""All that the register keeps of one citizen: told on request, and forgotten on request save what proves their consents."""

from __future__ import annotations

from typing import Any

from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.notices.inbox import everything_of, forget
from reference_core.services.register.consents import list_consents

_HOLDERS = "SELECT id FROM app.holders WHERE id = %(holder)s OR person_id = %(person)s"


def export(core: Core, identity_id: str) -> Row:
    """Every name that channels have for this citizen, every consent, and the inbox with what was allowed of it."""
    with core.register.connection() as tx:
        about = _holder(tx, identity_id)
        rows = tx.execute(
            "SELECT channel, app_id, kind, subject, i.created_at, revoked_at, guarded_until FROM app.identities i "  # noqa: S608  # a constant
            f"JOIN app.holders h ON h.id = i.holder_id WHERE h.id IN ({_HOLDERS}) ORDER BY i.created_at, i.id",
            about,
        ).fetchall()
        inbox = everything_of(tx, about["person"]) if about["person"] else {"notices": [], "notice_preferences": {}}
    return {
        "identities": [_told(row) for row in rows],
        "consents": [_without_ids(row) for row in list_consents(core, identity_id)],
        **inbox,
    }


def delete(core: Core, identity_id: str, scope: Scope) -> Answer:
    """Forget every channel identity of this citizen; consents end and stay, tied to no channel any more."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        about = {**_holder(tx, identity_id), "now": now}
        ended = tx.execute(
            "UPDATE app.consents SET withdrawn_at = coalesce(withdrawn_at, %(now)s), identity_id = NULL "  # noqa: S608  # a constant
            f"WHERE person_id = %(person)s OR identity_id IN (SELECT id FROM app.identities WHERE holder_id IN ({_HOLDERS}))",
            about,
        ).rowcount
        holders = [row["id"] for row in tx.execute(_HOLDERS, about).fetchall()]
        forgotten = tx.execute("DELETE FROM app.identities WHERE holder_id = ANY (%s)", [holders]).rowcount
        tx.execute("DELETE FROM app.holders WHERE id = ANY (%s)", [holders])
        if about["person"]:
            forget(tx, about["person"])
        return Answer(200, {"identities": forgotten, "consents": ended})

    return once(core.register, scope, now, work, schema="app")


def _holder(tx: Tx, identity_id: str) -> Row:
    holder = tx.execute(
        "SELECT h.id::text AS holder, h.person_id::text AS person FROM app.identities i "
        "JOIN app.holders h ON h.id = i.holder_id WHERE i.id = %s",
        [identity_id],
    ).fetchone()
    if holder is None:
        raise NotFound
    return holder


def _told(row: Row) -> Row:
    until = row["guarded_until"]
    moments = {name: moment_json(row[name]) for name in ("created_at", "revoked_at")}
    return {**row, **moments, "guarded_until": until.isoformat() if until else None}


def _without_ids(consent: Row) -> dict[str, Any]:
    """For whom a guardian agreed is told as a yes: whose id that is, is not this citizen's to have."""
    kept = {name: value for name, value in consent.items() if name not in ("id", "for_person")}
    return {**kept, "for_relative": consent["for_person"] is not None}

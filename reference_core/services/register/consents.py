"""The consent ledger of the register: what was agreed to, word for word, when, where, and when it was withdrawn."""

from __future__ import annotations

from typing import Any

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json

# Whose consents an identity may see and end: the citizen's from every channel, or its own before a citizen is known.
_THEIRS = "(c.person_id = %(person)s OR (c.person_id IS NULL AND c.identity_id = %(identity)s))"


def agree(core: Core, identity_id: str, consents: list[dict[str, Any]], scope: Scope) -> Answer:
    """Write down what somebody agreed to just now, before anything is done with it; what stands already stays as it is."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        holder = holder_of(tx, identity_id)
        ids = [write(tx, holder, {**consent, "agreed_at": consent.get("agreed_at") or now}) for consent in consents]
        return Answer(201, {"ids": ids})

    return once(core.register, scope, now, work, schema="app")


def list_consents(core: Core, identity_id: str) -> list[Row]:
    """All that this identity's citizen ever agreed to, newest first, withdrawn or not."""
    with core.register.connection() as tx:
        holder = holder_of(tx, identity_id)
        rows = tx.execute(
            "SELECT id::text AS id, purpose, title, version, text, text_hash, channel, agreed_at, withdrawn_at, "  # noqa: S608  # a constant
            f"for_person::text AS for_person FROM app.consents c WHERE {_THEIRS} ORDER BY agreed_at DESC, id DESC",
            holder,
        ).fetchall()
    return [consent_json(row) for row in rows]


def withdraw(core: Core, identity_id: str, consent_id: str) -> Row:
    """End a consent, and with it whatever else the same citizen agreed to for the same purpose; twice changes nothing."""
    now = core.now()
    with core.register.transaction() as tx:
        about = {**holder_of(tx, identity_id), "id": consent_id, "now": now}
        found = tx.execute(
            f"SELECT purpose, for_person FROM app.consents c WHERE c.id = %(id)s AND {_THEIRS}",  # noqa: S608  # a constant
            about,
        ).fetchone()
        if found is None:
            raise NotFound
        rows = tx.execute(
            "UPDATE app.consents c SET withdrawn_at = coalesce(c.withdrawn_at, %(now)s) WHERE c.purpose = %(purpose)s "  # noqa: S608  # a constant
            f"AND c.for_person IS NOT DISTINCT FROM %(for_person)s AND {_THEIRS} RETURNING c.text_hash",
            {**about, **found},
        ).fetchall()
    for_person = str(found["for_person"]) if found["for_person"] else None
    texts = sorted({row["text_hash"] for row in rows})
    return {"purpose": found["purpose"], "person_id": about["person"], "for_person": for_person, "text_hashes": texts}


def standing(tx: Tx, holder: Row) -> list[str]:
    """The hashes of the texts that this identity's citizen stands by, for themselves."""
    rows = tx.execute(
        f"SELECT DISTINCT text_hash FROM app.consents c WHERE withdrawn_at IS NULL AND for_person IS NULL AND {_THEIRS} "  # noqa: S608  # a constant
        "ORDER BY text_hash",
        holder,
    ).fetchall()
    return [row["text_hash"] for row in rows]


def holder_of(tx: Tx, identity_id: str) -> Row:
    """{identity, person} behind an identity; the citizen only while the channel's word for them stands. Raises `NotFound`."""
    found = tx.execute(
        "SELECT i.id::text AS identity, CASE WHEN i.revoked_at IS NULL THEN h.person_id::text END AS person, "
        "i.channel FROM app.identities i JOIN app.holders h ON h.id = i.holder_id WHERE i.id = %s",
        [identity_id],
    ).fetchone()
    if found is None:
        raise NotFound
    return found


def write(tx: Tx, holder: Row, consent: dict[str, Any]) -> str:
    """Write one consent, unless the same text is agreed to already; its id."""
    asked = {"for_person": None, "title": "", **holder, **consent, "id": new_id()}
    known = tx.execute(
        "SELECT id::text AS id FROM app.consents c WHERE purpose = %(purpose)s AND text_hash = %(text_hash)s "  # noqa: S608  # a constant
        f"AND channel = %(channel)s AND for_person IS NOT DISTINCT FROM %(for_person)s AND withdrawn_at IS NULL AND {_THEIRS}",
        asked,
    ).fetchone()
    if known is not None:
        return str(known["id"])
    tx.execute(
        "INSERT INTO app.consents (id, identity_id, person_id, purpose, title, text, text_hash, version, channel, agreed_at, "
        "for_person) VALUES (%(id)s, %(identity)s, %(person)s, %(purpose)s, %(title)s, %(text)s, %(text_hash)s, %(version)s, "
        "%(channel)s, %(agreed_at)s, %(for_person)s)",
        asked,
    )
    return str(asked["id"])


def consent_json(row: Row) -> Row:
    """A consent as it is told; its text in paragraphs again."""
    return {
        **row,
        "text": row["text"].split("\n"),
        "agreed_at": moment_json(row["agreed_at"]),
        "withdrawn_at": moment_json(row["withdrawn_at"]),
    }

"""Pledges kept as they were signed: the clauses themselves, not a pointer to a text that may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Database, Tx
from reference_core.packs.common import pledge_of
from reference_core.packs.schema_texts import Pledge
from reference_core.packs.shelf import Pack
from reference_core.problems import TextChanged
from reference_core.reading import moment_json


@dataclass(frozen=True, slots=True)
class Signing:
    """One person agreeing to one text: the pack's for the purpose, unless it is put together for this act; `agreed_hash` names
    the text that they read."""

    person_id: str
    purpose: str
    agreed_hash: str | None
    verified_by: dict[str, Any]
    at: datetime
    text: Pledge | None = None


def sign_pledge(tx: Tx, pack: Pack, signing: Signing) -> str:
    """Keep the pack's pledge for this purpose as signed; raises `TextChanged` if the signer read another text."""
    pledge = signing.text or pledge_of(pack, signing.purpose)
    if signing.agreed_hash != pledge.text_hash:
        raise TextChanged
    pledge_id = new_id()
    tx.execute(
        "INSERT INTO core.pledges (id, person_id, purpose, title, text, text_hash, region, version, signed_at, verified_by) "
        "VALUES (%(id)s, %(person_id)s, %(purpose)s, %(title)s, %(text)s, %(hash)s, %(region)s, %(version)s, %(at)s, "
        "%(verified_by)s)",
        {
            "id": pledge_id,
            "person_id": signing.person_id,
            "purpose": signing.purpose,
            "title": pledge.title,
            "text": list(pledge.clauses),
            "hash": pledge.text_hash,
            "region": pack.code,
            "version": pledge.version,
            "at": signing.at,
            "verified_by": Jsonb(signing.verified_by),
        },
    )
    return pledge_id


def list_pledges(db: Database, person_id: str) -> list[dict[str, Any]]:
    """What this person signed, newest first, to be read again."""
    rows = db.rows(
        "SELECT id::text AS id, purpose, title, version, text, text_hash, signed_at, verified_by "
        "FROM core.pledges WHERE person_id = %s ORDER BY signed_at DESC, id DESC",
        [person_id],
    )
    return [{**row, "signed_at": moment_json(row["signed_at"])} for row in rows]

"""The app register: which channel identities belong together, and to which citizen; consents as they were given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import IdentityConflict, NotFound


def sign_in(core: Core, channel: str, app_id: str, subjects: list[dict[str, str]]) -> Row:
    """Find or enter the identities of one sign-in; they belong to one holder from now on."""
    now = core.now()
    with core.register.transaction() as tx:
        for subject in sorted(subjects, key=lambda one: (one["kind"], one["subject"])):
            place = "\x1f".join((channel, app_id, subject["kind"], subject["subject"]))
            tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [place])
        known = [_find(tx, channel, app_id, subject) for subject in subjects]
        holder_id, person_id = _one_holder(tx, [one for one in known if one is not None], now)
        ids = [
            one["id"]
            if one is not None
            else _insert(tx, {"channel": channel, "app_id": app_id, **subject, "holder_id": holder_id, "now": now})
            for subject, one in zip(subjects, known, strict=True)
        ]
    return {"identity_id": ids[0], "person_id": person_id}


def attach(core: Core, identity_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Say whose identity this is, with the consents given for it; all of the same holder's identities follow."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        holder = tx.execute(
            "SELECT h.id, h.person_id::text AS person_id FROM app.holders h JOIN app.identities i ON i.holder_id = h.id "
            "WHERE i.id = %s FOR UPDATE OF h",
            [identity_id],
        ).fetchone()
        if holder is None:
            raise NotFound
        if holder["person_id"] not in (None, asked["person_id"]):
            raise IdentityConflict
        tx.execute("UPDATE app.holders SET person_id = %s WHERE id = %s", [asked["person_id"], holder["id"]])
        for consent in asked["consents"]:
            _insert_consent(tx, identity_id, asked["person_id"], consent)
        return Answer(200, {"identity_id": identity_id, "person_id": asked["person_id"]})

    return once(core.register, scope, now, work, schema="app")


def _find(tx: Tx, channel: str, app_id: str, subject: dict[str, str]) -> Row | None:
    return tx.execute(
        "SELECT i.id::text AS id, h.id::text AS holder_id, h.person_id::text AS person_id FROM app.identities i "
        "JOIN app.holders h ON h.id = i.holder_id WHERE i.channel = %s AND i.app_id = %s AND i.kind = %s AND i.subject = %s",
        [channel, app_id, subject["kind"], subject["subject"]],
    ).fetchone()


def _one_holder(tx: Tx, known: list[Row], now: datetime) -> tuple[str, str | None]:
    """The holder of all of them: made where there is none, joined where there are several that name one citizen at most."""
    people = {one["person_id"] for one in known if one["person_id"] is not None}
    if len(people) > 1:
        raise IdentityConflict
    if not known:
        holder_id = new_id()
        tx.execute("INSERT INTO app.holders (id, created_at) VALUES (%s, %s)", [holder_id, now])
        return holder_id, None
    keeper = next((one for one in known if one["person_id"] is not None), known[0])
    others = [one["holder_id"] for one in known if one["holder_id"] != keeper["holder_id"]]
    tx.execute("UPDATE app.identities SET holder_id = %s WHERE holder_id = ANY (%s::uuid[])", [keeper["holder_id"], others])
    return keeper["holder_id"], keeper["person_id"]


def _insert(tx: Tx, identity: dict[str, Any]) -> str:
    identity_id = new_id()
    tx.execute(
        "INSERT INTO app.identities (id, channel, app_id, kind, subject, holder_id, created_at) "
        "VALUES (%(id)s, %(channel)s, %(app_id)s, %(kind)s, %(subject)s, %(holder_id)s, %(now)s)",
        {**identity, "id": identity_id},
    )
    return identity_id


def _insert_consent(tx: Tx, identity_id: str, person_id: str, consent: dict[str, Any]) -> None:
    tx.execute(
        "INSERT INTO app.consents (id, identity_id, person_id, purpose, text, text_hash, version, channel, agreed_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            new_id(),
            identity_id,
            person_id,
            consent["purpose"],
            consent["text"],
            consent["text_hash"],
            consent["version"],
            consent["channel"],
            consent["agreed_at"],
        ],
    )

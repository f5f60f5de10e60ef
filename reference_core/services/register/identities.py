"""The app register: which channel identities belong together, and to which citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.idempotency import Answer, Scope, once, scope_of
from reference_core.parts import Core
from reference_core.problems import IdentityConflict, NotFound
from reference_core.services.notices import events
from reference_core.services.register import consents


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a channel said of who holds the phone; in the channels of `union_with`, the same union id names the same account."""

    channel: str
    app_id: str
    subjects: list[dict[str, str]]
    union_with: list[str]

    @property
    def unions(self) -> list[str]:
        """The union ids, if other channels know such too."""
        return [one["subject"] for one in self.subjects if one["kind"] == "union_id" and self.union_with]


def sign_in(core: Core, told: SignIn) -> Row:
    """Find or enter the identities of one sign-in; they belong to one holder from now on."""
    now, channel, app_id = core.now(), told.channel, told.app_id
    with core.register.transaction() as tx:
        _lock(tx, told)
        known = [_find(tx, channel, app_id, subject) for subject in told.subjects]
        alike = [one for union in told.unions for one in _find_in_union(tx, union, told.union_with)]
        here = [one for one in known if one is not None]
        holder_id, person_id = _one_holder(tx, [*here, *alike], now)
        ids = [
            one["id"]
            if one is not None
            else _insert(tx, {"channel": channel, "app_id": app_id, **subject, "holder_id": holder_id, "now": now})
            for subject, one in zip(told.subjects, known, strict=True)
        ]
        if any(one["revoked_at"] for one in here):
            person_id = None
        if person_id is not None and all(one["person_id"] is None for one in here):
            # Before it is so: who joined and was not told of would never be told of again.
            _tell_of_union(core, told, holder_id, person_id, now)
        agreed = consents.standing(tx, {"identity": ids[0], "person": person_id})
        guarded_until = _guarded_until(tx, holder_id) if person_id else None
    return {"identity_id": ids[0], "person_id": person_id, "agreed": agreed, "guarded_until": guarded_until}


def attach(core: Core, identity_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Say whose identity this is, with the consents given for it; all of the same holder's identities follow."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        holder = _hold(tx, identity_id)
        if holder["person_id"] not in (None, asked["person_id"]):
            raise IdentityConflict
        added = _is_another_way_in(tx, holder, asked["person_id"])
        tx.execute(
            "UPDATE app.holders SET person_id = %(person_id)s, guarded_until = %(guarded_until)s WHERE id = %(id)s",
            {**asked, "id": holder["id"]},
        )
        tx.execute(
            "UPDATE app.identities SET revoked_at = NULL "
            "WHERE holder_id = %(id)s AND channel = %(channel)s AND app_id = %(app_id)s",
            holder,
        )
        told = {"identity": identity_id, "person": asked["person_id"]}
        for consent in asked["consents"]:
            consents.write(tx, told, consent)
        tx.execute(
            "UPDATE app.consents SET person_id = %(person)s WHERE person_id IS NULL AND identity_id IN "
            "(SELECT id FROM app.identities WHERE holder_id = %(holder)s)",
            {**told, "holder": holder["id"]},
        )
        agreed = consents.standing(tx, told)
        body = {name: asked[name] for name in ("person_id", "guarded_until")} | {"identity_id": identity_id, "agreed": agreed}
        return Answer(200, {**body, "added_to": holder["channel"] if added else None})

    answer = once(core.register, scope, now, work, schema="app")
    if answer.body.get("added_to"):
        _tell(core, scope, now, events.Event("identity_added", asked["person_id"], {"channel": answer.body["added_to"]}))
    return answer


def _hold(tx: Tx, identity_id: str) -> Row:
    holder = tx.execute(
        "SELECT h.id, h.person_id::text AS person_id, i.channel, i.app_id FROM app.holders h "
        "JOIN app.identities i ON i.holder_id = h.id WHERE i.id = %s FOR UPDATE OF h",
        [identity_id],
    ).fetchone()
    if holder is None:
        raise NotFound
    return holder


def _is_another_way_in(tx: Tx, holder: Row, person_id: str) -> bool:
    """Whether the citizen was known on this channel before, as somebody else's phone perhaps."""
    if holder["person_id"] is not None:
        return False
    other = tx.execute(
        "SELECT FROM app.identities i JOIN app.holders h ON h.id = i.holder_id "
        "WHERE h.person_id = %s AND h.id <> %s AND i.channel = %s LIMIT 1",
        [person_id, holder["id"], holder["channel"]],
    ).fetchone()
    return other is not None


def _tell_of_union(core: Core, told: SignIn, holder_id: str, person_id: str, now: datetime) -> None:
    """An account that came to another app of its platform is another way in, told once for each holder."""
    place = {"channel": told.channel, "app_id": told.app_id}
    scope = scope_of(core.keys, door="app", actor=holder_id, operation="union", key=f"{told.channel}/{told.app_id}", body=place)
    _tell(core, scope, now, events.Event("identity_added", person_id, {"channel": told.channel}))


def _tell(core: Core, scope: Scope, now: datetime, event: events.Event) -> None:
    """The feed is the core's, in another database perhaps: told once under the same key, however often that is sent."""

    def work(tx: Tx) -> Answer:
        events.record(tx, now, event)
        return Answer(200, {})

    once(core.db, scope, now, work)


def _guarded_until(tx: Tx, holder_id: str) -> str | None:
    """Until which day a guardian speaks for this holder, if ever."""
    row = tx.execute("SELECT guarded_until FROM app.holders WHERE id = %s", [holder_id]).fetchone()
    return row["guarded_until"].isoformat() if row and row["guarded_until"] else None


def _lock(tx: Tx, told: SignIn) -> None:
    """Two sign-ins of one account take turns; what they lock is in one order, its union last."""
    places = sorted((told.channel, told.app_id, one["kind"], one["subject"]) for one in told.subjects)
    for place in [*places, *(("union", union) for union in sorted(told.unions))]:
        tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", ["\x1f".join(place)])


def _find_in_union(tx: Tx, union_id: str, channels: list[str]) -> list[Row]:
    """The same account in other apps of the platform, except where its owner withdrew the authorisation."""
    return tx.execute(
        "SELECT i.id::text AS id, i.revoked_at, h.id::text AS holder_id, h.person_id::text AS person_id FROM app.identities i "
        "JOIN app.holders h ON h.id = i.holder_id "
        "WHERE i.kind = 'union_id' AND i.subject = %s AND i.channel = ANY (%s) AND i.revoked_at IS NULL",
        [union_id, channels],
    ).fetchall()


def _find(tx: Tx, channel: str, app_id: str, subject: dict[str, str]) -> Row | None:
    return tx.execute(
        "SELECT i.id::text AS id, i.revoked_at, h.id::text AS holder_id, h.person_id::text AS person_id FROM app.identities i "
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

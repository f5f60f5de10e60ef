"""Pushes of notices: each is marked before its channel is called and settled after, so that none is ever sent twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from reference_core.db import Row, Tx
from reference_core.decisions.notice_push import BY_PHONE, FRESH, Allowed, Push, Waiting, decide, try_again_at
from reference_core.parts import Core
from reference_core.reading import moment_json
from reference_core.services.people import people

# A worker that holds a mark for longer is no more: no call to a channel takes that long.
_IN_FLIGHT = timedelta(seconds=60)
# So many that need no push are passed over in one call.
_LOOKED_AT = 100
_OUTCOMES = {"sent": "sent", "stop": "not_allowed", "alert": "not_delivered", "unknown": "not_delivered"}


def claim(core: Core, asked: Row) -> Row:
    """Mark one push that is due as begun, and tell whom to reach; the same claim again is told the same."""
    now = core.now()
    with core.register.transaction() as tx:
        held = tx.execute("SELECT * FROM app.notices WHERE claim = %s AND push = 'pushing'", [asked["claim"]]).fetchone()
        if held is not None:
            return {"push": _told(core, tx, held), "more": True}
        for _ in range(_LOOKED_AT):
            row = tx.execute(
                "SELECT * FROM app.notices WHERE push = 'pending' AND push_after <= %s "
                "ORDER BY push_after, event_id LIMIT 1 FOR UPDATE SKIP LOCKED",
                [now],
            ).fetchone()
            if row is None:
                return {"push": None, "more": False}
            push = _decide(core, tx, row, asked["channels"], now)
            _mark(tx, row, push, asked["claim"], now)
            if push.state == "pushing":
                return {"push": _told(core, tx, {**row, "channel": push.channel}), "more": True}
    return {"push": None, "more": True}


def settle(core: Core, notice_id: str, asked: Row) -> Row:
    """Write down what became of a push; only whoever holds its mark can, and twice changes nothing."""
    now = core.now()
    outcome = asked["outcome"]
    with core.register.transaction() as tx:
        row = tx.execute(
            "SELECT id, person_id, channel, template, tries, push_until FROM app.notices "
            "WHERE id = %s AND claim = %s AND push = 'pushing' FOR UPDATE",
            [notice_id, asked["claim"]],
        ).fetchone()
        if row is None:
            return {"settled": False}
        again_at = try_again_at(row["tries"], row["push_until"], now) if outcome == "retry" else None
        if again_at is not None:
            tx.execute(
                "UPDATE app.notices SET push = 'pending', claim = NULL, claimed_at = NULL, tries = tries + 1, push_after = %s "
                "WHERE id = %s",
                [again_at, row["id"]],
            )
        else:
            state = _OUTCOMES.get(outcome, "not_delivered")
            tx.execute("UPDATE app.notices SET push = %s WHERE id = %s", [state, row["id"]])
        if outcome == "stop":
            tx.execute(
                "INSERT INTO app.notice_stops (person_id, channel, template, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [row["person_id"], row["channel"], row["template"], now],
            )
    return {"settled": True}


def shown_delivery(push: str, claimed_at: datetime | None, now: datetime) -> str:
    """What its owner is told of a push; one whose worker was lost may have arrived, and counts as not delivered."""
    if push != "pushing":
        return push
    return "pending" if claimed_at is not None and now - claimed_at < _IN_FLIGHT else "not_delivered"


def read_allowed(tx: Tx, person_id: str) -> Allowed:
    """What somebody allowed; whoever never chose allowed all."""
    row = tx.execute("SELECT * FROM app.notice_preferences WHERE person_id = %s", [person_id]).fetchone()
    if row is None:
        return Allowed()
    quiet = None if row["quiet_from"] is None else (time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_to"]))
    return Allowed(row["kinds"], row["channels"], quiet)


def allowed_json(allowed: Allowed) -> Row:
    """The same as it is told."""
    quiet = allowed.quiet
    hours = None if quiet is None else {"from": quiet[0].strftime("%H:%M"), "to": quiet[1].strftime("%H:%M")}
    return {"kinds": dict(allowed.kinds), "channels": dict(allowed.channels), "quiet_hours": hours}


def _decide(core: Core, tx: Tx, row: Row, channels: list[str], now: datetime) -> Push:
    allowed, waiting = read_allowed(tx, row["person_id"]), _waiting(tx, row)
    return decide(waiting, allowed, _reachable(core, tx, row["person_id"], channels, allowed), now)


def _reachable(core: Core, tx: Tx, person_id: str, channels: list[str], allowed: Allowed) -> tuple[str, ...]:
    """Where they signed in, the newest first; last, by text message, whoever did so anywhere and has a verified phone."""
    known = tx.execute(
        "SELECT i.channel FROM app.identities i JOIN app.holders h ON h.id = i.holder_id "
        "WHERE h.person_id = %s AND i.revoked_at IS NULL GROUP BY i.channel ORDER BY max(i.created_at) DESC, i.channel",
        [person_id],
    ).fetchall()
    by_phone = BY_PHONE in channels and allowed.lets(BY_PHONE) and known and _phone(core, person_id)
    return (*(one["channel"] for one in known if one["channel"] in channels), *((BY_PHONE,) if by_phone else ()))


def _phone(core: Core, person_id: str) -> str | None:
    """The register may lie elsewhere, so the core is asked on its own."""
    with core.db.connection() as tx:
        return people.verified_phone(tx, core.keys, str(person_id))


def _waiting(tx: Tx, row: Row) -> Waiting:
    stops = tx.execute(
        "SELECT channel FROM app.notice_stops WHERE person_id = %s AND template = %s", [row["person_id"], row["template"]]
    ).fetchall()
    return Waiting(row["kind"], row["push_until"], frozenset(stop["channel"] for stop in stops))


def _mark(tx: Tx, row: Row, push: Push, claimed_as: str, now: datetime) -> None:
    if push.after is not None:
        until = push.after + FRESH
        tx.execute("UPDATE app.notices SET push_after = %s, push_until = %s WHERE id = %s", [push.after, until, row["id"]])
        return
    held = (claimed_as, now) if push.state == "pushing" else (None, None)
    tx.execute(
        "UPDATE app.notices SET push = %s, channel = %s, claim = %s, claimed_at = %s WHERE id = %s",
        [push.state, push.channel, *held, row["id"]],
    )


def _told(core: Core, tx: Tx, row: Row) -> Row:
    app_id, subjects = _subjects(core, tx, row)
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "at": moment_json(row["at"]),
        "data": row["data"],
        "template": row["template"],
        "channel": row["channel"],
        "app_id": app_id,
        "subjects": subjects,
    }


def _subjects(core: Core, tx: Tx, row: Row) -> tuple[str | None, list[Row]]:
    """How that channel knows the person: the names of their newest app there, or the number."""
    if row["channel"] == BY_PHONE:
        phone = _phone(core, row["person_id"])
        return None, [{"kind": "phone", "subject": phone}] if phone else []
    named = tx.execute(
        "SELECT i.app_id, i.kind, i.subject FROM app.identities i JOIN app.holders h ON h.id = i.holder_id "
        "WHERE h.person_id = %s AND i.channel = %s AND i.revoked_at IS NULL ORDER BY i.created_at DESC, i.id",
        [row["person_id"], row["channel"]],
    ).fetchall()
    app_id = named[0]["app_id"] if named else None
    return app_id, [{"kind": one["kind"], "subject": one["subject"]} for one in named if one["app_id"] == app_id]

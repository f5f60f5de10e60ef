"""The rows of kinship lists: read as facts, written, ended, and told to both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_digits, new_id
from reference_core.db import Row, Tx
from reference_core.services.notices import events
from reference_core.vocabulary.facts import KinshipTie
from reference_core.vocabulary.kinship import code_of

_MOMENTS = ("requested_at", "waits_until", "confirmed_at", "ended_at")
_SLIP_DIGITS = 10
# How long a relative or a clerk may take before the place in the list is free again.
_WAITS = {"relative": timedelta(days=7), "counter": timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class NewTie:
    """What one tie is made of; `waits_for` is `None` where everything needed was given at once."""

    helper_id: str
    relative_id: str
    word: str
    own_consent: bool
    waits_for: str | None = None
    own_pledge_id: str | None = None
    guardian_pledge_id: str | None = None
    verified_by: Row | None = None


def read_list(tx: Tx, helper_id: str) -> tuple[KinshipTie, ...]:
    """Everybody who was ever in this person's list, in the order in which they came."""
    return _read(tx, "k.helper_id = %s", helper_id)


def read_helpers(tx: Tx, relative_id: str) -> tuple[KinshipTie, ...]:
    """Everybody in whose list this person ever was."""
    return _read(tx, "k.relative_id = %s", relative_id)


def read_one(tx: Tx, kinship_id: str) -> KinshipTie | None:
    """One tie by its id."""
    return next(iter(_read(tx, "k.id = %s", kinship_id)), None)


def to_kinship_tie(facts: dict[str, Any]) -> KinshipTie:
    """The tie that `core.kinship_facts` describes."""
    moments = {name: datetime.fromisoformat(facts[name]) if facts[name] else None for name in _MOMENTS}
    return KinshipTie(**{**facts, **moments})


def insert(tx: Tx, new: NewTie, now: datetime) -> Row:
    """Write a tie; answers its id, its slip and until when it waits. Both people must be locked."""
    waits_until = now + _WAITS[new.waits_for] if new.waits_for else None
    row: Row = {
        "id": new_id(),
        "slip": new_digits(_SLIP_DIGITS) if new.waits_for == "counter" else None,
        "waits_until": waits_until,
    }
    tx.execute(
        "INSERT INTO core.kinships (id, helper_id, relative_id, kinship, requested_at, waits_for, waits_until, slip, "
        "confirmed_at, own_consent, own_pledge_id, guardian_pledge_id, verified_by) "
        "VALUES (%(id)s, %(helper)s, %(relative)s, %(kinship)s, "
        "%(now)s, %(waits_for)s, %(waits_until)s, %(slip)s, %(confirmed_at)s, %(own)s, %(own_pledge)s, %(guardian_pledge)s, "
        "%(verified_by)s)",
        {
            **row,
            "helper": new.helper_id,
            "relative": new.relative_id,
            "kinship": code_of(new.word),
            "now": now,
            "waits_for": new.waits_for,
            "confirmed_at": None if new.waits_for else now,
            "own": new.own_consent,
            "own_pledge": new.own_pledge_id,
            "guardian_pledge": new.guardian_pledge_id,
            "verified_by": Jsonb(new.verified_by) if new.verified_by else None,
        },
    )
    return row


def end(tx: Tx, tie: KinshipTie, reason: str, by_person: str | None, now: datetime) -> None:
    """End a tie for good; nothing of it is deleted."""
    tx.execute(
        "UPDATE core.kinships SET ended_at = %s, end_reason = %s, ended_by = %s WHERE id = %s", [now, reason, by_person, tie.id]
    )


def rename(tx: Tx, tie: KinshipTie, word: str) -> None:
    """Write another word for what the relative is to the helper."""
    tx.execute("UPDATE core.kinships SET kinship = %s WHERE id = %s", [code_of(word), tie.id])


def clear_unanswered(tx: Tx, helper_id: str, now: datetime) -> None:
    """Close the requests that nobody answered in time, so that the same relative can be named again."""
    tx.execute(
        "UPDATE core.kinships SET ended_at = waits_until, end_reason = 'unanswered' "
        "WHERE helper_id = %s AND ended_at IS NULL AND confirmed_at IS NULL AND waits_until <= %s",
        [helper_id, now],
    )


def activate_voucher(tx: Tx, person_id: str, method: str, by_helper: str | None, now: datetime) -> bool:
    """Make a voucher active, or keep what was seen of its owner now; answers whether it was asleep before."""
    row = tx.execute(
        "UPDATE core.vouchers v SET activated_at = coalesce(v.activated_at, %(now)s), "
        "activated_by = CASE WHEN v.activated_at IS NULL THEN %(helper)s ELSE v.activated_by END, "
        "activated_method = CASE WHEN v.activated_at IS NULL OR %(method)s IN ('face', 'bank_card', 'counter') "
        "THEN %(method)s ELSE v.activated_method END "
        "FROM core.vouchers was WHERE v.person_id = %(person)s AND was.id = v.id RETURNING was.activated_at IS NULL AS asleep",
        {"now": now, "helper": by_helper, "method": method, "person": person_id},
    ).fetchone()
    return bool(row and row["asleep"])


def voucher_of(tx: Tx, person_id: str) -> str:
    """The id of somebody's voucher; everybody has one."""
    row = tx.execute("SELECT id::text AS id FROM core.vouchers WHERE person_id = %s", [person_id]).fetchone()
    return str((row or {})["id"])


def tell_both(tx: Tx, tie_id: str, pair: tuple[str, str], kind: str, now: datetime, **data: Any) -> None:
    """One event for the helper and one for the relative."""
    told = {"kinship_id": tie_id, **data}
    events.record(
        tx,
        now,
        events.Event(kind, pair[0], {**told, "role": "helper"}),
        events.Event(kind, pair[1], {**told, "role": "relative"}),
    )


def _read(tx: Tx, where: str, value: str) -> tuple[KinshipTie, ...]:
    rows = tx.execute(
        f"SELECT core.kinship_facts(k) AS tie FROM core.kinships k WHERE {where} ORDER BY k.requested_at, k.id",  # noqa: S608  # three known conditions
        [value],
    ).fetchall()
    return tuple(to_kinship_tie(row["tie"]) for row in rows)

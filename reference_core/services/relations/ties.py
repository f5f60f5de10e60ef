"""One tie at a time, under locks on both people: read, changed, ended, and told to both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reference_core.db import Tx
from reference_core.problems import NotFound
from reference_core.services.notices import events
from reference_core.services.people import people
from reference_core.services.people.situations import to_relation
from reference_core.vocabulary.facts import Relation


@dataclass(frozen=True, slots=True)
class Ending:
    """Why, from when and by whom a tie ends; nobody's id where an agency or an event of life ended it."""

    reason: str
    at: datetime
    ended_by: str
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class HeldTie:
    """A tie whose two people are locked, with what a decision on it may need beside the facts."""

    tie: Relation
    member_born: date


def hold_tie(tx: Tx, relation_id: str, of_person: str | None = None) -> HeldTie:
    """Lock both people of a tie and read it; raises `NotFound`, also where `of_person` is not one of the two."""
    found = read_tie(tx, relation_id, of_person)
    people.lock_people(tx, [found.tie.payer_id, found.tie.member_id])
    return read_tie(tx, relation_id)


def read_tie(tx: Tx, relation_id: str, of_person: str | None = None) -> HeldTie:
    """The tie as it stands, without a lock."""
    row = tx.execute(
        "SELECT core.relation_facts(r) AS tie, m.born FROM core.relations r JOIN core.people m ON m.id = r.member_id "
        "WHERE r.id = %s AND coalesce(%s::uuid, r.payer_id) IN (r.payer_id, r.member_id)",
        [relation_id, of_person],
    ).fetchone()
    if row is None:
        raise NotFound
    return HeldTie(to_relation(row["tie"]), row["born"])


def end_tie(tx: Tx, tie: Relation, ending: Ending, now: datetime) -> None:
    """End a tie for good; its people must be locked."""
    tx.execute(
        "UPDATE core.relations SET ended_at = %(at)s, end_reason = %(reason)s, ended_by = %(by)s WHERE id = %(id)s",
        {"at": ending.at, "reason": ending.reason, "by": ending.person_id, "id": tie.id},
    )
    tell_both(tx, tie, "relation_ended", now, ended_by=ending.ended_by, reason=told_reason(ending.reason))


def told_reason(reason: str) -> str:
    """Why a tie ended, as an event may say it: one of our words, never what somebody wrote."""
    return reason if reason in _WORDS else "in_own_words"


def tell_both(tx: Tx, tie: Relation, kind: str, now: datetime, **data: Any) -> None:
    """One event for each side."""
    told = {"relation_id": tie.id, **data}
    events.record(
        tx,
        now,
        events.Event(kind, tie.payer_id, {**told, "role": "payer"}),
        events.Event(kind, tie.member_id, {**told, "role": "member"}),
    )


_WORDS = frozenset(
    {
        "ended_by_payer",
        "ended_by_member",
        "declined",
        "review_rejected",
        "account_closed",
        "data_deleted",
        "consent_withdrawn",
        "payer_transferred",
        "member_transferred",
        "payer_frozen",
        "dispute_upheld",
    }
)

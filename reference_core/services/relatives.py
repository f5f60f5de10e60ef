"""Finds the relative whom somebody names; naming strangers is told nothing, is counted, and is told to who was meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reference_core.db import Tx
from reference_core.parts import Core
from reference_core.problems import TooManyTries
from reference_core.services import events, people


@dataclass(frozen=True, slots=True)
class Named:
    """A relative as somebody names them."""

    name: str
    cert_type: str
    id_number: str


def find_relative(core: Core, tx: Tx, by_person: str, named: Named, now: datetime) -> str | None:
    """Who has this number, if this is their name: a stranger and a wrong name look the same from outside.

    Raises `TooManyTries` once too many different pairs that do not belong together were tried. Needs a transaction.
    """
    tried = core.keys.fingerprints("member_try", by_person, named.cert_type, named.id_number, named.name)
    # Two tries at once must not both be the last one allowed.
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('core.member_tries/' || %s, 0))", [by_person])
    _check_tries(core, tx, by_person, tried, now)
    person_id = people.find_id(tx, core.keys, named.cert_type, named.id_number)
    if person_id is not None and people.read_names(tx, core.keys, [person_id])[person_id].name == named.name:
        return person_id
    if _count_try(core, tx, by_person, tried, now) and person_id is not None:
        events.record(tx, now, events.Event("relation_attempted", person_id, {}))
    return None


def _check_tries(core: Core, tx: Tx, by_person: str, tried: tuple[str, ...], now: datetime) -> None:
    since = _window_start(core, now)
    counted = tx.execute(
        "SELECT count(*) AS tries, min(at) AS first_at, coalesce(bool_or(try_print = ANY (%s)), false) AS known "
        "FROM core.member_tries WHERE person_id = %s AND at > %s",
        [list(tried), by_person, since],
    ).fetchone()
    if counted is None or counted["tries"] < core.settings.member_tries_max or counted["known"]:
        return
    raise TooManyTries(retry_after_s=1 + int((counted["first_at"] - since).total_seconds()))


def _count_try(core: Core, tx: Tx, by_person: str, tried: tuple[str, ...], now: datetime) -> bool:
    """Whether this was a try of its own, and not the same one again."""
    counted = tx.execute(
        # Selected, not given: an acting person whom nobody knows is told so later, like everywhere.
        "INSERT INTO core.member_tries AS tries (person_id, try_print, at) "
        "SELECT p.id, %s, %s FROM core.people p WHERE p.id = %s "
        "ON CONFLICT (person_id, try_print) DO UPDATE SET at = excluded.at WHERE tries.at <= %s RETURNING at",
        [tried[0], now, by_person, _window_start(core, now)],
    ).fetchone()
    return counted is not None


def _window_start(core: Core, now: datetime) -> datetime:
    return now - timedelta(seconds=core.settings.member_tries_window_s)

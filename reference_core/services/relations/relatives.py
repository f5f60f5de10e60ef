"""Finds the relative whom somebody names; naming strangers is told nothing, is counted, and is told to who was meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwork.names import is_same_name
from reference_core.db import Tx
from reference_core.origin import Asker
from reference_core.parts import Core
from reference_core.problems import TooManyTries
from reference_core.services.notices import events
from reference_core.services.people import people


@dataclass(frozen=True, slots=True)
class Named:
    """A relative as somebody names them."""

    name: str
    cert_type: str
    id_number: str


def find_relative(core: Core, tx: Tx, asker: Asker, named: Named, now: datetime) -> str | None:
    """Who has this number, if this is their name: a stranger and a wrong name look the same from outside.

    Raises `TooManyTries` once too many different pairs that do not belong together were tried by this person, on this device
    or from this part of the network. Needs a transaction.
    """
    tried = core.keys.fingerprints("member_try", asker.person_id, named.cert_type, named.id_number, named.name)
    check_tries(core, tx, asker, tried, now)
    person_id = people.find_id(tx, core.keys, named.cert_type, named.id_number)
    if person_id is not None and is_same_name(people.read_names(tx, core.keys, [person_id])[person_id].name, named.name):
        return person_id
    if count_try(core, tx, asker, tried[0], now) and person_id is not None:
        events.record(tx, now, events.Event("relation_attempted", person_id, {}))
    return None


def _hold_counts(tx: Tx, asker: Asker) -> None:
    """Two tries at once must not both be the last one allowed; everybody takes these locks in this order."""
    counted_by = (("person", asker.person_id), ("device", asker.origin.device), ("address", asker.origin.address))
    for kind, value in counted_by:
        if value is not None:
            tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"core.member_tries/{kind}/{value}"])


def check_tries(core: Core, tx: Tx, asker: Asker, tried: tuple[str, ...], now: datetime) -> None:
    """Raises `TooManyTries` once too many wrong guesses were made; `tried` are the keyed hashes of this one."""
    _hold_counts(tx, asker)
    since = _window_start(core, now)
    counts = tx.execute(
        "SELECT counted_by, count(*) AS tries, min(at) AS first_at, "
        "bool_or(person_id = %(person)s AND try_print = ANY (%(tried)s)) AS known "
        "FROM core.member_tries CROSS JOIN LATERAL (VALUES ('person', person_id = %(person)s), "
        "('device', device = %(device)s), ('address', address = %(address)s)) AS mine (counted_by, counts) "
        "WHERE counts AND at > %(since)s AND (person_id = %(person)s OR device = %(device)s OR address = %(address)s) "
        "GROUP BY counted_by",
        {
            "person": asker.person_id,
            "device": asker.origin.device,
            "address": asker.origin.address,
            "since": since,
            "tried": list(tried),
        },
    ).fetchall()
    most = _most(core)
    full = [counted for counted in counts if counted["tries"] >= most[counted["counted_by"]]]
    if full and not any(counted["known"] for counted in counts):
        first_at = max(counted["first_at"] for counted in full)
        raise TooManyTries(retry_after_s=1 + int((first_at - since).total_seconds()))


def _most(core: Core) -> dict[str, int]:
    settings = core.settings
    return {
        "person": settings.member_tries_max,
        "device": settings.member_tries_per_device_max,
        "address": settings.member_tries_per_address_max,
    }


def count_try(core: Core, tx: Tx, asker: Asker, try_print: str, now: datetime) -> bool:
    """Whether this was a try of its own, and not the same one again."""
    counted = tx.execute(
        # Selected, not given: an acting person whom nobody knows is told so later, like everywhere.
        "INSERT INTO core.member_tries AS tries (person_id, try_print, at, device, address) "
        "SELECT p.id, %s, %s, %s, %s FROM core.people p WHERE p.id = %s "
        "ON CONFLICT (person_id, try_print) DO UPDATE SET at = excluded.at, device = excluded.device, address = excluded.address "
        "WHERE tries.at <= %s RETURNING at",
        [try_print, now, asker.origin.device, asker.origin.address, asker.person_id, _window_start(core, now)],
    ).fetchone()
    return counted is not None


def _window_start(core: Core, now: datetime) -> datetime:
    return now - timedelta(seconds=core.settings.member_tries_window_s)

"""Keeps helpers from activating vouchers by the dozen: caps per helper, device and address, and an alert on a farm."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.origin import Asker
from reference_core.parts import Core
from reference_core.problems import TooManyActivations
from reference_core.reading import moment_json
from reference_core.services.notices import events

_WINDOW = timedelta(days=1)
# One household shares a device for years; so many different helpers in a month are no household.
_ALERT_WINDOW = timedelta(days=30)
_LIST_MAX = 200


def check_caps(core: Core, tx: Tx, helper: Asker, now: datetime) -> None:
    """Raises `TooManyActivations` where this helper, device or address has had its share of the day."""
    for kind, value, most in _counted(core, helper):
        tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('core.proxy_activations/' || %s, 0))", [value])
        row = tx.execute(
            f"SELECT count(*) AS counted, min(at) AS first_at FROM core.proxy_activations WHERE {kind} = %s AND at > %s",  # noqa: S608  # three known columns
            [value, now - _WINDOW],
        ).fetchone()
        if row is not None and row["counted"] >= most:
            raise TooManyActivations(retry_after_s=1 + int((row["first_at"] + _WINDOW - now).total_seconds()))


def count(core: Core, tx: Tx, helper: Asker, activation: Row, now: datetime) -> None:
    """Remember one activation by a helper, and raise the alarm where too many helpers share a device or an address."""
    origin = helper.origin
    tx.execute(
        "INSERT INTO core.proxy_activations (kinship_id, helper_id, device_print, address_print, at) "
        "VALUES (%(kinship)s, %(helper)s, %(device)s, %(address)s, %(now)s)",
        {**activation, "helper": helper.person_id, "device": origin.device, "address": origin.address, "now": now},
    )
    for kind, value, most in (
        ("device", origin.device, core.settings.alert_helpers_per_device),
        ("address", origin.address, core.settings.alert_helpers_per_address),
    ):
        seen = _seen_at(tx, kind, value, now)
        if value is not None and seen["helpers"] >= most:
            _raise_alert(tx, {"kind": kind, "print": value, **seen}, activation["relative"], now)


def list_alerts(core: Core) -> list[Row]:
    """What staff should look into, newest first."""
    rows = core.db.rows(
        "SELECT id::text AS id, kind, left(print, 16) AS print, helpers, activations, first_at, last_at FROM core.alerts "
        "ORDER BY last_at DESC, id LIMIT %s",
        [_LIST_MAX],
    )
    return [{**row, "first_at": moment_json(row["first_at"]), "last_at": moment_json(row["last_at"])} for row in rows]


def _counted(core: Core, helper: Asker) -> list[tuple[str, str, int]]:
    settings = core.settings
    found = (
        ("helper_id", helper.person_id, settings.activations_per_helper_max),
        ("device_print", helper.origin.device, settings.activations_per_device_max),
        ("address_print", helper.origin.address, settings.activations_per_address_max),
    )
    return [(kind, value, most) for kind, value, most in found if value is not None]


def _seen_at(tx: Tx, kind: str, value: str | None, now: datetime) -> Row:
    """How many helpers activated how many vouchers at one device or address lately."""
    row = tx.execute(
        f"SELECT count(DISTINCT helper_id) AS helpers, count(*) AS activations FROM core.proxy_activations "  # noqa: S608  # two known columns
        f"WHERE {kind}_print = %s AND at > %s",
        [value, now - _ALERT_WINDOW],
    ).fetchone()
    return row or {"helpers": 0, "activations": 0}


def _raise_alert(tx: Tx, found: Row, relative_id: str, now: datetime) -> None:
    alert = tx.execute(
        "INSERT INTO core.alerts AS a (id, kind, print, helpers, activations, first_at, last_at) "
        "VALUES (%(id)s, %(kind)s, %(print)s, %(helpers)s, %(activations)s, %(now)s, %(now)s) "
        "ON CONFLICT (kind, print) DO UPDATE SET helpers = excluded.helpers, activations = excluded.activations, "
        "last_at = excluded.last_at RETURNING a.id::text AS id",
        {"id": new_id(), **found, "now": now},
    ).fetchone()
    # Told to whoever's voucher it was: a word to the helpers would only warn a farm.
    events.record(
        tx, now, events.Event("activations_flagged", relative_id, {"alert_id": (alert or {})["id"], "by": found["kind"]})
    )

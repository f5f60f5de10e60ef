"""Codes read in another city than they were shown in: held back until whoever showed them looks into the camera."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.reasons import explain
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import FarRead, StepUpRequired
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import person_checks
from reference_core.vocabulary.admdvs import same_pool

STEP_UP_PURPOSE = "use_code_far_away"
CHECK_LASTS = timedelta(minutes=10)
_CLEARED = timedelta(minutes=10)
# So long after a far read its holder may still clear it: the patient stands at the till.
_CLEARABLE = timedelta(hours=1)
_CITY_DIGITS = 4


def check_near(core: Core, holder: Row, institution: Row, now: datetime) -> None:
    """Go on where a code is read in the city that it was shown in; raises `FarRead`, and the phone is told."""
    shown_in = holder.get("region")
    if shown_in is None or holder["state"] != "good":
        return
    pack = core.pack(shown_in, now)
    digits = pack.city_digits if pack else _CITY_DIGITS

    def same_city(one: str) -> bool:
        return same_pool("city", one, institution["region"], digits)

    if same_city(shown_in) or any(same_city(cleared) for cleared in holder["cleared"]):
        return
    _tell(core, holder, institution["region"], now)
    raise FarRead(reasons=[asdict(explain(pack, "code_read_far_away"))])


def clear(core: Core, person_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Whoever showed a code that was read far away confirms it; for some minutes their codes are good there.

    Raises `StepUpRequired` without a fresh look into the camera.
    """
    now = core.now()

    def work(tx: Tx) -> Answer:
        by = asked["verified_by"]
        if not person_checks.seen_by_camera(by, "self", now, CHECK_LASTS):
            raise StepUpRequired(purpose=STEP_UP_PURPOSE)
        person_checks.use_check(core, tx, by, now)
        until = now + _CLEARED
        rows = tx.execute(
            "UPDATE core.far_reads SET cleared_until = %s WHERE shown_by = %s AND at > %s RETURNING region",
            [until, person_id, now - _CLEARABLE],
        ).fetchall()
        regions = sorted({row["region"] for row in rows})
        if regions:
            events.record(tx, now, events.Event("far_read_cleared", person_id, {"regions": regions}))
        return Answer(200, {"cleared_until": moment_json(until), "regions": regions})

    return once(core.db, scope, now, work)


def _tell(core: Core, holder: Row, region: str, now: datetime) -> None:
    """Once for each code, to whoever showed it and to whose it is."""
    with core.db.transaction() as tx:
        tx.execute("DELETE FROM core.far_reads WHERE at < %s", [now - timedelta(days=1)])
        new = tx.execute(
            "INSERT INTO core.far_reads (code_print, shown_by, region, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [holder["code_print"], holder["shown_by"], region, now],
        ).rowcount
        told = dict.fromkeys((holder["shown_by"], holder["person_id"]))
        if new:
            data = {"region": region, "shown_in": holder["region"]}
            events.record(tx, now, *(events.Event("voucher_code_far_read", one, data) for one in told))

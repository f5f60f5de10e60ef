"""What becomes of a tie in a kinship list: agreed to on the relative's own phone or at a counter, or ended by either side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from groundwork.masking import mask_id_number, mask_name
from reference_core.db import Row, Tx
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.payer import is_dead
from reference_core.decisions.rules.vouchers import is_minor
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services.people import people
from reference_core.services.people.people import Named
from reference_core.services.people.situations import situation_of
from reference_core.services.relations.presets import listed_relative
from reference_core.services.vouchers import kinship_rows
from reference_core.services.vouchers.kinships import activate_for
from reference_core.vocabulary.facts import KinshipTie
from reference_core.vocabulary.kinship import word_of

_LIST_MAX = 200


def waiting_for(tx: Tx, person_id: str, now: datetime) -> tuple[KinshipTie, ...]:
    """The requests that wait for this person's yes on their own phone."""
    return tuple(tie for tie in kinship_rows.read_helpers(tx, person_id) if tie.status(now) == "awaiting_acceptance")


def accept_all(tx: Tx, ties: Sequence[KinshipTie], own: bool, now: datetime) -> None:
    """Let these helpers show the voucher of whoever says so; `own` for a grown-up, who decides for themselves."""
    for tie in ties:
        _confirm(tx, tie, own, None, now)
        pair = (tie.helper_id, tie.relative_id)
        kinship_rows.tell_both(tx, tie.id, pair, "kinship_added", now, voucher_id=kinship_rows.voucher_of(tx, tie.relative_id))


def end(core: Core, person_id: str, voucher_id: str, scope: Scope) -> Answer:
    """Take a relative out of one's list; raises `NotFound`, also for one's own voucher."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        found = listed_relative(tx, person_id, voucher_id, now)
        people.lock_people(tx, [person_id, found.relative_id])
        return _end(tx, listed_relative(tx, person_id, voucher_id, now), person_id, "ended_by_helper", now)

    return once(core.db, scope, now, work)


def end_for_ward(core: Core, guardian_id: str, ward_id: str, scope: Scope) -> Answer:
    """Take a child out of the list of a guardian who no longer speaks for them; raises `NotFound`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.lock_people(tx, [guardian_id, ward_id])
        ties = kinship_rows.read_list(tx, guardian_id)
        tie = next((one for one in ties if one.relative_id == ward_id and one.stands(now)), None)
        if tie is None:
            raise NotFound
        return _end(tx, tie, guardian_id, "consent_withdrawn", now)

    return once(core.db, scope, now, work)


def end_as_relative(core: Core, person_id: str, kinship_id: str, scope: Scope) -> Answer:
    """Take one's own voucher off a helper's phone, or decline a request; raises `NotFound`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = _hold(tx, kinship_id)
        if tie.relative_id != person_id or not tie.stands(now):
            raise NotFound
        return _end(tx, tie, person_id, "ended_by_relative", now)

    return once(core.db, scope, now, work)


def list_slips(core: Core) -> list[Row]:
    """The requests for which somebody will come to a counter, oldest first."""
    now = core.now()
    with core.db.connection() as tx:
        rows = tx.execute(
            "SELECT core.kinship_facts(k) AS tie, k.slip FROM core.kinships k WHERE k.waits_for = 'counter' "
            "AND k.confirmed_at IS NULL AND k.ended_at IS NULL AND k.waits_until > %s ORDER BY k.requested_at, k.id LIMIT %s",
            [now, _LIST_MAX],
        ).fetchall()
        ties = [(kinship_rows.to_kinship_tie(row["tie"]), row["slip"]) for row in rows]
        named = people.read_names(tx, core.keys, [one for tie, _ in ties for one in (tie.helper_id, tie.relative_id)])
    return [_slip_json(tie, slip, named) for tie, slip in ties]


def decide(core: Core, kinship_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """A clerk who saw the relative approves the slip, or rejects it."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = _hold(tx, kinship_id)
        relative = situation_of(tx, tie.relative_id, now)
        pack = core.home_pack(relative, now)
        if tie.status(now) != "under_review":
            return refusal([explain(pack, "review_not_open")])
        if is_dead(relative.person, now):
            return refusal([explain(pack, "person_died", who="relative")])
        approved = asked["decision"] == "approve"
        pair = (tie.helper_id, tie.relative_id)
        kinship_rows.tell_both(tx, tie.id, pair, "kinship_reviewed", now, decision=asked["decision"])
        if not approved:
            kinship_rows.end(tx, tie, "rejected", None, now)
            return Answer(200, {"id": tie.id, "status": "ended", "outcome": "rejected"})
        _confirm(tx, tie, not is_minor(relative.person.born, now), asked["operator"], now)
        activate_for(tx, tie.id, pair, "counter", now)
        return Answer(200, {"id": tie.id, "status": "active", "outcome": "done"})

    return once(core.db, scope, now, work)


def _confirm(tx: Tx, tie: KinshipTie, own: bool, operator: str | None, now: datetime) -> None:
    tx.execute(
        "UPDATE core.kinships SET confirmed_at = %s, own_consent = %s, confirmed_by = %s WHERE id = %s",
        [now, own, operator, tie.id],
    )


def _hold(tx: Tx, kinship_id: str) -> KinshipTie:
    found = kinship_rows.read_one(tx, kinship_id)
    if found is None:
        raise NotFound
    people.lock_people(tx, [found.helper_id, found.relative_id])
    return kinship_rows.read_one(tx, kinship_id) or found


def _end(tx: Tx, tie: KinshipTie, by_person: str, reason: str, now: datetime) -> Answer:
    kinship_rows.end(tx, tie, reason, by_person, now)
    pair = (tie.helper_id, tie.relative_id)
    kinship_rows.tell_both(tx, tie.id, pair, "kinship_ended", now, reason=reason)
    voucher_id = kinship_rows.voucher_of(tx, tie.relative_id)
    return Answer(200, {"id": voucher_id, "status": "ended", "ended_at": moment_json(now), "outcome": "done"})


def _slip_json(tie: KinshipTie, slip: str, named: dict[str, Named]) -> Row:
    return {
        "id": tie.id,
        "slip": slip,
        "relation": word_of(tie.kinship),
        "helper": _masked(named[tie.helper_id]),
        "relative": _masked(named[tie.relative_id]),
        "requested_at": moment_json(tie.requested_at),
        "waits_until": moment_json(tie.waits_until),
    }


def _masked(one: Named) -> Row:
    return {"name_masked": mask_name(one.name), "id_number_masked": mask_id_number(one.number)}

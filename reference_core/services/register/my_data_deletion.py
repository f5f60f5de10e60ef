"""Deletes what the law does not keep of one citizen, and says what went, what stays and why."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.people import standing
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import StepUpRequired
from reference_core.reading import verdict_json
from reference_core.services.notices import events
from reference_core.services.people import people
from reference_core.services.people.person_checks import seen_by_camera, use_check
from reference_core.services.people.situations import situation_of
from reference_core.services.relations.ties import Ending, end_tie
from reference_core.services.vouchers import kinship_rows
from reference_core.vocabulary.facts import Situation, Verdict
from reference_core.vocabulary.my_data import GOING, STAYING

REASON = "data_deleted"

# What is deleted or emptied; what is missing here stays, and `vocabulary.my_data` says why.
_DELETIONS = (
    "UPDATE core.people SET phone_sealed = NULL, phone_assurance = NULL WHERE id = %(me)s",
    "UPDATE core.mutual_aid_accounts SET phone_sealed = NULL WHERE person_id = %(me)s",
    "UPDATE core.relations SET member_phone_sealed = NULL, member_card_sealed = NULL WHERE member_id = %(me)s",
    # A signed form is a pledge on paper, and stays with the pledges.
    "DELETE FROM core.uploads WHERE person_id = %(me)s AND purpose IS DISTINCT FROM 'signed_form'",
    "DELETE FROM core.identity_checks WHERE person_id = %(me)s",
    "DELETE FROM core.voucher_codes WHERE person_id = %(me)s AND used_at IS NULL",
)


def delete(core: Core, person_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Delete it. Members stand in the way: they rely on the account, so its owner takes them off first and knowingly."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        if not seen_by_camera(asked["verified_by"], "self", now):
            raise StepUpRequired(purpose="delete_my_data")
        _lock_family(tx, person_id)
        situation = situation_of(tx, person_id, now)
        verdict = _verdict(core, situation, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        use_check(core, tx, asked["verified_by"], now)
        _end_ties(tx, situation, now)
        _close_account(tx, person_id, now)
        for statement in _DELETIONS:
            tx.execute(statement.encode(), {"me": person_id})
        _write_down(tx, person_id, asked["verified_by"], now)
        told = {"gone": [asdict(one) for one in GOING], "kept": [asdict(one) for one in STAYING]}
        return Answer(200, {"outcome": "done", **told})

    return once(core.db, scope, now, work)


def may_delete(core: Core, person_id: str) -> Row:
    """Whether the data could be deleted now, before anybody looks into a camera for it."""
    now = core.now()
    with core.db.connection() as tx:
        return verdict_json(_verdict(core, situation_of(tx, person_id, now), now))


def _verdict(core: Core, situation: Situation, now: datetime) -> Verdict:
    members = standing(situation.as_payer, now)
    if not members:
        return Verdict()
    return verdict_of([explain(core.home_pack(situation, now), "deletion_members_rely", count=len(members))])


def _lock_family(tx: Tx, person_id: str) -> None:
    """Everybody who has a tie with this person, in the one order in which people are locked."""
    rows = tx.execute(
        "SELECT payer_id::text AS one, member_id::text AS two FROM core.relations WHERE %(me)s IN (payer_id, member_id) "
        "UNION SELECT helper_id::text, relative_id::text FROM core.kinships WHERE %(me)s IN (helper_id, relative_id)",
        {"me": person_id},
    ).fetchall()
    people.lock_people(tx, sorted({person_id, *(row["one"] for row in rows), *(row["two"] for row in rows)}))


def _close_account(tx: Tx, person_id: str, now: datetime) -> None:
    """Close an account that nobody relies on, also where the city closes none on the phone: else there would be no way out."""
    closed = tx.execute(
        "UPDATE core.mutual_aid_accounts SET closed_at = %s WHERE person_id = %s AND closed_at IS NULL", [now, person_id]
    ).rowcount
    if closed:
        events.record(tx, now, events.Event("account_closed", person_id, {}))


def _end_ties(tx: Tx, situation: Situation, now: datetime) -> None:
    """Nobody is held by a tie against their will: the other side is told, and may tie anew with a new consent."""
    person_id = situation.person.id
    for tie in standing(situation.as_member, now):
        if tie.ended_at is None:
            end_tie(tx, tie, Ending(REASON, now, "member", person_id), now)
    for kinship in (*kinship_rows.read_list(tx, person_id), *kinship_rows.read_helpers(tx, person_id)):
        if kinship.ended_at is None:
            kinship_rows.end(tx, kinship, REASON, person_id, now)
            pair = (kinship.helper_id, kinship.relative_id)
            kinship_rows.tell_both(tx, kinship.id, pair, "kinship_ended", now, reason=REASON)


def _write_down(tx: Tx, person_id: str, verified_by: dict[str, Any], now: datetime) -> None:
    """That it was asked for and by whom it was proven, for whoever asks where the data went."""
    tx.execute(
        "INSERT INTO core.deletions (id, person_id, at, verified_by) VALUES (%s, %s, %s, %s)",
        [new_id(), person_id, now, Jsonb(verified_by)],
    )
    events.record(tx, now, events.Event("my_data_deleted", person_id, {}))

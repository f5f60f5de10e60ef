"""Activates one's own voucher: by a look into the camera or one's own bank card, or by neither while one is young enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundwork.clock import china
from reference_core.db import Tx
from reference_core.decisions.flow_plans.context import fault_in_words
from reference_core.decisions.rules.vouchers import check_required, is_minor, may_activate_own, needs_check
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.origin import Asker
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import people, person_checks
from reference_core.services.people.situations import situation_of
from reference_core.services.vouchers import kinship_answers, kinship_rows
from reference_core.vocabulary.facts import KinshipTie, Person, Reason


@dataclass(frozen=True, slots=True)
class _Seeing:
    """Where and for whom somebody is looked at."""

    core: Core
    tx: Tx
    pack: Pack
    asker: Asker


def activate(core: Core, asker: Asker, asked: dict[str, Any], scope: Scope) -> Answer:
    """Activate this person's voucher, and let the helpers named in `member` show it.

    Raises `InvalidAnswers`, `TooManyTries`.
    """
    now, person_id = core.now(), asker.person_id

    def work(tx: Tx) -> Answer:
        people.lock_people(tx, [person_id])
        situation = situation_of(tx, person_id, now)
        pack, person = core.home_pack(situation, now), situation.person
        waiting = kinship_answers.waiting_for(tx, person_id, now)
        verdict = may_activate_own(pack, person, len(waiting), now)
        if pack is None or not verdict.allowed:
            return refusal(verdict.reasons)
        method = _method(_Seeing(core, tx, pack, asker), person, asked, now)
        if isinstance(method, Reason):
            return refusal([method])
        accepted = _accepted(waiting, asked.get("member") or [])
        kinship_rows.activate_voucher(tx, person_id, method, None, now)
        kinship_answers.accept_all(tx, accepted, own=not is_minor(person.born, now), now=now)
        events.record(tx, now, events.Event("voucher_activated", person_id, {"method": method}))
        return Answer(200, _answer(tx, person_id))

    return once(core.db, scope, now, work)


def _method(seeing: _Seeing, person: Person, asked: dict[str, Any], now: datetime) -> str | Reason:
    """How the person was seen, or why that is not enough."""
    core, tx, pack = seeing.core, seeing.tx, seeing.pack
    if not needs_check(pack, person.born, china(now).date()):
        return "none"
    by, card = asked.get("verified_by"), asked.get("bank_card")
    if by is not None and person_checks.seen_by_camera(by, "self", now):
        person_checks.use_check(core, tx, by, now)
        return "face"
    if card is None:
        return check_required(pack, "me")
    sought = person_checks.Sought(seeing.asker, person.id, card)
    return person_checks.bank_card_reason(core, tx, pack, sought) or "bank_card"


def _accepted(waiting: tuple[KinshipTie, ...], wanted: list[str]) -> list[KinshipTie]:
    found = [tie for tie in waiting if tie.id in wanted]
    if len(found) < len(set(wanted)):
        fault = fault_in_words("not_offered", "所选的家人已经不在等待名单里。", "请刷新后重新选择。")
        raise InvalidAnswers(fields={"member": fault})
    return found


def _answer(tx: Tx, person_id: str) -> dict[str, Any]:
    row = tx.execute("SELECT id::text AS id, activated_at FROM core.vouchers WHERE person_id = %s", [person_id]).fetchone() or {}
    return {"id": row["id"], "status": "active", "activated_at": moment_json(row["activated_at"]), "outcome": "done"}

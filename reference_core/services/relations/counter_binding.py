"""A clerk ties two people who stand at the counter: the same rules as on the phone, in force at once, with a slip (Y-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from groundwork.chance import new_digits
from groundwork.names import is_same_name
from reference_core.db import Tx
from reference_core.decisions.binding_terms import counter_terms
from reference_core.decisions.counter_papers import missing_papers
from reference_core.decisions.rules.verdicts import may_bind_at_counter
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotFound
from reference_core.services.people import people
from reference_core.services.relations.binding import Binding, make_tie, read_both
from reference_core.services.relations.demanded_answers import faults_in_terms
from reference_core.vocabulary.facts import Situation

_FLOW = "add-member"
_SLIP_DIGITS = 10


def bind_at_counter(core: Core, asked: dict[str, Any], scope: Scope) -> Answer:
    """Tie a relative to this payer's account, or say every reason why not; raises `NotFound` where nobody has the payer's
    name and number, `InvalidAnswers`, `TextChanged`."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        payer_id, member_id = (_find(core, tx, asked[side]) for side in ("payer", "member"))
        if payer_id is None:
            raise NotFound
        people.lock_people(tx, [payer_id] if member_id is None else [payer_id, member_id])
        payer, member = read_both(tx, payer_id, member_id, now)
        pack = core.home_pack(payer, now)
        verdict = may_bind_at_counter(pack, payer, member, asked["relation"], now)
        if pack is None or member is None or not verdict.allowed:
            return refusal(verdict.reasons)
        _check_papers_and_terms(pack, asked, payer, now)
        seen = _what_was_seen(asked, now)
        terms = counter_terms(pack, now, asked.get("starts_on"))
        made = make_tie(core, tx, Binding(pack, payer, member, {**asked, "verified_by": seen}, now, terms))
        return replace(made, body=made.body | {"slip": seen["slip"]})

    return once(core.db, scope, now, work)


def _find(core: Core, tx: Tx, named: dict[str, Any]) -> str | None:
    """Whose card lies on the counter: the clerk reads it, so nobody is guessing and nothing is counted."""
    person_id = people.find_id(tx, core.keys, named["cert_type"], named["id_number"])
    if person_id is None:
        return None
    return person_id if is_same_name(people.read_names(tx, core.keys, [person_id])[person_id].name, named["name"]) else None


def _check_papers_and_terms(pack: Pack, asked: dict[str, Any], payer: Situation, now: datetime) -> None:
    faults = faults_in_terms(pack, _FLOW, asked, payer, now)
    missing = missing_papers(pack, asked["evidence"])
    if missing is not None:
        faults["evidence"] = missing
    if faults:
        raise InvalidAnswers(fields=faults)


def _what_was_seen(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Kept with the tie in the place of a check on a phone: who saw which papers, and the slip that was given."""
    return {
        "channel": "counter",
        "method": "in_person",
        "operator": asked["operator"],
        "evidence": sorted(asked["evidence"]),
        "slip": new_digits(_SLIP_DIGITS),
        "at": now.isoformat(),
    }

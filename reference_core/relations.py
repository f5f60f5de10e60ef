"""Mutual-aid ties: bound and ended under locks on both people, listed for either side, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core import events, people
from reference_core.binding_terms import BindingTerms, binding_terms, takes_effect
from reference_core.db import Tx
from reference_core.facts import Relation, Situation
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.kinship import code_of, resolve, word_of
from reference_core.packs import Pack
from reference_core.parts import Core
from reference_core.pledges import Signing, sign_pledge
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.rules import may_bind, may_end
from reference_core.situations import read_situations, to_relation


def bind(core: Core, payer_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Tie a relative to this payer's account, or say every reason why not."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        member_id = find_relative(core, tx, asked["name"], asked["cert_type"], asked["id_number"])
        people.lock_people(tx, [payer_id] if member_id is None else [payer_id, member_id])
        payer, member = _read_both(tx, payer_id, member_id, now)
        pack = core.home_pack(payer, now)
        verdict = may_bind(pack, payer, member, asked["relation"], now)
        if pack is None or member is None or not verdict.allowed:
            return refusal(verdict.reasons)
        return _tie(core, tx, _Binding(pack, payer, member, asked, now))

    return once(core.db, scope, now, work)


def find_relative(core: Core, tx: Tx, name: str, cert_type: str, number: str) -> str | None:
    """Who has this number, if this is their name: a stranger and a wrong name look the same from outside."""
    person_id = people.find_id(tx, core.keys, cert_type, number)
    if person_id is None or people.read_names(tx, core.keys, [person_id])[person_id].name != name:
        return None
    return person_id


def _read_both(tx: Tx, payer_id: str, member_id: str | None, now: datetime) -> tuple[Situation, Situation | None]:
    found = read_situations(tx, tuple(one for one in (payer_id, member_id) if one is not None), now)
    if payer_id not in found:
        raise NotFound
    return found[payer_id], found.get(member_id or "")


@dataclass(frozen=True, slots=True)
class _Binding:
    """A tie that may be made, with all that it is made of."""

    pack: Pack
    payer: Situation
    member: Situation
    asked: dict[str, Any]
    now: datetime

    @property
    def word(self) -> str:
        """What the member is to the payer; a grouped word is resolved by the member's sex."""
        return resolve(self.asked["relation"], self.member.person.sex) or str(self.asked["relation"])


def _tie(core: Core, tx: Tx, binding: _Binding) -> Answer:
    relation_id, terms = new_id(), binding_terms(binding.pack, binding.now)
    _insert_relation(core, tx, relation_id, binding, terms)
    data, member_id = {"relation_id": relation_id, "outcome": terms.outcome}, binding.member.person.id
    events.record(
        tx,
        binding.now,
        events.Event("relation_bound", binding.payer.person.id, {**data, "role": "payer"}),
        events.Event("relation_bound", member_id, {**data, "role": "member"}),
    )
    bound = _read_relation(tx, relation_id)
    return Answer(
        201,
        {
            "id": relation_id,
            "name_masked": people.masked_names(tx, core.keys, [member_id])[member_id],
            "relation": binding.word,
            "status": bound.status(binding.now),
            "effective_from": moment_json(bound.effective_from),
            "outcome": terms.outcome,
        },
    )


def _insert_relation(core: Core, tx: Tx, relation_id: str, binding: _Binding, terms: BindingTerms) -> None:
    phone = binding.asked.get("phone")
    tx.execute(
        "INSERT INTO core.relations (id, payer_id, member_id, kinship, region, pack_version, bound_at, effective_from, "
        "needs_review, needs_acceptance, monthly_cap_fen, members_order, payers_order, pledge_id, member_phone_sealed, "
        "verified_by) "
        "VALUES (%(id)s, %(payer)s, %(member)s, %(kinship)s, %(region)s, %(version)s, %(now)s, %(effective_from)s, "
        "%(review)s, %(acceptance)s, %(cap_fen)s, %(members_order)s, %(payers_order)s, %(pledge_id)s, %(phone)s, "
        "%(verified_by)s)",
        {
            "id": relation_id,
            "payer": binding.payer.person.id,
            "member": binding.member.person.id,
            "kinship": code_of(binding.word),
            "region": binding.pack.code,
            "version": binding.pack.version,
            "now": binding.now,
            "effective_from": terms.effective_from,
            "review": terms.needs_review,
            "acceptance": terms.needs_acceptance,
            "cap_fen": binding.pack.monthly_cap_fen,
            "members_order": len(binding.member.as_member),
            "payers_order": len(binding.payer.as_payer),
            "pledge_id": _sign_for_binding(tx, binding),
            "phone": core.keys.seal(phone.encode(), f"core.relations.member_phone/{relation_id}") if phone else None,
            "verified_by": Jsonb(binding.asked["verified_by"]),
        },
    )


def _sign_for_binding(tx: Tx, binding: _Binding) -> str | None:
    if binding.pack.pledge_on != "bind":
        return None
    asked = binding.asked
    signing = Signing(binding.payer.person.id, "add-member", asked.get("agree"), asked["verified_by"], binding.now)
    return sign_pledge(tx, binding.pack, signing)


def end(core: Core, person_id: str, relation_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """End a tie; its payer always may, its member where the pack lets members leave, anybody else finds nothing."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        tie = _read_relation(tx, relation_id, of_person=person_id)
        people.lock_people(tx, [tie.payer_id, tie.member_id])
        tie = _read_relation(tx, relation_id)
        pack = core.pack(tie.region, now)
        if person_id != tie.payer_id and not (pack and "member" in pack.ended_by):
            raise NotFound
        verdict = may_end(pack, tie, person_id, now)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        ended_at = takes_effect(pack.end_effect if pack else "at_once", now)
        role = "payer" if person_id == tie.payer_id else "member"
        _end(tx, tie, {"ended_at": ended_at, "by": person_id, "reason": asked.get("reason") or f"ended_by_{role}"})
        _tell_of_end(tx, tie, role, now)
        return Answer(200, {"id": tie.id, "status": "ended", "ended_at": moment_json(ended_at), "outcome": "done"})

    return once(core.db, scope, now, work)


def _end(tx: Tx, tie: Relation, ending: dict[str, Any]) -> None:
    tx.execute(
        "UPDATE core.relations SET ended_at = %(ended_at)s, end_reason = %(reason)s, ended_by = %(by)s WHERE id = %(id)s",
        {**ending, "id": tie.id},
    )


def _tell_of_end(tx: Tx, tie: Relation, ended_by: str, now: datetime) -> None:
    data = {"relation_id": tie.id, "ended_by": ended_by}
    events.record(
        tx,
        now,
        events.Event("relation_ended", tie.payer_id, {**data, "role": "payer"}),
        events.Event("relation_ended", tie.member_id, {**data, "role": "member"}),
    )


def _read_relation(tx: Tx, relation_id: str, of_person: str | None = None) -> Relation:
    row = tx.execute(
        "SELECT core.relation_facts(r) AS tie FROM core.relations r "
        "WHERE r.id = %s AND coalesce(%s::uuid, r.payer_id) IN (r.payer_id, r.member_id)",
        [relation_id, of_person],
    ).fetchone()
    if row is None:
        raise NotFound
    return to_relation(row["tie"])


def list_ties(core: Core, person_id: str, role: str) -> list[dict[str, Any]]:
    """Whom this person helps (`payer`), or whose money this person may use (`member`); what has ended is history."""
    now = core.now()
    month_start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    mine, theirs = ("payer_id", "member_id") if role == "payer" else ("member_id", "payer_id")
    with core.db.connection() as tx:
        rows = tx.execute(
            f"SELECT core.relation_facts(r) AS tie, core.spent_in_month(r.id, %s) AS spent_fen FROM core.relations r "  # noqa: S608  # two known columns
            f"WHERE r.{mine} = %s AND (r.ended_at IS NULL OR r.ended_at > %s) ORDER BY r.bound_at, r.id",
            [month_start, person_id, now],
        ).fetchall()
        names = people.masked_names(tx, core.keys, [row["tie"][theirs] for row in rows])
    return [_tie_json(to_relation(row["tie"]), names[row["tie"][theirs]], row["spent_fen"], now) for row in rows]


def _tie_json(tie: Relation, name_masked: str, spent_fen: int, now: datetime) -> dict[str, Any]:
    shown = {
        "id": tie.id,
        "name_masked": name_masked,
        "relation": word_of(tie.kinship),
        "status": tie.status(now),
        "effective_from": moment_json(tie.effective_from),
        "spent_this_month_fen": spent_fen,
    }
    return shown if tie.monthly_cap_fen is None else {**shown, "monthly_cap_fen": tie.monthly_cap_fen}

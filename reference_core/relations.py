"""Mutual-aid ties: bound and ended under locks on both people, listed for either side, never deleted."""

from __future__ import annotations

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
from reference_core.pledges import sign_pledge
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
        return _tie(core, tx, pack, payer, member, asked, now)

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


def _tie(core: Core, tx: Tx, pack: Pack, payer: Situation, member: Situation, asked: dict[str, Any], now: datetime) -> Answer:
    terms = binding_terms(pack, now)
    word = resolve(asked["relation"], member.person.sex) or asked["relation"]
    pledge_id = None
    if pack.pledge_on == "bind":
        pledge_id = sign_pledge(tx, payer.person.id, pack, "add-member", asked.get("agree"), asked["verified_by"], now)
    relation_id = _insert_relation(core, tx, pack, payer, member, code_of(word), terms, pledge_id, asked, now)
    data = {"relation_id": relation_id, "outcome": terms.outcome}
    events.record(
        tx,
        now,
        events.Event("relation_bound", payer.person.id, {**data, "role": "payer"}),
        events.Event("relation_bound", member.person.id, {**data, "role": "member"}),
    )
    bound = _read_relation(tx, relation_id)
    return Answer(
        201,
        {
            "id": relation_id,
            "name_masked": people.masked_names(tx, core.keys, [member.person.id])[member.person.id],
            "relation": word,
            "status": bound.status(now),
            "effective_from": moment_json(bound.effective_from),
            "outcome": terms.outcome,
        },
    )


def _insert_relation(
    core: Core,
    tx: Tx,
    pack: Pack,
    payer: Situation,
    member: Situation,
    kinship: str,
    terms: BindingTerms,
    pledge_id: str | None,
    asked: dict[str, Any],
    now: datetime,
) -> str:
    relation_id = new_id()
    phone = asked.get("phone")
    tx.execute(
        "INSERT INTO core.relations (id, payer_id, member_id, kinship, region, pack_version, bound_at, effective_from, needs_review, "
        "needs_acceptance, monthly_cap_fen, members_order, payers_order, pledge_id, member_phone_sealed, verified_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            relation_id,
            payer.person.id,
            member.person.id,
            kinship,
            pack.code,
            pack.version,
            now,
            terms.effective_from,
            terms.needs_review,
            terms.needs_acceptance,
            pack.monthly_cap_fen,
            len(payer.as_payer),
            len(member.as_member),
            pledge_id,
            core.keys.seal(phone.encode(), f"core.relations.member_phone/{relation_id}") if phone else None,
            Jsonb(asked["verified_by"]),
        ],
    )
    return relation_id


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
        return _end(tx, pack, tie, person_id, asked.get("reason"), now)

    return once(core.db, scope, now, work)


def _end(tx: Tx, pack: Pack | None, tie: Relation, person_id: str, said: str | None, now: datetime) -> Answer:
    ended_at = takes_effect(pack.end_effect if pack else "at_once", now)
    role = "payer" if person_id == tie.payer_id else "member"
    tx.execute(
        "UPDATE core.relations SET ended_at = %s, end_reason = %s, ended_by = %s WHERE id = %s",
        [ended_at, said or f"ended_by_{role}", person_id, tie.id],
    )
    data = {"relation_id": tie.id, "ended_by": role}
    events.record(
        tx,
        now,
        events.Event("relation_ended", tie.payer_id, {**data, "role": "payer"}),
        events.Event("relation_ended", tie.member_id, {**data, "role": "member"}),
    )
    return Answer(200, {"id": tie.id, "status": "ended", "ended_at": moment_json(ended_at), "outcome": "done"})


def _read_relation(tx: Tx, relation_id: str, of_person: str | None = None) -> Relation:
    row = tx.execute(
        "SELECT core.relation_facts(r) AS tie FROM core.relations r WHERE r.id = %s AND coalesce(%s, r.payer_id) IN (r.payer_id, r.member_id)",
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

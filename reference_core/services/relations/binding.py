"""Ties a relative to a payer's account on the payer's and the city's terms; one transaction, under locks on both people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.binding_terms import BindingTerms, ReviewDays, binding_terms
from reference_core.decisions.rules.people import payer_region
from reference_core.decisions.rules.verdicts import may_bind
from reference_core.decisions.rules.vouchers import is_spoken_for
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.origin import Asker
from reference_core.packs.common import binding_text
from reference_core.packs.schema_texts import GUARDIANS_WORD
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotFound
from reference_core.reading import moment_json
from reference_core.services.people import people
from reference_core.services.people.situations import read_situations
from reference_core.services.relations import uploads
from reference_core.services.relations.demanded_answers import faults_in
from reference_core.services.relations.guardians import CHILD_MEMBER, guardians_word
from reference_core.services.relations.passcodes import hash_passcode
from reference_core.services.relations.pledges import Signing, sign_pledge
from reference_core.services.relations.presets import relative_in_list
from reference_core.services.relations.relatives import Named, find_relative
from reference_core.services.relations.ties import read_tie, tell_both
from reference_core.vocabulary.facts import Situation
from reference_core.vocabulary.kinship import code_of, resolve

_FLOW = "add-member"


@dataclass(frozen=True, slots=True)
class Binding:
    """A tie that may be made, with all that it is made of."""

    pack: Pack
    payer: Situation
    member: Situation
    asked: dict[str, Any]
    now: datetime
    terms: BindingTerms
    # Said on a phone by a payer for a child below fourteen; at a counter papers say who the guardian is.
    for_child: bool = False

    @property
    def word(self) -> str:
        """What the member is to the payer; a grouped word is resolved by the member's sex."""
        return resolve(self.asked["relation"], self.member.person.sex) or str(self.asked["relation"])


def bind(core: Core, asker: Asker, asked: dict[str, Any], scope: Scope) -> Answer:
    """Tie a relative to the asking payer's account, or say every reason why not; raises `InvalidAnswers`, `TooManyTries`."""
    now, payer_id = core.now(), asker.person_id

    def work(tx: Tx) -> Answer:
        member_id = _find(core, tx, asker, asked, now)
        people.lock_people(tx, [payer_id] if member_id is None else [payer_id, member_id])
        payer, member = read_both(tx, payer_id, member_id, now)
        pack = core.home_pack(payer, now)
        verdict = may_bind(pack, payer, member, asked["relation"], now)
        if pack is None or member is None or not verdict.allowed:
            return refusal(verdict.reasons)
        if faults := faults_in(pack, _FLOW, asked, payer, now):
            raise InvalidAnswers(fields=faults)
        terms = binding_terms(pack, now, asked.get("starts_on"))
        return make_tie(core, tx, Binding(pack, payer, member, asked, now, terms, is_spoken_for(member.person.born, now)))

    return once(core.db, scope, now, work)


def _find(core: Core, tx: Tx, asker: Asker, asked: dict[str, Any], now: datetime) -> str | None:
    """Whoever stands in the payer's list of vouchers needs no name again."""
    if asked.get("relative"):
        return relative_in_list(tx, asker.person_id, asked["relative"], now)
    return find_relative(core, tx, asker, Named(asked["name"], asked["cert_type"], asked["id_number"]), now)


def review_json(days: ReviewDays, now: datetime) -> Row:
    """Between which days an agency should decide, and whether it is late; nothing happens by itself then."""
    return {
        "due_from": days.due_from.isoformat(),
        "due_by": days.due_by.isoformat(),
        "assumed": days.assumed,
        "late": now.date() > days.due_by,
    }


def read_both(tx: Tx, payer_id: str, member_id: str | None, now: datetime) -> tuple[Situation, Situation | None]:
    """Payer and member as they stand; raises `NotFound` where there is no such payer."""
    found = read_situations(tx, tuple(one for one in (payer_id, member_id) if one is not None), now)
    if payer_id not in found:
        raise NotFound
    return found[payer_id], found.get(member_id or "")


def make_tie(core: Core, tx: Tx, binding: Binding) -> Answer:
    """Make it, and tell both; their rows must be locked."""
    relation_id, terms, member_id = new_id(), binding.terms, binding.member.person.id
    _insert_relation(core, tx, relation_id, binding)
    uploads.claim(tx, binding.payer.person.id, relation_id, binding.asked, binding.now)
    tie = read_tie(tx, relation_id).tie
    tell_both(tx, tie, "relation_bound", binding.now, outcome=terms.outcome)
    answer = {
        "id": relation_id,
        "name_masked": people.masked_names(tx, core.keys, [member_id])[member_id],
        "relation": binding.word,
        "status": tie.status(binding.now),
        "effective_from": moment_json(tie.effective_from),
        "outcome": terms.outcome,
    }
    spoken = binding_text(binding.pack, for_child=True) if binding.for_child else None
    word = guardians_word(core, tx, CHILD_MEMBER, spoken, member_id) if spoken else {}
    return Answer(201, answer | word | ({"review": review_json(terms.review, binding.now)} if terms.review else {}))


def _insert_relation(core: Core, tx: Tx, relation_id: str, binding: Binding) -> None:
    tx.execute(
        "INSERT INTO core.relations (id, payer_id, member_id, kinship, region, pack_version, bound_at, effective_from, "
        "needs_review, review_due_from, review_due_by, review_due_assumed, needs_acceptance, monthly_cap_fen, scopes, "
        "starts_on, ends_on, members_order, payers_order, pledge_id, member_phone_sealed, member_card_sealed, passcode_hash, "
        "verified_by) "
        "VALUES (%(id)s, %(payer)s, %(member)s, %(kinship)s, %(region)s, %(version)s, %(now)s, %(effective_from)s, "
        "%(review)s, %(due_from)s, %(due_by)s, %(due_assumed)s, %(acceptance)s, %(cap_fen)s, %(scopes)s, "
        "%(starts_on)s, %(ends_on)s, %(members_order)s, %(payers_order)s, %(pledge_id)s, %(phone)s, %(card)s, %(passcode)s, "
        "%(verified_by)s)",
        {"id": relation_id, **_between(binding), **_terms(binding), **_kept_secret(core, relation_id, binding.asked)}
        | {"pledge_id": _sign_for_binding(tx, binding), "verified_by": Jsonb(binding.asked["verified_by"])},
    )


def _between(binding: Binding) -> Row:
    return {
        "payer": binding.payer.person.id,
        "member": binding.member.person.id,
        "kinship": code_of(binding.word),
        # Where the shared account is, not what the pack is called: a province's pack may still pool city by city.
        "region": payer_region(binding.pack, binding.payer.person),
        "version": binding.pack.version,
        "now": binding.now,
        "members_order": len(binding.member.as_member),
        "payers_order": len(binding.payer.as_payer),
    }


def _terms(binding: Binding) -> Row:
    terms, asked, review = binding.terms, binding.asked, binding.terms.review
    return {
        "effective_from": terms.effective_from,
        "review": terms.needs_review,
        "due_from": review.due_from if review else None,
        "due_by": review.due_by if review else None,
        "due_assumed": review.assumed if review else False,
        "acceptance": terms.needs_acceptance,
        "cap_fen": asked.get("monthly_cap_fen") or None,
        "scopes": asked.get("scopes") or None,
        "starts_on": asked.get("starts_on"),
        "ends_on": asked.get("ends_on"),
    }


def _kept_secret(core: Core, relation_id: str, asked: dict[str, Any]) -> Row:
    def sealed(answer: str, column: str) -> bytes | None:
        given = asked.get(answer)
        return core.keys.seal(given.encode(), f"core.relations.{column}/{relation_id}") if given else None

    passcode = asked.get("passcode")
    return {
        "phone": sealed("phone", "member_phone"),
        "card": sealed("card_number", "member_card"),
        "passcode": hash_passcode(passcode) if passcode else None,
    }


def _sign_for_binding(tx: Tx, binding: Binding) -> str | None:
    pack, asked, pledges = binding.pack, binding.asked, binding.pack.pledge_on == "bind"
    if not pledges and not binding.for_child:
        return None
    purpose, text = _FLOW if pledges else GUARDIANS_WORD, binding_text(pack, for_child=binding.for_child)
    signing = Signing(binding.payer.person.id, purpose, asked.get("agree"), asked["verified_by"], binding.now, text)
    return sign_pledge(tx, pack, signing)

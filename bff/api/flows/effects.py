"""Carries out what a finished flow asks for: the last step of a request, and the only one that changes the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bff.api.context import Parts
from bff.api.flows.agreeing import keep_guardians_word
from bff.api.flows.own import guarded_until
from bff.api.my_data import all_kept, forget
from bff.core_client.client import CoreClient, Verified
from bff.core_client.facts import Done
from bff.core_client.register import Identity
from bff.errors import IdentityRequired
from bff.flows.flow import (
    AcceptRelation,
    ActivateRelative,
    ActivateVoucher,
    Activation,
    BecomePerson,
    BindMember,
    ChangeLimit,
    CloseAccount,
    DeleteMyData,
    Effect,
    EndRelation,
    ExportMyData,
    InTheCity,
    OnRelation,
    OpenAccount,
    ReactivateRelation,
    Renew,
    StepUp,
)
from bff.flows.plan import RELATIVE
from bff.flows.verify_identity import USE_CODE_FAR_AWAY
from bff.store.sessions import Proof, Session

_IDENTITY_CARD = "01"
DONE = "done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow ended, with the `slip` that a counter finds it by if it goes on there; `becomes` is the session that its owner
    goes on with, where that changed; who `leaves` has none any more. `more` is what else the answer says."""

    outcome: str
    becomes: Session | None = None
    slip: str | None = None
    leaves: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def core_keys(parts: Parts, session: Session, flow: str, key: str) -> tuple[str, ...]:
    """The core's name for this write, the same after Redis is lost; under older data keys too, newest first."""
    return parts.keys.fingerprints("core-key", session.owner, flow, key)


def carry_out(parts: Parts, session: Session, effect: Effect, core_key: str) -> Outcome:
    """Do it. Raises what the core's writes raise, `OutcomeUnknown` among them."""
    if isinstance(effect, BecomePerson):
        return _become_person(parts, session, effect, core_key)
    if session.person_id is None:
        raise IdentityRequired
    if isinstance(effect, StepUp | Renew | ExportMyData | DeleteMyData):
        return _do_ours(parts, session, session.person_id, effect, core_key)
    if isinstance(effect, ActivateVoucher | ActivateRelative):
        return settled(parts, session, _activate(parts.core, session.person_id, effect, core_key), core_key)
    done = _act(parts.core, session.person_id, effect, _verified_by(session, effect.check), core_key)
    return settled(parts, session, done, core_key)


def _do_ours(
    parts: Parts, session: Session, person_id: str, effect: StepUp | Renew | ExportMyData | DeleteMyData, core_key: str
) -> Outcome:
    match effect:
        case StepUp():
            return _step_up(parts, session, person_id, effect, core_key)
        case Renew():
            return Outcome(DONE)
        case ExportMyData():
            return Outcome(DONE, more={"data": all_kept(parts, session, person_id)})
        case DeleteMyData():
            return Outcome(DONE, leaves=True, more=forget(parts, session, person_id, _look(effect.check), core_key))


def _step_up(parts: Parts, session: Session, person_id: str, effect: StepUp, core_key: str) -> Outcome:
    """The fresh look is kept for its one act; where the core waits for it at a till, it is the core's at once."""
    if effect.purpose == USE_CODE_FAR_AWAY:
        parts.core.let_codes_be_read_far_away(person_id, _look(effect.check), core_key)
    else:
        parts.sessions.give_step_up(session, effect.purpose, _seen(effect.check))
    return Outcome(DONE, session)


def settled(parts: Parts, session: Session, done: Done, core_key: str) -> Outcome:
    """What the core has done, as the end of a flow; what a guardian agreed to in it stands in the ledger by then."""
    if done.guardian is not None:
        keep_guardians_word(parts, session, done.guardian, core_key)
    return Outcome(done.outcome, slip=done.slip)


def _activate(core: CoreClient, person_id: str, effect: Activation, core_key: str) -> Done:
    """Only a look for this very act counts, never that somebody was known before: the bank card or the counter may do."""
    look = _look(effect.check) if effect.check else None
    if isinstance(effect, ActivateVoucher):
        helpers = {"member": list(effect.helpers)} if effect.helpers else {}
        return core.activate_voucher(person_id, {**_said(bank_card=effect.bank_card), **helpers}, look, core_key)
    said = _said(**effect.relative, agree=effect.agree, bank_card=effect.bank_card)
    way = {effect.other_way: True} if effect.other_way else {}
    about = replace(look, about=RELATIVE) if look else None
    return core.activate_relative(person_id, {**said, **way}, about, core_key)


def _act(core: CoreClient, person_id: str, effect: InTheCity, by: Verified, core_key: str) -> Done:
    match effect:
        case OpenAccount():
            return core.open_account(person_id, {**_said(agree=effect.agree), **_own_phone(effect)}, by, core_key)
        case BindMember():
            return core.bind_member(person_id, _member(effect), by, core_key)
        case CloseAccount():
            return core.close_account(person_id, by, core_key)
        case _:
            return _act_on_relation(core, person_id, effect, by, core_key)


def _act_on_relation(core: CoreClient, person_id: str, effect: OnRelation, by: Verified, core_key: str) -> Done:
    match effect:
        case AcceptRelation():
            return core.answer_offer(person_id, effect.relation_id, effect.accepted, by, core_key)
        case ChangeLimit():
            return core.change_limits(person_id, effect.relation_id, effect.limits, by, core_key)
        case EndRelation():
            return core.end_relation(person_id, effect.relation_id, effect.reason, by, core_key)
        case ReactivateRelation():
            return core.reactivate_relation(person_id, effect.relation_id, by, core_key)


def become(session: Session, identity: Identity, proof: Proof) -> Session:
    """The session of somebody who is known to be this citizen now."""
    return replace(session, person_id=identity.person_id, guarded_until=identity.guarded_until, proof=proof)


def _become_person(parts: Parts, session: Session, effect: BecomePerson, core_key: str) -> Outcome:
    check = effect.check
    person = {
        "name": effect.name,
        "id_number": effect.id_number,
        "cert_type": _IDENTITY_CARD,
        "phone": effect.phone,
        "phone_assurance": _assurance(effect.phone_verified),
        "verified": {name: check[name] for name in ("channel", "method", "check_id", "at")},
    }
    person_id = parts.core.enter_person(person, core_key)
    until = guarded_until(effect.id_number)
    guarded = until if parts.clock.now().date() < until else None
    identity = parts.register.attach(session.identity_id, person_id, guarded, core_key)
    becomes = become(session, identity, _seen(check))
    for text_hash in identity.agreed:
        parts.sessions.agree(becomes.owner, text_hash)
    return Outcome(DONE, becomes)


def _verified_by(session: Session, check: Mapping[str, str] | None) -> Verified:
    """The look into the camera for this very act, where there was one; else how the session's owner was recognised."""
    if check is not None:
        return _look(check)
    proof = session.proof
    if proof is None:
        raise IdentityRequired
    return Verified(session.channel, proof.method, proof.at)


def _seen(check: Mapping[str, str]) -> Proof:
    return Proof(check["method"], datetime.fromisoformat(check["at"]), check["check_id"])


def _look(check: Mapping[str, str]) -> Verified:
    return Verified(check["channel"], check["method"], datetime.fromisoformat(check["at"]), check["check_id"])


def _own_phone(effect: OpenAccount) -> dict[str, str]:
    """The payer's number, if one was given, and whether a channel vouches for it."""
    return {"phone": effect.phone, "phone_assurance": _assurance(effect.phone_verified)} if effect.phone else {}


def _assurance(verified: bool) -> str:
    return "verified" if verified else "unverified"


def _said(**answers: str | None) -> dict[str, str]:
    """What was answered at all."""
    return {name: value for name, value in answers.items() if value is not None}


def _member(effect: BindMember) -> dict[str, Any]:
    member = {
        **effect.terms,
        **effect.named,
        "relation": effect.relation,
    }
    return {**member, **_said(phone=effect.phone, agree=effect.agree)}

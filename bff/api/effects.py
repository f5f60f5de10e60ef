"""Carries out what a finished flow asks for: the last step of a request, and the only one that changes the core."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bff.api.context import Parts
from bff.core_client.client import Verified
from bff.errors import IdentityRequired
from bff.flows.flow import BecomePerson, BindMember, Effect, EndRelation, OpenAccount
from bff.store.sessions import Proof, Session

_IDENTITY_CARD = "01"
DONE = "done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow ended; `becomes` is the session that its owner goes on with, where that changed."""

    outcome: str
    becomes: Session | None = None


def core_keys(parts: Parts, session: Session, flow: str, key: str) -> tuple[str, ...]:
    """The core's name for this write, the same after Redis is lost; under older data keys too, newest first."""
    return parts.keys.fingerprints("core-key", session.owner, flow, key)


def carry_out(parts: Parts, session: Session, effect: Effect, core_key: str) -> Outcome:
    """Do it. Raises what the core's writes raise, `OutcomeUnknown` among them."""
    if isinstance(effect, BecomePerson):
        return _become_person(parts, session, effect, core_key)
    if session.person_id is None:
        raise IdentityRequired
    person_id, by = session.person_id, _verified_by(session)
    match effect:
        case OpenAccount():
            return Outcome(parts.core.open_account(person_id, effect.agree, effect.phone, by, core_key).outcome)
        case BindMember():
            return Outcome(parts.core.bind_member(person_id, _member(effect), by, core_key).outcome)
        case EndRelation():
            return Outcome(parts.core.end_relation(person_id, effect.relation_id, effect.reason, by, core_key).outcome)


def become(session: Session, person_id: str, at: datetime, method: str) -> Session:
    """The session of somebody who is known to be this citizen now."""
    return replace(session, person_id=person_id, proof=Proof(method, at))


def _become_person(parts: Parts, session: Session, effect: BecomePerson, core_key: str) -> Outcome:
    check, consent = effect.check, effect.consent
    person = {
        "name": effect.name,
        "id_number": effect.id_number,
        "cert_type": _IDENTITY_CARD,
        "phone": effect.phone,
        "phone_assurance": "verified" if effect.phone_verified else "unverified",
        "verified": {name: check[name] for name in ("channel", "method", "check_id", "at")},
    }
    person_id = parts.core.enter_person(person, core_key)
    given = {
        "purpose": consent.purpose,
        "text_hash": consent.text_hash,
        "text": "\n".join(consent.text),
        "version": consent.version,
        "agreed_at": check["at"],
        "channel": session.channel,
    }
    parts.core.attach(session.identity_id, person_id, [given], core_key)
    return Outcome(DONE, become(session, person_id, datetime.fromisoformat(check["at"]), check["method"]))


def _verified_by(session: Session) -> Verified:
    proof = session.proof
    if proof is None:
        raise IdentityRequired
    return Verified(session.channel, proof.method, proof.at)


def _member(effect: BindMember) -> dict[str, str]:
    member = {
        "name": effect.name,
        "id_number": effect.id_number,
        "cert_type": effect.cert_type,
        "relation": effect.relation,
    }
    optional = {"phone": effect.phone, "agree": effect.agree}
    return {**member, **{name: value for name, value in optional.items() if value is not None}}

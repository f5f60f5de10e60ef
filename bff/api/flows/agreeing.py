"""Consents given and taken back: in the register, which keeps them for good, and in all sessions of whoever speaks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from bff.api.context import Parts
from bff.core_client.vouchers import CHILD_MEMBER, GuardianConsent
from bff.errors import ConsentRequired, NotFound
from bff.flows.consents import ALL_TEXTS, GUARDIANS, Consent, missing
from bff.flows.verify_identity import NAME as ASKS_AGAIN
from bff.store.sessions import Session
from groundwork.chance import new_id


def open_texts(session: Session, today: date) -> tuple[Consent, ...]:
    """The texts of the day that a caller has still to agree to, or a child's guardian."""
    return missing(session.agreed, guarded=session.is_guarded(today))


def refuse_without_consent(session: Session, today: date) -> None:
    """Raises `ConsentRequired` for a citizen who does not stand by every text of the day."""
    unheard = open_texts(session, today)
    if session.person_id is not None and unheard:
        raise ConsentRequired(consent={"flow": ASKS_AGAIN, "missing": [consent.purpose for consent in unheard]})


def agree(parts: Parts, session: Session, consent: Consent) -> Session:
    """Write down that the session's holder agrees, before anything is done with it; the session as it stands then."""
    given = {
        "purpose": consent.purpose,
        "title": consent.title,
        "version": consent.version,
        "text": "\n".join(consent.text),
        "text_hash": consent.text_hash,
        "channel": session.channel,
    }
    parts.register.agree(session.identity_id, [given], new_id())
    parts.sessions.agree(session.owner, consent.text_hash)
    return replace(session, agreed=(*session.agreed, consent.text_hash))


def keep_guardians_word(parts: Parts, session: Session, given: GuardianConsent, core_key: str) -> None:
    """Write a guardian's consent beside one's own; the core has it already, signed with the act that it is for."""
    consent = {**asdict(given), "text": "\n".join(given.text), "channel": session.channel}
    parts.register.agree(session.identity_id, [consent], core_key)


def withdraw(parts: Parts, session: Session, consent_id: str) -> None:
    """Take a consent back. Raises `NotFound` for one that is not the caller's."""
    ended = parts.register.withdraw(session.identity_id, consent_id)
    if ended.person_id is not None and ended.for_person is not None:
        _let_go(parts, ended.person_id, ended.purpose, ended.for_person)
        return
    # On another phone they may have shown who they are since this one signed in: it is that citizen who takes it back.
    now = session if ended.person_id is None else replace(session, person_id=ended.person_id)
    for owner in {session.owner, now.owner}:
        for text_hash in ended.text_hashes:
            parts.sessions.disagree(owner, text_hash)


def _let_go(parts: Parts, guardian_id: str, purpose: str, child_id: str) -> None:
    """Nobody shows a child's code or pays for a child without the word that was given for it; who ended that before has it so."""
    end = parts.core.end_wards_tie if purpose == CHILD_MEMBER else parts.core.end_ward
    with suppress(NotFound):
        end(guardian_id, child_id, new_id())


def withdraw_all(parts: Parts, session: Session) -> None:
    """Take back whatever was agreed to on the way to an identity that nobody proved."""
    for consent in parts.register.consents(session.identity_id):
        if consent.withdrawn_at is None:
            withdraw(parts, session, consent.id)


def speak_anew(parts: Parts, session: Session) -> Session:
    """A guardian spoke for one child: where another is named, that word is taken back; the session as it stands then."""
    for consent in parts.register.consents(session.identity_id):
        if consent.purpose == GUARDIANS.purpose and consent.withdrawn_at is None:
            withdraw(parts, session, consent.id)
    return replace(session, agreed=tuple(one for one in session.agreed if one != GUARDIANS.text_hash))


def agreed_in(step: str, given: Mapping[str, Any]) -> Consent | None:
    """The text of the day that these answers to a step agree to."""
    return next((one for one in ALL_TEXTS if one.step == step and given.get("agree") == one.text_hash), None)

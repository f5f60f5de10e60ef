"""Consents given and taken back: in the register, which keeps them for good, and in all sessions of whoever speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bff.api.context import Parts
from bff.errors import ConsentRequired
from bff.flows.consents import REQUIRED, Consent, missing
from bff.flows.verify_identity import NAME as ASKS_AGAIN
from bff.store.sessions import Session
from groundwork.chance import new_id


def refuse_without_consent(session: Session) -> None:
    """Raises `ConsentRequired` for a citizen who does not stand by every text of the day."""
    unheard = missing(session.agreed)
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


def withdraw(parts: Parts, session: Session, consent_id: str) -> None:
    """Take a consent back. Raises `NotFound` for one that is not the caller's."""
    for text_hash in parts.register.withdraw(session.identity_id, consent_id):
        parts.sessions.disagree(session.owner, text_hash)


def withdraw_all(parts: Parts, session: Session) -> None:
    """Take back whatever was agreed to on the way to an identity that nobody proved."""
    for consent in parts.register.consents(session.identity_id):
        if consent.withdrawn_at is None:
            withdraw(parts, session, consent.id)


def agreed_in(step: str, given: Mapping[str, Any]) -> Consent | None:
    """The text of the day that these answers to a step agree to."""
    return next((one for one in REQUIRED if one.step == step and given.get("agree") == one.text_hash), None)

"""Carries out the last two things that somebody can ask of us: to be told everything, and to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bff.api.context import Parts
from bff.core_client.client import Verified
from bff.errors import NotFound
from bff.flows.catalogue import FLOWS
from bff.store.answers import Place
from bff.store.sessions import Session


def all_kept(parts: Parts, session: Session, person_id: str) -> dict[str, Any]:
    """Everything that the core and the register keep; what Redis has are sessions, and answers of what is not finished."""
    return {**parts.core.export(person_id), **parts.register.export(session.identity_id)}


def forget(parts: Parts, session: Session, person_id: str, by: Verified, core_key: str) -> Mapping[str, Any]:
    """Delete with the core, which may refuse, then with the register, then here; under one key, so that a second try goes on
    where the first one broke. This session is ended by whoever answers its request."""
    told = parts.core.delete_data(person_id, by, core_key)
    with suppress(NotFound):
        # An earlier try got this far.
        parts.register.forget(session.identity_id, core_key)
    for name in FLOWS:
        parts.answers.drop(Place(session.owner, name))
    for live in parts.sessions.list(session.owner):
        if live.session.id != session.id:
            parts.sessions.revoke(session.owner, live.session.id)
    return told

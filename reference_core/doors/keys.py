"""Who may come through a door: bearer keys compared in constant time, and a till's token for its institution."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from flask import g, request

from reference_core.problems import BadCredential
from reference_core.web import core

_PREFIX = "Bearer "


def check_bearer(door: str) -> Callable[[], None]:
    """A check that lets through whoever shows any of the door's keys."""

    def check() -> None:
        shown = _bearer().encode()
        keys: tuple[str, ...] = getattr(core().settings.keys, door)
        # Every key is compared, so that the time taken does not tell which one came near.
        matches = [hmac.compare_digest(shown, key.encode()) for key in keys]
        if not any(matches):
            raise BadCredential

    return check


def check_till() -> None:
    """Let a till through in the name of the institution that its token was made for."""
    institution_id, dot, shown = _bearer().rpartition(".")
    if not dot:
        raise BadCredential
    made = [terminal_signature(key, institution_id) for key in core().settings.keys.terminal]
    matches = [hmac.compare_digest(shown.encode(), one.encode()) for one in made]
    if not any(matches):
        raise BadCredential
    g.institution_id = institution_id


def institution_id() -> str:
    """The institution of the call."""
    return str(g.institution_id)


def terminal_signature(terminal_key: str, institution: str) -> str:
    """What follows the dot in a till's token."""
    return hmac.new(terminal_key.encode(), institution.encode(), hashlib.sha256).hexdigest()


def _bearer() -> str:
    shown = request.headers.get("Authorization", "")
    if not shown.startswith(_PREFIX):
        raise BadCredential
    return shown.removeprefix(_PREFIX)

"""How a flow ended, also where its answers are gone because its end was reached and the reply was lost."""

from __future__ import annotations

from typing import Any

from bff.api.context import Parts
from bff.api.flows.effects import DONE, Outcome, become, core_keys, settled
from bff.errors import FlowNotStarted, RuleRefusal
from bff.flows.plan import Plan
from bff.store.sessions import Proof, Session


def told_outcome(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """What a completion answers."""
    return {
        "flow": plan.flow,
        "outcome": outcome.outcome,
        **({"slip": outcome.slip} if outcome.slip else {}),
        **outcome.more,
        "text": list(plan.done_text),
        "next": [{"flow": one.flow, "title": one.title} for one in plan.next],
    }


def remembered_outcome(parts: Parts, session: Session, flow: str, key: str) -> Outcome:
    """What the core remembers under this key. Raises `FlowNotStarted` or, again, the refusal."""
    for core_key in core_keys(parts, session, flow, key):
        remembered = parts.core.outcome(session.person_id or "", core_key)
        if remembered is None:
            continue
        if remembered.done is None:
            raise RuleRefusal(reasons=remembered.reasons)
        return settled(parts, session, remembered.done, core_key)
    raise FlowNotStarted


def settle_identity(parts: Parts, session: Session) -> Outcome:
    """The register knows whom this identity was shown to be. Raises `FlowNotStarted` if nobody was."""
    identity = parts.register.identify(session.channel, session.app_id, session.subjects)
    if identity.person_id is None:
        raise FlowNotStarted
    if session.person_id is not None:
        return Outcome(DONE)
    return Outcome(DONE, become(session, identity, Proof("login", parts.clock.now())))

"""The flows that the product itself asks: what they ask of this caller, and which answers still stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.errors import InvalidAnswers
from bff.flows.consents import REQUIRED, missing
from bff.flows.engine import Answers
from bff.flows.faults import FAULTS
from bff.flows.flow import Standing
from bff.flows.verify_identity import NAME, PURPOSES
from bff.store.sessions import Session

# Kept beside the steps' answers: what the flow set out to ask when it was begun. A step's name never starts so.
ASKED = "#asked"


def set_out(session: Session, flow: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to keep of how a flow is begun, and the answers that are left. Raises `InvalidAnswers` for an unknown purpose."""
    rest = dict(given)
    purpose = rest.pop("purpose", None) if flow == NAME else None
    if purpose is not None and (not isinstance(purpose, str) or purpose not in PURPOSES):
        raise InvalidAnswers(fields={"purpose": FAULTS["choice_unknown"]})
    # Whoever is not known yet proves themselves in full, whatever for.
    wanted = purpose if session.person_id else None
    return {"consents": [consent.purpose for consent in missing(session.agreed)], "purpose": wanted}, rest


def standing_of(session: Session, asked: Mapping[str, Any]) -> Standing:
    """What is to be asked: of whoever is known, the texts that were open at the beginning, or have become so since."""
    if session.person_id is None:
        return Standing(known=False, consents=REQUIRED)
    open_then, open_now = asked.get("consents", ()), missing(session.agreed)
    consents = tuple(one for one in REQUIRED if one.purpose in open_then or one in open_now)
    return Standing(known=True, consents=consents, purpose=asked.get("purpose"))


def asks_nothing(standing: Standing) -> bool:
    """Whether there is nothing that `verify-identity` could be for."""
    return standing.known and not standing.consents and not standing.purpose


def still_agreed(session: Session, answers: Answers) -> dict[str, Mapping[str, Any]]:
    """The answers without consents that were taken back since."""
    taken_back = {one.step for one in missing(session.agreed) if answers.get(one.step, {}).get("agree") == one.text_hash}
    return {step: given for step, given in answers.items() if step not in taken_back}

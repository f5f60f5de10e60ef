"""The flows that the product itself asks: what they ask of this caller, and which answers still stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bff.api.flows.agreeing import open_texts
from bff.errors import InvalidAnswers
from bff.flows.consents import ALL_TEXTS, REQUIRED, missing
from bff.flows.engine import Answers
from bff.flows.faults import FAULTS
from bff.flows.flow import Standing
from bff.flows.verify_identity import NAME, PURPOSES
from bff.store.sessions import Session
from groundwork.ages import SPOKEN_FOR, birthday
from groundwork.id_number import born_on

# Kept beside the steps' answers: what the flow set out to ask when it was begun. A step's name never starts so.
ASKED = "#asked"


def set_out(session: Session, flow: str, given: Mapping[str, Any], today: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to keep of how a flow is begun, and the answers that are left. Raises `InvalidAnswers` for an unknown purpose."""
    rest = dict(given)
    purpose = rest.pop("purpose", None) if flow == NAME else None
    if purpose is not None and (not isinstance(purpose, str) or purpose not in PURPOSES):
        raise InvalidAnswers(fields={"purpose": FAULTS["choice_unknown"]})
    # Whoever is not known yet proves themselves in full, whatever for.
    wanted = purpose if session.person_id else None
    return {"consents": [consent.purpose for consent in open_texts(session, today)], "purpose": wanted}, rest


def standing_of(session: Session, asked: Mapping[str, Any], answers: Answers, today: date) -> Standing:
    """What is to be asked: of whoever is known, the texts that were open at the beginning, or have become so since."""
    if session.person_id is None:
        return Standing(known=False, consents=REQUIRED, says_child=_says_child(answers, today))
    open_then, open_now = asked.get("consents", ()), open_texts(session, today)
    consents = tuple(one for one in ALL_TEXTS if one.purpose in open_then or one in open_now)
    return Standing(known=True, consents=consents, purpose=asked.get("purpose"))


def guarded_until(id_number: str) -> date:
    """The day before which a guardian speaks for the owner of a number."""
    return birthday(born_on(id_number), SPOKEN_FOR)


def _says_child(answers: Answers, today: date) -> bool:
    number = next((given["id_number"] for given in answers.values() if "id_number" in given), None)
    return number is not None and today < guarded_until(number)


def asks_nothing(standing: Standing) -> bool:
    """Whether there is nothing that `verify-identity` could be for."""
    return standing.known and not standing.consents and not standing.purpose


def still_agreed(session: Session, answers: Answers) -> dict[str, Mapping[str, Any]]:
    """The answers without consents that were taken back since."""
    unsaid = missing(session.agreed, guarded=True)
    taken_back = {one.step for one in unsaid if answers.get(one.step, {}).get("agree") == one.text_hash}
    return {step: given for step, given in answers.items() if step not in taken_back}

"""What the screens of a flow are drawn from: the city's words, the person's own facts, and the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reference_core.facts import Situation
from reference_core.pack_schema_texts import FlowText
from reference_core.packs import Pack

Answers = Mapping[str, Mapping[str, Any]]
Fault = dict[str, str]


def fault_in_words(code: str, text: str, remedy: str) -> Fault:
    """What is wrong with one answer; never what was typed."""
    return {"code": code, "text": text, "remedy": remedy}


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One tie as a list shows it: the member of a payer, or (`is_payer`) the payer who offers help.

    `id` is the tie's; `relation` is always what the member is to the payer.
    """

    id: str
    name_masked: str
    relation: str
    is_payer: bool = False
    monthly_cap_fen: int | None = None


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """The person before the screen, everything already masked.

    `looked_up` says that the relative named in the answers was searched for; `candidate` is who was found.
    """

    situation: Situation
    name_masked: str
    id_number_masked: str
    phone_masked: str | None = None
    card_number_masked: str | None = None
    members: tuple[ShownMember, ...] = ()
    looked_up: bool = False
    candidate: Situation | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One flow about to be drawn for one person."""

    name: str
    pack: Pack
    flow: FlowText
    about: FlowFacts
    answers: Answers
    now: datetime

    def answer(self, question: str) -> Any:
        """What was answered to a question in any step; `None` if nothing was."""
        return next((given[question] for given in self.answers.values() if given.get(question) is not None), None)

    @property
    def phone_is_own(self) -> bool:
        """In add-member the phone asked for is the relative's, elsewhere one's own."""
        return self.name != "add-member"

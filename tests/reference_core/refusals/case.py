"""One refusal and a situation that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reference_core.vocabulary.facts import Reason, Verdict

Told = Verdict | Iterable[Reason]


@dataclass(frozen=True)
class Refusal:
    """`wording` is the value of the fact that chooses among a reason's wordings; empty where it has only one."""

    rule: str
    wording: str
    leads_to: Callable[[], Told]

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.wording}" if self.wording else self.rule

    def reasons(self) -> tuple[Reason, ...]:
        told = self.leads_to()
        return told.reasons if isinstance(told, Verdict) else tuple(told)


@dataclass(frozen=True)
class AtADoor:
    """A refusal that needs a door of the core; `test` is the journey that meets it, as `file::name`."""

    rule: str
    test: str

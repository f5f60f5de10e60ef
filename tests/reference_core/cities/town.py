"""One region as its shipped pack has it, with people, tills and screens for tests of what that city decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_core.decisions.flow_plans.context import Answers, FlowFacts, ShownMember
from reference_core.decisions.flow_plans.plans import plan_flow
from reference_core.decisions.rules.verdicts import may_bind
from reference_core.packs.shelf import Pack, PackShelf, load_packs
from reference_core.vocabulary.facts import Balance, Bill, Institution, Insurance, Plan, Situation, Verdict
from tests.reference_core.pure import family
from tests.reference_core.pure.family import NOW, REGIONS

Json = dict[str, Any]
SHELF = load_packs([REGIONS])


@dataclass(frozen=True)
class Town:
    """Where somebody is insured, and the pack that holds there."""

    region: str
    packs: PackShelf = SHELF

    @property
    def pack(self) -> Pack:
        found = self.packs.find(self.region, NOW.date())
        assert found is not None
        return found

    def person(
        self, insutype: str, fen: int = 0, prior_fen: int = 0, ties: Mapping[str, Any] | None = None, **facts: Any
    ) -> Situation:
        """Somebody insured here, account opened; `fen` is this year's money, `prior_fen` that of years before."""
        who = family.person(insutype, **{"region": self.region, **facts})
        return Situation(who, True, Balance(prior_fen, fen), **(ties or {}))

    def employee(self, fen: int = 0, **facts: Any) -> Situation:
        return self.person("310", fen, **facts)

    def resident(self, **facts: Any) -> Situation:
        return self.person("390", **{"sex": "female", **facts})

    def insured(self, insutype: str, status: str = "normal") -> Insurance:
        """One more insurance held here."""
        return Insurance(insutype, status, self.region)

    def bind(self, paying: Situation, member: Situation | None, word: str = "mother") -> Verdict:
        return may_bind(self.pack, paying, member, word, NOW)

    def tie(self, paying: Situation, member: Situation, word: str = "mother", **facts: Any) -> tuple[Situation, Situation]:
        """Both people once the tie stands."""
        paying, member, _ = family.tie(paying, member, word, **{"region": self.region, **facts})
        return paying, member

    def full(self, paying: Situation, relatives: Iterable[tuple[str, str]]) -> Situation:
        """The payer once all these relatives (word and sex) are tied."""
        for word, sex in relatives:
            paying, _ = self.tie(paying, self.resident(sex=sex), word)
        return paying

    def at(self, kind: str = "hospital", capabilities: Iterable[str] = ("one_card", "mutual_aid"), **facts: Any) -> Institution:
        return family.institution(kind, capabilities=capabilities, **{"region": self.region, "level": 3, **facts})

    def pays(
        self, member: Situation, payers: Sequence[Situation], what: Bill, where: Institution | None = None, **tie: Any
    ) -> Plan:
        """Tie every payer to the member, the first earliest, then pay."""
        tills = []
        for paying in payers:
            bound, member, made = family.tie(paying, member, "mother", **{"region": self.region, **tie})
            tills.append(family.at_till(bound, made))
        return family.pay(member, tills, what, where or self.at(), self.packs)

    def flow(self, name: str, person: Situation, answers: Answers | None = None, candidate: Situation | None = None) -> Json:
        """The screens of one flow as this person meets them."""
        members = tuple(ShownMember(tie.id, "**", "mother") for tie in person.as_payer)
        facts = FlowFacts(person, "**", "*" * 18, members=members, looked_up=candidate is not None, candidate=candidate)
        return plan_flow(name, self.pack, facts, answers or {}, NOW)


def steps(flow: Json) -> dict[str, list[str]]:
    """What each step asks, in order."""
    return {step["step"]: [field["name"] for field in step["fields"]] for step in flow["steps"]}


def options(flow: Json, question: str) -> dict[str, bool]:
    """Every option of a question, with whether it can be chosen."""
    asked = next(field for step in flow["steps"] for field in step["fields"] if field["name"] == question)
    return {option["value"]: not option.get("disabled", False) for option in asked["options"]}


def given(plan: Plan) -> dict[str, int]:
    """Who gave how much."""
    return {part.payer_id: part.paid_fen for part in plan.payers}

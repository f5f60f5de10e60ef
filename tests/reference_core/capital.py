"""A family under the packs that ask the most: papers, passcode, face, review, acceptance, limits."""

from __future__ import annotations

from typing import Any

from tests.reference_core.callers import Callers, Json, Told, World

DISTRICT = "110105"
JPEG = b"\xff\xd8\xff\xe0" + b"a photo of a card" * 20


class Capital:
    """Makes payers who opened, members, and ties as far as a test wants them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.callers: Callers = world.callers

    def payer(self, balance_fen: int = 100_000) -> Json:
        payer = self.world.employee(balance_fen, region=DISTRICT)
        self.act(payer, "/account", {}).ok()
        return payer

    def member(self, **facts: Any) -> Json:
        return self.world.resident(region=DISTRICT, **facts)

    def act(self, person: Json, path: str, body: Json, key: str | None = None) -> Told:
        said = {"verified_by": self.world.proof(), **body}
        return self.callers.citizen("POST", path, said, person=person["person_id"], key=key)

    def photo(self, person: Json) -> str:
        return str(self.callers.upload(person, JPEG, "image/jpeg").ok()["id"])

    def answers(self, payer: Json, member: Json, relation: str = "mother", **more: Any) -> Json:
        given = {
            "name": member["name"],
            "id_number": member["id_number"],
            "relation": relation,
            "phone": member["phone"],
            "card_number": "110-221-9",
            "passcode": "739214",
        }
        papers = {} if "documents" in more else {"documents": [self.photo(payer)], "signed_form": [self.photo(payer)]}
        return {**given, **papers, **more}

    def bind(self, payer: Json, member: Json, relation: str = "mother", **more: Any) -> Told:
        return self.act(payer, "/relations", self.answers(payer, member, relation, **more))

    def decide(self, tie: Json, decision: str = "approve", **more: Any) -> Told:
        return self.callers.counter(f"/reviews/{tie['id']}", {"decision": decision, "operator": "clerk-7", **more})

    def accept(self, person: Json, tie: Json, accepted: bool = True) -> Told:
        return self.act(person, f"/relations/{tie['id']}/acceptance", {"accepted": accepted})

    def family(self, payer: Json, member: Json, **more: Any) -> Json:
        """A tie that went all the way."""
        tie = self.bind(payer, member, **more).ok()
        self.decide(tie).ok()
        return self.accept(member, tie).ok()

    def pays(self, member: Json, amount_fen: int, **more: Any) -> Json:
        till = self.world.institution("hospital", region=DISTRICT, level=3)
        bill = {"med_type": "11", "declares_mutual_aid": True, **more}
        return self.world.pay(till, member, amount_fen, **bill).ok()

    def listed(self, person: Json, path: str = "/members") -> Any:
        return self.callers.citizen("GET", path, person=person["person_id"]).ok()["items"]

    def flow(self, person: Json, name: str, answers: Json | None = None) -> Told:
        return self.callers.citizen("POST", f"/flows/{name}/plan", {"answers": answers or {}}, person=person["person_id"])

    def kinds(self, person: Json) -> list[str]:
        return [event["kind"] for event in self.callers.events()["items"] if event["person_id"] == person["person_id"]]

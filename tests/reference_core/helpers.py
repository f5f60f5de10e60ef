"""Helpers and the relatives whose vouchers they show, as tests of vouchers speak of them."""

from __future__ import annotations

from typing import Any

from groundwork.chance import new_id
from reference_core.packs.common import common_texts
from reference_core.packs.schema_texts import GUARDIANS_CONSENT, GUARDIANS_WORD
from tests.reference_core.callers import Callers, Json, Told, World

GUARDIAN = common_texts().pledges[GUARDIANS_CONSENT].text_hash
# The same for sharing money, where the city has no pledge of its own to sign then.
GUARDIANS_YES = common_texts().pledges[GUARDIANS_WORD].text_hash
OWN = common_texts().pledges["activate-relative"].text_hash


class Kin:
    """Acts on vouchers and kinship lists."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.callers: Callers = world.callers

    def child(self, **facts: Any) -> Json:
        return self.world.resident(**{"born": "2018-05-05", "voucher": False, **facts})

    def grandmother(self, **facts: Any) -> Json:
        return self.world.resident(**{"born": "1948-02-10", "voucher": False, **facts})

    def look(self, about: str = "self", check_id: str | None = None, method: str = "face") -> Json:
        return {**self.world.proof(), "method": method, "about": about, "check_id": check_id or new_id()}

    def activate(self, person: Json, key: str | None = None, **said: Any) -> Told:
        return self.callers.citizen("POST", "/vouchers/activation", said, person=person["person_id"], key=key)

    def add(self, helper: Json, relative: Json, relation: str = "daughter", **said: Any) -> Told:
        """Name a relative; a guardian's yes or the relative's own look is given unless something else is said."""
        told = {"name": relative["name"], "id_number": relative["id_number"], "relation": relation, **said}
        headers = {name: told.pop(name) for name in ("key", "X_Device", "X_Address") if name in told}
        return self.callers.citizen("POST", "/kinships", told, person=helper["person_id"], **headers)

    def add_child(self, helper: Json, child: Json, relation: str = "daughter", **said: Any) -> Told:
        return self.add(helper, child, relation, **{"guardian_agree": GUARDIAN, **said})

    def add_elder(self, helper: Json, elder: Json, relation: str = "grandmother", **said: Any) -> Told:
        return self.add(helper, elder, relation, **{"agree": OWN, "verified_by": self.look("relative"), **said})

    def vouchers(self, person: Json) -> Json:
        return self.callers.citizen("GET", "/vouchers", person=person["person_id"]).ok()

    def own(self, person: Json) -> Json:
        item: Json = self.vouchers(person)["items"][0]
        return item

    def relatives(self, person: Json) -> list[Json]:
        items: list[Json] = self.vouchers(person)["items"][1:]
        return items

    def code(self, person: Json, voucher_id: str, **wish: Any) -> Told:
        return self.callers.citizen("POST", f"/vouchers/{voucher_id}/codes", wish, person=person["person_id"])

    def end(self, person: Json, voucher_id: str) -> Told:
        return self.callers.citizen("POST", f"/kinships/{voucher_id}/end", {}, person=person["person_id"])

    def told(self, person: Json, kind: str) -> list[Json]:
        """The data of this person's events of one kind."""
        items = self.callers.events()["items"]
        return [one["data"] for one in items if (one["person_id"], one["kind"]) == (person["person_id"], kind)]

"""The agency's counter, which speaks to the core through a door of its own."""

from __future__ import annotations

import json
from pathlib import Path

from dev.player import Answer, Json, World
from groundwork.chance import new_id

OPERATOR = "窗口七号"


class Counter:
    """One desk, with the key of the counter's door."""

    def __init__(self, world: World, data_dir: Path) -> None:
        self._world = world
        self._key = json.loads(_keys_in(data_dir).read_text(encoding="utf-8"))["counter_door"]

    @classmethod
    def of(cls, world: World, data_dir: Path) -> Counter | None:
        """The desk, where the keys in that folder are this world's."""
        counter = cls(world, data_dir) if _keys_in(data_dir).exists() else None
        return counter if counter and counter._call("GET", "/counter/disputes").status == 200 else None

    def reviews(self, region: str) -> list[Json]:
        return list(self._call("GET", f"/counter/reviews?region={region}").ok()["items"])

    def decide(self, relation_id: str, decision: str, reason: str | None = None, **more: Json) -> Answer:
        said = {"decision": decision, "operator": OPERATOR, **more}
        return self._call("POST", f"/counter/reviews/{relation_id}", {**said, **({"reason": reason} if reason else {})})

    def slips(self) -> list[Json]:
        """The slips with which relatives come to confirm who may show their voucher."""
        return list(self._call("GET", "/counter/kinships").ok()["items"])

    def decide_slip(self, slip: str, decision: str) -> Answer:
        kinship_id = next(one["id"] for one in self.slips() if one["slip"] == slip)
        return self._call("POST", f"/counter/kinships/{kinship_id}", {"decision": decision, "operator": OPERATOR})

    def disputes(self, region: str) -> list[Json]:
        """What people say was not them, at institutions of a region."""
        return list(self._call("GET", f"/counter/disputes?region={region}").ok()["items"])

    def decide_dispute(self, dispute_id: str, decision: str, **more: Json) -> Answer:
        return self._call("POST", f"/counter/disputes/{dispute_id}", {"decision": decision, "operator": OPERATOR, **more})

    def _call(self, method: str, path: str, body: Json = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": new_id()}
        return self._world.call(method, f"{self._world.sandbox_url}/core{path}", body, headers)


def _keys_in(data_dir: Path) -> Path:
    return data_dir / "secrets" / "keys.json"

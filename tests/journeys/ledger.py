"""What somebody agreed to as the ledger tells it, and how many calls left the house meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dev.player import Json, Phone, World

UPSTREAMS = ("core", "wechat", "alipay")


@contextmanager
def counting(world: World) -> Iterator[dict[str, int]]:
    """How many calls reached each upstream meanwhile."""
    for upstream in UPSTREAMS:
        world.fault(upstream=upstream, endpoint="*", kind="delay", delay_ms=1)
    counts: dict[str, int] = {}
    yield counts
    counts.update({one["upstream"]: one["struck"] for one in world.play("GET", "/faults").ok()})
    world.no_faults()


def consents(phone: Phone) -> dict[str, Json]:
    """The consents that stand, by purpose."""
    return {one["purpose"]: one for one in phone.get("/consents").ok()["items"] if one["withdrawn_at"] is None}


def withdraw(phone: Phone, purpose: str) -> None:
    assert phone.delete(f"/consents/{consents(phone)[purpose]['id']}").status == 204

"""The people of the demo, made afresh for every play."""

from __future__ import annotations

from typing import Any

from dev.player import Json, Phone, World

OUTPATIENT_VISIT, PHARMACY_VISIT = "11", "41"


def employee(
    world: World, region: str, name: str, *, status: str = "normal", balance_fen: int = 0, prior_year_fen: int = 0, **more: Any
) -> Json:
    """Insured as an employee, voucher active, with money in the account."""
    insurance = {"insutype": "310", "status": status, "balance_fen": balance_fen, "prior_year_fen": prior_year_fen}
    told = {"sex": "male", "born": "1985-03-02", "voucher": True, "insurances": [insurance], **more}
    return world.somebody(name=name, region=region, **told)


def resident(world: World, region: str, name: str, **more: Any) -> Json:
    """Insured as a resident, voucher active, without an account of one's own."""
    insurance = {"insutype": "390", "status": "normal", "balance_fen": 0}
    told = {"sex": "female", "born": "1957-11-20", "voucher": True, "insurances": [insurance], **more}
    return world.somebody(name=name, region=region, **told)


def arrived(world: World, person: Json, channel: str = "wechat") -> Phone:
    """The phone of somebody who signed in and proved who they are."""
    return Phone(world, person, channel).arrive()

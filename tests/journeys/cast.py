"""The people that the journeys are about, made afresh for each of them."""

from __future__ import annotations

from typing import Any

from dev.player import Json, Phone, World

CITY, COUNTY, ELSEWHERE = "371300", "371323", "370100"
OUTPATIENT_VISIT, INPATIENT_STAY, PHARMACY_VISIT = "11", "21", "41"


def employee(world: World, status: str = "normal", balance_fen: int = 200_000, prior_year_fen: int = 0, **facts: Any) -> Json:
    """Insured as an employee of the city, voucher active, with money in the account."""
    insurance = {"insutype": "310", "status": status, "balance_fen": balance_fen, "prior_year_fen": prior_year_fen}
    told = {"name": "程一舟", "sex": "male", "born": "1985-03-02", "region": CITY, "voucher": True, "insurances": [insurance]}
    return world.somebody(**{**told, **facts})


def resident(world: World, status: str = "normal", **facts: Any) -> Json:
    """Insured as a resident of the city, voucher active, with no account of one's own."""
    told = {"name": "林月华", "sex": "female", "born": "1957-11-20", "region": CITY, "voucher": True}
    insurance = {"insutype": "390", "status": status, "balance_fen": 0}
    return world.somebody(**{**told, "insurances": [insurance], **facts})


def payer_with(world: World, member: Json, relation: str, **facts: Any) -> Phone:
    """The phone of an employee who opened the account and added one member."""
    phone = Phone(world, employee(world, **facts)).arrive()
    phone.open_account()
    phone.add(member, relation)
    return phone


def rules(reasons: list[Json]) -> set[str]:
    return {reason["rule"] for reason in reasons}

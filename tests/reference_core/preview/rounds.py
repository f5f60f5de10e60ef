"""Rounds of payments: every family's bill is presettled, nothing has changed, and then each is settled as it was told.

Families share neither people nor accounts, so one look at all tables serves a whole round.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import psycopg
from psycopg import sql

from groundwork.chance import new_id
from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json, World
from tests.reference_core.preview.families import Household, found_households

# The visits that each kind of institution bills.
VISITS = {"pharmacy": ("41",), "hospital": ("11", "21"), "primary_care": ("11",)}
CATEGORIES = ("covered", "covered", "covered", "checkup", "other")
FAMILIES_OF_EACH_CITY = 9
_SELDOM = 0.15


@dataclass
class Tally:
    """How many bills were settled, and how many of them with somebody's help, partly, or not at all."""

    bills: int = 0
    shared: int = 0
    explained: int = 0
    refused: int = 0


def play_rounds(bills: int, seed: int, world: World, core: Core) -> Tally:
    """Play until so many bills were presettled and settled; what differs fails at once."""
    chance = Random(seed)  # noqa: S311 - a seed that repeats is the point
    households = found_households(chance, world, FAMILIES_OF_EACH_CITY)
    tally = Tally()
    while tally.bills < bills:
        _play_round(chance, households, world.callers, core, tally)
        _fill_up(chance, households, world)
    return tally


def _play_round(chance: Random, households: list[Household], callers: Callers, core: Core, tally: Tally) -> None:
    asked = [_a_bill(chance, household) for household in households]
    before = contents(core)
    planned = [callers.till(institution, "/presettlements", bill) for institution, bill in asked]
    assert contents(core) == before
    for (institution, bill), plan in zip(asked, planned, strict=True):
        paid = callers.till(institution, "/settlements", bill, new_id())
        assert paid.status == plan.status
        unlike = {"settlement_id": None, "status": "presettled"} if paid.status == 200 else {}
        assert {**paid.body, **unlike} == plan.body
        _count(tally, paid.status, paid.body)


def _count(tally: Tally, status: int, told: Json) -> None:
    tally.bills += 1
    tally.refused += status == 422
    tally.shared += bool(told.get("payers"))
    tally.explained += status == 200 and bool(told["reasons"])


def _a_bill(chance: Random, household: Household) -> tuple[str, Json]:
    patient = chance.choice(household.patients)
    kind = chance.choice(tuple(VISITS))
    items = [
        {"name": "项目", "amount_fen": chance.choice((1, 99, 1_000, 3_333)), "category": chance.choice(CATEGORIES)}
        for _ in range(chance.randint(1, 4))
    ]
    shown = {"social_card": patient["card_number"], "id_card": patient["id_number"]}
    kind_shown = "id_card" if chance.random() < _SELDOM else "social_card"
    credential = {"kind": kind_shown, "value": shown[kind_shown]}
    return household.institutions[kind], {"credential": credential, "items": items, "med_type": chance.choice(VISITS[kind])}


def _fill_up(chance: Random, households: list[Household], world: World) -> None:
    for household in households:
        if chance.random() < _SELDOM:
            world.change(chance.choice(household.payers), deposit_fen=chance.choice((1_000, 9_999, 30_000)))


def contents(core: Core) -> dict[str, tuple[int, int]]:
    """How many rows each table of each schema has, and a sum over what they say, in one question."""
    with psycopg.connect(core.settings.database_url) as connection:
        tables = connection.execute(_TABLES).fetchall()
        question = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t").format(
                sql.Literal(f"{schema}.{table}"), sql.Identifier(schema, table)
            )
            for schema, table in tables
        )
        return {name: (rows, said) for name, rows, said in connection.execute(question).fetchall()}


_TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"

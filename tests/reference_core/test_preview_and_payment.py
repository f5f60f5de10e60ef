"""A preview equals the payment: what presettling says, settling does, and presettling leaves every table as it was."""

from __future__ import annotations

from random import Random

from psycopg import sql

from groundwork.chance import new_id
from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json, World
from tests.reference_core.second.how_many import SOAKING

BILLS = 1_000 if SOAKING else 150
VISITS = [("pharmacy", "41"), ("hospital", "11"), ("hospital", "21"), ("primary_care", "11")]
CATEGORIES = ["covered", "covered", "covered", "checkup", "other"]


def contents(core: Core) -> dict[str, tuple[int, int]]:
    """How many rows each table has, and a sum over what they say."""
    told = {}
    with core.db.connection() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'core'").fetchall()
        for table in (row["tablename"] for row in tables):
            named = sql.Identifier("core", table)
            query = sql.SQL("SELECT count(*) AS rows, coalesce(sum(hashtext(t::text)), 0) AS said FROM {} t").format(named)
            (found,) = connection.execute(query).fetchall()
            told[table] = (found["rows"], found["said"])
    return told


def a_bill(chance: Random, person: Json) -> Json:
    items = [
        {"name": "项目", "amount_fen": chance.choice((1, 99, 1_000, 3_333)), "category": chance.choice(CATEGORIES)}
        for _ in range(chance.randint(1, 4))
    ]
    return {"credential": {"kind": "id_card", "value": person["id_number"]}, "items": items}


def a_family(chance: Random, world: World) -> list[Json]:
    """A payer and two members of theirs, one with an account of her own, some with little money."""
    payer = world.employee(chance.choice((500, 60_000, 300_000)), born="1985-03-02")
    mother = world.resident(born="1955-05-05")
    wife = world.employee(chance.choice((0, 700)), born="1987-07-07", sex="female")
    world.family(payer, mother)
    world.bind(payer, wife, "spouse").ok()
    return [payer, mother, wife]


def test_what_is_presettled_is_what_is_settled_and_looking_changes_nothing(world: World, callers: Callers, core: Core) -> None:
    chance = Random(20_261_121)  # noqa: S311 - a seed that repeats is the point
    institutions = {kind: world.institution(kind) for kind, _ in VISITS}
    people = [person for _ in range(5) for person in a_family(chance, world)]
    shared = 0

    for _ in range(BILLS):
        kind, med_type = chance.choice(VISITS)
        bill = {**a_bill(chance, chance.choice(people)), "med_type": med_type}
        before = contents(core)
        planned = callers.till(institutions[kind], "/presettlements", bill)
        assert contents(core) == before
        paid = callers.till(institutions[kind], "/settlements", bill, new_id())
        assert paid.status == planned.status
        if paid.status == 200:
            unlike = {"settlement_id": None, "status": "presettled"}
            assert {**paid.body, **unlike} == planned.body
            shared += bool(paid.body["payers"])
        else:
            assert paid.body == planned.body

    assert shared > BILLS // 20
